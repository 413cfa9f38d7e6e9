import { F, P, PG, SW, SW_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { EAGAIN } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, at } from '../kernel.ts';
import {
  clearFlag,
  folioHas,
  folio_put_refs,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  setFlag,
} from './folio.ts';

/** Field SW.… of a swap slot. */
export const swapGet = (m: Machine, slot: number, field: number): number => m.swap.get(slot * SW_STRIDE + field);

const swapSet = (m: Machine, slot: number, field: number, value: number): void =>
  m.swap.set(slot * SW_STRIDE + field, value);

/** Puts a folio into the swap cache of a slot; the cache holds a reference. */
export function swapCacheAdd(m: Machine, slot: number, f: number): void {
  swapSet(m, slot, SW.FOLIO, f);
  m.setF(f, F.SWAP, slot + 1);
  setFlag(m, f, PG.SWAPCACHE);
  m.setF(f, F.REF, m.f(f, F.REF) + 1);
}

/** swap_duplicate(): one entry more uses the slot. */
export function swap_duplicate(k: Kernel, site: number, slot: number): void {
  at(k, site, slot, swapGet(k.m, slot, SW.COUNT) + 1);
  swapSet(k.m, slot, SW.COUNT, swapGet(k.m, slot, SW.COUNT) + 1);
}

/** swap_free(): one entry less uses the slot. A slot without users and without a cached folio is free again. */
export function swap_free(k: Kernel, site: number, slot: number): void {
  at(k, site, slot, swapGet(k.m, slot, SW.COUNT) - 1);
  swapSet(k.m, slot, SW.COUNT, swapGet(k.m, slot, SW.COUNT) - 1);
}

/** free_swap_and_cache(): swap_free(), and the cached copy goes too when nobody uses slot or copy any more. */
export function free_swap_and_cache(k: Kernel, site: number, slot: number): void {
  const m = k.m;
  swap_free(k, site, slot);
  const f = swapGet(m, slot, SW.FOLIO);
  if (f === 0 || swapGet(m, slot, SW.COUNT) !== 0 || m.f(f, F.MAP) !== 0 || !folio_trylock(k, site, f)) return;
  folio_free_swap(k, site, f);
  folio_unlock(k, site, f);
}

/**
 * folio_free_swap(): takes a locked folio out of the swap cache if no entry uses its slot; the folio is then the
 * only copy, so it becomes dirty. @returns whether it did.
 */
export function folio_free_swap(k: Kernel, site: number, f: number): boolean {
  const m = k.m;
  const slot = m.f(f, F.SWAP) - 1;
  if (slot < 0 || folioHas(m, f, PG.WRITEBACK) || swapGet(m, slot, SW.COUNT) !== 0) return false;
  swapSet(m, slot, SW.FOLIO, 0);
  m.setF(f, F.SWAP, 0);
  clearFlag(m, f, PG.SWAPCACHE);
  setFlag(m, f, PG.DIRTY);
  folio_put_refs(k, site, f, 1);
  return true;
}

const A = sites('folio_alloc_swap', {
  large: 'no 512 slots in a row are free: {a:folio folio} cannot be swapped out whole (-EAGAIN)',
  cache: '{a:folio folio} gets swap slot {b:int} and goes into the swap cache',
});

/**
 * folio_alloc_swap() (mm/swapfile.c, v6.19): a slot for a locked folio, which is in the swap cache afterwards. The
 * model's swap device never has room for a huge page in one piece. @returns the slot, or -EAGAIN.
 */
export function folio_alloc_swap(k: Kernel, f: number): number {
  if (folio_test_large(k.m, f)) {
    at(k, A.large, f);
    return -EAGAIN;
  }
  const slot = k.m.newSwapSlot();
  at(k, A.cache, f, slot);
  swapCacheAdd(k.m, slot, f);
  return slot;
}

/** The data of a page is written to its slot. */
export function writeSlot(m: Machine, slot: number, f: number): void {
  swapSet(m, slot, SW.DATA, m.pageGet(m.f(f, F.PFN), P.DATA));
}

/** __swap_cache_del_folio(): the folio leaves the swap cache, whose reference goes; the slot keeps its users. */
export function swapCacheDelete(m: Machine, f: number): void {
  swapSet(m, m.f(f, F.SWAP) - 1, SW.FOLIO, 0);
  m.setF(f, F.SWAP, 0);
  clearFlag(m, f, PG.SWAPCACHE);
  m.setF(f, F.REF, m.f(f, F.REF) - 1);
}

/** free_swap_cache(): folio_free_swap() for a folio that is about to be let go, if it is unmapped and lockable. */
export function free_swap_cache(k: Kernel, site: number, f: number): void {
  const m = k.m;
  if (!folioHas(m, f, PG.SWAPCACHE) || m.f(f, F.MAP) !== 0 || !folio_trylock(k, site, f)) return;
  folio_free_swap(k, site, f);
  folio_unlock(k, site, f);
}
