import type { CounterId } from '../recording/counters.ts';
import { countersAt } from '../recording/counters.ts';
import { stepLine } from '../recording/narrate.ts';
import type { Recording } from '../recording/recording.ts';
import { stepNumber } from '../recording/step-number.ts';
import { scenarioById } from '../scenario/library/index.ts';
import type { RunSpec, Scenario } from '../scenario/types.ts';
import { PlaceError } from './place.ts';
import { resolvePlace } from './resolve.ts';
import type { Tour, TourRun, TourStop } from './types.ts';

/** A stop that cannot be shown as its author meant it; the message says why. */
export class StopError extends Error {}

/**
 * What the recording of a stop is made from: its own run, or that of the nearest stop before it.
 * @throws {StopError} when no stop up to this one has a run, or its scenario is not in the library
 */
export function specOfStop(tour: Tour, index: number): RunSpec {
  for (let i = index; i >= 0; i--) {
    const run = tour.stops[i]?.run;
    if (run !== undefined) return specOfRun(run);
  }
  throw new StopError('neither this stop nor one before it says what runs.');
}

function specOfRun(run: TourRun): RunSpec {
  const { scenario, strategy = 'unified', revision = 'v2', kernel, fixes, operations, schedule } = run;
  return {
    scenario: typeof scenario === 'string' ? fromLibrary(scenario) : scenario,
    strategy,
    revision,
    ...(kernel === undefined ? {} : { kernel }),
    ...(fixes === undefined ? {} : { fixes }),
    ...(operations === undefined ? {} : { operations }),
    ...(schedule === undefined ? {} : { schedule }),
  };
}

function fromLibrary(id: string): Scenario {
  const scenario = scenarioById(id);
  if (scenario === undefined) throw new StopError(`the library has no scenario “${id}”.`);
  return scenario;
}

/** The run of a spec, as a tour names it: scenarios of the library by their id. */
export function runOfSpec(spec: RunSpec): TourRun {
  const shipped = scenarioById(spec.scenario.id);
  const same = shipped !== undefined && JSON.stringify(shipped) === JSON.stringify(spec.scenario);
  return {
    scenario: same ? spec.scenario.id : spec.scenario,
    ...(spec.strategy === 'unified' ? {} : { strategy: spec.strategy }),
    ...(spec.revision === 'v2' ? {} : { revision: spec.revision }),
    ...(spec.kernel === undefined ? {} : { kernel: spec.kernel }),
    ...(spec.fixes === undefined ? {} : { fixes: spec.fixes }),
    ...(spec.operations === undefined ? {} : { operations: spec.operations }),
    ...(spec.schedule === undefined ? {} : { schedule: spec.schedule }),
  };
}

/**
 * The step of a stop in the recording of its run.
 * @throws {StopError} when the place is not there, the step is another one than expected, or a counter differs
 */
export function stepOfStop(rec: Recording, stop: TourStop): number {
  const step = place(rec, stop.at);
  if (stop.expect !== undefined) {
    const is = stepLine(rec, step);
    if (!is.includes(stop.expect))
      throw new StopError(`step ${stepNumber(step)} is “${is}”, which has no “${stop.expect}”.`);
  }
  const counters = countersAt(rec, rec.length - 1);
  for (const [id, expected] of Object.entries(stop.facts ?? {})) {
    const got = counters[id as CounterId];
    if (got !== expected) throw new StopError(`the note relies on ${id} = ${expected}, the run has ${got}.`);
  }
  return step;
}

function place(rec: Recording, at: string): number {
  try {
    return resolvePlace(rec, at);
  } catch (error) {
    if (error instanceof PlaceError) throw new StopError(error.message);
    throw error;
  }
}
