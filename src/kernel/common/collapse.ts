import { F, MM, P, PG, T, T_STRIDE, V } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { HPAGE_PMD_ORDER, childTable, entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { _PAGE_PSE, pmdLeafHi, pmdLeafLo, ptePfn, pte_none } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { anon_vma_lock_write, anon_vma_unlock_write } from './anon-vma.ts';
import { __collapse_huge_page_isolate, noneOrZero } from './collapse-isolate.ts';
import { __collapse_huge_page_swapin } from './collapse-swapin.ts';
import { folio_alloc, folio_put, folio_putback_lru, folio_test_large, folio_unlock, setFlag } from './folio.ts';
import { hugepage_vma, pmdWithTable } from './collapse-vma.ts';
import { folio_add_lru_vma } from './memory-anon.ts';
import { mmap_read_lock, mmap_read_unlock, mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_lock,
  pmd_populate,
  spinLockUnseen,
  pte_table_map_lock,
  pte_unmap,
  ptep_get_and_clear,
  set_pmd_at,
  spin_unlock,
} from './pgtable.ts';
import { folio_add_new_anon_rmap, folio_remove_rmap_pte } from './rmap.ts';
import { free_swap_cache } from './swapfile.ts';
import { add_mm_counter } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pmd_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('collapse_huge_page', {
  enter: 'make one huge page of the 2 MiB at {a:page addr}',
  dropRead: 'the mmap lock goes: to find a huge page may take long',
  alloc: 'allocate a huge page',
  lockRead: 'mmap lock for reading',
  changed: 'the VMA or the table is not what it was: give up',
  writeLock: 'mmap lock for writing: nobody faults or walks in this process now',
  anonVma: 'anon_vma lock for writing: nobody looks for these pages by rmap',
  start: 'tell the devices: 2 MiB are cleared',
  lockPmd: 'take the PMD lock',
  clear: 'the table leaves the PMD',
  flush: 'flush the 2 MiB',
  unlockPmd: 'release the PMD lock',
  end: 'the event ends',
  sync: 'wait for lockless walkers of the table (tlb_remove_table_sync_one)',
  lockPte: 'lock the table that nobody can find any more',
  unlockPte: 'release its lock; it stays mapped',
  failed: 'a page could not be isolated: the table goes back to its place',
  unmap: 'the table is done',
  unlockAnonVma: 'anon_vma lock released',
  rmap: 'the huge page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the huge page',
  deposit: 'the empty table is kept for a later split',
  unlockWrite: 'mmap lock released',
  release: 'the huge page is not needed',
  exit: '{a:bool made}',
});
const C = sites('__collapse_huge_page_copy', {
  enter: 'copy 512 pages into {a:folio folio}',
  copy: 'page {a:pfn} to {b:pfn}',
  zero: 'nothing to copy: zeros',
  unlock: 'unlock the page',
  putback: 'back to the LRU',
  lock: 'take the PTE lock',
  clear: 'the mapping goes',
  rmap: 'one mapping less',
  unlockPte: 'release the PTE lock',
  swap: 'its swap slot is not needed any more',
  put: 'let the page go',
  exit: '',
  zeroLock: 'take the PTE lock',
  zeroClear: 'the zero page goes',
  zeroUnlock: 'release the PTE lock',
  largeUnlock: 'unlock the large folio, of which no page is mapped any more',
  largeSwap: 'its swap slots are not needed any more',
  largePutback: 'back to the LRU',
});

/**
 * collapse_huge_page() (mm/khugepaged.c, v6.19): the mmap lock is held for reading on entry and dropped. Readable
 * memory need not be writable (as since v6.18). @param swapped entries that have to be brought in first.
 * @returns 1 when a huge page is mapped now, else 0.
 */
export function* collapse_huge_page(k: Kernel, mm: number, haddr: number, swapped: number): Run<number> {
  enter(k, S.enter, haddr, swapped);
  mmap_read_unlock(k, S.dropRead, mm);
  const folio = folio_alloc(k, S.alloc, HPAGE_PMD_ORDER);
  const made = (yield* prepared(k, mm, haddr, swapped)) && (yield* underWriteLock(k, mm, haddr, folio));
  if (!made) folio_put(k, S.release, folio);
  return exit(k, S.exit, made ? 1 : 0, haddr);
}

/** The part under the mmap lock for reading: is it still worth while, and are all pages there? */
function* prepared(k: Kernel, mm: number, haddr: number, swapped: number): Run<boolean> {
  yield* mmap_read_lock(k, S.lockRead, mm);
  const vma = hugepage_vma(k, mm, haddr);
  const pmd = vma === 0 ? 0 : pmdWithTable(k, mm, haddr);
  let ok = pmd !== 0;
  if (!ok) at(k, S.changed, haddr);
  else if (swapped > 0) ok = yield* __collapse_huge_page_swapin(k, mm, vma, pmd, haddr);
  mmap_read_unlock(k, S.dropRead, mm);
  return ok;
}

function* underWriteLock(k: Kernel, mm: number, haddr: number, folio: number): Run<boolean> {
  yield* mmap_write_lock(k, S.writeLock, mm);
  const vma = hugepage_vma(k, mm, haddr);
  const pmd = vma === 0 ? 0 : pmdWithTable(k, mm, haddr);
  let made = false;
  if (pmd === 0) at(k, S.changed, haddr);
  else made = yield* replace(k, mm, vma, pmd, haddr, folio);
  mmap_write_unlock(k, S.unlockWrite, mm);
  return made;
}

/** Unlinks the table, isolates and copies its pages, and maps the huge page; or puts everything back. */
function* replace(k: Kernel, mm: number, vma: number, pmd: number, haddr: number, folio: number): Run<boolean> {
  const { m } = k;
  const av = vmaGet(m, vma, V.ANON_VMA);
  yield* anon_vma_lock_write(k, S.anonVma, av);
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, mm, haddr, haddr + 512);
  yield* mmu_notifier_invalidate_range_start(k, S.start, event);
  const pmdPtl = yield* pmd_lock(k, S.lockPmd, pmd);
  const table = childTable(m, pmd);
  set_pmd_at(k, S.clear, pmd, 0, 0);
  flush_tlb_range(k, S.flush, haddr, haddr + 512);
  spin_unlock(k, S.unlockPmd, pmdPtl);
  yield* mmu_notifier_invalidate_range_end(k, S.end, event);
  at(k, S.sync);

  const first = yield* pte_table_map_lock(k, S.lockPte, table, haddr);
  const large: number[] = [];
  const isolated = __collapse_huge_page_isolate(k, first, large);
  spin_unlock(k, S.unlockPte, table);
  if (!isolated) {
    pte_unmap(k, S.unmap);
    at(k, S.failed, haddr);
    const ptl = yield* pmd_lock(k, S.lockPmd, pmd);
    pmd_populate(k, S.failed, pmd, table);
    spin_unlock(k, S.unlockPmd, ptl);
    anon_vma_unlock_write(k, S.unlockAnonVma, av);
    return false;
  }
  // The pages are locked and isolated: an rmap walk may look now, and finds no mapping.
  anon_vma_unlock_write(k, S.unlockAnonVma, av);
  yield* __collapse_huge_page_copy(k, mm, vma, first, folio, large);
  pte_unmap(k, S.unmap);

  const ptl = yield* pmd_lock(k, S.lockPmd, pmd);
  setFlag(m, folio, PG.UPTODATE);
  folio_add_new_anon_rmap(k, S.rmap, folio, vma, haddr);
  folio_add_lru_vma(k, S.lru, folio, vma);
  at(k, S.deposit, haddr);
  m.table.set(table * T_STRIDE + T.LIVE, 0);
  const pfn = m.f(folio, F.PFN);
  const prot = vm_page_prot(m, vma) | _PAGE_PSE;
  const lo = maybe_mkwrite_dirty(m, vma, pmdLeafLo(pfn, prot));
  set_pmd_settled(k, S.set, pmd, lo, pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  spin_unlock(k, S.unlockPmd, ptl);
  return true;
}

/** __collapse_huge_page_copy() (mm/khugepaged.c): copies, then unmaps and lets go of the small pages. */
function* __collapse_huge_page_copy(
  k: Kernel,
  mm: number,
  vma: number,
  first: number,
  folio: number,
  large: readonly number[],
): Run<void> {
  const { m } = k;
  enter(k, C.enter, folio);
  const head = m.f(folio, F.PFN);
  at(k, C.zero, folio);
  for (let i = 0; i < 512; i++) {
    if (noneOrZero(k, first + i)) {
      m.pageSet(head + i, P.DATA, 0);
      continue;
    }
    const from = ptePfn(entryLo(m, first + i), entryHi(m, first + i));
    m.step(OP.COPY_PAGE, C.copy, from, head + i, 0);
    m.pageSet(head + i, P.DATA, m.pageGet(from, P.DATA));
  }
  // From here on the pages are let go, one by one; what others see of it in between is left out.
  if (k.concurrent) yield YIELD.OTHER;
  for (let pte = first; pte < first + 512; pte++) {
    const [lo, hi] = [entryLo(m, pte), entryHi(m, pte)];
    if (noneOrZero(k, pte)) {
      add_mm_counter(k, mm, MM.ANONPAGES, 1);
      if (!pte_none(lo, hi)) clearZero(k, pte);
      continue;
    }
    const pfn = ptePfn(lo, hi);
    const f = m.folioOf(pfn);
    if (!folio_test_large(m, f)) letGo(k, f);
    const ptl = spinLockUnseen(k, C.lock, pte);
    ptep_get_and_clear(k, C.clear, pte);
    folio_remove_rmap_pte(k, C.rmap, pfn, vma);
    spin_unlock(k, C.unlockPte, ptl);
    if (!folio_test_large(m, f)) free_swap_cache(k, C.swap, f);
    folio_put(k, C.put, f);
  }
  for (const f of large) {
    folio_unlock(k, C.largeUnlock, f);
    free_swap_cache(k, C.largeSwap, f);
    folio_putback_lru(k, C.largePutback, f);
  }
  exit(k, C.exit);
}

function clearZero(k: Kernel, pte: number): void {
  const ptl = spinLockUnseen(k, C.zeroLock, pte);
  ptep_get_and_clear(k, C.zeroClear, pte);
  spin_unlock(k, C.zeroUnlock, ptl);
}

/** release_pte_folio(). */
function letGo(k: Kernel, f: number): void {
  folio_unlock(k, C.unlock, f);
  folio_putback_lru(k, C.putback, f);
}
