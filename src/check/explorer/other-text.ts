import type { RunSpec } from '../../scenario/types.ts';
import { Counted } from './counted.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { Workplace } from './place.ts';
import { exploreSchedules } from './schedules.ts';
import { runFreely } from './stand.ts';
import { StateSet } from './state-set.ts';

/**
 * The ends that a scenario comes to on another text. A schedule of one text means something else on another, whose
 * choices are others; so it is not run by run that two texts are compared, but by what they can come to at all.
 */
export class OtherText {
  private readonly place = new Workplace();
  /** nobody counts the states of the other text */
  private readonly counted = new Counted(this.place.m, new StateSet(3));
  private readonly seen: StateSet;

  /** @param momentBits room for 2^momentBits moments of the schedules of one spec */
  constructor(momentBits: number) {
    this.seen = new StateSet(momentBits);
  }

  /**
   * Every end within the bound, each once; undefined when the schedules are too many for all of them to be had.
   * @param spec with the other text's revision and fixes
   * @param mostSteps of all its runs together
   * @throws {ScenarioError} when no machine can be in that state
   */
  ends(spec: RunSpec, preemptions: number, mostSteps: number): readonly Outcome[] | undefined {
    const { place, counted, seen } = this;
    const stand = place.setUp(spec, '');
    if ((spec.scenario.conditions?.rivals?.length ?? 0) === 0) return [outcomeOf(place.m, runFreely(stand))];
    const ends = new Map<string, Outcome>();
    const { complete } = exploreSchedules({
      stand,
      initial: place.initial,
      counted,
      seen,
      preemptions,
      mostSteps,
      onRun: (end) => {
        // A run that was stopped goes on as an earlier one did, to an end that is known.
        if (end === 'stopped') return false;
        const outcome = outcomeOf(place.m, end);
        ends.set(JSON.stringify(outcome), outcome);
        return false;
      },
    });
    return complete && !seen.full ? [...ends.values()] : undefined;
  }
}

/** The part of an end that no other has; undefined when one of the others is the same end. */
export function partOf(one: Outcome, others: readonly Outcome[]): string | undefined {
  const alike = (parts: number): boolean =>
    others.some((other) => one.slice(0, parts).every(([, text], i) => text === other[i]?.[1]));
  const n = one.findIndex((_, i) => !alike(i + 1));
  return one[n]?.[0];
}
