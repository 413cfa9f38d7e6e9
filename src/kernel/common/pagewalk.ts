import { V, VM } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { PGD_PAGES, PMD_PAGES, PUD_PAGES, childTable, entryHi, entryLo, pgdEntry } from '../../machine/page-table.ts';
import { find_vma, vmaGet } from '../../machine/vma.ts';
import { pmd_none, pmd_trans_huge } from '../../machine/words/pte.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';

/**
 * struct mm_walk_ops as far as the model needs it; pages are page numbers, `walk` is the object that stands for
 * mm_walk and its private data (hmm_vma_walk, migrate_vma).
 */
export interface MmWalkOps {
  /** cells of `walk` with mm_walk's mm and vma */
  readonly MM: number;
  readonly VMA: number;
  test_walk?(k: Kernel, start: number, end: number, walk: number): Run<number>;
  pte_hole(k: Kernel, addr: number, end: number, depth: number, walk: number): Run<number>;
  /** asked for PUD entries that map memory themselves; for others the kernel's callback returns at once */
  pud_entry?(k: Kernel, pud: number, addr: number, end: number, walk: number): Run<number>;
  pmd_entry(k: Kernel, pmd: number, addr: number, end: number, walk: number): Run<number>;
  hugetlb_entry?(k: Kernel, pte: number, addr: number, end: number, walk: number): Run<number>;
}

const S = sites('walk_page_range', {
  enter: 'walk the page tables of [{a:page start}, {b:page end})',
  empty: 'an empty range (-EINVAL)',
  gap: 'no VMA in [{a:page start}, {b:page next})',
  vma: 'vma {a:vma} covers [{b:page start}, {c:page next})',
  skip: 'the VMA is skipped',
  exit: '',
});
const D = sites('walk_pgd_range', {
  pgd: 'PGD entry of {a:page addr}: {c:entry}',
  pgdNone: 'the PGD entry is none: a hole of up to 512 GiB',
  pud: 'PUD entry of {a:page addr}: {c:entry}',
  pudNone: 'the PUD entry is none: a hole of up to 1 GiB',
  pmd: 'PMD entry of {a:page addr}: {c:entry}',
  pmdNone: 'the PMD entry is none: a hole of up to 2 MiB',
  pudLeaf: 'the PUD entry maps up to 1 GiB by itself',
});

/**
 * walk_page_range() (mm/pagewalk.c): visits every VMA, gap and PMD entry of [start, end).
 * The first callback result that is not 0 ends the walk and is returned. @returns also -EINVAL for an empty range.
 */
export function* walk_page_range(k: Kernel, start: number, end: number, ops: MmWalkOps, walk: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, S.enter, start, end, walk);
  if (start >= end) {
    at(k, S.empty);
    return exit(k, S.exit, -EINVAL, walk);
  }
  const mm = o.get(walk + ops.MM);
  let err = 0;
  let vma = find_vma(m, mm, start);
  do {
    let next: number;
    if (vma === 0 || start < vmaGet(m, vma, V.START)) {
      next = vma === 0 ? end : Math.min(end, vmaGet(m, vma, V.START));
      o.set(walk + ops.VMA, 0);
      at(k, S.gap, start, next);
      err = yield* ops.pte_hole(k, start, next, -1, walk);
    } else {
      next = Math.min(end, vmaGet(m, vma, V.END));
      o.set(walk + ops.VMA, vma);
      at(k, S.vma, vma, start, next);
      err = ops.test_walk ? yield* ops.test_walk(k, start, next, walk) : 0;
      if (err > 0) {
        at(k, S.skip, vma);
        err = 0;
      } else if (err === 0) err = yield* walkVma(k, mm, vma, start, next, ops, walk);
      vma = find_vma(m, mm, next);
    }
    start = next;
  } while (err === 0 && start < end);
  return exit(k, S.exit, err, walk);
}

function* walkVma(
  k: Kernel,
  mm: number,
  vma: number,
  start: number,
  end: number,
  ops: MmWalkOps,
  walk: number,
): Run<number> {
  const m = k.m;
  const huge = (vmaGet(m, vma, V.FLAGS) & VM.HUGETLB) !== 0;
  let addr = start;
  while (addr < end) {
    const pgd = pgdEntry(m, mm, addr);
    const pgdEnd = boundary(addr, PGD_PAGES, end);
    if (k.concurrent) yield YIELD.OTHER;
    at(k, D.pgd, addr, pgdEnd, pgd);
    if (pmd_none(entryLo(m, pgd), entryHi(m, pgd))) {
      at(k, D.pgdNone, addr, pgdEnd);
      const r = yield* ops.pte_hole(k, addr, pgdEnd, 0, walk);
      if (r !== 0) return r;
      addr = pgdEnd;
      continue;
    }
    const puds = childTable(m, pgd) * 512;
    while (addr < pgdEnd) {
      const pud = puds + ((addr >>> 18) & 511);
      const pudEnd = boundary(addr, PUD_PAGES, pgdEnd);
      at(k, D.pud, addr, pudEnd, pud);
      if (pmd_none(entryLo(m, pud), entryHi(m, pud))) {
        at(k, D.pudNone, addr, pudEnd);
        const r = yield* ops.pte_hole(k, addr, pudEnd, 2, walk);
        if (r !== 0) return r;
        addr = pudEnd;
        continue;
      }
      if (pud_leaf(m, pud)) {
        // Collecting never comes here: migrate_vma_setup() refuses the VMAs that have such mappings.
        if (!ops.pud_entry) throw new Error(`PUD-sized mapping at page ${addr} in a walk that cannot handle it`);
        at(k, D.pudLeaf, addr, pudEnd);
        const r = yield* ops.pud_entry(k, pud, addr, pudEnd, walk);
        if (r !== 0) return r;
        // Split meanwhile: the entry is looked at again.
        if (pud_leaf(m, pud)) addr = pudEnd;
        continue;
      }
      const pmds = childTable(m, pud) * 512;
      while (addr < pudEnd) {
        const pmd = pmds + ((addr >>> 9) & 511);
        const pmdEnd = boundary(addr, PMD_PAGES, pudEnd);
        if (k.concurrent) yield YIELD.OTHER;
        at(k, D.pmd, addr, pmdEnd, pmd);
        let r: number;
        if (pmd_none(entryLo(m, pmd), entryHi(m, pmd))) {
          at(k, D.pmdNone, addr, pmdEnd);
          r = yield* ops.pte_hole(k, addr, pmdEnd, 3, walk);
        } else if (huge && ops.hugetlb_entry) r = yield* ops.hugetlb_entry(k, pmd, addr, pmdEnd, walk);
        else r = yield* ops.pmd_entry(k, pmd, addr, pmdEnd, walk);
        if (r !== 0) return r;
        addr = pmdEnd;
      }
    }
  }
  return 0;
}

const pud_leaf = (m: Machine, pud: number): boolean => pmd_trans_huge(entryLo(m, pud), entryHi(m, pud));

function boundary(addr: number, size: number, end: number): number {
  return Math.min(end, (Math.floor(addr / size) + 1) * size);
}
