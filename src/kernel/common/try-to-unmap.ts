import { F, MM, V, VM } from '../../machine/layout.ts';
import { childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { ptePfn, pte_dirty, pte_present, pte_soft_dirty, pte_uffd_wp } from '../../machine/words/pte.ts';
import { _PAGE_SWP_EXCLUSIVE, _PAGE_SWP_SOFT_DIRTY, _PAGE_SWP_UFFD_WP, swpHi, swpLo } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, folio_mark_dirty, folio_put } from './folio.ts';
import { mlock_drain_vma } from './mlock.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmdIsTable,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pte_at,
} from './pgtable.ts';
import {
  type RmapPlace,
  folio_remove_rmap_pte,
  folio_try_share_anon_rmap_pte,
  rmapPlaces,
  rmapWalkEnd,
  rmapWalkStart,
} from './rmap.ts';
import { swap_duplicate, swap_free } from './swapfile.ts';
import { add_mm_counter } from './vm-fault.ts';

const S = sites('try_to_unmap', {
  enter: 'put swap entries into every mapping of {a:folio folio}',
  lock: 'anon_vma lock for reading: no VMA goes while they are looked through',
  unlock: 'anon_vma lock released',
  exit: '',
});
const O = sites('try_to_unmap_one', {
  enter: 'vma {a:vma}, [{b:page start}, {c:page end})',
  start: 'tell the mirrors before it is known whether the VMA still maps it',
  lock: 'map and lock the PTE table',
  mlocked: 'the VMA is locked in memory: the page stays',
  clear: 'take the mapping away; the flush is put off until all are gone',
  dirty: 'the PTE was dirty: the folio is',
  dup: 'swap slot {a:int} gets one user more',
  share: 'make the exclusive page shareable',
  pinned: 'it may be pinned: put the mapping back',
  free: 'and the slot’s user away',
  install: 'write the swap entry',
  rmap: 'one mapping less',
  put: 'the reference of the mapping goes',
  unlock: 'unmap and unlock',
  end: 'the event ends',
  exit: '',
});
const U = sites('try_to_unmap_flush', {
  flush: 'flush the TLBs of all that was unmapped, before a page may be reused',
});

/** Pages unmapped whose flush is still due (TTU_BATCH_FLUSH, tlb_ubc). */
export interface UnmapBatch {
  start: number;
  end: number;
  /** one of the entries was dirty, so a CPU may still write through its TLB */
  writable: boolean;
}

/** Nothing unmapped yet. */
export const newUnmapBatch = (): UnmapBatch => ({ start: Number.MAX_SAFE_INTEGER, end: 0, writable: false });

/** try_to_unmap_flush() (mm/rmap.c): the flush that the unmapping has put off. */
export function* try_to_unmap_flush(k: Kernel, batch: UnmapBatch): Run<void> {
  if (batch.start >= batch.end) return;
  if (k.concurrent) yield YIELD.OTHER;
  flush_tlb_range(k, U.flush, batch.start, batch.end);
  batch.start = Number.MAX_SAFE_INTEGER;
  batch.end = 0;
  batch.writable = false;
}

/**
 * try_to_unmap(TTU_BATCH_FLUSH) (mm/rmap.c) of a small anonymous folio in the swap cache: every mapping, in every
 * process, becomes a swap entry. The folio is locked. Whether it worked shows in its mapcount.
 */
export function* try_to_unmap(k: Kernel, f: number, slot: number, batch: UnmapBatch): Run<void> {
  enter(k, S.enter, f, slot);
  const av = yield* rmapWalkStart(k, S.lock, f);
  for (const place of rmapPlaces(k.m, f)) {
    if (!(yield* try_to_unmap_one(k, f, slot, place, batch))) break;
    if (k.m.f(f, F.MAP) === 0) break;
  }
  rmapWalkEnd(k, S.unlock, av);
  exit(k, S.exit, 0, k.m.f(f, F.MAP));
}

/** try_to_unmap_one(): one VMA. @returns false when the walk over the mappings must stop. */
function* try_to_unmap_one(k: Kernel, f: number, slot: number, place: RmapPlace, batch: UnmapBatch): Run<boolean> {
  const { m } = k;
  enter(k, O.enter, place.vma, place.start, place.end);
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, place.mm, place.start, place.end);
  yield* mmu_notifier_invalidate_range_start(k, O.start, event);
  let goOn = true;
  const pmd = findEntry(m, place.mm, place.start, 2);
  if (pmd !== 0 && pmdIsTable(m, pmd) && maps(k, childTable(m, pmd) * 512 + (place.start & 511), f)) {
    const pte = yield* pte_offset_map_lock(k, O.lock, pmd, place.start);
    if (pte !== 0) {
      if (maps(k, pte, f)) goOn = unmapOne(k, f, slot, pte, place, batch);
      pte_unmap_unlock(k, O.unlock, ptlOf(pte));
    }
  }
  yield* mmu_notifier_invalidate_range_end(k, O.end, event);
  exit(k, O.exit, goOn ? 1 : 0);
  return goOn;
}

function maps(k: Kernel, pte: number, f: number): boolean {
  const [lo, hi] = [entryLo(k.m, pte), entryHi(k.m, pte)];
  return pte_present(lo, hi) && ptePfn(lo, hi) === k.m.f(f, F.PFN);
}

function unmapOne(k: Kernel, f: number, slot: number, pte: number, place: RmapPlace, batch: UnmapBatch): boolean {
  const { m } = k;
  const [lo, hi] = [entryLo(m, pte), entryHi(m, pte)];
  const pfn = ptePfn(lo, hi);
  if ((vmaGet(m, place.vma, V.FLAGS) & VM.LOCKED) !== 0) {
    at(k, O.mlocked, place.vma);
    return false;
  }
  const exclusive = PageAnonExclusive(m, pfn);
  ptep_get_and_clear(k, O.clear, pte);
  batch.start = Math.min(batch.start, place.start);
  batch.end = Math.max(batch.end, place.start + 1);
  if (pte_dirty(lo, hi)) {
    batch.writable = true;
    folio_mark_dirty(k, O.dirty, f);
  }
  swap_duplicate(k, O.dup, slot);
  if (exclusive && folio_try_share_anon_rmap_pte(k, O.share, pfn) !== 0) {
    swap_free(k, O.free, slot);
    set_pte_at(k, O.pinned, pte, lo, hi);
    return false;
  }
  add_mm_counter(k, place.mm, MM.ANONPAGES, -1);
  add_mm_counter(k, place.mm, MM.SWAPENTS, 1);
  const low =
    (exclusive ? _PAGE_SWP_EXCLUSIVE : 0) |
    (pte_soft_dirty(lo, hi) ? _PAGE_SWP_SOFT_DIRTY : 0) |
    (pte_uffd_wp(lo, hi) ? _PAGE_SWP_UFFD_WP : 0);
  set_pte_at(k, O.install, pte, swpLo(SWAP_FILE, slot, low), swpHi(SWAP_FILE, slot, 0, 0));
  folio_remove_rmap_pte(k, O.rmap, pfn, place.vma);
  mlock_drain_vma(k, place.vma);
  folio_put(k, O.put, f);
  return true;
}

/** Type of the one swap device that the model has. */
const SWAP_FILE = 0;
