import type { PatchReply, PatchRequest } from '../../patch/messages.ts';
import type { PatchInput } from '../../patch/read/types.ts';
import { StepLines } from '../../patch/step-line.ts';
import { KIND } from '../../patch/read/kinds.ts';
import type { PatchSet } from '../../patch/read/types.ts';
import { store } from '../store.ts';
import { patchStore } from './state.ts';

/** Files above this size are refused before a byte is read. */
export const MAX_PATCH_BYTES = 64 * 1024 * 1024;

let reader: Worker | null = null;
let runner: Worker | null = null;

const start = (): Worker => new Worker(new URL('../../worker/patch.ts', import.meta.url), { type: 'module' });

/** Reads files that were chosen or dropped, all of them as one thread. @returns whether they are loaded now. */
export async function loadPatchFiles(files: readonly File[]): Promise<boolean> {
  const large = files.find((f) => f.size > MAX_PATCH_BYTES);
  if (large !== undefined) {
    refuse(`${large.name} is too large`, `It has ${large.size} bytes; up to ${MAX_PATCH_BYTES >> 20} MiB can be read.`);
    return false;
  }
  const inputs: PatchInput[] = [];
  for (const file of files) {
    try {
      inputs.push({ name: file.name, content: new Uint8Array(await file.arrayBuffer()) });
    } catch (error) {
      refuse(`${file.name} cannot be read`, error instanceof Error ? error.message : String(error));
      return false;
    }
  }
  return loadPatch(inputs);
}

/**
 * Reads inputs in the worker and shows them. What was loaded before stays until the new set is there, and when there is
 * nothing in it that can be shown. @returns whether it is loaded now.
 */
export async function loadPatch(inputs: readonly PatchInput[]): Promise<boolean> {
  reader?.terminate();
  const mine = start();
  reader = mine;
  patchStore.setState({ reading: inputs.map((i) => i.name), problem: null });
  store.setState((s) => ({ codeView: 'patch', closed: new Set([...s.closed].filter((p) => p !== 'code')) }));
  try {
    const reply = await answer(mine, { kind: 'read', inputs });
    if (reader !== mine) return false;
    if (reply.kind === 'failed') throw new Error(reply.message);
    if (reply.kind !== 'read') throw new Error('the reader gave no answer');
    const { set, binding } = reply;
    if (set.files.length === 0 && set.messages.every((m) => m.form === 'bare'))
      throw new Error(
        set.problems[0]?.what ??
          'Neither a mail nor a diff was found. Expected an mbox, a mail, a .patch, a diff, or the text of an archive page.',
      );
    patchStore.setState({
      loaded: { set, binding, steps: new StepLines(binding) },
      reading: null,
      opening: false,
      line: firstLine(set),
      query: '',
      panel: null,
    });
    const broken = set.problems.filter((p) => p.severity === 'broken').length;
    store.setState({
      notice: `${set.messages.length} messages, ${set.files.filter((f) => !f.quoted).length} files read.${broken > 0 ? ` ${broken} parts are broken.` : ''}`,
    });
    return true;
  } catch (error) {
    if (reader === mine)
      refuse('This cannot be shown as a patch', error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    mine.terminate();
    if (reader === mine) reader = null;
  }
}

/** The first changed line, else the first of a body. */
function firstLine(set: PatchSet): number {
  const i = set.lines.kind.findIndex((k, at) => k === KIND.file && set.lines.depth[at] === 0);
  return i >= 0 ? i : (set.messages[0]?.body ?? 0);
}

function refuse(title: string, detail: string): void {
  patchStore.setState({ reading: null, problem: { title, details: [detail] } });
}

/** The worker's answer; its messages about progress go to `onProgress`. */
function answer(
  worker: Worker,
  request: PatchRequest,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<PatchReply> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('message', (e: MessageEvent<PatchReply>) => {
      if (e.data.kind === 'progress') onProgress(e.data.done, e.data.total);
      else resolve(e.data);
    });
    worker.addEventListener('error', (e) => reject(new Error(e.message || 'the reader stopped')));
    worker.postMessage(request);
  });
}

/** Runs the library in a worker and keeps what it executes; once is enough for every patch. */
export async function runCoverage(): Promise<void> {
  if (runner !== null || patchStore.getState().coverage !== null) return;
  const mine = start();
  runner = mine;
  patchStore.setState({ running: { done: 0, total: 0 } });
  try {
    const reply = await answer(mine, { kind: 'coverage' }, (done, total) => {
      if (runner === mine) patchStore.setState({ running: { done, total } });
    });
    if (reply.kind === 'coverage') patchStore.setState({ coverage: reply.coverage, problem: null });
    else if (reply.kind === 'failed') throw new Error(reply.message);
  } catch (error) {
    if (runner === mine) refuse('The library could not be run', error instanceof Error ? error.message : String(error));
  } finally {
    mine.terminate();
    if (runner === mine) {
      runner = null;
      patchStore.setState({ running: null });
    }
  }
}

/** Stops running the library. */
export function stopCoverage(): void {
  runner?.terminate();
  runner = null;
  patchStore.setState({ running: null });
}
