import { OP } from '../../machine/ops.ts';
import type { Recording } from '../recording.ts';
import { CALL, callKinds } from '../step-class.ts';
import { KeyNumbers } from './key-numbers.ts';
import { type StepKeys, stepKeys } from './keys.ts';
import { matchSequences } from './sequence.ts';
import { differInValues } from './values.ts';
import { indexAbove } from '../ascending.ts';

/** How the lanes stand at a column: bits of Alignment.flags. 0 = all of them do the same there. */
export const DIFFERS = {
  /** at least one lane does not do this */
  MISSING: 1,
  /** those that do it come to different values */
  VALUES: 2,
  /** lane 0 misses it here, but does the same thing at another place in the order; shifted left for the lanes after it */
  ELSEWHERE: 4,
} as const;

/**
 * Recordings of one scenario side by side. A column is one event: the same thing (who, why, what, where; see keys.ts) done
 * by one or more lanes. The steps of a lane lie in the columns in their order.
 */
export interface Alignment {
  /** number of columns */
  readonly length: number;
  /** per lane, per column: step of the lane, -1 = it does not do this */
  readonly steps: readonly Int32Array[];
  /** per lane, per step: its column */
  readonly columns: readonly Int32Array[];
  /** per column: DIFFERS bits */
  readonly flags: Uint8Array;
  /** per column: index into PHASES */
  readonly phase: Uint8Array;
  /** per column: page of the scenario, NO_PAGE = none yet */
  readonly page: Int32Array;
}

/** Aligns recordings of the same scenario, in the order given. Takes one pass over each and a few over what differs. */
export function alignRecordings(recs: readonly Recording[]): Alignment {
  const numbers = new KeyNumbers();
  const keys = recs.map((rec) => stepKeys(rec, numbers));
  let merged: Merged = { key: new Int32Array(0), steps: [] };
  const matters = keysThatMatter(recs, keys, numbers.size);
  for (const lane of keys) merged = add(merged, lane.key, matters);
  const columns = merged.steps.map((steps, lane) => invert(steps, (keys[lane] as StepKeys).key.length));
  const { phase, page } = places(merged, keys);
  return {
    length: merged.key.length,
    steps: merged.steps,
    columns,
    flags: flagsOf(recs, merged, numbers.size),
    phase,
    page,
  };
}

/** The events that leave a trace, or ask for one: lanes are aligned by these first, by plain statements between them. */
function keysThatMatter(recs: readonly Recording[], keys: readonly StepKeys[], kinds: number): Uint8Array {
  const matters = new Uint8Array(kinds);
  const calls = callKinds();
  recs.forEach((rec, lane) => {
    const { op, site } = rec.machine.log;
    const { key } = keys[lane] as StepKeys;
    for (let i = 0; i < rec.length; i++)
      if (EFFECTS[op[i] as number] === 1 || (op[i] === OP.ENTER && calls[site[i] as number] === CALL.FAULT))
        matters[key[i] as number] = 1;
  });
  return matters;
}

const EFFECTS = new Uint8Array(256);
for (const op of [
  OP.FOLIO_GET,
  OP.FOLIO_PUT,
  OP.FOLIO_TRYLOCK,
  OP.FOLIO_LOCK,
  OP.FOLIO_UNLOCK,
  OP.FOLIO_REMOVE_RMAP,
  OP.FOLIO_ADD_RMAP,
  OP.FOLIO_ADD_NEW_ANON_RMAP,
  OP.FOLIO_ALLOC,
  OP.FOLIO_FREE,
  OP.SET_PTE,
  OP.CLEAR_PTE,
  OP.CLEAR_FLUSH_PTE,
  OP.SET_PMD,
  OP.SET_PMD_MIGRATION,
  OP.INVALIDATE_PMD,
  OP.POPULATE,
  OP.NOTIFIER_START,
  OP.NOTIFIER_END,
  OP.COPY_PAGE,
  OP.DEVICE_PTE,
  OP.CPU_ACCESS,
  OP.FINDING,
])
  EFFECTS[op] = 1;

/** Columns of the lanes so far. */
interface Merged {
  readonly key: Int32Array;
  readonly steps: readonly Int32Array[];
}

/** The columns with one more lane: what it shares, and what only it has right behind what only the others have. */
function add(old: Merged, key: Int32Array, matters: Uint8Array): Merged {
  const partner = old.steps.length === 0 ? new Int32Array(0) : matchSequences(old.key, key, matters);
  const shared = partner.reduce((n, j) => n + (j >= 0 ? 1 : 0), 0);
  const length = old.key.length + key.length - shared;
  const next = { key: new Int32Array(length), steps: old.steps.map(() => new Int32Array(length).fill(-1)) };
  const own = new Int32Array(length).fill(-1);
  let at = 0;
  let j = 0;
  const alone = (end: number): void => {
    for (; j < end; j++, at++) {
      next.key[at] = key[j] as number;
      own[at] = j;
    }
  };
  for (let i = 0; i < old.key.length; i++) {
    const p = partner[i] as number;
    if (p >= 0) alone(p);
    next.key[at] = old.key[i] as number;
    old.steps.forEach((steps, lane) => {
      (next.steps[lane] as Int32Array)[at] = steps[i] as number;
    });
    if (p >= 0) own[at] = j++;
    at++;
  }
  alone(key.length);
  return { key: next.key, steps: [...next.steps, own] };
}

function invert(steps: Int32Array, length: number): Int32Array {
  const columns = new Int32Array(length);
  for (let c = 0; c < steps.length; c++) if ((steps[c] as number) >= 0) columns[steps[c] as number] = c;
  return columns;
}

function places({ key, steps }: Merged, keys: readonly StepKeys[]): { phase: Uint8Array; page: Int32Array } {
  const phase = new Uint8Array(key.length);
  const page = new Int32Array(key.length);
  for (let c = 0; c < key.length; c++) {
    const lane = steps.findIndex((s) => (s[c] as number) >= 0);
    const step = (steps[lane] as Int32Array)[c] as number;
    phase[c] = (keys[lane] as StepKeys).phase[step] as number;
    page[c] = (keys[lane] as StepKeys).page[step] as number;
  }
  return { phase, page };
}

function flagsOf(recs: readonly Recording[], { key, steps }: Merged, kinds: number): Uint8Array {
  const flags = new Uint8Array(key.length);
  /** per lane: how often it does each thing in a column that another lane misses */
  const loose = recs.map(() => new Int32Array(kinds));
  for (let c = 0; c < key.length; c++) {
    let first = -1;
    let missing = false;
    for (let lane = 0; lane < recs.length; lane++) {
      const step = (steps[lane] as Int32Array)[c] as number;
      if (step < 0) missing = true;
      else if (first < 0) first = lane;
      else if ((flags[c] as number) === 0 && differ(recs, steps, first, lane, c)) flags[c] = DIFFERS.VALUES;
    }
    if (!missing) continue;
    flags[c] = (flags[c] as number) | DIFFERS.MISSING;
    for (let lane = 0; lane < recs.length; lane++) {
      const times = loose[lane] as Int32Array;
      if (((steps[lane] as Int32Array)[c] as number) >= 0)
        times[key[c] as number] = (times[key[c] as number] as number) + 1;
    }
  }
  markElsewhere(flags, key, steps, loose);
  return flags;
}

function differ(
  recs: readonly Recording[],
  steps: readonly Int32Array[],
  first: number,
  lane: number,
  c: number,
): boolean {
  return differInValues(
    recs[first] as Recording,
    (steps[first] as Int32Array)[c] as number,
    recs[lane] as Recording,
    (steps[lane] as Int32Array)[c] as number,
  );
}

/** A thing that a lane misses in one column but has in another that the doer misses is only in another place. */
function markElsewhere(
  flags: Uint8Array,
  key: Int32Array,
  steps: readonly Int32Array[],
  loose: readonly Int32Array[],
): void {
  for (let c = 0; c < key.length; c++) {
    if (((flags[c] as number) & DIFFERS.MISSING) === 0) continue;
    const k = key[c] as number;
    steps.forEach((s, lane) => {
      if ((s[c] as number) < 0 && ((loose[lane] as Int32Array)[k] as number) > 0)
        flags[c] = (flags[c] as number) | (DIFFERS.ELSEWHERE << lane);
    });
  }
}

/** True when a lane misses what is done in a column, but does it at another place in the order. */
export function doesElsewhere(al: Alignment, lane: number, column: number): boolean {
  return ((al.flags[column] as number) & (DIFFERS.ELSEWHERE << lane)) !== 0;
}

/** How the lanes stand to each other in a column. */
export type Standing =
  | { readonly kind: 'same' }
  | { readonly kind: 'values' }
  /** the lanes that do it, and whether all of the others do it at another place */
  | { readonly kind: 'missing'; readonly does: readonly number[]; readonly order: boolean };

/** Reads the flags of a column. */
export function standingAt(al: Alignment, column: number): Standing {
  const flags = al.flags[column] as number;
  if ((flags & DIFFERS.MISSING) === 0) return { kind: flags === 0 ? 'same' : 'values' };
  const lanes = al.steps.map((_, lane) => lane);
  const does = lanes.filter((lane) => ((al.steps[lane] as Int32Array)[column] as number) >= 0);
  const order = lanes.every((lane) => does.includes(lane) || doesElsewhere(al, lane, column));
  return { kind: 'missing', does, order };
}

/**
 * The step at which a lane stands when the lanes stand at a column: its last step there or before, -1 before the first.
 * A later column never gives an earlier step.
 */
export function stepAt(al: Alignment, lane: number, column: number): number {
  return indexAbove(al.columns[lane] as Int32Array, column) - 1;
}

/** The column of a lane's step; -1 before the first. */
export function columnOf(al: Alignment, lane: number, step: number): number {
  return step < 0 ? -1 : ((al.columns[lane] as Int32Array)[step] ?? al.length - 1);
}

/** First column at or behind `from` (way 1) or at or before it (way -1) where the lanes differ; -1 when none. */
export function differenceFrom(al: Alignment, from: number, way: 1 | -1): number {
  for (let c = from; c >= 0 && c < al.length; c += way) if (al.flags[c] !== 0) return c;
  return -1;
}

/**
 * First column of the next (way 1) or previous (way -1) stretch of differences; -1 when there is none. A stretch is a
 * row of columns that all differ.
 */
export function nextDifference(al: Alignment, column: number, way: 1 | -1): number {
  let c = column;
  if (way === 1) {
    while (c >= 0 && c < al.length && al.flags[c] !== 0) c++;
    return differenceFrom(al, Math.max(0, c), 1);
  }
  const starts = (x: number): boolean => al.flags[x] !== 0 && (x === 0 || al.flags[x - 1] === 0);
  for (c = Math.min(column, al.length) - 1; c >= 0; c--) if (starts(c)) return c;
  return -1;
}
