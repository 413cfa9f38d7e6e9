import { checkRecording } from '../check/rules/findings.ts';
import { type RecorderReply, type RecorderRequest, toTransfer } from '../recording/transfer.ts';
import type { CompareRequest } from '../recording/compare/messages.ts';
import { serveCompare } from '../recording/compare/serve.ts';
import { runScenario } from '../recording/run.ts';

/**
 * Records off the page's thread: one run, lanes side by side, or many scenarios in two ways. One worker for all of them, so that
 * the engine ships once. To cancel, terminate it.
 */
self.addEventListener('message', (e: MessageEvent<RecorderRequest | CompareRequest>) => {
  if ('kind' in e.data) {
    serveCompare(e.data, (reply, transfer) => self.postMessage(reply, { transfer }), checkRecording);
    return;
  }
  try {
    const progress = (steps: number): void => self.postMessage({ kind: 'progress', steps } satisfies RecorderReply);
    const rec = runScenario(e.data.spec, undefined, progress);
    checkRecording(rec);
    const { data, transferList } = toTransfer(rec);
    self.postMessage({ kind: 'done', data } satisfies RecorderReply, { transfer: transferList });
  } catch (error) {
    self.postMessage({
      kind: 'failed',
      message: error instanceof Error ? error.message : String(error),
    } satisfies RecorderReply);
  }
});
