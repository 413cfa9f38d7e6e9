import { F, PG } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, HPAGE_PMD_ORDER } from '../../machine/page-table.ts';
import { _PAGE_ACCESSED, pmdPfn } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import {
  PageAnonExclusive,
  SetPageAnonExclusive,
  folioHas,
  folio_get,
  folio_lock,
  folio_nr_pages,
  folio_put,
  folio_trylock,
  folio_unlock,
  is_huge_zero_pfn,
} from './folio.ts';
import { map_anon_folio_pmd, pmdSame } from './huge-fault.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { allocZeroed } from './memory-anon.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { flush_tlb_range, pmd_lock, set_pmd_at, spin_unlock } from './pgtable.ts';
import { anon_vma_prepare } from './rmap.ts';
import { folio_free_swap } from './swapfile.ts';
import { VM_FAULT_FALLBACK, type VmFault, haddr } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pmd_settled, vma_is_anonymous } from './vm-prot.ts';

const W = sites('do_huge_pmd_wp_page', {
  enter: 'a write to the read-only huge page at {a:page haddr}',
  lock: 'take the PMD lock',
  raced: 'the PMD has changed meanwhile: fault again',
  trylock: 'try to lock the folio',
  get: 'keep the folio while the PMD lock is dropped',
  waitUnlock: 'drop the PMD lock to wait',
  wait: 'wait for the folio lock',
  put: 'let the folio go',
  unlockFolio: 'unlock the folio',
  freeSwap: 'drop its swap-cache copy if nobody uses the slots',
  sole: 'nobody else refers to the huge page: make it exclusive',
  reuse: 'the huge page is this process’s alone: make it writable in place',
  shared: 'others refer to the huge page',
  unlock: 'drop the PMD lock',
  split: 'split the PMD; the write is then handled page by page',
  notAnon: 'memory of a file: split the PMD',
  exit: '',
});
const Z = sites('do_huge_zero_wp_pmd', {
  enter: 'a write to the huge zero page at {a:page haddr}',
  alloc: 'allocate a huge page filled with zeros',
  start: 'tell the devices that the 2 MiB are about to change (CLEAR)',
  lock: 'take the PMD lock',
  raced: 'the PMD has changed meanwhile',
  release: 'the huge page is not needed',
  clear: 'clear the PMD',
  flush: 'flush the TLB of the 2 MiB',
  rmap: 'the huge page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the huge page',
  unlock: 'drop the PMD lock',
  end: 'the CLEAR event ends',
  exit: '',
});
/** wp_huge_pmd() (mm/memory.c): a write to a read-only huge page. @returns 0, or FALLBACK after a PMD split. */
export function* wp_huge_pmd(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, W.enter, haddr(vmf.page), vmf.flags);
  const ret = yield* hugeWriteProtected(k, vmf);
  return exit(k, W.exit, ret, vmf.page);
}

/** do_huge_pmd_wp_page() (mm/huge_memory.c). */
function* hugeWriteProtected(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { vma, page } = vmf;
  if (!vma_is_anonymous(m, vma)) {
    at(k, W.notAnon, page);
    yield* __split_huge_pmd(k, vma, vmf.pmd, page, false);
    return VM_FAULT_FALLBACK;
  }
  const pfn = pmdPfn(vmf.origPmdLo, vmf.origPmdHi);
  if (is_huge_zero_pfn(m, pfn)) return yield* do_huge_zero_wp_pmd(k, vmf);

  const f = m.folioOf(pfn);
  let ptl = yield* pmd_lock(k, W.lock, vmf.pmd);
  if (!pmdSame(k, vmf)) {
    at(k, W.raced, page);
    spin_unlock(k, W.unlock, ptl);
    return 0;
  }
  if (PageAnonExclusive(m, pfn)) return reuseHuge(k, vmf, ptl);
  if (!folio_trylock(k, W.trylock, f)) {
    folio_get(k, W.get, f);
    spin_unlock(k, W.waitUnlock, ptl);
    yield* folio_lock(k, W.wait, f);
    ptl = yield* pmd_lock(k, W.lock, vmf.pmd);
    if (!pmdSame(k, vmf)) {
      at(k, W.raced, page);
      spin_unlock(k, W.unlock, ptl);
      folio_unlock(k, W.unlockFolio, f);
      folio_put(k, W.put, f);
      return 0;
    }
    folio_put(k, W.put, f);
  }
  if (PageAnonExclusive(m, pfn)) {
    folio_unlock(k, W.unlockFolio, f);
    return reuseHuge(k, vmf, ptl);
  }
  if (m.f(f, F.REF) <= 1 + (folioHas(m, f, PG.SWAPCACHE) ? folio_nr_pages(m, f) : 0)) {
    if (folioHas(m, f, PG.SWAPCACHE)) folio_free_swap(k, W.freeSwap, f);
    if (m.f(f, F.REF) === 1) {
      at(k, W.sole, page);
      m.setF(f, F.ANON_VMA, anon_vma_prepare(m, vma));
      SetPageAnonExclusive(m, pfn);
      folio_unlock(k, W.unlockFolio, f);
      return reuseHuge(k, vmf, ptl);
    }
  }
  at(k, W.shared, page);
  folio_unlock(k, W.unlockFolio, f);
  spin_unlock(k, W.unlock, ptl);
  at(k, W.split, page);
  yield* __split_huge_pmd(k, vma, vmf.pmd, page, false);
  return VM_FAULT_FALLBACK;
}

function reuseHuge(k: Kernel, vmf: VmFault, ptl: number): number {
  const lo = maybe_mkwrite_dirty(k.m, vmf.vma, vmf.origPmdLo | _PAGE_ACCESSED);
  set_pmd_settled(k, W.reuse, vmf.pmd, lo, vmf.origPmdHi);
  spin_unlock(k, W.unlock, ptl);
  return 0;
}

/** do_huge_zero_wp_pmd() (mm/huge_memory.c): the huge zero page is replaced under a CLEAR event. @returns 0. */
function* do_huge_zero_wp_pmd(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { mm, vma, page, pmd } = vmf;
  const h = haddr(page);
  enter(k, Z.enter, h);
  anon_vma_prepare(m, vma);
  const f = allocZeroed(k, Z.alloc, HPAGE_PMD_ORDER);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, mm, h, h + HPAGE_PMD_NR);
  yield* mmu_notifier_invalidate_range_start(k, Z.start, range);
  const ptl = yield* pmd_lock(k, Z.lock, pmd);
  const same = pmdSame(k, vmf);
  if (same) {
    set_pmd_at(k, Z.clear, pmd, 0, 0);
    flush_tlb_range(k, Z.flush, h, h + HPAGE_PMD_NR);
    map_anon_folio_pmd(k, Z, f, vmf);
  } else at(k, Z.raced, page);
  if (!same) folio_put(k, Z.release, f);
  spin_unlock(k, Z.unlock, ptl);
  yield* mmu_notifier_invalidate_range_end(k, Z.end, range);
  return exit(k, Z.exit, 0, page);
}
