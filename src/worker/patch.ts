import { bindSites, unifiedSites } from '../patch/anchor/bind.ts';
import { CoverageCounter, libraryRuns } from '../patch/coverage.ts';
import type { PatchReply, PatchRequest } from '../patch/messages.ts';
import { readPatches } from '../patch/read/read.ts';
import type { PatchInput } from '../patch/read/types.ts';

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
  const head = beginning(request.inputs);
  if (head !== null) await read(head, true);
  await read(request.inputs, false);
}

async function read(inputs: readonly PatchInput[], partial: boolean): Promise<void> {
  const set = await readPatches(inputs);
  const { text: _, ...columns } = set.lines;
  const buffers = Object.values(columns).map((c) => c.buffer);
  answer({ kind: 'read', set, binding: bindSites(set), partial }, buffers);
}

/** Inputs above this size are shown in two steps: what fills the screen first. */
const LARGE = 400_000;
const HEAD = 16_000;

/** The first lines of a large input, null when it is small. */
function beginning(inputs: readonly PatchInput[]): PatchInput[] | null {
  const [first] = inputs;
  if (first === undefined || first.content.length < LARGE) return null;
  const { content } = first;
  const end = typeof content === 'string' ? content.lastIndexOf('\n', HEAD) : content.lastIndexOf(10, HEAD);
  return end <= 0 ? null : [{ name: first.name, content: content.slice(0, end + 1) }];
}
