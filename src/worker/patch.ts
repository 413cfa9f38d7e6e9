import { bindSites, unifiedSites } from '../patch/anchor/bind.ts';
import { CoverageCounter, libraryRuns } from '../patch/coverage.ts';
import type { PatchReply, PatchRequest } from '../patch/messages.ts';
import { readPatches } from '../patch/read/read.ts';

const answer = (reply: PatchReply, transfer: Transferable[] = []): void => self.postMessage(reply, { transfer });

/** Reads what people drop in and binds it; or runs the library for coverage. To cancel it, terminate the worker. */
self.addEventListener('message', (e: MessageEvent<PatchRequest>) => {
  void work(e.data).catch((error: unknown) =>
    answer({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function work(request: PatchRequest): Promise<void> {
  if (request.kind === 'coverage') {
    const runs = libraryRuns();
    const counter = new CoverageCounter(new Map(unifiedSites().map((s) => [`${s.fn}:${s.label}`, s.id])));
    for (const [i, run] of runs.entries()) {
      counter.add(run);
      if (i % 8 === 7) answer({ kind: 'progress', done: i + 1, total: runs.length });
    }
    answer({ kind: 'coverage', coverage: counter.result() });
    return;
  }
  const set = await readPatches(request.inputs);
  const { text: _, ...columns } = set.lines;
  const buffers = Object.values(columns).map((c) => c.buffer);
  answer({ kind: 'read', set, binding: bindSites(set) }, buffers);
}
