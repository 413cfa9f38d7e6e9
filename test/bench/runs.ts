import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { fromTransfer, toTransfer } from '../../src/recording/transfer.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

/** The 1 GiB of mixed memory that ships with the app. */
export function largeScenario(): Scenario {
  const large = scenarioById('mixed-1gib');
  if (!large) throw new Error('the library has no scenario mixed-1gib');
  return large;
}

/** The first `pages` pages of it. */
export function firstPages(pages: number): Scenario {
  const large = largeScenario();
  return {
    ...large,
    id: `mixed-${pages}`,
    vmas: [{ ...(large.vmas[0] as Scenario['vmas'][number]), end: Math.ceil(pages / 512) * 512 }],
    entries: large.entries
      .filter((e) => e.page < pages)
      .map((e) => ({ ...e, count: Math.min(e.count, pages - e.page) })),
    request: { ...large.request, end: pages },
  };
}

/** What is recorded when nothing else is said: the unified walk of series v2. */
export function unified(scenario: Scenario): RunSpec {
  return { scenario, strategy: 'unified', revision: 'v2' };
}

/** A recording of at least `steps` steps, and not many more, as the page receives it from its recorder. */
export function recordingOf(steps: number): Recording {
  const sample = 512;
  const perPage = runScenario(unified(firstPages(sample))).length / sample;
  for (let pages = Math.max(1, Math.ceil(steps / perPage)); ; pages += Math.ceil(pages / 10)) {
    const rec = runScenario(unified(firstPages(pages)));
    if (rec.length >= steps) return fromTransfer(toTransfer(rec).data);
  }
}
