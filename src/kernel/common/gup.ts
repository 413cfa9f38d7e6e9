import { V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import { pmdPfn, pmd_trans_huge, ptePfn, pte_present, pte_write } from '../../machine/words/pte.ts';
import { EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { folio_get } from './folio.ts';
import { handle_mm_fault } from './memory.ts';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE, VM_FAULT_ERROR } from './vm-fault.ts';

const S = sites('get_user_pages', {
  enter: 'a reference on the page at {a:page addr}, for writing = {b:bool}',
  noVma: 'no mapping that allows it: -EFAULT',
  follow: 'the tables allow it: no fault',
  faultin: 'the tables do not allow it: run the fault handler',
  failed: 'the handler failed: -EFAULT',
  get: 'take the reference',
  exit: '',
});

/** Faults after which the model takes it for certain that no progress is made. */
const MOST_FAULTS = 16;

/**
 * get_user_pages() of one page (mm/gup.c): follow_page_mask(), else faultin_page() and again; the mmap lock is held.
 * @returns the page frame, with a reference on its folio, or -EFAULT.
 */
export function* get_user_pages(k: Kernel, mm: number, page: number, write: boolean): Run<number> {
  const m = k.m;
  enter(k, S.enter, page, write ? 1 : 0);
  const vma = vma_lookup(m, mm, page);
  const needs = write ? VM.WRITE : VM.READ;
  if (vma === 0 || (vmaGet(m, vma, V.FLAGS) & needs) === 0) {
    at(k, S.noVma, page);
    return exit(k, S.exit, -EFAULT, page);
  }
  for (let tries = 0; tries < MOST_FAULTS; tries++) {
    const pfn = follow(k, mm, page, write);
    if (pfn >= 0) {
      at(k, S.follow, page);
      folio_get(k, S.get, m.folioOf(pfn));
      return exit(k, S.exit, pfn, page);
    }
    const flags = FAULT_FLAG_REMOTE | (write ? FAULT_FLAG_WRITE : 0);
    if (((yield* handle_mm_fault(k, S.faultin, vma, page, flags)) & VM_FAULT_ERROR) !== 0) break;
  }
  at(k, S.failed, page);
  return exit(k, S.exit, -EFAULT, page);
}

/** follow_page_mask(): the page frame that the tables map with the rights asked for, else -1. */
function follow(k: Kernel, mm: number, page: number, write: boolean): number {
  const m = k.m;
  const pmd = findEntry(m, mm, page, 2);
  if (pmd === 0) return -1;
  const huge = pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd));
  const e = huge ? pmd : findEntry(m, mm, page, 1);
  if (e === 0) return -1;
  const lo = entryLo(m, e);
  const hi = entryHi(m, e);
  if (!pte_present(lo, hi) || (write && !pte_write(lo, hi))) return -1;
  return huge ? pmdPfn(lo, hi) + (page & 511) : ptePfn(lo, hi);
}
