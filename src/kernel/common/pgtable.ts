import { A, G, T, T_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { childTable, entryHi, entryLo, entryPage, findEntry, setEntry } from '../../machine/page-table.ts';
import {
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmdTableHi,
  pmdTableLo,
  pte_none,
  pte_present,
} from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, block, finding, unblock } from '../kernel.ts';
import { RULE } from '../rules.ts';

/** Table (id) whose lock protects an entry: split page-table locks, one per table page. */
export const ptlOf = (entry: number): number => entry >>> 9;

const lockCell = (table: number): number => table * T_STRIDE + T.LOCK;

/** Spins until the table's lock is free, then takes it. A lock that the actor holds itself never comes free. */
function* spin_lock(k: Kernel, site: number, table: number): Run<void> {
  const m = k.m;
  while (m.table.get(lockCell(table)) !== 0) {
    block(k, site, WAIT.SPINLOCK, table);
    yield YIELD.BLOCKED;
  }
  unblock(k);
}

function takeSpin(m: Machine, table: number): void {
  m.table.set(lockCell(table), m.actor + 1);
  m.actorAdd(m.actor, A.SPIN, 1);
}

function dropSpin(m: Machine, table: number): void {
  m.table.set(lockCell(table), 0);
  m.actorAdd(m.actor, A.SPIN, -1);
}

/** pmd_lock(): takes the split PMD lock of the table in which `pmd` lies; gives the lock (table id). */
export function* pmd_lock(k: Kernel, site: number, pmd: number): Run<number> {
  if (k.concurrent) yield YIELD.PMD_LOCK;
  const m = k.m;
  const ptl = ptlOf(pmd);
  if (m.table.get(lockCell(ptl)) !== 0) yield* spin_lock(k, site, ptl);
  m.step(OP.LOCK_PMD, site, ptl, entryPage(m, pmd), 0);
  takeSpin(m, ptl);
  return ptl;
}

/** spin_unlock() of a PMD lock. */
export function spin_unlock(k: Kernel, site: number, ptl: number): void {
  const m = k.m;
  m.step(OP.UNLOCK_SPIN, site, ptl, 0, 0);
  dropSpin(m, ptl);
}

/** True when a PMD entry points to a PTE table: present, not a leaf. */
export function pmdIsTable(m: Machine, pmd: number): boolean {
  return (entryLo(m, pmd) & 0x81) === 1;
}

/**
 * pte_offset_map(): maps the PTE table under `pmd` (RCU), without its lock.
 * Gives the PTE's entry number, or 0 when the PMD does not point to a table (nothing is mapped then).
 */
export function pte_offset_map(k: Kernel, site: number, pmd: number, page: number): number {
  const m = k.m;
  const ok = pmdIsTable(m, pmd);
  m.step(OP.MAP_PTE, site, page, ok ? 1 : 0, 0);
  if (!ok) return 0;
  m.actorAdd(m.actor, A.RCU, 1);
  return childTable(m, pmd) * 512 + (page & 511);
}

/** pte_unmap(): ends the RCU section of a mapped PTE table. */
export function pte_unmap(k: Kernel, site: number): void {
  const m = k.m;
  m.step(OP.UNMAP_PTE, site, 0, 0, 0);
  if (m.actorAdd(m.actor, A.RCU, -1) < 0) finding(k, site, RULE.RCU_IMBALANCE);
}

/**
 * pte_offset_map_lock(): maps the table and takes its lock. Gives the PTE's entry number (its lock is
 * `ptlOf` of it), or 0 when the PMD does not point to a table.
 */
export function* pte_offset_map_lock(k: Kernel, site: number, pmd: number, page: number): Run<number> {
  if (k.concurrent) yield YIELD.PTE_LOCK;
  const m = k.m;
  for (;;) {
    if (!pmdIsTable(m, pmd)) {
      m.step(OP.LOCK_PTE, site, 0, page, 0);
      return 0;
    }
    const table = childTable(m, pmd);
    if (m.table.get(lockCell(table)) === 0) {
      m.step(OP.LOCK_PTE, site, table, page, 1);
      m.actorAdd(m.actor, A.RCU, 1);
      takeSpin(m, table);
      return table * 512 + (page & 511);
    }
    yield* spin_lock(k, site, table);
  }
}

/** spin_lock() of a PTE table that is mapped already (vmf->ptl); `pte` is one of its entries. */
export function* pte_spin_lock(k: Kernel, site: number, pte: number): Run<number> {
  if (k.concurrent) yield YIELD.PTE_LOCK;
  const m = k.m;
  const ptl = ptlOf(pte);
  if (m.table.get(lockCell(ptl)) !== 0) yield* spin_lock(k, site, ptl);
  m.step(OP.LOCK_PTE, site, ptl, entryPage(m, pte), 1);
  takeSpin(m, ptl);
  return ptl;
}

/**
 * pte_offset_map_lock() of a table that no PMD points to any more (collapse holds it by its page alone).
 * Gives its entry for `page`.
 */
export function* pte_table_map_lock(k: Kernel, site: number, table: number, page: number): Run<number> {
  if (k.concurrent) yield YIELD.PTE_LOCK;
  const m = k.m;
  if (m.table.get(lockCell(table)) !== 0) yield* spin_lock(k, site, table);
  m.step(OP.LOCK_PTE, site, table, page, 1);
  m.actorAdd(m.actor, A.RCU, 1);
  takeSpin(m, table);
  return table * 512 + (page & 511);
}

/** spin_lock() of a mapped table that nobody else can find: it is never waited for. */
export function spinLockUnseen(k: Kernel, site: number, pte: number): number {
  const ptl = ptlOf(pte);
  k.m.step(OP.LOCK_PTE, site, ptl, entryPage(k.m, pte), 1);
  takeSpin(k.m, ptl);
  return ptl;
}

/** pte_unmap_unlock(): drops the lock and ends the RCU section. */
export function pte_unmap_unlock(k: Kernel, site: number, ptl: number): void {
  const m = k.m;
  m.step(OP.UNLOCK_PTE, site, ptl, 0, 0);
  dropSpin(m, ptl);
  if (m.actorAdd(m.actor, A.RCU, -1) < 0) finding(k, site, RULE.RCU_IMBALANCE);
}

function tableMm(m: Machine, entry: number): number {
  return m.table.get((entry >>> 9) * T_STRIDE + T.MM);
}

/** set_pte_at(): writes a PTE. */
export function set_pte_at(k: Kernel, site: number, pte: number, lo: number, hi: number): void {
  const m = k.m;
  m.step(OP.SET_PTE, site, entryPage(m, pte), tableMm(m, pte), 0);
  setEntry(m, pte, lo, hi);
}

/** set_pmd_at(): writes a PMD entry. */
export function set_pmd_at(k: Kernel, site: number, pmd: number, lo: number, hi: number): void {
  const m = k.m;
  m.step(OP.SET_PMD, site, entryPage(m, pmd), tableMm(m, pmd), 0);
  setEntry(m, pmd, lo, hi);
}

/** ptep_get_and_clear(): empties a PTE without flushing. The caller has read the old value. */
export function ptep_get_and_clear(k: Kernel, site: number, pte: number): void {
  const m = k.m;
  m.step(OP.CLEAR_PTE, site, entryPage(m, pte), tableMm(m, pte), 0);
  setEntry(m, pte, 0, 0);
}

/** ptep_clear_flush(): empties a PTE and flushes the TLB of the page if the PTE was accessible. */
export function ptep_clear_flush(k: Kernel, site: number, pte: number): void {
  const m = k.m;
  const flush = pte_present(entryLo(m, pte), entryHi(m, pte)) ? 1 : 0;
  m.step(OP.CLEAR_FLUSH_PTE, site, entryPage(m, pte), tableMm(m, pte), flush);
  setEntry(m, pte, 0, 0);
  if (flush) m.scalar.add(G.TLB_PAGE, 1);
}

/** flush_tlb_range() over pages [start, end). */
export function flush_tlb_range(k: Kernel, site: number, start: number, end: number): void {
  const m = k.m;
  m.step(OP.FLUSH_TLB_RANGE, site, start, end, 0);
  m.scalar.add(G.TLB_RANGE, 1);
}

/** Bits of a huge PMD's low half that are no frame number. */
const PMD_FLAGS_LO = 0x1fff;
const PMD_FLAGS_HI = 0xfff00000 | 0;

/**
 * pmdp_invalidate(): makes a huge PMD non-present, its frame stored inverted (L1TF), and flushes its 2 MiB. The caller
 * writes the new value.
 */
export function pmdp_invalidate(k: Kernel, site: number, pmd: number): void {
  const m = k.m;
  m.step(OP.INVALIDATE_PMD, site, entryPage(m, pmd), tableMm(m, pmd), 0);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const pfn = pmdPfn(lo, hi);
  const flags = lo & PMD_FLAGS_LO & ~(_PAGE_PRESENT | _PAGE_PROTNONE);
  setEntry(m, pmd, pmdLeafLo(pfn, flags), pmdLeafHi(pfn, hi & PMD_FLAGS_HI, flags));
  m.scalar.add(G.TLB_PMD, 1);
}

/** pmd_populate(): installs a PTE table under `pmd`. */
export function pmd_populate(k: Kernel, site: number, pmd: number, table: number): void {
  const m = k.m;
  const page = entryPage(m, pmd);
  m.step(OP.POPULATE, site, page, tableMm(m, pmd), table);
  m.table.set(table * T_STRIDE + T.PARENT, pmd);
  setEntry(m, pmd, pmdTableLo(table), pmdTableHi(table));
}

/**
 * Descends from the PGD to the PMD entry of a page and allocates the tables that are missing
 * (p4d_alloc, pud_alloc, pmd_alloc). Gives the PMD's entry number.
 */
export function pmd_alloc(m: Machine, mm: number, page: number): number {
  let e = findEntry(m, mm, page, 4);
  for (let level = 4; level > 2; level--) {
    const lo = entryLo(m, e);
    let table: number;
    if ((lo & 1) === 0) {
      table = m.newTable(level - 1, mm, page & ~((1 << (9 * (level - 1))) - 1), e);
      setEntry(m, e, pmdTableLo(table), pmdTableHi(table));
    } else table = childTable(m, e);
    e = table * 512 + ((page >>> (9 * (level - 2))) & 511);
  }
  return e;
}

const I = sites('pmd_install', {
  lock: 'take the PMD lock: somebody else may hang a table in, too',
  raced: 'somebody has',
  unlock: 'release the PMD lock',
});

/** PTE table under a none PMD is allocated (pte_alloc → pmd_install); nothing happens when there is one. */
export function* pte_alloc(k: Kernel, site: number, mm: number, pmd: number): Run<void> {
  const m = k.m;
  if (!pte_none(entryLo(m, pmd), entryHi(m, pmd))) return;
  // In a run of one actor the lock is left out: nobody can be waiting for it.
  const ptl = k.concurrent ? yield* pmd_lock(k, I.lock, pmd) : 0;
  if (pte_none(entryLo(m, pmd), entryHi(m, pmd))) {
    pmd_populate(k, site, pmd, m.newTable(1, mm, entryPage(m, pmd), pmd));
  } else at(k, I.raced);
  if (ptl !== 0) spin_unlock(k, I.unlock, ptl);
}
