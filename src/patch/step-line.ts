import type { Recording } from '../recording/recording.ts';
import type { Binding } from './anchor/bind.ts';

/** Steps that are looked back over for the line before. */
const BACK = 4096;

/** Earlier steps of the call that may be asked when a statement stands at several places. */
const FURTHER = 8;

/** Finds the line of a patch that a step executes. */
export class StepLines {
  private readonly lines: ReadonlyMap<number, readonly number[]>;

  constructor(binding: Binding) {
    this.lines = new Map(binding.bound.map((b) => [b.site, b.lines]));
  }

  /** Sites that stand on a line. */
  sitesAt(line: number): number[] {
    return [...this.lines].flatMap(([site, lines]) => (lines.includes(line) ? [site] : []));
  }

  /**
   * The line of a step; null when its statement is not in the patch. A statement that stands at several places is the
   * first at or after the line before in the same call (the code between them runs downwards).
   */
  lineOf(rec: Recording, step: number): number | null {
    return this.lookUp(rec, step, FURTHER);
  }

  private lookUp(rec: Recording, step: number, further: number): number | null {
    if (step < 0) return null;
    const lines = this.lines.get(rec.machine.log.site[step] ?? -1);
    const first = lines?.[0];
    if (lines === undefined || first === undefined) return null;
    if (lines.length === 1 || further === 0) return first;
    const before = this.previous(rec, step);
    const prior = before < 0 ? null : this.lookUp(rec, before, further - 1);
    if (prior === null) return first;
    // Several steps of one statement in a row: the second stands on the next of its lines.
    const same = rec.machine.log.site[before] === rec.machine.log.site[step];
    return lines.find((l) => (same ? l > prior : l >= prior)) ?? (same ? prior : first);
  }

  /** The step before in the same call that has a line; -1 = none. */
  private previous(rec: Recording, step: number): number {
    const { site, actor, depth } = rec.machine.log;
    const level = depth[step] ?? 0;
    for (let i = step - 1; i >= 0 && i > step - BACK; i--) {
      if (actor[i] !== actor[step] || (depth[i] ?? 0) > level) continue;
      if ((depth[i] ?? 0) < level) return -1;
      if (this.lines.has(site[i] ?? -1)) return i;
    }
    return -1;
  }
}
