import { G, V, V_STRIDE, VM } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { vmaGet } from '../../machine/vma.ts';

/** VM.READ | VM.WRITE | VM.EXEC of permissions as in /proc/PID/maps, such as rw-. */
export function permissionBits(perms: string): number {
  return (perms[0] === 'r' ? VM.READ : 0) | (perms[1] === 'w' ? VM.WRITE : 0) | (perms[2] === 'x' ? VM.EXEC : 0);
}

/** The VMAs of an mm that overlap [start, end), by address. */
export function vmasIn(m: Machine, mm: number, start: number, end: number): number[] {
  const found: number[] = [];
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) {
    if (vmaGet(m, v, V.LIVE) === 0 || vmaGet(m, v, V.MM) !== mm) continue;
    if (vmaGet(m, v, V.START) < end && vmaGet(m, v, V.END) > start) found.push(v);
  }
  return found.toSorted((a, b) => vmaGet(m, a, V.START) - vmaGet(m, b, V.START));
}

/** split_vma(): the VMA ends at `page` afterwards; a new one has the rest. Nothing is mapped anew. */
function split_vma(m: Machine, vma: number, page: number): number {
  const rest = copyVma(m, vma, vmaGet(m, vma, V.MM));
  m.vma.set(rest * V_STRIDE + V.START, page);
  m.vma.set(rest * V_STRIDE + V.PGOFF, vmaGet(m, vma, V.PGOFF) + page - vmaGet(m, vma, V.START));
  m.vma.set(vma * V_STRIDE + V.END, page);
  return rest;
}

/** vm_area_dup(): a VMA like this one in an mm, with the same anon_vma and file. */
export function copyVma(m: Machine, vma: number, mm: number): number {
  const copy = m.newVma();
  for (let field = 0; field < V_STRIDE; field++)
    m.vma.set(copy * V_STRIDE + field, field === V.MM ? mm : vmaGet(m, vma, field));
  return copy;
}

/** Cuts VMAs so that none crosses start or end. @returns those inside, by address. */
export function isolateVmas(m: Machine, mm: number, start: number, end: number): number[] {
  for (const cut of [start, end])
    for (const v of vmasIn(m, mm, cut, cut + 1)) if (vmaGet(m, v, V.START) < cut) split_vma(m, v, cut);
  return vmasIn(m, mm, start, end);
}
