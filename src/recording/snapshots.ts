import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import type { Recording } from './recording.ts';

/** The state at a few steps of a long recording, so that a far seek walks a part of the journal only. */
export interface Snapshots {
  /** steps whose state is kept, ascending */
  readonly steps: Int32Array;
  /** by bank id: the first cell that the journal writes */
  readonly first: Int32Array;
  /** by bank id: how many cells from there the snapshots hold */
  readonly count: Int32Array;
  /** by step: those cells of all banks, one bank after the other */
  readonly cells: readonly Int32Array[];
}

/** Below so many rows of the journal a seek takes a millisecond or two in any case. */
const LEAST_ROWS = 400_000;
const MOST = 4;
/** Bytes that the snapshots of a recording may take together. */
const MOST_BYTES = 1 << 26;

/**
 * Keeps the state at up to four steps, evenly spread; null for a recording that needs none, or whose state is too
 * large. The recording is moved and comes back. Costs one walk of the journal.
 */
export function makeSnapshots(rec: Recording, leastRows = LEAST_ROWS): Snapshots | null {
  const { journal } = rec.machine;
  if (journal.length < leastRows || rec.length < MOST) return null;
  const { first, count } = written(rec);
  const size = count.reduce((sum, n) => sum + n, 0);
  const n = Math.min(MOST, Math.floor(MOST_BYTES / (size * Int32Array.BYTES_PER_ELEMENT)));
  if (n < 1) return null;
  const here = rec.position;
  const steps = Int32Array.from({ length: n }, (_, i) => Math.floor(((2 * i + 1) / (2 * n)) * rec.length));
  const cells: Int32Array[] = [];
  // From the end, where a run that has just finished stands.
  for (let i = n - 1; i >= 0; i--) {
    rec.seek(steps[i] as number);
    cells.unshift(copyOut(rec, first, count, size));
  }
  rec.seek(here);
  return { steps, first, count, cells };
}

/** The cells of each bank that the journal ever writes, as one stretch. */
function written(rec: Recording): { first: Int32Array; count: Int32Array } {
  const { loc, length } = rec.machine.journal;
  const banks = rec.machine.banks().length;
  const first = new Int32Array(banks).fill(LOC_INDEX_MASK);
  const last = new Int32Array(banks).fill(-1);
  for (let i = 0; i < length; i++) {
    const l = loc[i] as number;
    const bank = l >>> LOC_BANK_SHIFT;
    const cell = l & LOC_INDEX_MASK;
    if (cell < (first[bank] as number)) first[bank] = cell;
    if (cell > (last[bank] as number)) last[bank] = cell;
  }
  return { first, count: last.map((cell, bank) => Math.max(0, cell - (first[bank] as number) + 1)) };
}

function copyOut(rec: Recording, first: Int32Array, count: Int32Array, size: number): Int32Array {
  const kept = new Int32Array(size);
  let at = 0;
  rec.machine.banks().forEach((bank, id) => {
    const n = count[id] as number;
    if (bank === undefined || n === 0) return;
    const from = first[id] as number;
    kept.set(bank.cells.subarray(from, from + n), at);
    at += n;
  });
  return kept;
}

/** Puts the state of snapshot `i` into the cells of the banks, by bank id. */
export function copyIn(s: Snapshots, i: number, cells: readonly Int32Array[]): void {
  const kept = s.cells[i] as Int32Array;
  let at = 0;
  s.count.forEach((n, id) => {
    if (n === 0) return;
    cells[id]?.set(kept.subarray(at, at + n), s.first[id]);
    at += n;
  });
}
