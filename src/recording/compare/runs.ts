import { ScenarioError } from '../../scenario/error.ts';
import type { RunSpec, Scenario } from '../../scenario/types.ts';
import { laneName, parseLane } from '../../scenario/lane.ts';
import type { Recording } from '../recording.ts';
import { runScenario } from '../run.ts';
import { alignRecordings } from './align.ts';
import { type Outcome, compareRecordings, isSameOutcome } from './outcome.ts';
import { partingFrom, partingSentence } from './sentence.ts';

/** A scenario run in two ways, and what came of it. */
export interface RunComparison {
  readonly scenario: string;
  readonly title: string;
  /** why it could not be run in both ways; then nothing else is said */
  readonly problem?: string;
  readonly steps?: readonly [a: number, b: number];
  readonly outcome?: Outcome;
  /** the first step of each that differs, -1 = it has ended; undefined when no step differs */
  readonly first?: readonly [a: number, b: number];
  /** "the same until here, then …"; '' when no step differs */
  readonly says?: string;
}

/** True when the two runs do the same from the first to the last step and come to the same. */
export function isSame(x: RunComparison): boolean {
  return x.problem === undefined && x.first === undefined && x.outcome !== undefined && isSameOutcome(x.outcome);
}

/** Runs a scenario in two ways, written as scenario/lane.ts reads them, and compares the recordings. */
export function compareRuns(scenario: Scenario, a: string, b: string): RunComparison {
  const head = { scenario: scenario.id, title: scenario.title };
  const recs: Recording[] = [];
  const specs: RunSpec[] = [];
  for (const lane of [a, b]) {
    const read = parseLane(lane, scenario);
    if (read.error !== undefined)
      return { ...head, problem: `"${read.error.word}" in ${lane}: expected ${read.error.expected}` };
    try {
      recs.push(runScenario(read.ok));
      specs.push(read.ok);
    } catch (error) {
      return { ...head, problem: `${lane}: ${reasonOf(error)}` };
    }
  }
  const [x, y] = recs as [Recording, Recording];
  const lanes = specs.map((spec, i) => ({ name: laneName(spec), recording: recs[i] as Recording }));
  const al = alignRecordings(recs);
  const parting = partingFrom(lanes, al, 0, 'reviewer');
  return {
    ...head,
    steps: [x.length, y.length],
    outcome: compareRecordings(x, y),
    ...(parting === undefined
      ? {}
      : {
          first: [parting.lanes[0]?.step ?? -1, parting.lanes[1]?.step ?? -1] as const,
          says: partingSentence(lanes, parting),
        }),
  };
}

function reasonOf(error: unknown): string {
  if (error instanceof ScenarioError) return error.problems.map((p) => p.message).join(' ');
  return error instanceof Error ? error.message : String(error);
}

/** Pages of a request up to which a scenario is compared when a whole library is: larger ones take minutes. */
export const MOST_PAGES = 4096;

/** The scenarios of a list that are compared together, and those left out because their request is too large. */
export function comparable(list: readonly Scenario[]): { readonly taken: Scenario[]; readonly left: Scenario[] } {
  const fits = (s: Scenario): boolean => s.request.end - s.request.start <= MOST_PAGES;
  return { taken: list.filter(fits), left: list.filter((s) => !fits(s)) };
}
