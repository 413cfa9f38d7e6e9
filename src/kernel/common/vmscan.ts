import { F, PG } from '../../machine/layout.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import {
  cacheRefs,
  clearFlag,
  folioHas,
  folio_maybe_dma_pinned,
  folio_mark_dirty,
  folio_put,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  setFlag,
} from './folio.ts';
import { split_folio } from './split-folio.ts';
import { folio_alloc_swap, folio_free_swap, swapCacheDelete, writeSlot } from './swapfile.ts';
import { type UnmapBatch, newUnmapBatch, try_to_unmap, try_to_unmap_flush } from './try-to-unmap.ts';

const S = sites('shrink_folio_list', {
  enter: 'reclaim what can be had of {a:int folios} isolated folios',
  trylock: 'lock the folio, if nobody else has the lock',
  busy: 'somebody has {a:folio folio} locked: it stays',
  unevictable: '{a:folio folio} is mlocked, or being written: it stays',
  pinned: '{a:folio folio} may be pinned for DMA: it stays',
  refs: '{a:folio folio}: somebody holds a reference too many to split it: it stays',
  split: 'no room for it in one piece: split it, and go on with the pieces',
  splitFailed: 'the split failed: it stays',
  dirty: 'the only copy: it has to be written',
  unmapFailed: '{a:folio folio} is still mapped: it stays',
  flushDirty: 'a CPU might still write through its TLB: flush before the page is written out',
  writing: 'it is dirty or being written again: it stays',
  relock: 'lock it again',
  unlock: 'unlock it',
  flush: 'no page is reused before the TLBs are flushed',
  free: 'the page is free',
  exit: '{a:int freed} pages are free',
});
const P = sites('pageout', {
  enter: 'write {a:folio folio} to swap slot {b:int}',
  busy: 'somebody holds a reference too many: not now',
  clean: 'it is clean from here on',
  unused: 'no entry uses the slot any more: nothing to write',
  write: 'writing; the folio is unlocked meanwhile',
  unlock: 'unlock it',
  done: 'written',
  exit: '{a:bool written}',
});
const R = sites('__remove_mapping', {
  enter: 'is {a:folio folio} only in the swap cache?',
  refs: 'somebody holds a reference too many: no',
  dirty: 'somebody has written to it: no',
  remove: 'yes: it leaves the swap cache',
  exit: '{a:bool removed}',
});

/**
 * shrink_folio_list() (mm/vmscan.c, v6.19) for anonymous memory, with ignore_references, as proactive reclaim calls it.
 * The caller has isolated the folios, one reference each. @returns the folios that stay; the others are free.
 */
export function* shrink_folio_list(k: Kernel, folios: readonly number[]): Run<number[]> {
  enter(k, S.enter, folios.length);
  const batch = newUnmapBatch();
  const list = [...folios];
  const kept: number[] = [];
  const free: number[] = [];
  for (let f = list.shift(); f !== undefined; f = list.shift()) {
    if (k.concurrent) yield YIELD.OTHER;
    ((yield* shrinkOne(k, f, list, batch)) ? free : kept).push(f);
  }
  yield* try_to_unmap_flush(k, batch);
  at(k, S.flush);
  for (const f of free) folio_put(k, S.free, f);
  exit(k, S.exit, free.length);
  return kept;
}

/** One folio. @returns whether it can be freed; it is unlocked either way. */
function* shrinkOne(k: Kernel, f: number, list: number[], batch: UnmapBatch): Run<boolean> {
  const { m } = k;
  if (!folio_trylock(k, S.trylock, f)) {
    at(k, S.busy, f);
    return false;
  }
  const stays = (site: number): boolean => {
    at(k, site, f);
    folio_unlock(k, S.unlock, f);
    return false;
  };
  if (folioHas(m, f, PG.MLOCKED | PG.UNEVICTABLE | PG.WRITEBACK)) return stays(S.unevictable);
  if (!folioHas(m, f, PG.SWAPCACHE)) {
    if (folio_maybe_dma_pinned(m, f)) return stays(S.pinned);
    if (folio_test_large(m, f) && m.f(f, F.REF) - 1 !== m.f(f, F.MAP) + cacheRefs(m, f)) return stays(S.refs);
    if (folio_alloc_swap(k, f) < 0) {
      at(k, S.split, f);
      if ((yield* split_folio(k, S.split, f, -1, list)) !== 0) return stays(S.splitFailed);
      folio_alloc_swap(k, f);
    }
    folio_mark_dirty(k, S.dirty, f);
  }
  const slot = m.f(f, F.SWAP) - 1;
  if (m.f(f, F.MAP) > 0) {
    yield* try_to_unmap(k, f, slot, batch);
    if (m.f(f, F.MAP) > 0) return stays(S.unmapFailed);
  }
  if (folioHas(m, f, PG.DIRTY)) {
    if (batch.writable) {
      at(k, S.flushDirty, f);
      yield* try_to_unmap_flush(k, batch);
    }
    if (!(yield* pageout(k, f, slot))) return stays(S.writing);
    if (k.concurrent) yield YIELD.OTHER;
    if (folioHas(m, f, PG.DIRTY | PG.WRITEBACK) || !folio_trylock(k, S.relock, f)) {
      at(k, S.writing, f);
      return false;
    }
    if (folioHas(m, f, PG.DIRTY | PG.WRITEBACK)) return stays(S.writing);
  }
  const removed = folioHas(m, f, PG.SWAPCACHE) && __remove_mapping(k, f);
  folio_unlock(k, S.unlock, f);
  return removed;
}

/**
 * pageout() (mm/vmscan.c) to a swap device that writes at once (SWP_SYNCHRONOUS_IO).
 * @returns true when it was written, or needed not be: the folio is unlocked then.
 */
function* pageout(k: Kernel, f: number, slot: number): Run<boolean> {
  const { m } = k;
  enter(k, P.enter, f, slot);
  // is_page_cache_freeable(): the isolation and the swap cache.
  if (m.f(f, F.REF) !== 1 + cacheRefs(m, f)) {
    at(k, P.busy, f);
    exit(k, P.exit, 0);
    return false;
  }
  at(k, P.clean, f);
  clearFlag(m, f, PG.DIRTY);
  if (folio_free_swap(k, P.unused, f)) {
    folio_unlock(k, P.unlock, f);
    exit(k, P.exit, 1);
    return true;
  }
  at(k, P.write, f, slot);
  setFlag(m, f, PG.WRITEBACK);
  writeSlot(m, slot, f);
  folio_unlock(k, P.unlock, f);
  if (k.concurrent) yield YIELD.OTHER;
  at(k, P.done, f, slot);
  clearFlag(m, f, PG.WRITEBACK);
  exit(k, P.exit, 1);
  return true;
}

/** __remove_mapping() (mm/vmscan.c): freezes the reference count at what reclaim and cache hold, or gives up. */
function __remove_mapping(k: Kernel, f: number): boolean {
  const { m } = k;
  enter(k, R.enter, f);
  const no = m.f(f, F.REF) !== 1 + cacheRefs(m, f) ? R.refs : folioHas(m, f, PG.DIRTY) ? R.dirty : 0;
  if (no !== 0) {
    at(k, no, f);
    exit(k, R.exit, 0);
    return false;
  }
  at(k, R.remove, f);
  swapCacheDelete(m, f);
  exit(k, R.exit, 1);
  return true;
}
