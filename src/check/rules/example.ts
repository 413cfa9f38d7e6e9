import { SHOWS } from '../../scenario/ledger/shows.ts';
import { scenarioById } from '../../scenario/library/index.ts';
import type { KernelVersion, Operation, Revision, RunSpec, Strategy } from '../../scenario/types.ts';

/** A run that shows a rule: that of a row of the ledger, with its switch off or on, or of a scenario of the library. */
export type ScenarioRun =
  | { readonly ledger: string; readonly on?: boolean }
  | {
      readonly library: string;
      readonly strategy?: Strategy;
      readonly revision?: Revision;
      readonly kernel?: KernelVersion;
      readonly fixes?: readonly string[];
      readonly operations?: readonly Operation[];
    };

/** What to run for an example. @throws {RangeError} when the library or the ledger has no such run. */
export function specOfExample(run: ScenarioRun): RunSpec {
  if ('ledger' in run) {
    const show = SHOWS[run.ledger];
    if (show === undefined) throw new RangeError(`the ledger shows no run for ${run.ledger}`);
    return {
      scenario: show.scenario,
      strategy: show.strategy,
      revision: 'v2',
      ...(show.kernel === undefined ? {} : { kernel: show.kernel }),
      ...(show.operations === undefined ? {} : { operations: show.operations }),
      fixes: [...(show.with ?? []), ...(run.on === true ? [run.ledger] : [])],
    };
  }
  const { library, strategy = 'unified', revision = 'fixed', ...more } = run;
  const scenario = scenarioById(library);
  if (scenario === undefined) throw new RangeError(`the library has no scenario ${library}`);
  return { scenario, strategy, revision, ...more };
}
