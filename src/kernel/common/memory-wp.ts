import { F, MM, P, PG, V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import type { Machine } from '../../machine/machine.ts';
import { vmaGet } from '../../machine/vma.ts';
import { _PAGE_ACCESSED, pteHi, pteLo, ptePfn, pte_present, pte_special } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import {
  PageAnonExclusive,
  SetPageAnonExclusive,
  folioHas,
  folio_get,
  folio_nr_pages,
  folio_put,
  folio_test_anon,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  lru_add_drain,
} from './folio.ts';
import { allocZeroed, folio_add_lru_vma } from './memory-anon.ts';
import { wp_page_shared } from './memory-wp-shared.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptep_clear_flush, ptlOf } from './pgtable.ts';
import { anon_vma_prepare, folio_add_new_anon_rmap, folio_remove_rmap_pte } from './rmap.ts';
import { folio_free_swap, free_swap_cache } from './swapfile.ts';
import { type VmFault, add_mm_counter } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('do_wp_page', {
  enter: 'a write to the read-only PTE of {a:page address}',
  shared: 'a shared mapping: no copy is needed',
  exclusive: 'the page is anonymous and this process’s alone: write to it in place',
  drain: 'the page may sit in a per-CPU LRU batch, which holds a reference: drain it',
  trylock: 'try to lock the folio',
  freeSwap: 'drop its swap-cache copy if nobody uses the slot',
  sole: 'nobody else refers to the page: make it exclusive and write in place',
  unlockFolio: 'unlock the folio',
  get: 'keep the old page while the lock is dropped',
  unlock: 'drop the PTE lock: the page is copied without it',
  exit: '',
});
const R = sites('wp_page_reuse', {
  enter: 'make the PTE of {a:page address} writable in place',
  set: 'accessed, dirty and, if the VMA allows, writable',
  unlock: 'drop the PTE lock',
  exit: '',
});
const C = sites('wp_page_copy', {
  enter: 'copy on write at {a:page address}',
  alloc: 'allocate the new page',
  copy: 'copy the old page',
  start: 'tell the devices that the page is about to change (CLEAR, one page)',
  lock: 'take the PTE lock again',
  raced: 'the PTE has changed meanwhile: throw the copy away',
  clear: 'clear the PTE and flush the TLB before the new page can be seen',
  rmap: 'the new page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the new page: writable, accessed, dirty',
  removeRmap: 'the old page is mapped once less',
  unlock: 'drop the PTE lock',
  end: 'the CLEAR event ends',
  putMapping: 'give up the reference the old mapping held',
  putNew: 'give the unused copy back',
  put: 'give up the reference taken for the copy',
  exit: '',
});

/**
 * do_wp_page() (mm/memory.c): a write to a present, read-only PTE. The PTE lock is held on entry and
 * dropped. Reuses a page nobody else has, else copies it under a CLEAR notifier event. @returns VM_FAULT_*.
 */
export function* do_wp_page(k: Kernel, vmf: VmFault, pte: number): Run<number> {
  enter(k, S.enter, vmf.page, vmf.flags);
  const ret = yield* writeProtected(k, vmf, pte);
  return exit(k, S.exit, ret, vmf.page);
}

function* writeProtected(k: Kernel, vmf: VmFault, pte: number): Run<number> {
  const m = k.m;
  const { vma, page } = vmf;
  const pfn = normalPfn(m, vmf);
  const f = pfn < 0 ? 0 : m.folioOf(pfn);
  if ((vmaGet(m, vma, V.FLAGS) & VM.SHARED) !== 0) {
    at(k, S.shared, page);
    return yield* wp_page_shared(k, vmf, pte, pfn);
  }
  if (f !== 0 && folio_test_anon(m, f)) {
    if (PageAnonExclusive(m, pfn)) {
      at(k, S.exclusive, page);
      return wp_page_reuse(k, vmf, pte);
    }
    if (wp_can_reuse_anon_folio(k, f, vmf)) {
      at(k, S.sole, page);
      SetPageAnonExclusive(m, pfn);
      return wp_page_reuse(k, vmf, pte);
    }
  }
  if (f !== 0) folio_get(k, S.get, f);
  pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  return yield* wp_page_copy(k, vmf, pfn);
}

/** vm_normal_page(): the page of the PTE, -1 for the zero page and special mappings. */
function normalPfn(m: Machine, vmf: VmFault): number {
  if (pte_special(vmf.origLo, vmf.origHi)) return -1;
  const pfn = ptePfn(vmf.origLo, vmf.origHi);
  return m.folioOf(pfn) === 0 ? -1 : pfn;
}

/**
 * wp_can_reuse_anon_folio(): nobody but this mapping refers to the folio. A large folio also needs all its
 * mappings to be this process's.
 */
function wp_can_reuse_anon_folio(k: Kernel, f: number, vmf: VmFault): boolean {
  const m = k.m;
  if (folio_test_large(m, f)) return mappedByThisMm(m, f, vmf) && m.f(f, F.MAP) === m.f(f, F.REF);
  if (m.f(f, F.REF) > 3) return false;
  if (!folioHas(m, f, PG.LRU)) lru_add_drain(k, S.drain);
  if (m.f(f, F.REF) > (folioHas(m, f, PG.SWAPCACHE) ? 2 : 1)) return false;
  if (!folio_trylock(k, S.trylock, f)) return false;
  if (folioHas(m, f, PG.SWAPCACHE)) folio_free_swap(k, S.freeSwap, f);
  const sole = m.f(f, F.REF) === 1;
  if (sole) m.setF(f, F.ANON_VMA, anon_vma_prepare(m, vmf.vma));
  folio_unlock(k, S.unlockFolio, f);
  return sole;
}

/** True when every mapping of the large folio is a PTE of the faulting mm (the kernel counts per mm instead). */
function mappedByThisMm(m: Machine, f: number, vmf: VmFault): boolean {
  const first = vmf.page - (ptePfn(vmf.origLo, vmf.origHi) - m.f(f, F.PFN));
  let own = 0;
  for (let i = 0; i < folio_nr_pages(m, f); i++) {
    const e = findEntry(m, vmf.mm, first + i, 1);
    if (e === 0 || !pte_present(entryLo(m, e), entryHi(m, e))) continue;
    if (m.folioOf(ptePfn(entryLo(m, e), entryHi(m, e))) === f) own++;
  }
  return own === m.f(f, F.MAP);
}

/** wp_page_reuse(): the PTE becomes writable in place, without an event. Drops the PTE lock. @returns 0. */
export function wp_page_reuse(k: Kernel, vmf: VmFault, pte: number): number {
  enter(k, R.enter, vmf.page);
  const lo = maybe_mkwrite_dirty(k.m, vmf.vma, vmf.origLo | _PAGE_ACCESSED);
  set_pte_settled(k, R.set, pte, lo, vmf.origHi);
  pte_unmap_unlock(k, R.unlock, ptlOf(pte));
  return exit(k, R.exit, 0, vmf.page);
}

/**
 * wp_page_copy() (mm/memory.c): maps a private copy of the page (of zeros for the zero page). No lock is held;
 * the caller has taken a reference on the old folio. @param old pfn of the old page, -1 for none. @returns 0.
 */
function* wp_page_copy(k: Kernel, vmf: VmFault, old: number): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  const oldFolio = old < 0 ? 0 : m.folioOf(old);
  enter(k, C.enter, page, old);
  anon_vma_prepare(m, vma);
  const f = allocZeroed(k, C.alloc, 0);
  const pfn = m.f(f, F.PFN);
  if (old >= 0) copyPage(k, C.copy, old, pfn);

  const range = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, mm, page, page + 1);
  yield* mmu_notifier_invalidate_range_start(k, C.start, range);
  const pte = yield* pte_offset_map_lock(k, C.lock, vmf.pmd, page);
  const same = pte !== 0 && entryLo(m, pte) === vmf.origLo && entryHi(m, pte) === vmf.origHi;
  if (same) {
    if (oldFolio === 0) add_mm_counter(k, mm, MM.ANONPAGES, 1);
    else if (!folio_test_anon(m, oldFolio)) {
      add_mm_counter(k, mm, MM.FILEPAGES, -1);
      add_mm_counter(k, mm, MM.ANONPAGES, 1);
    }
    const prot = vm_page_prot(m, vma);
    ptep_clear_flush(k, C.clear, pte);
    folio_add_new_anon_rmap(k, C.rmap, f, vma, page);
    folio_add_lru_vma(k, C.lru, f, vma);
    const lo = maybe_mkwrite_dirty(m, vma, pteLo(pfn, prot));
    set_pte_settled(k, C.set, pte, lo, pteHi(pfn, vm_page_prot_hi(m, vma), prot));
    if (oldFolio !== 0) folio_remove_rmap_pte(k, C.removeRmap, old, vma);
  } else at(k, C.raced, page);
  if (pte !== 0) pte_unmap_unlock(k, C.unlock, ptlOf(pte));
  yield* mmu_notifier_invalidate_range_end(k, C.end, range);

  if (!same) folio_put(k, C.putNew, f);
  else if (oldFolio !== 0) folio_put(k, C.putMapping, oldFolio);
  if (oldFolio !== 0) {
    if (same) free_swap_cache(k, C.put, oldFolio);
    folio_put(k, C.put, oldFolio);
  }
  return exit(k, C.exit, 0, page);
}

/** copy_user_highpage(): page `to` gets the contents of page `from`. */
export function copyPage(k: Kernel, site: number, from: number, to: number): void {
  k.m.step(OP.COPY_PAGE, site, from, to, 0);
  k.m.pageSet(to, P.DATA, k.m.pageGet(from, P.DATA));
}
