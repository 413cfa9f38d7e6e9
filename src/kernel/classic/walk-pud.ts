import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, entryPage } from '../../machine/page-table.ts';
import { pmdPfn, pmd_present, pmd_trans_huge, pte_write } from '../../machine/words/pte.ts';
import { pmd_lock, spin_unlock } from '../common/pgtable.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { hmm_vma_fault } from '../unified/fault.ts';
import { hmm_vma_walk_hole } from '../unified/hole.ts';
import { hmm_range_need_fault, pfnIndex, setWord, walkPfns, walkRange, wordHi } from '../unified/pfns.ts';

const S = sites('hmm_vma_walk_pud', {
  enter: 'a PUD entry that maps 1 GiB, pages [{a:page start}, {b:page end})',
  lock: 'look at it under the PUD lock',
  split: 'it is no huge entry any more: go on with its PMDs',
  hole: 'it is not present: a hole',
  fault: 'what is mapped does not satisfy the request: fault',
  unlock: 'no lock may be held across a fault',
  report: 'report {b:int} pages of the huge mapping',
  done: 'release the PUD lock',
  exit: '',
});

/** log2 of the pages that a PUD entry maps. */
const PUD_ORDER = 18;

/**
 * hmm_vma_walk_pud() (mm/hmm.c, the same in all texts): reports a PUD-sized mapping, which only special memory has.
 * No lock is held on entry and exit. @returns 0, -EBUSY (walk again), -EFAULT, -EPERM; the walker reads the entry again.
 */
export function* hmm_vma_walk_pud(k: Kernel, pudp: number, start: number, end: number, walk: number): Run<number> {
  const m = k.m;
  const { enc } = k;
  enter(k, S.enter, start, end, walk);
  const ptl = yield* pmd_lock(k, S.lock, pudp);
  const lo = entryLo(m, pudp);
  const hi = entryHi(m, pudp);
  if (!pmd_present(lo, hi)) {
    spin_unlock(k, S.hole, ptl);
    return exit(k, S.exit, yield* hmm_vma_walk_hole(k, start, end, -1, walk), walk);
  }
  if (!pmd_trans_huge(lo, hi)) {
    spin_unlock(k, S.split, ptl);
    return exit(k, S.exit, 0, walk);
  }
  const arr = walkPfns(k, walk);
  const i = pfnIndex(k, walk, start);
  const n = end - start;
  const cpuFlags = enc.VALID | (pte_write(lo, hi) ? enc.WRITE : 0) | enc.orderBits(PUD_ORDER);
  const required = hmm_range_need_fault(k, walkRange(k, walk), i, n, cpuFlags);
  if (required !== 0) {
    at(k, S.fault);
    spin_unlock(k, S.unlock, ptl);
    return exit(k, S.exit, yield* hmm_vma_fault(k, start, end, required, walk), walk);
  }
  const pfn = pmdPfn(lo, hi) + (start - entryPage(m, pudp));
  m.step(OP.PFN_WRITE, S.report, i, n, arr);
  for (let j = 0; j < n; j++) setWord(k, arr, i + j, pfn + j, (wordHi(k, arr, i + j) & enc.INOUT) | cpuFlags);
  spin_unlock(k, S.done, ptl);
  return exit(k, S.exit, 0, walk);
}
