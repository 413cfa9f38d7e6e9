import type { ScenarioVma, VmaKind } from '../../scenario/types.ts';
import type { Before } from './before.ts';
import type { GoldenVma } from './golden-format.ts';

const FLAGS: Readonly<Record<string, NonNullable<ScenarioVma['flags']>[number]>> = {
  hg: 'hugepage',
  nh: 'nohugepage',
  lo: 'mlocked',
  io: 'io',
  pf: 'pfnmap',
  mm: 'mixedmap',
  de: 'dontexpand',
};

/** A VMA of the file as one of the scenario. */
export function readVma(vma: GoldenVma, before: Before): ScenarioVma {
  const words = vma.vmflags.split(' ');
  const flags = words.flatMap((w) => FLAGS[w] ?? []);
  return {
    start: vma.vma[0],
    end: vma.vma[1],
    perms: vma.perm,
    kind: kindOf(vma, words, before),
    ...(flags.length > 0 ? { flags } : {}),
  };
}

/**
 * What is mapped. A page without the A flag is a page-cache page: the cache holds one reference, a file
 * system with buffers one more. A shared mapping in which nothing is present counts as shared memory.
 */
function kindOf(vma: GoldenVma, words: readonly string[], before: Before): VmaKind {
  if (words.includes('ht')) return 'hugetlb';
  if (words.includes('pf') || words.includes('io')) return 'special';
  const [start, end] = vma.vma;
  const cached = before.ptes.find(
    (p) => p.page >= start && p.page < end && p.entry.kind === 'present' && p.folio && !p.folio.flags.includes('A'),
  );
  if (cached?.folio) return cached.folio.ref - cached.folio.map > 1 ? 'file' : 'shmem';
  return vma.perm.endsWith('s') ? 'shmem' : 'anon';
}
