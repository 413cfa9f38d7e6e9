import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK, G } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { Column } from './columns.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';
import { CALL, callKinds, isMigrationType, isPmdSplitSite } from './step-class.ts';
import { indexAbove } from './ascending.ts';

/** What is counted, in the order of the table. */
export const COUNTERS = [
  { id: 'walks', title: 'Walks', says: 'walk_page_range() calls, and walks by hand (2016)' },
  { id: 'rewalks', title: 'Walks again', says: 'walks that the same call had to start once more' },
  {
    id: 'descents',
    title: 'Descents',
    says: 'PMD callbacks: hmm_vma_walk_pmd(), migrate_vma_collect_pmd(), hmm_collect_walk_pmd()',
  },
  { id: 'faults', title: 'Faults', says: 'handle_mm_fault() calls' },
  { id: 'splits', title: 'Folio splits', says: 'split_folio() calls' },
  { id: 'pmdSplits', title: 'PMD splits', says: 'huge PMDs replaced by a PTE table' },
  { id: 'pmdLocks', title: 'PMD locks', says: 'pmd_lock() that took the lock' },
  { id: 'pteLocks', title: 'PTE locks', says: 'pte_offset_map_lock() that took the lock' },
  { id: 'pteMaps', title: 'PTE maps', says: 'pte_offset_map() without the lock' },
  { id: 'folioLocks', title: 'Folio locks', says: 'folio_lock() and folio_trylock() that took the lock' },
  { id: 'folioTrylocksFailed', title: 'Trylocks refused', says: 'folio_trylock() that was refused' },
  { id: 'waits', title: 'Waits', says: 'times that an actor had to wait for a lock' },
  { id: 'flushPage', title: 'TLB flushes, page', says: 'flushes of one page (ptep_clear_flush)' },
  { id: 'flushRange', title: 'TLB flushes, range', says: 'flush_tlb_range() calls' },
  { id: 'flushPmd', title: 'TLB flushes, PMD', says: 'flushes of 2 MiB (pmdp_invalidate)' },
  { id: 'notifiers', title: 'Notifier brackets', says: 'mmu_notifier_invalidate_range_start() calls' },
  { id: 'callbacks', title: 'Driver callbacks', says: 'interval notifier callbacks, own ignored events included' },
  { id: 'retries', title: 'Sequence retries', says: 'interval checks that found the sequence moved on' },
  { id: 'migrationEntries', title: 'Migration entries', says: 'entries that became migration entries' },
  { id: 'entryWrites', title: 'Entry writes', says: 'steps that write or clear a page-table entry' },
  { id: 'copies', title: 'Pages copied', says: 'copies of page data between memories' },
  { id: 'findings', title: 'Kernel reports', says: 'broken rules that the kernel itself would report' },
] as const;

export type CounterId = (typeof COUNTERS)[number]['id'];
export type Counters = Readonly<Record<CounterId, number>>;

const ROW = Object.fromEntries(COUNTERS.map((c, i) => [c.id, i])) as Record<CounterId, number>;
const WIDTH = COUNTERS.length;

/** Steps between two stored rows of counts. */
const STRIDE = 2048;

/** Counts after every STRIDE-th step, and the few steps where a walk starts again. */
export interface Checkpoints {
  readonly rows: Int32Array;
  readonly rewalks: Int32Array;
}

/** Worked out once per recording. */
export const checkpoints = new Derived<Checkpoints>((rec) => {
  const rows = new Int32Array((Math.floor(rec.length / STRIDE) + 1) * WIDTH);
  const counts = new Int32Array(WIDTH);
  for (let r = 0; r * STRIDE < rec.length; r++) {
    rows.set(counts, r * WIDTH);
    count(rec, counts, r * STRIDE, Math.min(rec.length, (r + 1) * STRIDE));
  }
  return { rows, rewalks: findRewalks(rec) };
});

/**
 * The counters after `step` (-1: all zero). One pass over the recording on the first call, then constant time:
 * at most STRIDE steps are counted. The recording is not moved.
 */
export function countersAt(rec: Recording, step: number): Counters {
  const counts = new Int32Array(WIDTH);
  const end = Math.min(step + 1, rec.length);
  if (end > 0) {
    const { rows, rewalks } = checkpoints.of(rec);
    const row = Math.floor(end / STRIDE);
    const from = row * STRIDE < rec.length ? row : row - 1;
    counts.set(rows.subarray(from * WIDTH, (from + 1) * WIDTH));
    count(rec, counts, from * STRIDE, end);
    counts[ROW.rewalks] = indexAbove(rewalks, end - 1);
  }
  return Object.fromEntries(COUNTERS.map((c, i) => [c.id, counts[i] as number])) as Record<CounterId, number>;
}

/** A step, and all counts after it in the order of COUNTERS. */
export interface CountsAfter {
  readonly step: number;
  readonly counts: Int32Array;
}

/** Every step at which a counter changes, ascending. One pass. */
export function* counterChanges(rec: Recording): Generator<CountsAfter> {
  const { rewalks } = checkpoints.of(rec);
  const counts = new Int32Array(WIDTH);
  let before: Int32Array = counts.slice();
  let rewalk = 0;
  for (let step = 0; step < rec.length; step++) {
    count(rec, counts, step, step + 1);
    if (rewalks[rewalk] === step) counts[ROW.rewalks] = ++rewalk;
    if (counts.every((n, i) => n === before[i])) continue;
    before = counts.slice();
    yield { step, counts: before };
  }
}

/** Counter that an op adds one to, whatever its operands; -1 = look closer or none. */
const PLAIN = new Int8Array(256).fill(-1);
for (const [op, id] of [
  [OP.LOCK_PMD, 'pmdLocks'],
  [OP.FOLIO_LOCK, 'folioLocks'],
  [OP.BLOCKED, 'waits'],
  [OP.NOTIFIER_START, 'notifiers'],
  [OP.INVALIDATE_CB, 'callbacks'],
  [OP.COPY_PAGE, 'copies'],
  [OP.FINDING, 'findings'],
  [OP.SET_PTE, 'entryWrites'],
  [OP.CLEAR_PTE, 'entryWrites'],
  [OP.CLEAR_FLUSH_PTE, 'entryWrites'],
  [OP.SET_PMD, 'entryWrites'],
  [OP.SET_PMD_MIGRATION, 'entryWrites'],
  [OP.INVALIDATE_PMD, 'entryWrites'],
  [OP.POPULATE, 'entryWrites'],
] as const)
  PLAIN[op] = ROW[id];

function add(counts: Int32Array, row: number, by: number): void {
  counts[row] = (counts[row] as number) + by;
}

/** Adds what steps [from, to) did. */
function count(rec: Recording, counts: Int32Array, from: number, to: number): void {
  if (from >= to) return;
  const { op, site, b, c } = rec.machine.log;
  const calls = callKinds();
  for (let i = from; i < to; i++) {
    const o = op[i] as number;
    const plain = PLAIN[o] as number;
    if (plain >= 0) add(counts, plain, 1);
    switch (o) {
      case OP.ENTER: {
        const row = CALL_ROW[calls[site[i] as number] as number] as number;
        if (row >= 0) add(counts, row, 1);
        break;
      }
      case OP.LOCK_PTE:
        if (c[i] === 1) add(counts, ROW.pteLocks, 1);
        break;
      case OP.MAP_PTE:
        if (b[i] === 1) add(counts, ROW.pteMaps, 1);
        break;
      case OP.FOLIO_TRYLOCK:
        add(counts, b[i] === 1 ? ROW.folioLocks : ROW.folioTrylocksFailed, 1);
        break;
      case OP.INTERVAL_CHECK_RETRY:
      case OP.INTERVAL_READ_RETRY:
        if (b[i] === 1) add(counts, ROW.retries, 1);
        break;
      case OP.POPULATE:
        if (isPmdSplitSite(site[i] as number)) add(counts, ROW.pmdSplits, 1);
        break;
      default:
    }
  }
  countRows(rec, counts, rec.deltaBegin(from), rec.deltaEnd(to - 1));
}

const CALL_ROW: Readonly<Record<number, number>> = {
  [CALL.OTHER]: -1,
  [CALL.WALK]: ROW.walks,
  [CALL.DESCENT]: ROW.descents,
  [CALL.FAULT]: ROW.faults,
  [CALL.SPLIT_FOLIO]: ROW.splits,
};

const { PT, SCALAR } = BANK;
const { TLB_PAGE, TLB_PMD } = G;

/** What only the writes tell: entries that become migration entries, and TLB flushes, which the machine counts itself. */
function countRows(rec: Recording, counts: Int32Array, from: number, to: number): void {
  const { loc, old, neu } = rec.machine.journal;
  let migrations = 0;
  for (let i = from; i < to; i++) {
    const l = loc[i] as number;
    const bank = l >>> LOC_BANK_SHIFT;
    // The high half of an entry always changes when it becomes a migration entry.
    if (bank === PT) {
      if ((l & 1) === 1 && isMigrationType(neu[i] as number) && !isMigrationType(old[i] as number)) migrations++;
    } else if (bank === SCALAR) {
      const index = l & LOC_INDEX_MASK;
      if (index >= TLB_PAGE && index <= TLB_PMD)
        add(counts, ROW.flushPage + index - TLB_PAGE, (neu[i] as number) - (old[i] as number));
    }
  }
  add(counts, ROW.migrationEntries, migrations);
}

/** Steps that enter walk_page_range() although the same call of the caller has done so before. */
function findRewalks(rec: Recording): Int32Array {
  const { op, site, actor, depth } = rec.machine.log;
  const calls = callKinds();
  const steps = new Column();
  /** per actor and depth: the running call of that depth has started a walk */
  const walked = new Uint8Array(256 * 256);
  for (let i = 0; i < rec.length; i++) {
    if (op[i] !== OP.ENTER) continue;
    const at = ((actor[i] as number) << 8) | (depth[i] as number);
    walked[at] = 0;
    if (calls[site[i] as number] !== CALL.WALK || depth[i] === 0) continue;
    if (walked[at - 1] === 1) steps.push(i);
    walked[at - 1] = 1;
  }
  return steps.finish();
}
