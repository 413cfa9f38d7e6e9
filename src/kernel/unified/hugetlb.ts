import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, entryPage } from '../../machine/page-table.ts';
import { pmdPfn, pmd_present, pte_write } from '../../machine/words/pte.ts';
import { pmd_lock, spin_unlock } from '../common/pgtable.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { hmm_vma_fault } from './fault.ts';
import { hmm_pte_need_fault, pfnIndex, setWord, walkPfns, walkRange, wordHi } from './pfns.ts';

const S = sites('hmm_vma_walk_hugetlb_entry', {
  enter: 'one hugetlb entry, pages [{a:page start}, {b:page end})',
  lock: 'take the lock of the huge entry, that of its PMD table',
  unlock: 'drop it',
  fault: 'it does not satisfy the request: fault',
  report: 'report {b:int} pages; hugetlb memory is never collected',
  exit: '',
});

/** hmm_vma_walk_hugetlb_entry() (mm/hmm.c): reports a hugetlb page (order 9 here); never migrates it. */
export function* hmm_vma_walk_hugetlb_entry(
  k: Kernel,
  pte: number,
  start: number,
  end: number,
  walk: number,
): Run<number> {
  const m = k.m;
  const enc = k.enc;
  enter(k, S.enter, start, end, walk);
  const ptl = yield* pmd_lock(k, S.lock, pte);
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  const arr = walkPfns(k, walk);
  const i = pfnIndex(k, walk, start);
  const cpuFlags = (pmd_present(lo, hi) ? enc.VALID | (pte_write(lo, hi) ? enc.WRITE : 0) : 0) | enc.orderBits(9);
  const required = hmm_pte_need_fault(k, walkRange(k, walk), wordHi(k, arr, i), cpuFlags);
  if (required !== 0) {
    at(k, S.fault);
    spin_unlock(k, S.unlock, ptl);
    const r = yield* hmm_vma_fault(k, start, end, required, walk);
    return exit(k, S.exit, r, walk, start);
  }
  const pfn = pmdPfn(lo, hi) + (start - entryPage(m, pte));
  m.step(OP.PFN_WRITE, S.report, i, end - start, arr);
  for (let j = 0; j < end - start; j++) setWord(k, arr, i + j, pfn + j, (wordHi(k, arr, i + j) & enc.INOUT) | cpuFlags);
  spin_unlock(k, S.unlock, ptl);
  return exit(k, S.exit, 0, walk, start);
}
