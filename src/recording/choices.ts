import type { Recording } from './recording.ts';
import { actorsIn, defaultChoice } from './schedule.ts';
import { type Switch, formatSchedule } from '../scenario/schedule.ts';
import { type Wait, waitsAt } from './waits.ts';
import { indexAbove } from './ascending.ts';

/** A moment of a scheduled run at which two or more actors could go on. */
export interface ChoicePoint {
  /** number of the choice, as a schedule counts */
  readonly n: number;
  /** step after which the choice was made, -1 = before the first */
  readonly step: number;
  /** actors that could go on, ascending */
  readonly ready: readonly number[];
  /** who ran before */
  readonly current: number;
  /** who went on */
  readonly chosen: number;
  /** who could not, for what, and who has it */
  readonly blocked: readonly Wait[];
}

/** Number of choices of a recording; 0 when it ran without a schedule. */
export const choiceCount = (rec: Recording): number => rec.choices.step.length;

/** One choice of a recording, or undefined when it has fewer. */
export function choiceAt(rec: Recording, n: number): ChoicePoint | undefined {
  const { step, ready, current, chosen } = rec.choices;
  if (n < 0 || n >= step.length) return undefined;
  const set = ready[n] as number;
  const able = actorsIn(set);
  return {
    n,
    step: step[n] as number,
    ready: able,
    current: current[n] as number,
    chosen: chosen[n] as number,
    blocked: waitsAt(rec, step[n] as number).filter((w) => !able.includes(w.actor)),
  };
}

/** Every choice of a recording, in order. */
export function choicesOf(rec: Recording): ChoicePoint[] {
  return Array.from({ length: choiceCount(rec) }, (_, n) => choiceAt(rec, n) as ChoicePoint);
}

/** Number of the last choice made at or before the state after `step`; -1 when there is none. */
export function choiceBefore(rec: Recording, step: number): number {
  return indexAbove(rec.choices.step, step) - 1;
}

/** The shortest schedule that gives this run again: only choices that did not go their own way. */
export function scheduleOf(rec: Recording): string {
  const { ready, current, chosen } = rec.choices;
  const switches: Switch[] = [];
  for (let at = 0; at < chosen.length; at++) {
    const actor = chosen[at] as number;
    if (actor !== defaultChoice(ready[at] as number, current[at] as number)) switches.push({ at, actor });
  }
  return formatSchedule(switches);
}
