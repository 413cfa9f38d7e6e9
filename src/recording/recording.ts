import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import type { Machine } from '../machine/machine.ts';
import { type Choices, NO_CHOICES } from './schedule.ts';
import { type Snapshots, copyIn } from './snapshots.ts';
import { type HmmEncoding, type HmmEncodingId, hmmEncoding } from '../machine/words/hmm-pfn.ts';
import { indexAbove } from './ascending.ts';

/** How a run ended: returned, blocked for ever, looped without progress, or the kernel stopped (BUG). */
export type RunEnd = 'returned' | 'blocked' | 'livelock' | 'bug' | 'limit';

/** What a reader of the recording has to know beside the machine. */
export interface RecordingFrame {
  /** the machine's page number of the scenario's page 0; 0 when left out */
  readonly origin?: number;
  /** include/linux/hmm.h that the hmm words follow; 'v2' when left out */
  readonly hmm?: HmmEncodingId;
  /** what the run's schedule chose; left out: it had none */
  readonly choices?: Choices;
}

/**
 * A finished run: the step log, the journal, and a machine that stands at one of its steps.
 * State "at step i" is the state after step i's writes; -1 is the state before the first step.
 * Seeking walks the journal, so it costs a few nanoseconds per write, in either direction.
 */
export class Recording {
  readonly machine: Machine;
  readonly end: RunEnd;
  /** actors by index: what each is called */
  readonly actors: readonly string[];
  /** the machine's page number of the scenario's page 0 */
  readonly origin: number;
  /** header that the hmm words of the machine follow */
  readonly enc: HmmEncoding;
  /** the choices of a run under a schedule; none otherwise */
  readonly choices: Choices;
  /** number of steps */
  readonly length: number;
  private at: number;
  private kept: Snapshots | null = null;
  /** bank cells by bank id; a finished run's banks grow no more */
  private readonly cells: Int32Array[];

  /** @param at step at which the machine stands; the last one when left out */
  constructor(
    machine: Machine,
    end: RunEnd,
    actors: readonly string[],
    frame: RecordingFrame = {},
    at = machine.log.length - 1,
  ) {
    this.machine = machine;
    this.end = end;
    this.actors = actors;
    this.origin = frame.origin ?? 0;
    this.enc = hmmEncoding(frame.hmm ?? 'v2');
    this.choices = frame.choices ?? NO_CHOICES;
    this.length = machine.log.length;
    this.at = at;
    this.cells = Array.from(machine.banks(), (b) => b?.cells ?? NO_CELLS);
  }

  /** Step at which the machine stands; -1 before the first. */
  get position(): number {
    return this.at;
  }

  /** First journal row after step i's writes. */
  deltaEnd(step: number): number {
    return step + 1 < this.length ? (this.machine.log.delta[step + 1] as number) : this.machine.journal.length;
  }

  /** First journal row of step i's writes (rows before step 0's belong to no step). */
  deltaBegin(step: number): number {
    return this.machine.log.delta[step] as number;
  }

  /** Step to which a journal row belongs; -1 for rows before the first step. */
  stepOfRow(row: number): number {
    return indexAbove(this.machine.log.delta, row, 0, this.length) - 1;
  }

  /** States of this very recording that far seeks may begin at; null = none. */
  get snapshots(): Snapshots | null {
    return this.kept;
  }

  set snapshots(kept: Snapshots | null) {
    this.kept = kept;
  }

  /** Moves the machine to the state after step `to` (clamped to -1 … length - 1). */
  seek(to: number): void {
    const target = Math.max(-1, Math.min(to, this.length - 1));
    const { journal } = this.machine;
    const there = this.rowAfter(target);
    this.startNear(there);
    const here = this.rowAfter(this.at);
    if (there > here) redo(this.cells, journal.loc, journal.neu, here, there);
    else if (there < here) undo(this.cells, journal.loc, journal.old, here, there);
    this.at = target;
  }

  private rowAfter(step: number): number {
    return step < 0 ? 0 : this.deltaEnd(step);
  }

  /** Goes to the snapshot from which a row of the journal is reached soonest, if that is sooner than from here. */
  private startNear(row: number): void {
    const { kept } = this;
    if (kept === null) return;
    let best = -1;
    let least = Math.abs(row - this.rowAfter(this.at));
    const copying = (kept.cells[0]?.length ?? 0) / CELLS_PER_ROW;
    kept.steps.forEach((step, i) => {
      const cost = copying + Math.abs(row - this.rowAfter(step));
      if (cost >= least) return;
      best = i;
      least = cost;
    });
    if (best < 0) return;
    copyIn(kept, best, this.cells);
    this.at = kept.steps[best] as number;
  }
}

/** Cells that are copied in the time in which one row of the journal is walked. */
const CELLS_PER_ROW = 8;

const NO_CELLS = new Int32Array(0);

/*
 * The two loops every seek runs. Plain functions over local typed arrays, alike in shape, so that both directions
 * compile to the same code and cost the same.
 */

function redo(cells: readonly Int32Array[], loc: Uint32Array, neu: Int32Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const l = loc[i] as number;
    (cells[l >>> LOC_BANK_SHIFT] as Int32Array)[l & LOC_INDEX_MASK] = neu[i] as number;
  }
}

function undo(cells: readonly Int32Array[], loc: Uint32Array, old: Int32Array, from: number, to: number): void {
  for (let i = from - 1; i >= to; i--) {
    const l = loc[i] as number;
    (cells[l >>> LOC_BANK_SHIFT] as Int32Array)[l & LOC_INDEX_MASK] = old[i] as number;
  }
}
