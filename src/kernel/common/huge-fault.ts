import { F, G, MM, PG, V, VM, ZONE } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, HPAGE_PMD_ORDER, entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PSE,
  _PAGE_SPECIAL,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmd_none,
} from '../../machine/words/pte.ts';
import { swpPfn } from '../../machine/words/swp.ts';
import { dmirror_devmem_fault } from '../drivers/test_hmm.ts';
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
  setFlag,
} from './folio.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { allocZeroed, folio_add_lru_vma } from './memory-anon.ts';
import { numaRestoredLo } from './memory-numa.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { flush_tlb_range, pmd_lock, set_pmd_at, spin_unlock } from './pgtable.ts';
import { anon_vma_prepare, folio_add_new_anon_rmap } from './rmap.ts';
import { folio_free_swap } from './swapfile.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_FALLBACK, type VmFault, add_mm_counter, haddr } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pmd_settled, vm_page_prot, vm_page_prot_hi, vma_is_anonymous } from './vm-prot.ts';

const S = sites('do_huge_pmd_anonymous_page', {
  enter: 'nothing is mapped in the 2 MiB at {a:page haddr}',
  lock: 'a read: take the PMD lock',
  zero: 'map the huge zero page, read-only',
  raced: 'somebody has filled the PMD meanwhile',
  unlock: 'drop the PMD lock',
  exit: '',
});
const D = sites('__do_huge_pmd_anonymous_page', {
  enter: 'a write (or no huge zero page): map a huge page of its own',
  alloc: 'allocate a huge page filled with zeros',
  lock: 'take the PMD lock',
  raced: 'somebody has filled the PMD meanwhile',
  release: 'the huge page is not needed',
  rmap: 'the huge page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the huge page',
  unlock: 'drop the PMD lock',
  exit: '',
});
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
const DP = sites('do_huge_pmd_device_private', {
  enter: 'the 2 MiB at {a:page haddr} are in device-private memory',
  lock: 'take the PMD lock',
  changed: 'the PMD has changed meanwhile: fault again',
  trylock: 'try to lock the device folio',
  busy: 'somebody has it locked: return without progress, the access repeats',
  get: 'keep the device folio while its driver works',
  unlock: 'drop the PMD lock',
  toRam: 'ask the driver to bring the folio back (migrate_to_ram)',
  unlockFolio: 'unlock the device folio',
  put: 'let the device folio go',
  exit: 'VM_FAULT bits {a:hex ret}',
});
const A = sites('huge_pmd_set_accessed', {
  enter: 'the huge page at {a:page haddr} allows the access',
  lock: 'take the PMD lock',
  set: 'mark it accessed and dirty',
  spurious: 'nothing to do',
  unlock: 'drop the PMD lock',
  exit: '',
});
const N = sites('do_huge_pmd_numa_page', {
  enter: 'a NUMA hinting fault on the huge page at {a:page haddr}',
  lock: 'take the PMD lock',
  changed: 'the PMD has changed meanwhile: fault again',
  restore: 'the huge page stays on its node: give the access back',
  unlock: 'drop the PMD lock',
  exit: '',
});

const NO_THP = VM.NOHUGEPAGE | VM.HUGETLB | VM.IO | VM.PFNMAP | VM.MIXEDMAP | VM.DONTEXPAND;

/** thp_vma_allowable_order() for a page fault: the VMA wants huge pages and covers the aligned 2 MiB. */
export function thp_vma_allowable(k: Kernel, vma: number, page: number): boolean {
  const flags = vmaGet(k.m, vma, V.FLAGS);
  if (k.config.thp === 'never' || (flags & NO_THP) !== 0) return false;
  if (k.config.thp === 'madvise' && (flags & VM.HUGEPAGE) === 0) return false;
  const h = haddr(page);
  return h >= vmaGet(k.m, vma, V.START) && h + HPAGE_PMD_NR <= vmaGet(k.m, vma, V.END);
}

/** The PMD entry number's word still is what the fault began with. */
const pmdSame = (k: Kernel, vmf: VmFault): boolean =>
  entryLo(k.m, vmf.pmd) === vmf.origPmdLo && entryHi(k.m, vmf.pmd) === vmf.origPmdHi;

const pmdNone = (k: Kernel, pmd: number): boolean => pmd_none(entryLo(k.m, pmd), entryHi(k.m, pmd));

/** The huge zero page's first pfn; it is allocated when first needed (mm_get_huge_zero_folio). */
function hugeZeroPfn(k: Kernel): number {
  const m = k.m;
  const have = m.scalar.get(G.HUGE_ZERO_PFN);
  if (have !== 0) return have;
  const f = m.newFolio(ZONE.SYSTEM, HPAGE_PMD_ORDER);
  setFlag(m, f, PG.ZERO | PG.UPTODATE);
  m.scalar.set(G.HUGE_ZERO_PFN, m.f(f, F.PFN));
  return m.f(f, F.PFN);
}

/**
 * do_huge_pmd_anonymous_page() (mm/huge_memory.c): first touch of an empty 2 MiB. A read maps the huge zero page,
 * a write a huge page. No notifier event. @returns 0 or VM_FAULT_FALLBACK.
 */
export function* do_huge_pmd_anonymous_page(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  enter(k, S.enter, haddr(page), vmf.flags);
  anon_vma_prepare(m, vma);
  if ((vmf.flags & FAULT_FLAG_WRITE) !== 0 || !k.config.hugeZeroPage)
    return exit(k, S.exit, yield* __do_huge_pmd_anonymous_page(k, vmf), page);
  const ptl = yield* pmd_lock(k, S.lock, vmf.pmd);
  if (pmdNone(k, vmf.pmd)) {
    const pfn = hugeZeroPfn(k);
    const prot = vm_page_prot(m, vma) | _PAGE_PSE | _PAGE_SPECIAL;
    set_pmd_at(k, S.zero, vmf.pmd, pmdLeafLo(pfn, prot), pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  } else at(k, S.raced, page, mm);
  spin_unlock(k, S.unlock, ptl);
  return exit(k, S.exit, 0, page);
}

function* __do_huge_pmd_anonymous_page(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, D.enter, haddr(vmf.page), vmf.flags);
  const f = allocZeroed(k, D.alloc, HPAGE_PMD_ORDER);
  const ptl = yield* pmd_lock(k, D.lock, vmf.pmd);
  if (pmdNone(k, vmf.pmd)) {
    map_anon_folio_pmd(k, D, f, vmf);
    spin_unlock(k, D.unlock, ptl);
  } else {
    at(k, D.raced, vmf.page);
    spin_unlock(k, D.unlock, ptl);
    folio_put(k, D.release, f);
  }
  return exit(k, D.exit, 0, vmf.page);
}

/** map_anon_folio_pmd(): maps a fresh huge page, writable if the VMA is; the PMD lock is held. */
function map_anon_folio_pmd(
  k: Kernel,
  site: { readonly rmap: number; readonly lru: number; readonly set: number },
  f: number,
  vmf: VmFault,
): void {
  const m = k.m;
  const { mm, vma, pmd } = vmf;
  const pfn = m.f(f, F.PFN);
  const prot = vm_page_prot(m, vma) | _PAGE_PSE;
  folio_add_new_anon_rmap(k, site.rmap, f, vma, haddr(vmf.page));
  folio_add_lru_vma(k, site.lru, f, vma);
  const lo = maybe_mkwrite_dirty(m, vma, pmdLeafLo(pfn, prot));
  set_pmd_settled(k, site.set, pmd, lo, pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  add_mm_counter(k, mm, MM.ANONPAGES, HPAGE_PMD_NR);
}

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
  mmu_notifier_invalidate_range_start(k, Z.start, range);
  const ptl = yield* pmd_lock(k, Z.lock, pmd);
  const same = pmdSame(k, vmf);
  if (same) {
    set_pmd_at(k, Z.clear, pmd, 0, 0);
    flush_tlb_range(k, Z.flush, h, h + HPAGE_PMD_NR);
    map_anon_folio_pmd(k, Z, f, vmf);
  } else at(k, Z.raced, page);
  if (!same) folio_put(k, Z.release, f);
  spin_unlock(k, Z.unlock, ptl);
  mmu_notifier_invalidate_range_end(k, Z.end, range);
  return exit(k, Z.exit, 0, page);
}

/**
 * do_huge_pmd_device_private() (mm/huge_memory.c): CPU access to a device-private huge page; the driver gets the
 * whole folio. @returns the driver's VM_FAULT_* bits, 0 without progress when the folio is locked (v6.19).
 */
export function* do_huge_pmd_device_private(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  enter(k, DP.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, DP.lock, vmf.pmd);
  if (!pmdSame(k, vmf)) {
    at(k, DP.changed, vmf.page);
    spin_unlock(k, DP.unlock, ptl);
    return exit(k, DP.exit, 0, vmf.page);
  }
  const pfn = swpPfn(vmf.origPmdLo, vmf.origPmdHi);
  const f = m.folioOf(pfn);
  if (!folio_trylock(k, DP.trylock, f)) {
    at(k, DP.busy, vmf.page);
    spin_unlock(k, DP.unlock, ptl);
    return exit(k, DP.exit, 0, vmf.page);
  }
  folio_get(k, DP.get, f);
  spin_unlock(k, DP.unlock, ptl);
  at(k, DP.toRam, vmf.page);
  const ret = yield* dmirror_devmem_fault(k, vmf.vma, vmf.page, pfn, false);
  folio_unlock(k, DP.unlockFolio, f);
  folio_put(k, DP.put, f);
  return exit(k, DP.exit, ret, vmf.page);
}

/** huge_pmd_set_accessed() (mm/huge_memory.c): x86 writes the access flags only for a write fault. */
export function* huge_pmd_set_accessed(k: Kernel, vmf: VmFault): Run<void> {
  const { pmd, origPmdLo, origPmdHi } = vmf;
  enter(k, A.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, A.lock, pmd);
  const lo = origPmdLo | _PAGE_ACCESSED | _PAGE_DIRTY;
  if (pmdSame(k, vmf) && (vmf.flags & FAULT_FLAG_WRITE) !== 0 && lo !== origPmdLo)
    set_pmd_settled(k, A.set, pmd, lo, origPmdHi);
  else at(k, A.spurious, vmf.page);
  spin_unlock(k, A.unlock, ptl);
  exit(k, A.exit, 0, vmf.page);
}

/** do_huge_pmd_numa_page() (mm/huge_memory.c) for a machine with one node: the PMD becomes accessible again. */
export function* do_huge_pmd_numa_page(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { vma, pmd, origPmdLo, origPmdHi } = vmf;
  enter(k, N.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, N.lock, pmd);
  if (pmdSame(k, vmf)) {
    const pfn = pmdPfn(origPmdLo, origPmdHi);
    const flags = numaRestoredLo(k, vma, origPmdLo, origPmdHi, pfn) | _PAGE_PSE;
    set_pmd_settled(k, N.restore, pmd, pmdLeafLo(pfn, flags), pmdLeafHi(pfn, vm_page_prot_hi(m, vma), flags));
  } else at(k, N.changed, vmf.page);
  spin_unlock(k, N.unlock, ptl);
  return exit(k, N.exit, 0, vmf.page);
}
