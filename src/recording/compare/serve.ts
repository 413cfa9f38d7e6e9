import type { RunSpec } from '../../scenario/types.ts';
import { scenarioById } from '../../scenario/library/index.ts';
import type { Recording } from '../recording.ts';
import { buffersOf, toTransfer } from '../transfer.ts';
import { LaneError, makeLanes } from './lanes.ts';
import type { CompareReply, CompareRequest } from './messages.ts';
import { compareRuns } from './runs.ts';

/** Says a reply; the buffers of the second are moved, not copied. */
export type Say = (reply: CompareReply, transfer: ArrayBuffer[]) => void;

/**
 * Records lanes and lays them side by side, or compares many scenarios one by one; replies come as things are done.
 * @param read reads the rules over a lane, before it is handed over
 */
export function serveCompare(request: CompareRequest, say: Say, read: (rec: Recording) => void): void {
  try {
    if (request.kind === 'lanes') lanes(request.specs, say, read);
    else library(request, say);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: 'failed', lane: error instanceof LaneError ? error.lane : -1, message }, []);
  }
}

function lanes(specs: readonly RunSpec[], say: Say, read: (rec: Recording) => void): void {
  const made = makeLanes(specs, (lane, steps) => say({ kind: 'recorded', lane, steps }, []));
  for (const rec of made.recordings) read(rec);
  const packed = made.recordings.map((rec) => toTransfer(rec));
  const { alignment, outcomes } = made;
  // Empty tables may be shared by several recordings; each buffer is moved once.
  const moved = new Set([...packed.flatMap((p) => p.transferList), ...buffersOf(alignment)]);
  say({ kind: 'lanes', recordings: packed.map((p) => p.data), alignment, outcomes }, [...moved]);
}

function library({ a, b, scenarios }: Extract<CompareRequest, { kind: 'library' }>, say: Say): void {
  for (const s of scenarios) {
    const scenario = typeof s === 'string' ? scenarioById(s) : s;
    if (scenario !== undefined) say({ kind: 'compared', result: compareRuns(scenario, a, b) }, []);
  }
  say({ kind: 'finished' }, []);
}
