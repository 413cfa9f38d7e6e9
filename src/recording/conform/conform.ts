import type { Kernel } from '../../kernel/kernel.ts';
import type { Machine } from '../../machine/machine.ts';
import type { HmmEncoding } from '../../machine/words/hmm-pfn.ts';
import type { Revision } from '../../scenario/types.ts';
import { runScenario } from '../run.ts';
import { compareAftermath, compareFinalState, compareResults, compareSummary } from './compare-after.ts';
import { compareThread } from './compare-calls.ts';
import type { Difference } from './difference.ts';
import type { Golden, KernelLabel } from './golden-format.ts';
import { Identify } from './identify.ts';
import { measuredEvents } from './measured-events.ts';
import { modelNames } from './model-names.ts';
import { differInOutcome } from './outcome.ts';
import { projectRecording } from './project.ts';
import { lookAfterwards } from './readback.ts';
import { measuredToScenario } from './to-scenario.ts';
import { View } from './view.ts';

/** The revision whose text a measured kernel ran. The other kernels do not have the unified walk. */
const REVISION: Readonly<Partial<Record<KernelLabel, Revision>>> = { v2: 'v2' };

/** The process of the scenario. */
const MM = 1;

/**
 * Runs a measured run on the engine and compares, in the order in which a reader wants to know it: the
 * log event by event, results, walk counts and arrays, the final state, how it ended, and what was
 * read afterwards.
 * @returns the first difference, or undefined when model and measurement agree
 * @throws GoldenError when the file contradicts its format; ScenarioError when its memory cannot be built
 */
export function conform(golden: Golden): Difference | undefined {
  const revision = REVISION[golden.kernel.label];
  if (!revision) return { where: 'kernel', expected: golden.kernel.label, got: 'the engine has the unified walk of the series only' };
  const { scenario, operations, calls } = measuredToScenario(golden);
  const recording = runScenario({ scenario, strategy: 'unified', revision, operations });
  const view = new View(recording.machine, recording.enc, recording.origin, MM);
  const projection = projectRecording(recording, view);
  recording.seek(recording.length - 1);

  const ids = new Identify(modelNames(recording.machine, projection.freedAt));
  const threads = measuredEvents(calls);
  const endless = golden.truncated !== undefined;
  for (let t = 0; t < Math.max(threads.length, projection.events.length); t++) {
    const difference = compareThread(t, threads[t] ?? [], projection.events[t] ?? [], ids, endless);
    if (difference) return difference;
  }
  const device = scenario.request.device;
  const atEnd =
    (endless ? undefined : compareResults(golden, projection.events[0] ?? [])) ??
    (endless ? undefined : compareSummary(golden, projection, ids, recording.length)) ??
    compareFinalState(golden, view, device, ids, recording.length);
  if (atEnd) return atEnd;

  if (golden.readback.state === null) return differInOutcome(golden, recording, false);
  const { offset } = view;
  const found = lookAfterwards(kernelOn(recording.machine, recording.enc), MM, device, offset, offset + golden.range.pages);
  return differInOutcome(golden, recording, found.state === 'begin') ?? compareAftermath(golden, found, scenario.conditions?.rivals ?? []);
}

/** The measured kernel with nobody else running, as it was when the measuring program looked at the memory afterwards. */
function kernelOn(m: Machine, enc: HmmEncoding): Kernel {
  m.actor = 0;
  m.depth = 0;
  return { m, enc, fixes: new Set(), config: { thp: 'always', hugeZeroPage: true, softDirty: false }, concurrent: false, pausers: new Set() };
}
