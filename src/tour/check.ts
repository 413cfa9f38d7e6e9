import type { Recording } from '../recording/recording.ts';
import { stepNumber } from '../recording/step-number.ts';
import { runScenario } from '../recording/run.ts';
import { ScenarioError } from '../scenario/error.ts';
import { questionAfter } from './questions/quiz.ts';
import { StopError, specOfStop, stepOfStop } from './stop.ts';
import type { Tour } from './types.ts';

/** What came of replaying one stop. */
export interface StopResult {
  readonly tour: string;
  /** counted from 1 */
  readonly stop: number;
  readonly title: string;
  /** step in the recording; undefined when the stop failed */
  readonly step?: number;
  /** why it failed */
  readonly problem?: string;
}

/** Replays every stop of a tour: makes its recording, finds its step, checks what the stop expects there. */
export function checkTour(tour: Tour): readonly StopResult[] {
  let last: { readonly key: string; readonly rec: Recording } | undefined;
  return tour.stops.map((stop, i) => {
    const head = { tour: tour.id, stop: i + 1, title: stop.title };
    try {
      const spec = specOfStop(tour, i);
      const key = JSON.stringify(spec);
      if (last?.key !== key) last = { key, rec: runScenario(spec) };
      const step = stepOfStop(last.rec, stop);
      const q = stop.question;
      if (q !== undefined && 'predict' in q && questionAfter(last.rec, step, q.predict, 0) === undefined)
        throw new StopError(
          `nothing after step ${stepNumber(step)} decides “${q.predict}”: there is no question to ask.`,
        );
      return { ...head, step };
    } catch (error) {
      return { ...head, problem: messageOf(error) };
    }
  });
}

function messageOf(error: unknown): string {
  if (error instanceof StopError || error instanceof ScenarioError) return error.message;
  // A defect of the engine is a failed stop, too: the other stops are still to be replayed.
  return error instanceof Error ? `the run stopped: ${error.message}` : String(error);
}
