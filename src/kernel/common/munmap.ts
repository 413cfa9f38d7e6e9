import { T, T_STRIDE, V, V_STRIDE } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { pmd_none } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { anon_vma_lock_write, anon_vma_unlock_write } from './anon-vma.ts';
import { pmdIsTable, ptlOf, set_pmd_at } from './pgtable.ts';
import { mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import { isolateVmas, vmasIn } from './vma-split.ts';
import { zap_page_range } from './zap.ts';

const S = sites('munmap', {
  enter: 'unmap [{a:page start}, {b:page end})',
  lock: 'take the mmap lock for writing',
  detach: 'vma {a:vma} leaves the address space',
  unlock: 'drop the mmap lock',
  exit: '',
  anonVma: 'anon_vma lock for writing: nobody may be looking through the VMA',
  anonVmaUnlock: 'anon_vma lock released',
});
const T_FREE = sites('free_pgtables', { table: 'no VMA needs the PTE table of {a:page addr} any more: free it' });

/** munmap() (mm/vma.c): cuts the VMAs at both ends, unmaps what lies between. PTE tables that nobody needs are freed, upper tables stay. @returns 0. */
export function* munmap(k: Kernel, mm: number, start: number, end: number): Run<number> {
  enter(k, S.enter, start, end, mm);
  yield* mmap_write_lock(k, S.lock, mm);
  yield* unmapVmas(k, mm, start, end);
  mmap_write_unlock(k, S.unlock, mm);
  return exit(k, S.exit, 0, start);
}

/** The part of munmap() under the mmap lock, held for writing. */
export function* unmapVmas(k: Kernel, mm: number, start: number, end: number): Run<void> {
  const m = k.m;
  for (const vma of isolateVmas(m, mm, start, end)) {
    const from = vmaGet(m, vma, V.START);
    const to = vmaGet(m, vma, V.END);
    yield* zap_page_range(k, vma, from, to, MMU_NOTIFY.UNMAP);
    yield* detach(k, vma);
    free_pgtables(k, mm, from, to);
  }
}

/** unlink_anon_vmas(): the VMA leaves the anon_vma, under its lock; in a run of one actor nobody could hold it. */
function* detach(k: Kernel, vma: number): Run<void> {
  const { m } = k;
  const av = k.concurrent ? vmaGet(m, vma, V.ANON_VMA) : 0;
  if (av !== 0) yield* anon_vma_lock_write(k, S.anonVma, av);
  at(k, S.detach, vma);
  m.vma.set(vma * V_STRIDE + V.LIVE, 0);
  if (av !== 0) anon_vma_unlock_write(k, S.anonVmaUnlock, av);
}

function free_pgtables(k: Kernel, mm: number, start: number, end: number): void {
  const m = k.m;
  for (let addr = start & ~511; addr < end; addr += 512) {
    const pmd = findEntry(m, mm, addr, 2);
    if (pmd === 0 || pmd_none(entryLo(m, pmd), entryHi(m, pmd)) || !pmdIsTable(m, pmd)) continue;
    if (vmasIn(m, mm, addr, addr + 512).length > 0) continue;
    const table = ptlOf(findEntry(m, mm, addr, 1));
    set_pmd_at(k, T_FREE.table, pmd, 0, 0);
    m.table.set(table * T_STRIDE + T.LIVE, 0);
  }
}
