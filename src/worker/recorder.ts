import { checkRecording } from '../check/rules/findings.ts';
import { type RecorderReply, type RecorderRequest, toTransfer } from '../recording/transfer.ts';
import { runScenario } from '../recording/run.ts';

/** Records one run off the page's thread and hands its columns over. To cancel it, terminate the worker. */
self.addEventListener('message', (e: MessageEvent<RecorderRequest>) => {
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
