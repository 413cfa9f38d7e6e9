import { F, P, PG, V } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, HPAGE_PMD_ORDER, entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_PSE,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmd_none,
  pmd_trans_huge,
  pte_write,
} from '../../machine/words/pte.ts';
import { is_hwpoison_entry, is_migration_entry } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, SetPageAnonExclusive, folio_put, setFlag } from './folio.ts';
import { allocZeroed } from './memory-anon.ts';
import { copyPage } from './memory-wp.ts';
import { pmd_migration_entry_wait } from './migrate.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { flush_tlb_range, pmd_alloc, pmd_lock, set_pmd_at, spin_unlock } from './pgtable.ts';
import { anon_vma_prepare, folio_add_new_anon_rmap, folio_remove_rmap_pmd } from './rmap.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_HWPOISON, haddr } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pmd_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('hugetlb_fault', {
  enter: 'fault at {a:page address} of a hugetlb VMA, flags {b:hex flags}',
  migration: 'the huge page is under migration: wait for the end of it, then fault again',
  hwpoison: 'the huge page has failed in hardware: HWPOISON',
  alloc: 'take a huge page from the pool',
  lock: 'take the PMD lock',
  raced: 'the entry has changed meanwhile: fault again',
  release: 'the huge page is not needed',
  rmap: 'the huge page is this process’s own',
  set: 'map the huge page',
  reuse: 'the huge page is this process’s alone: make it writable in place',
  copy: 'copy the huge page',
  start: 'tell the devices (CLEAR, the huge page)',
  clear: 'clear the entry',
  flush: 'flush the TLB',
  removeRmap: 'the old huge page is mapped once less',
  put: 'let the old huge page go',
  end: 'the CLEAR event ends',
  present: 'the entry allows the access already',
  unlock: 'drop the PMD lock',
  exit: '',
});

/** hugetlb_fault() (mm/hugetlb.c) for 2 MiB pages of a private mapping; the pool never runs out. @returns VM_FAULT_*. */
export function* hugetlb_fault(k: Kernel, vma: number, page: number, flags: number): Run<number> {
  enter(k, S.enter, page, flags);
  const ret = yield* hugetlbEntryFault(k, vma, haddr(page), flags);
  return exit(k, S.exit, ret, page);
}

function* hugetlbEntryFault(k: Kernel, vma: number, h: number, flags: number): Run<number> {
  const m = k.m;
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = pmd_alloc(m, vmaGet(m, vma, V.MM), h);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const write = (flags & FAULT_FLAG_WRITE) !== 0;
  if (pmd_none(lo, hi)) return yield* mapNew(k, vma, pmd, h, write, 0);
  if (is_migration_entry(lo, hi)) {
    at(k, S.migration, h);
    yield* pmd_migration_entry_wait(k, pmd);
    return 0;
  }
  if (is_hwpoison_entry(lo, hi)) {
    at(k, S.hwpoison, h);
    return VM_FAULT_HWPOISON;
  }
  if (!pmd_trans_huge(lo, hi) || !write || pte_write(lo, hi)) {
    at(k, S.present, h);
    return 0;
  }
  const pfn = pmdPfn(lo, hi);
  const f = m.folioOf(pfn);
  if (!PageAnonExclusive(m, pfn) && (m.f(f, F.MAP) !== 1 || m.f(f, F.REF) !== 1))
    return yield* mapNew(k, vma, pmd, h, true, f);
  const ptl = yield* pmd_lock(k, S.lock, pmd);
  if (entryLo(m, pmd) === lo && entryHi(m, pmd) === hi) {
    SetPageAnonExclusive(m, pfn);
    set_pmd_settled(k, S.reuse, pmd, maybe_mkwrite_dirty(m, vma, lo | _PAGE_ACCESSED), hi);
  } else at(k, S.raced, h);
  spin_unlock(k, S.unlock, ptl);
  return 0;
}

/** hugetlb_no_page(), and with an old folio the copy of hugetlb_wp(). */
function* mapNew(k: Kernel, vma: number, pmd: number, h: number, write: boolean, old: number): Run<number> {
  const m = k.m;
  anon_vma_prepare(m, vma);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const f = allocZeroed(k, S.alloc, HPAGE_PMD_ORDER);
  setFlag(m, f, PG.HUGETLB);
  const pfn = m.f(f, F.PFN);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, vmaGet(m, vma, V.MM), h, h + HPAGE_PMD_NR);
  if (old !== 0) {
    const from = m.f(old, F.PFN);
    copyPage(k, S.copy, from, pfn);
    for (let i = 1; i < HPAGE_PMD_NR; i++) m.pageSet(pfn + i, P.DATA, m.pageGet(from + i, P.DATA));
    yield* mmu_notifier_invalidate_range_start(k, S.start, range);
  }
  const ptl = yield* pmd_lock(k, S.lock, pmd);
  const same = entryLo(m, pmd) === lo && entryHi(m, pmd) === hi;
  if (same) {
    if (old !== 0) {
      set_pmd_at(k, S.clear, pmd, 0, 0);
      flush_tlb_range(k, S.flush, h, h + HPAGE_PMD_NR);
      folio_remove_rmap_pmd(k, S.removeRmap, old, vma);
    }
    folio_add_new_anon_rmap(k, S.rmap, f, vma, h);
    const prot = vm_page_prot(m, vma) | _PAGE_PSE;
    const word = pmdLeafLo(pfn, prot);
    const withWrite = write ? maybe_mkwrite_dirty(m, vma, word) : word;
    set_pmd_settled(k, S.set, pmd, withWrite, pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  } else at(k, S.raced, h);
  spin_unlock(k, S.unlock, ptl);
  if (old !== 0) yield* mmu_notifier_invalidate_range_end(k, S.end, range);
  if (!same) folio_put(k, S.release, f);
  else if (old !== 0) folio_put(k, S.put, old);
  return 0;
}
