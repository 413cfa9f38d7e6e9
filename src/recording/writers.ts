import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';
import { indexAbove } from './ascending.ts';

/**
 * All journal rows sorted by the cell they write: rows[start[c]] … rows[start[c + 1] - 1] write cell c, ascending.
 * A cell's number is base[bank] + index.
 */
interface WriterIndex {
  readonly base: Int32Array;
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

const writerIndex = new Derived<WriterIndex>(buildIndex);

/** Counting sort: linear in rows and cells. */
function buildIndex(rec: Recording): WriterIndex {
  const { journal } = rec.machine;
  const banks = rec.machine.banks();
  const base = new Int32Array(banks.length + 1);
  for (let b = 0; b < banks.length; b++) base[b + 1] = (base[b] as number) + (banks[b]?.cells.length ?? 0);
  const start = new Uint32Array((base[banks.length] as number) + 2);
  const rows = new Uint32Array(journal.length);
  const { loc, length } = journal;
  for (let i = 0; i < length; i++) {
    const l = loc[i] as number;
    const c = (base[l >>> LOC_BANK_SHIFT] as number) + (l & LOC_INDEX_MASK) + 2;
    start[c] = (start[c] as number) + 1;
  }
  for (let c = 1; c < start.length; c++) start[c] = (start[c] as number) + (start[c - 1] as number);
  for (let i = 0; i < length; i++) {
    const l = loc[i] as number;
    const c = (base[l >>> LOC_BANK_SHIFT] as number) + (l & LOC_INDEX_MASK) + 1;
    const at = start[c] as number;
    rows[at] = i;
    start[c] = at + 1;
  }
  return { base, start, rows };
}

/** Rows of the journal that a search looks through before it asks for the index. */
const NEAR = 1 << 14;

/** Last journal row below `before` that writes the cell, -1 when there is none. */
function lastRow(rec: Recording, bank: number, index: number, before: number): number {
  const { loc } = rec.machine.journal;
  const key = ((bank << LOC_BANK_SHIFT) | index) >>> 0;
  const near = writerIndex.has(rec) ? before : Math.max(0, before - NEAR);
  for (let i = before - 1; i >= near; i--) if (loc[i] === key) return i;
  if (near === 0) return -1;
  const x = writerIndex.of(rec);
  const cell = (x.base[bank] as number) + index;
  const at = indexAbove(x.rows, before - 1, x.start[cell], x.start[cell + 1]) - 1;
  return at < (x.start[cell] as number) ? -1 : (x.rows[at] as number);
}

/**
 * The step that wrote a cell last, at or before `step`; -1 when nobody has, since the recording began.
 * Logarithmic in the writes of the cell (the first far search builds an index).
 */
export function lastWriter(rec: Recording, bank: number, index: number, step: number): number {
  if (step < 0) return -1;
  const row = lastRow(rec, bank, index, rec.deltaEnd(step));
  return row < 0 ? -1 : rec.stepOfRow(row);
}

/** All steps that wrote a cell, ascending, each once. */
export function writersOf(rec: Recording, bank: number, index: number): number[] {
  const x = writerIndex.of(rec);
  const cell = (x.base[bank] as number) + index;
  const steps: number[] = [];
  for (let i = x.start[cell] as number; i < (x.start[cell + 1] as number); i++) {
    const step = rec.stepOfRow(x.rows[i] as number);
    if (steps.at(-1) !== step) steps.push(step);
  }
  return steps;
}

/** A cell's value after `step`'s writes (-1: before the first step), without moving the recording. */
export function valueAt(rec: Recording, bank: number, index: number, step: number): number {
  const { journal } = rec.machine;
  const { loc } = journal;
  const now = rec.machine.banks()[bank]?.cells[index] ?? 0;
  const here = rec.position < 0 ? 0 : rec.deltaEnd(rec.position);
  const there = step < 0 ? 0 : rec.deltaEnd(step);
  const key = ((bank << LOC_BANK_SHIFT) | index) >>> 0;
  if (Math.abs(here - there) > NEAR) {
    const row = lastRow(rec, bank, index, there);
    if (row >= 0) return journal.neu[row] as number;
    const x = writerIndex.of(rec);
    const cell = (x.base[bank] as number) + index;
    const first = x.start[cell] as number;
    return first < (x.start[cell + 1] as number) ? (journal.old[x.rows[first] as number] as number) : now;
  }
  if (there < here) {
    for (let i = there; i < here; i++) if (loc[i] === key) return journal.old[i] as number;
  } else {
    for (let i = there - 1; i >= here; i--) if (loc[i] === key) return journal.neu[i] as number;
  }
  return now;
}
