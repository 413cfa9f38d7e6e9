import { G, V, VM, VMA_KIND } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { vmaGet } from '../machine/vma.ts';

/** One VMA of the process. */
export interface VmaView {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly perms: string;
  readonly kind: string;
}

const VMA_WORD: Readonly<Record<number, string>> = {
  [VMA_KIND.ANON]: 'anon',
  [VMA_KIND.SHMEM]: 'shmem',
  [VMA_KIND.FILE]: 'file',
  [VMA_KIND.HUGETLB]: 'hugetlb',
  [VMA_KIND.SPECIAL]: 'special',
};

/** VMAs of a process in address order. */
export function vmasOf(m: Machine, mm: number): readonly VmaView[] {
  const found: VmaView[] = [];
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) {
    if (vmaGet(m, v, V.LIVE) === 0 || vmaGet(m, v, V.MM) !== mm) continue;
    const flags = vmaGet(m, v, V.FLAGS);
    const perms = `${flags & VM.READ ? 'r' : '-'}${flags & VM.WRITE ? 'w' : '-'}${flags & VM.EXEC ? 'x' : '-'}${flags & VM.SHARED ? 's' : 'p'}`;
    found.push({
      id: v,
      start: vmaGet(m, v, V.START),
      end: vmaGet(m, v, V.END),
      perms,
      kind: VMA_WORD[vmaGet(m, v, V.KIND)] ?? 'special',
    });
  }
  return found.toSorted((x, y) => x.start - y.start);
}
