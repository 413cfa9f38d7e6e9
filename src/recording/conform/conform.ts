import type { Kernel } from '../../kernel/kernel.ts';
import type { Machine } from '../../machine/machine.ts';
import { hmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { kernelOf } from '../../scenario/revision.ts';
import { runScenario } from '../run.ts';
import { compareAftermath, compareFinalState, compareResults, compareSummary } from './compare-after.ts';
import { type LogExtent, compareThread } from './compare-calls.ts';
import type { Difference } from './difference.ts';
import type { Golden, KernelLabel } from './golden-format.ts';
import { Identify } from './identify.ts';
import { measuredEvents } from './measured-events.ts';
import { modelNames } from './model-names.ts';
import { differInOutcome } from './outcome.ts';
import { deviceTable } from './device-table.ts';
import { dumpPageTable } from './dump.ts';
import { secondThread } from './thread-timing.ts';
import { projectRecording } from './project.ts';
import { lookAfterwards } from './readback.ts';
import { measuredToScenario } from './to-scenario.ts';
import { View } from './view.ts';

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
  const { scenario, operations, calls } = measuredToScenario(golden);
  const kernel = golden.kernel.label;
  const recording = runScenario({ scenario, strategy: 'migrate-only', revision: 'v2', kernel, operations });
  const view = new View(recording.machine, recording.enc, recording.origin, MM);
  const { device } = scenario.request;
  const projection = projectRecording(recording, view, device);
  recording.seek(recording.length - 1);

  const ids = new Identify(modelNames(recording.machine, projection));
  const threads = measuredEvents(calls);
  const extent = extentOf(golden);
  const { offset } = view;
  const rivals = scenario.conditions?.rivals ?? [];
  const dump = dumpPageTable(recording.machine, MM, offset, offset + golden.range.pages, offset);
  const others = secondThread(rivals, dump, deviceTable(view, device));
  for (let t = 0; t < Math.max(threads.length, projection.events.length); t++) {
    const difference = compareThread(t, threads[t] ?? [], projection.events[t] ?? [], ids, extent, others);
    if (difference) return difference;
  }
  const atEnd =
    (extent === 'whole' ? compareResults(golden, projection.events[0] ?? []) : undefined) ??
    (extent === 'whole' || extent === 'bug' ? compareSummary(golden, projection, ids, recording.length) : undefined) ??
    compareFinalState(golden, dump, projection, ids, recording.length, others);
  if (atEnd) return atEnd;

  if (golden.readback.state === null) return differInOutcome(golden, recording, false);
  const found = lookAfterwards(kernelOn(recording.machine, kernel), MM, device, offset, offset + golden.range.pages);
  return differInOutcome(golden, recording, found.state === 'begin') ?? compareAftermath(golden, found, rivals);
}

function extentOf(golden: Golden): LogExtent {
  if (golden.truncated) return 'endless';
  if (golden.splats.some((s) => s.startsWith('kernel BUG'))) return 'bug';
  // The thread died when the kernel complained once more, so no call returned.
  const died = golden.status !== 'ok' && golden.results.length === 0;
  return died ? 'cut-off' : 'whole';
}

/** The measured kernel with nobody else running, as it was when the measuring program looked at the memory afterwards. */
function kernelOn(m: Machine, kernel: KernelLabel): Kernel {
  m.actor = 0;
  m.depth = 0;
  const { text, encoding, fixes } = kernelOf({ kernel, revision: 'v2' });
  return {
    m,
    text,
    fixes,
    enc: hmmEncoding(encoding),
    config: { thp: 'always', hugeZeroPage: true, softDirty: false },
    concurrent: false,
    pausers: new Set(),
  };
}
