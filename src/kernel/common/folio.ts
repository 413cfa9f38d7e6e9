import { A, D, D_STRIDE, EXTERNAL_ACTOR, F, G, P, PG, PGF, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { type Kernel, type Run, YIELD, block, finding, might_sleep, unblock } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { mlock_drain_local } from './mlock.ts';

/** Entries of a per-CPU folio batch (PAGEVEC_SIZE). */
export const PAGEVEC_SIZE = 31;

export function folioHas(m: Machine, f: number, flag: number): boolean {
  return (m.f(f, F.FLAGS) & flag) !== 0;
}

export function setFlag(m: Machine, f: number, flag: number): void {
  m.setF(f, F.FLAGS, m.f(f, F.FLAGS) | flag);
}

export function clearFlag(m: Machine, f: number, flag: number): void {
  m.setF(f, F.FLAGS, m.f(f, F.FLAGS) & ~flag);
}

export const folio_nr_pages = (m: Machine, f: number): number => 1 << m.f(f, F.ORDER);
export const folio_test_large = (m: Machine, f: number): boolean => m.f(f, F.ORDER) > 0;
export const folio_test_anon = (m: Machine, f: number): boolean => folioHas(m, f, PG.ANON);
export const zoneOf = (pfn: number): number => pfn >>> ZONE_SHIFT;
export const is_device_private_pfn = (pfn: number): boolean =>
  zoneOf(pfn) === ZONE.PRIVATE0 || zoneOf(pfn) === ZONE.PRIVATE1;
export const is_device_coherent_pfn = (pfn: number): boolean => zoneOf(pfn) >= ZONE.COHERENT0;
export const is_zone_device_pfn = (pfn: number): boolean => zoneOf(pfn) !== ZONE.SYSTEM;
export const folio_is_device_private = (m: Machine, f: number): boolean => is_device_private_pfn(m.f(f, F.PFN));
export const folio_is_device_coherent = (m: Machine, f: number): boolean => is_device_coherent_pfn(m.f(f, F.PFN));
export const folio_is_zone_device = (m: Machine, f: number): boolean => is_zone_device_pfn(m.f(f, F.PFN));

export const PageAnonExclusive = (m: Machine, pfn: number): boolean =>
  (m.pageGet(pfn, P.FLAGS) & PGF.ANON_EXCLUSIVE) !== 0;
export function SetPageAnonExclusive(m: Machine, pfn: number): void {
  m.pageSet(pfn, P.FLAGS, m.pageGet(pfn, P.FLAGS) | PGF.ANON_EXCLUSIVE);
}
export function ClearPageAnonExclusive(m: Machine, pfn: number): void {
  m.pageSet(pfn, P.FLAGS, m.pageGet(pfn, P.FLAGS) & ~PGF.ANON_EXCLUSIVE);
}

export const is_zero_pfn = (m: Machine, pfn: number): boolean => pfn === m.scalar.get(G.ZERO_PFN);
export const is_huge_zero_pfn = (m: Machine, pfn: number): boolean => pfn === m.scalar.get(G.HUGE_ZERO_PFN);

/** page->mapping is set: anonymous, page cache, or (for a device-private page) anonymous as well. */
export const folioHasMapping = (m: Machine, f: number): boolean => folioHas(m, f, PG.ANON) || m.f(f, F.MAPPING) !== 0;

/** folio_maybe_dma_pinned(): small folios count pins in the reference count, large ones apart. */
export function folio_maybe_dma_pinned(m: Machine, f: number): boolean {
  return folio_test_large(m, f) ? m.f(f, F.PINS) > 0 : m.f(f, F.REF) >= GUP_PIN_COUNTING_BIAS;
}

/** References that page cache and swap cache hold: one per page of the folio each. */
export function cacheRefs(m: Machine, f: number): number {
  let n = 0;
  if (m.f(f, F.MAPPING) !== 0) n += folio_nr_pages(m, f) + (folioHas(m, f, PG.PRIVATE) ? 1 : 0);
  if (folioHas(m, f, PG.SWAPCACHE)) n += folio_nr_pages(m, f);
  return n;
}

/** folio_get(). */
export function folio_get(k: Kernel, site: number, f: number): void {
  const m = k.m;
  const ref = m.f(f, F.REF) + 1;
  m.step(OP.FOLIO_GET, site, f, ref, 0);
  if (m.f(f, F.LIVE) === 0) finding(k, site, RULE.USE_AFTER_FREE, f);
  m.setF(f, F.REF, ref);
}

/** folio_put(): the last put frees the folio (device memory goes back to its driver). */
export function folio_put(k: Kernel, site: number, f: number): void {
  folio_put_refs(k, site, f, 1);
}

export function folio_put_refs(k: Kernel, site: number, f: number, refs: number): void {
  const m = k.m;
  const ref = m.f(f, F.REF) - refs;
  m.step(OP.FOLIO_PUT, site, f, ref, 0);
  m.setF(f, F.REF, ref);
  if (ref === 0) freeFolio(k, site, f);
}

/** A small folio counts each GUP pin so many times in its reference count (GUP_PIN_COUNTING_BIAS). */
export const GUP_PIN_COUNTING_BIAS = 1024;

/** try_grab_folio(FOLL_PIN): a pin; a small folio counts it as 1024 references, a large one apart. */
export function folio_pin(k: Kernel, site: number, f: number): void {
  const m = k.m;
  const large = folio_test_large(m, f);
  const ref = m.f(f, F.REF) + (large ? 1 : GUP_PIN_COUNTING_BIAS);
  m.step(OP.FOLIO_GET, site, f, ref, 0);
  if (m.f(f, F.LIVE) === 0) finding(k, site, RULE.USE_AFTER_FREE, f);
  m.setF(f, F.REF, ref);
  if (large) m.setF(f, F.PINS, m.f(f, F.PINS) + 1);
}

/** unpin_user_page() → gup_put_folio(): the pin goes; the last reference frees the folio. */
export function folio_unpin(k: Kernel, site: number, f: number): void {
  const m = k.m;
  const large = folio_test_large(m, f);
  if (large) m.setF(f, F.PINS, m.f(f, F.PINS) - 1);
  folio_put_refs(k, site, f, large ? 1 : GUP_PIN_COUNTING_BIAS);
}

function freeFolio(k: Kernel, site: number, f: number): void {
  const m = k.m;
  m.step(OP.FOLIO_FREE, site, f, 0, 0);
  m.setF(f, F.LIVE, 0);
  m.setF(f, F.FLAGS, 0);
  m.setF(f, F.LOCKER, 0);
  const pfn = m.f(f, F.PFN);
  const nr = folio_nr_pages(m, f);
  for (let i = 0; i < nr; i++) m.pageSet(pfn + i, P.FLAGS, 0);
  const backing = m.f(f, F.BACKING);
  if (backing !== 0) {
    m.setF(f, F.BACKING, 0);
    const bf = m.folioOf(backing);
    m.setF(bf, F.REF, 0);
    m.setF(bf, F.LIVE, 0);
  }
}

/** folio_trylock(): the only way to take a folio lock under a page-table lock. */
export function folio_trylock(k: Kernel, site: number, f: number): boolean {
  const m = k.m;
  const ok = !folioHas(m, f, PG.LOCKED);
  m.step(OP.FOLIO_TRYLOCK, site, f, ok ? 1 : 0, 0);
  if (ok) own(m, f);
  return ok;
}

function own(m: Machine, f: number): void {
  setFlag(m, f, PG.LOCKED);
  m.setF(f, F.LOCKER, m.actor + 1);
  m.actorAdd(m.actor, A.FOLIOS, 1);
}

/** folio_lock(): sleeps until the lock is free. */
export function* folio_lock(k: Kernel, site: number, f: number): Run<void> {
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  while (folioHas(m, f, PG.LOCKED)) {
    block(k, site, WAIT.FOLIO, f);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.FOLIO_LOCK, site, f, 0, 0);
  own(m, f);
}

/** Sleeps until somebody else has unlocked the folio, without taking the lock (folio_wait_locked). */
export function* folio_wait_locked(k: Kernel, site: number, f: number): Run<void> {
  const m = k.m;
  while (folioHas(m, f, PG.LOCKED)) {
    block(k, site, WAIT.FOLIO, f);
    yield YIELD.BLOCKED;
  }
  unblock(k);
}

/** folio_unlock(). */
export function folio_unlock(k: Kernel, site: number, f: number): void {
  const m = k.m;
  m.step(OP.FOLIO_UNLOCK, site, f, folioHas(m, f, PG.LOCKED) ? 1 : 0, 0);
  releaseLock(k, site, f);
}

/** Drops the lock without a step of its own (a split unlocks all pieces but one). */
export function releaseLock(k: Kernel, site: number, f: number): void {
  const m = k.m;
  const locker = m.f(f, F.LOCKER);
  clearFlag(m, f, PG.LOCKED);
  m.setF(f, F.LOCKER, 0);
  if (locker === EXTERNAL_ACTOR + 1) return;
  if (locker !== m.actor + 1) finding(k, site, RULE.UNLOCK_NOT_OWNER, f, locker);
  if (locker > 0) m.actorAdd(locker - 1, A.FOLIOS, -1);
}

/** A folio that is born locked (a destination, a piece of a split). */
export function bornLocked(m: Machine, f: number): void {
  own(m, f);
}

/** folio_mark_dirty(). */
export function folio_mark_dirty(k: Kernel, site: number, f: number): void {
  k.m.step(OP.FOLIO_MARK_DIRTY, site, f, 0, 0);
  setFlag(k.m, f, PG.DIRTY);
}

/** folio_isolate_lru(): takes the folio off its LRU list with a reference; refused when it is on none. */
export function folio_isolate_lru(k: Kernel, site: number, f: number): boolean {
  const m = k.m;
  const was = folioHas(m, f, PG.LRU);
  m.step(OP.FOLIO_ISOLATE_LRU, site, f, was ? 1 : 0, was ? 1 : 0);
  if (!was) return false;
  clearFlag(m, f, PG.LRU);
  m.setF(f, F.REF, m.f(f, F.REF) + 1);
  return true;
}

/** folio_add_lru(): queues the folio in this CPU's batch, which holds a reference until it is drained. */
export function folio_add_lru(k: Kernel, site: number, f: number): void {
  k.m.step(OP.FOLIO_ADD_LRU, site, f, 0, 0);
  queueLru(k, f);
}

/** The batch part of folio_add_lru(), also used by the fault handler; a full batch or a large folio drains it. */
export function queueLru(k: Kernel, f: number): void {
  const m = k.m;
  let base = m.scalar.get(G.LRU_BATCH);
  if (base === 0) {
    base = m.newInts(PAGEVEC_SIZE);
    m.scalar.set(G.LRU_BATCH, base);
  }
  const fill = m.scalar.get(G.LRU_BATCH_FILL);
  m.setF(f, F.REF, m.f(f, F.REF) + 1);
  setFlag(m, f, PG.BATCH);
  m.ints.set(base + fill, f);
  m.scalar.set(G.LRU_BATCH_FILL, fill + 1);
  if (fill + 1 === PAGEVEC_SIZE || folio_test_large(m, f)) drainBatch(k, 0);
}

/** Moves the batched folios to the LRU lists and drops the batch's references. */
export function drainBatch(k: Kernel, site: number): void {
  const m = k.m;
  const base = m.scalar.get(G.LRU_BATCH);
  const fill = m.scalar.get(G.LRU_BATCH_FILL);
  m.scalar.set(G.LRU_BATCH_FILL, 0);
  for (let i = 0; i < fill; i++) {
    const f = m.ints.get(base + i);
    clearFlag(m, f, PG.BATCH);
    const ref = m.f(f, F.REF) - 1;
    m.setF(f, F.REF, ref);
    if (ref === 0) freeFolio(k, site, f);
    else setFlag(m, f, PG.LRU);
  }
}

/** folio_putback_lru(): back to the LRU; the isolation's reference is passed on to the batch and dropped. */
export function folio_putback_lru(k: Kernel, site: number, f: number): void {
  const m = k.m;
  m.step(OP.FOLIO_PUTBACK_LRU, site, f, m.f(f, F.REF), 0);
  queueLru(k, f);
  m.setF(f, F.REF, m.f(f, F.REF) - 1);
}

/** lru_add_drain(): empties this CPU's batch. */
export function lru_add_drain(k: Kernel, site: number): void {
  k.m.step(OP.LRU_ADD_DRAIN, site, 0, 0, 0);
  drainBatch(k, site);
  mlock_drain_local(k);
}

/** A page or THP from the system allocator: reference 1, unlocked, no flags. */
export function folio_alloc(k: Kernel, site: number, order: number): number {
  const f = k.m.newFolio(ZONE.SYSTEM, order);
  k.m.step(OP.FOLIO_ALLOC, site, f, order, 0);
  return f;
}

/** True while the device's one-shot allocation failure is armed; asking disarms it. */
export function takeAllocFailure(m: Machine, device: number): boolean {
  const cell = device * D_STRIDE + D.FAIL_ALLOC;
  if (m.device.get(cell) === 0) return false;
  m.device.set(cell, 0);
  return true;
}
