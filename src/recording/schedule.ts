import type { Chooser } from '../kernel/controlled.ts';
import type { Machine } from '../machine/machine.ts';
import { ScenarioError } from '../scenario/error.ts';
import { actorLetter, parseSchedule } from '../scenario/schedule.ts';

/** The choices of a run under a schedule, one row each, in order. */
export interface Choices {
  /** step after which the choice was made, -1 = before the first */
  readonly step: Int32Array;
  /** bit i: actor i could go on */
  readonly ready: Uint8Array;
  /** who ran before */
  readonly current: Uint8Array;
  /** who went on */
  readonly chosen: Uint8Array;
}

export const NO_CHOICES: Choices = {
  step: new Int32Array(0),
  ready: new Uint8Array(0),
  current: new Uint8Array(0),
  chosen: new Uint8Array(0),
};

/** Actors of a set, ascending. */
export function actorsIn(set: number): number[] {
  const actors: number[] = [];
  for (let i = 0; 1 << i <= set; i++) if ((set & (1 << i)) !== 0) actors.push(i);
  return actors;
}

/** Who goes on when nobody chooses: whoever ran, or the first that can. */
export function defaultChoice(ready: number, current: number): number {
  return (ready & (1 << current)) !== 0 ? current : 31 - Math.clz32(ready & -ready);
}

/**
 * Follows a schedule and keeps what was chosen.
 * @throws {ScenarioError} when the schedule cannot be read, or (while running) names an actor that cannot go on
 */
export class ScheduledChoices {
  private readonly rows: { step: number; ready: number; current: number; chosen: number }[] = [];
  private readonly wanted: ReadonlyMap<number, number>;
  private readonly m: Machine;

  constructor(schedule: string, m: Machine) {
    const read = parseSchedule(schedule);
    if (read.error !== undefined) throw new ScenarioError(read.error);
    this.wanted = new Map(read.ok.map((s) => [s.at, s.actor]));
    this.m = m;
  }

  readonly choose: Chooser = (ready, current) => {
    const at = this.rows.length;
    const wanted = this.wanted.get(at);
    if (wanted !== undefined && (ready & (1 << wanted)) === 0) this.refuse(at, wanted, ready);
    const chosen = wanted ?? defaultChoice(ready, current);
    this.rows.push({ step: this.m.log.length - 1, ready, current, chosen });
    return chosen;
  };

  private refuse(at: number, wanted: number, ready: number): never {
    const able = actorsIn(ready).map(actorLetter).join(' or ');
    const message = `choice ${at} is for actor ${actorLetter(wanted)}, who cannot go on there: expected ${able}.`;
    throw new ScenarioError([{ path: 'schedule', expected: able, got: actorLetter(wanted), message }]);
  }

  /** What has been chosen so far. */
  choices(): Choices {
    return {
      step: Int32Array.from(this.rows, (r) => r.step),
      ready: Uint8Array.from(this.rows, (r) => r.ready),
      current: Uint8Array.from(this.rows, (r) => r.current),
      chosen: Uint8Array.from(this.rows, (r) => r.chosen),
    };
  }
}
