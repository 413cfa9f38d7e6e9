import { LaneError, makeLanes } from '../recording/compare/lanes.ts';
import type { CompareReply, CompareRequest } from '../recording/compare/messages.ts';
import { compareRuns } from '../recording/compare/runs.ts';
import { buffersOf, toTransfer } from '../recording/transfer.ts';
import { scenarioById } from '../scenario/library/index.ts';

/** Records lanes and lays them side by side, or compares many scenarios one by one. To cancel it, terminate the worker. */
self.addEventListener('message', (e: MessageEvent<CompareRequest>) => {
  try {
    if (e.data.kind === 'lanes') lanes(e.data.specs);
    else library(e.data);
  } catch (error) {
    say({
      kind: 'failed',
      lane: error instanceof LaneError ? error.lane : -1,
      message: error instanceof Error ? error.message : String(error),
    });
  }
});

function say(reply: CompareReply, transfer: ArrayBuffer[] = []): void {
  self.postMessage(reply, { transfer });
}

function lanes(specs: Extract<CompareRequest, { kind: 'lanes' }>['specs']): void {
  const made = makeLanes(specs, (lane, steps) => say({ kind: 'recorded', lane, steps }));
  const packed = made.recordings.map((rec) => toTransfer(rec));
  const { alignment, outcomes } = made;
  // Empty tables may be shared by several recordings; each buffer is moved once.
  const moved = new Set([...packed.flatMap((p) => p.transferList), ...buffersOf(alignment)]);
  say({ kind: 'lanes', recordings: packed.map((p) => p.data), alignment, outcomes }, [...moved]);
}

function library({ a, b, scenarios }: Extract<CompareRequest, { kind: 'library' }>): void {
  for (const s of scenarios) {
    const scenario = typeof s === 'string' ? scenarioById(s) : s;
    if (scenario !== undefined) say({ kind: 'compared', result: compareRuns(scenario, a, b) });
  }
  say({ kind: 'finished' });
}
