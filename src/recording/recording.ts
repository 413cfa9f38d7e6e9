import type { Machine } from '../machine/machine.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';

/** How a run ended: returned, blocked for ever, looped without progress, or the kernel stopped (BUG). */
export type RunEnd = 'returned' | 'blocked' | 'livelock' | 'bug' | 'limit';

/**
 * A finished run: the step log, the journal, and a machine that stands at one of its steps.
 * State "at step i" is the state after step i's writes; -1 is the state before the first step.
 * Seeking walks the journal, so it costs about a nanosecond per write, in either direction.
 */
export class Recording {
  readonly machine: Machine;
  readonly end: RunEnd;
  /** actors by index: what each is called */
  readonly actors: readonly string[];
  private at: number;

  constructor(machine: Machine, end: RunEnd, actors: readonly string[]) {
    this.machine = machine;
    this.end = end;
    this.actors = actors;
    this.at = machine.log.length - 1;
  }

  /** Number of steps. */
  get length(): number {
    return this.machine.log.length;
  }

  /** Step at which the machine stands; -1 before the first. */
  get position(): number {
    return this.at;
  }

  /** First journal row after step i's writes. */
  deltaEnd(step: number): number {
    const log = this.machine.log;
    return step + 1 < log.length ? (log.delta[step + 1] as number) : this.machine.journal.length;
  }

  /** First journal row of step i's writes (rows before step 0's belong to no step). */
  deltaBegin(step: number): number {
    return this.machine.log.delta[step] as number;
  }

  /** Moves the machine to the state after step `to` (clamped to -1 … length - 1). */
  seek(to: number): void {
    const target = Math.max(-1, Math.min(to, this.length - 1));
    if (target > this.at) this.redo(this.at < 0 ? 0 : this.deltaEnd(this.at), this.deltaEnd(target));
    else if (target < this.at) this.undo(this.deltaEnd(this.at), target < 0 ? 0 : this.deltaEnd(target));
    this.at = target;
  }

  private redo(from: number, to: number): void {
    const { loc, neu } = this.machine.journal;
    const banks = this.cells();
    for (let i = from; i < to; i++) {
      const l = loc[i] as number;
      (banks[l >>> LOC_BANK_SHIFT] as Int32Array)[l & LOC_INDEX_MASK] = neu[i] as number;
    }
  }

  private undo(from: number, to: number): void {
    const { loc, old } = this.machine.journal;
    const banks = this.cells();
    for (let i = from - 1; i >= to; i--) {
      const l = loc[i] as number;
      (banks[l >>> LOC_BANK_SHIFT] as Int32Array)[l & LOC_INDEX_MASK] = old[i] as number;
    }
  }

  private cells(): (Int32Array | undefined)[] {
    return this.machine.banks().map((b) => b?.cells);
  }
}
