import type { Recording } from '../../recording/recording.ts';
import { runScenario } from '../../recording/run.ts';
import type { Revision, RunSpec, Strategy } from '../../scenario/types.ts';
import type { Loaded } from '../player.ts';

/** Requests of up to so many pages have twins: making them takes some milliseconds. */
const MOST_PAGES = 64;

const made = new WeakMap<Recording, readonly Recording[]>();

/** The same scenario under another strategy and another text: what could also have happened, for wrong answers. */
export function twinsOf({ recording, spec }: Loaded): readonly Recording[] {
  const known = made.get(recording);
  if (known !== undefined) return known;
  const { start, end } = spec.scenario.request;
  const twins = end - start > MOST_PAGES ? [] : othersOf(spec).flatMap(run);
  made.set(recording, twins);
  return twins;
}

function othersOf(spec: RunSpec): RunSpec[] {
  const strategy: Strategy = spec.strategy === 'unified' ? 'fault-then-migrate' : 'unified';
  const revision: Revision = spec.revision === 'fixed' ? 'v2' : 'fixed';
  const { scenario } = spec;
  return [
    { scenario, strategy, revision: spec.revision },
    { scenario, strategy: spec.strategy === 'legacy-2016' ? 'unified' : spec.strategy, revision },
  ];
}

function run(spec: RunSpec): Recording[] {
  try {
    return [runScenario(spec)];
  } catch {
    // A strategy that cannot serve this scenario has no answers to give.
    return [];
  }
}
