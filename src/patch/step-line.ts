import { OP } from '../machine/ops.ts';
import { siteInfo } from '../machine/sites.ts';
import type { Recording } from '../recording/recording.ts';
import type { Binding } from './anchor/bind.ts';
import { CALLS } from './calls.ts';

/** Steps that are looked back over for the line before. */
const BACK = 1 << 16;

/** Earlier steps of the call that may be asked when a statement stands at several places. */
const FURTHER = 8;

/** Finds the line of a patch that a step executes. The code that declares the sites must be loaded. */
export class StepLines {
  private readonly lines: ReadonlyMap<number, readonly number[]>;
  private readonly byName: ReadonlyMap<string, readonly number[]>;

  constructor(binding: Binding) {
    this.lines = new Map(binding.bound.map((b) => [b.site, b.lines]));
    this.byName = new Map(binding.bound.map((b) => [b.name, b.lines]));
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
    const { prior, same } = this.previous(rec, step, further);
    if (prior === null) return first;
    // Several steps of one statement in a row: the second stands on the next of its lines.
    return lines.find((l) => (same ? l > prior : l >= prior)) ?? (same ? prior : first);
  }

  /** The line before in the same call, and whether the same statement made it. */
  private previous(rec: Recording, step: number, further: number): { prior: number | null; same: boolean } {
    const { site, op, actor, depth } = rec.machine.log;
    const level = depth[step] ?? 0;
    const fn = siteInfo(site[step] ?? 0).fn;
    for (let i = step - 1; i >= 0 && i > step - BACK; i--) {
      if (actor[i] !== actor[step] || (depth[i] ?? 0) > level + 1) continue;
      if ((depth[i] ?? 0) < level) break;
      if (depth[i] === level) {
        if (this.lines.has(site[i] ?? -1))
          return { prior: this.lookUp(rec, i, further - 1), same: site[i] === site[step] };
      } else if (op[i] === OP.ENTER) {
        const call = CALLS[`${fn} ${siteInfo(site[i] ?? 0).fn}`];
        const line = call === undefined ? undefined : this.byName.get(call)?.[0];
        if (line !== undefined) return { prior: line, same: false };
      }
    }
    return { prior: null, same: false };
  }
}
