import { GUP_PIN_COUNTING_BIAS, PAGEVEC_SIZE } from '../kernel/common/folio.ts';
import { filemap_add } from '../kernel/common/page-cache.ts';
import { EXTERNAL_ACTOR, F, G, P, PG, PGF, SW, SW_STRIDE, ZONE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { HPAGE_PMD_NR, HPAGE_PMD_ORDER } from '../machine/page-table.ts';
import type { BuiltVma } from './build-vmas.ts';
import type { Meaning } from './resolve.ts';
import type { ScenarioEntry } from './types.ts';

const MOST_UNDONE = 1 << 11;

/** What all folios of one stretch have in common. */
export interface FolioPlan {
  readonly order: 0 | 9;
  readonly zone: number;
  /** device + 1 */
  readonly owner: number;
  readonly flags: number;
  readonly locker: number;
  /** references from outside the model's page tables and caches */
  readonly refs: number;
  readonly pins: number;
  readonly lru: 'list' | 'batch' | 'none';
  readonly anonVma: number;
  /** file whose page cache holds it, -1 when none */
  readonly file: number;
  /** what to add to a machine page for its index: file pages count from the file's start, anonymous pages are machine pages */
  readonly indexFrom: number;
}

/** Works out the folio behind a stretch. */
export function folioPlan(e: ScenarioEntry, means: Meaning, vma: BuiltVma): FolioPlan {
  const folio = e.folio ?? {};
  const migrating = e.kind === 'migration';
  const hugetlb = vma.spec.kind === 'hugetlb';
  const cached = !means.anon && vma.file >= 0;
  const pins = folio.pins ?? 0;
  const locked = folio.locked ?? migrating;
  const system = means.memory === 'system';
  let flags = PG.UPTODATE;
  if (means.anon) flags |= PG.ANON;
  if (hugetlb) flags |= PG.HUGETLB;
  if (folio.dirty === true) flags |= PG.DIRTY;
  if (folio.mlocked === true) flags |= PG.MLOCKED;
  if (locked) flags |= PG.LOCKED;
  // Whoever migrates the folio, or found the memory failure, holds it; so do plain references and pins.
  const held = migrating || e.kind === 'hwpoison' ? 1 : 0;
  const onList = system && !migrating && e.kind !== 'hwpoison' && !hugetlb && (means.anon || cached);
  return {
    order: means.order,
    zone: system ? ZONE.SYSTEM : means.device + 1,
    owner: system ? 0 : means.device + 1,
    flags,
    locker: locked ? EXTERNAL_ACTOR + 1 : 0,
    refs: held + (folio.extraRefs ?? 0) + pins * (means.order === 0 ? GUP_PIN_COUNTING_BIAS : 1),
    pins: means.order === 0 ? 0 : pins,
    lru: folio.lru ?? (onList ? 'list' : 'none'),
    anonVma: means.anon ? vma.anonVma : 0,
    file: cached ? vma.file : -1,
    indexFrom: cached ? vma.pgoff - vma.start : 0,
  };
}

/**
 * Makes a folio whose first page belongs at machine page `page`.
 * @param mappings page-table entries that map it from the start, each with a reference
 */
export function makeFolio(m: Machine, plan: FolioPlan, page: number, mappings: number): number {
  // Building is no part of the recording: forgetting it now and then keeps the journal from growing.
  if (m.journal.length > MOST_UNDONE) m.startRecording();
  const f = m.newFolio(plan.zone, plan.order, plan.owner);
  m.setF(f, F.REF, plan.refs + mappings);
  m.setF(f, F.MAP, mappings);
  m.setF(f, F.FLAGS, plan.flags);
  m.setF(f, F.LOCKER, plan.locker);
  m.setF(f, F.PINS, plan.pins);
  m.setF(f, F.INDEX, page + plan.indexFrom);
  m.setF(f, F.ANON_VMA, plan.anonVma);
  if (plan.file >= 0) filemap_add(m, plan.file, page + plan.indexFrom, f);
  if (plan.zone === ZONE.PRIVATE0 || plan.zone === ZONE.PRIVATE1) {
    // Device-private memory of the test driver has no storage; a system page stands in for it.
    const backing = m.newFolio(ZONE.SYSTEM, plan.order);
    m.setF(backing, F.FLAGS, PG.UPTODATE);
    m.setF(f, F.BACKING, m.f(backing, F.PFN));
  }
  if (plan.lru === 'list') m.setF(f, F.FLAGS, m.f(f, F.FLAGS) | PG.LRU);
  else if (plan.lru === 'batch') addToBatch(m, f);
  return f;
}

/** Puts the folio into the per-CPU batch, which holds a reference; a full batch or a large folio drains it. */
function addToBatch(m: Machine, f: number): void {
  if (m.scalar.get(G.LRU_BATCH) === 0) m.scalar.set(G.LRU_BATCH, m.newInts(PAGEVEC_SIZE));
  const base = m.scalar.get(G.LRU_BATCH);
  const fill = m.scalar.add(G.LRU_BATCH_FILL, 1);
  m.ints.set(base + fill - 1, f);
  m.setF(f, F.REF, m.f(f, F.REF) + 1);
  m.setF(f, F.FLAGS, m.f(f, F.FLAGS) | PG.BATCH);
  if (fill < PAGEVEC_SIZE && m.f(f, F.ORDER) === 0) return;
  m.scalar.set(G.LRU_BATCH_FILL, 0);
  for (let i = 0; i < fill; i++) {
    const each = m.ints.get(base + i);
    m.setF(each, F.REF, m.f(each, F.REF) - 1);
    m.setF(each, F.FLAGS, (m.f(each, F.FLAGS) & ~PG.BATCH) | PG.LRU);
  }
}

/** Adds `count` mappings by PTEs, with a reference each. */
export function addMappings(m: Machine, f: number, count: number): void {
  m.setF(f, F.REF, m.f(f, F.REF) + count);
  m.setF(f, F.MAP, m.f(f, F.MAP) + count);
}

export function setExclusive(m: Machine, pfn: number): void {
  m.pageSet(pfn, P.FLAGS, PGF.ANON_EXCLUSIVE);
}

/** Writes what a page of folio f holds: into its own frame, or into the memory behind a device-private page. */
export function setData(m: Machine, f: number, pageInFolio: number, value: number): void {
  const backing = m.f(f, F.BACKING);
  m.pageSet((backing === 0 ? m.f(f, F.PFN) : backing) + pageInFolio, P.DATA, value);
}

/** The zero page and the huge zero page. Frame 0 stays unused, so that a page frame number of 0 can mean "none". */
export function makeZeroPages(m: Machine): void {
  m.newPages(ZONE.SYSTEM, 1);
  const zero = m.newFolio(ZONE.SYSTEM, 0);
  const huge = m.newFolio(ZONE.SYSTEM, HPAGE_PMD_ORDER);
  for (const f of [zero, huge]) m.setF(f, F.FLAGS, PG.ZERO | PG.UPTODATE);
  m.scalar.set(G.ZERO_PFN, m.f(zero, F.PFN));
  m.scalar.set(G.HUGE_ZERO_PFN, m.f(huge, F.PFN));
}

/** A swap slot with `users` page-table entries; `f` is its page in the swap cache or 0, which then has one more reference. */
export function makeSwapSlot(m: Machine, users: number, data: number, f: number): number {
  const slot = m.newSwapSlot();
  const o = slot * SW_STRIDE;
  m.swap.set(o + SW.COUNT, users);
  m.swap.set(o + SW.DATA, data);
  m.swap.set(o + SW.FOLIO, f);
  if (f !== 0) {
    m.setF(f, F.SWAP, slot + 1);
    m.setF(f, F.FLAGS, m.f(f, F.FLAGS) | PG.SWAPCACHE);
    m.setF(f, F.REF, m.f(f, F.REF) + 1);
  }
  return slot;
}

export const LARGE_PAGES = HPAGE_PMD_NR;
