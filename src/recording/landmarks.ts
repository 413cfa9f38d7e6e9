import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { functionOfSite } from '../machine/sites.ts';
import { is_migration_entry } from '../machine/words/swp.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';
import { ruleFindings } from './rule-findings.ts';
import { indexAbove } from './ascending.ts';

/** Kinds of step that the timeline marks and that one can run to. */
export const LANDMARKS = ['lock', 'fault', 'split', 'migration', 'flush', 'notifier', 'retry', 'finding'] as const;
export type Landmark = (typeof LANDMARKS)[number];

/** Steps of each kind, ascending. */
export type Landmarks = Readonly<Record<Landmark, Int32Array>>;

const SPLITS = new Set([
  'split_folio',
  '__split_huge_pmd',
  'split_huge_pmd_address',
  'folio_split_unmapped',
  'migrate_vma_split_folio',
]);
const FAULTS = new Set(['handle_mm_fault', 'exc_page_fault', 'dmirror_devmem_fault']);

/** What a step of this op is when nothing but the op matters; undefined = look closer. */
const BY_OP: Partial<Record<number, Landmark>> = {
  [OP.LOCK_PMD]: 'lock',
  [OP.FOLIO_TRYLOCK]: 'lock',
  [OP.FOLIO_LOCK]: 'lock',
  [OP.LOCK_MMAP_READ]: 'lock',
  [OP.LOCK_MMAP_WRITE]: 'lock',
  [OP.LOCK_ANON_VMA]: 'lock',
  [OP.BLOCKED]: 'lock',
  [OP.SET_PMD_MIGRATION]: 'migration',
  [OP.FLUSH_TLB_RANGE]: 'flush',
  [OP.INVALIDATE_PMD]: 'flush',
  [OP.NOTIFIER_START]: 'notifier',
  [OP.FINDING]: 'finding',
};

/** Worked out once per recording. */
export const landmarkTable = new Derived<Landmarks>(find);

/** The landmarks of a recording. One pass over the log on the first call, about ten nanoseconds a step. */
export function findLandmarks(rec: Recording): Landmarks {
  return landmarkTable.of(rec);
}

/** The same, once the rules have been read over the recording: what they found is marked, too. */
export function findLandmarksAnew(rec: Recording): Landmarks {
  landmarkTable.put(rec, find(rec));
  return landmarkTable.of(rec);
}

function find(rec: Recording): Landmarks {
  const out: Record<Landmark, number[]> = {
    lock: [],
    fault: [],
    split: [],
    migration: [],
    flush: [],
    notifier: [],
    retry: [],
    finding: [],
  };
  const { op, b, c, site } = rec.machine.log;
  /** walks of the range fault that runs: the second and later are retries */
  let walks = 0;
  for (let i = 0; i < rec.length; i++) {
    const o = op[i] as number;
    const plain = BY_OP[o];
    if (plain !== undefined) {
      out[plain].push(i);
      continue;
    }
    switch (o) {
      case OP.LOCK_PTE:
        if (c[i] === 1) out.lock.push(i);
        break;
      case OP.CLEAR_FLUSH_PTE:
        if (c[i] === 1) out.flush.push(i);
        break;
      case OP.SET_PTE:
      case OP.SET_PMD:
        if (writesMigrationEntry(rec, i)) out.migration.push(i);
        break;
      case OP.INTERVAL_CHECK_RETRY:
      case OP.INTERVAL_READ_RETRY:
        if (b[i] === 1) out.retry.push(i);
        break;
      case OP.ENTER: {
        const fn = functionOfSite(site[i] as number).name;
        if (SPLITS.has(fn)) out.split.push(i);
        else if (FAULTS.has(fn)) out.fault.push(i);
        else if (fn === 'hmm_range_fault') walks = 0;
        else if (fn === 'walk_page_range' && walks++ > 0) out.retry.push(i);
        break;
      }
      default:
    }
  }
  for (const { step } of ruleFindings.of(rec)) out.finding.push(step);
  out.finding = [...new Set(out.finding)].toSorted((x, y) => x - y);
  return Object.fromEntries(LANDMARKS.map((k) => [k, Int32Array.from(out[k])])) as Record<Landmark, Int32Array>;
}

/** True when the step turns an entry into a migration entry (the high half always changes then). */
function writesMigrationEntry(rec: Recording, step: number): boolean {
  const { loc, neu } = rec.machine.journal;
  let lo = 1;
  let hi = 0;
  for (let d = rec.deltaBegin(step); d < rec.deltaEnd(step); d++) {
    const l = loc[d] as number;
    if (l >>> LOC_BANK_SHIFT !== BANK.PT) continue;
    if ((l & LOC_INDEX_MASK & 1) === 0) lo = neu[d] as number;
    else hi = neu[d] as number;
  }
  return hi !== 0 && is_migration_entry(lo, hi);
}

/** First element > x (side 1) or last element < x (side -1) of an ascending list; -1 when there is none. */
export function neighbour(list: Int32Array, x: number, side: 1 | -1): number {
  return list[side === 1 ? indexAbove(list, x) : indexAbove(list, x - 1) - 1] ?? -1;
}
