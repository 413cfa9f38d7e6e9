import type { Binding } from '../../patch/anchor/bind.ts';
import type { PatchReply, PatchRequest } from '../../patch/messages.ts';
import type { PatchInput } from '../../patch/read/types.ts';
import { StepLines } from '../../patch/step-line.ts';
import { KIND } from '../../patch/read/kinds.ts';
import type { PatchSet } from '../../patch/read/types.ts';
import { showCode } from '../panes.ts';
import { store } from '../store.ts';
import { openLineLink } from './line-link.ts';
import { patchStore } from './state.ts';

/** Files above this size are refused before a byte is read. */
export const MAX_PATCH_BYTES = 64 * 1024 * 1024;

/** the worker that reads now */
let reader: Worker | null = null;
/** a worker that has loaded its code and waits for work */
let idle: Worker | null = null;
let runner: Worker | null = null;

const start = (): Worker => new Worker(new URL('../../worker/patch.ts', import.meta.url), { type: 'module' });

/** Starts the reader before it is needed: its code is as large as the engine's. */
export function warmReader(): void {
  if (reader === null) idle ??= start();
}

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
  const mine = idle ?? start();
  idle = null;
  reader = mine;
  patchStore.setState({ reading: inputs.map((i) => i.name), problem: null });
  showCode('patch');
  let begun = false;
  try {
    const reply = await answer(mine, { kind: 'read', inputs }, (early) => {
      // The beginning of a large input is there to be looked at while the rest is read.
      if (early.kind !== 'read' || reader !== mine || nothingIn(early.set)) return;
      begun = true;
      show(early.set, early.binding, firstLine(early.set));
    });
    if (reader !== mine) return false;
    if (reply.kind === 'failed') throw new Error(reply.message);
    if (reply.kind !== 'read') throw new Error('the reader gave no answer');
    const { set, binding } = reply;
    if (nothingIn(set))
      throw new Error(
        set.problems[0]?.what ??
          'Neither a mail nor a diff was found. Expected an mbox, a mail, a .patch, a diff, or the text of an archive page.',
      );
    // The beginning has the same lines in the same places: who has moved in it stays there.
    show(set, binding, begun ? patchStore.getState().line : firstLine(set));
    patchStore.setState({ reading: null });
    const broken = set.problems.filter((p) => p.severity === 'broken').length;
    store.setState({
      notice: `${set.messages.length} messages, ${set.files.filter((f) => !f.quoted).length} files read.${broken > 0 ? ` ${broken} parts are broken.` : ''}`,
    });
    idle ??= mine;
    const { wanted } = patchStore.getState();
    if (wanted !== null) openLineLink(wanted);
    return true;
  } catch (error) {
    mine.terminate();
    if (reader === mine)
      refuse('This cannot be shown as a patch', error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    if (reader === mine) reader = null;
  }
}

/** Nothing was recognised: the text is neither a mail nor a diff. */
const nothingIn = (set: PatchSet): boolean => set.files.length === 0 && set.messages.every((m) => m.form === 'bare');

function show(set: PatchSet, binding: Binding, line: number): void {
  patchStore.setState((s) => ({
    loaded: { set, binding, steps: new StepLines(binding) },
    opening: false,
    line,
    query: s.opening || s.loaded === null ? '' : s.query,
    panel: null,
  }));
}

/** The first changed line, else the first of a body. */
function firstLine(set: PatchSet): number {
  const i = set.lines.kind.findIndex((k, at) => k === KIND.file && set.lines.depth[at] === 0);
  return i >= 0 ? i : (set.messages[0]?.body ?? 0);
}

function refuse(title: string, detail: string): void {
  patchStore.setState({ reading: null, problem: { title, details: [detail] } });
}

/** The worker's last answer; what it says before that goes to `onEarly`. */
function answer(worker: Worker, request: PatchRequest, onEarly: (reply: PatchReply) => void): Promise<PatchReply> {
  return new Promise((resolve, reject) => {
    // The worker may be asked again: the listeners go with the answer.
    const listening = new AbortController();
    const { signal } = listening;
    const settle = (how: () => void): void => {
      listening.abort();
      how();
    };
    worker.addEventListener(
      'message',
      (e: MessageEvent<PatchReply>) => {
        if (e.data.kind === 'progress' || (e.data.kind === 'read' && e.data.partial)) onEarly(e.data);
        else settle(() => resolve(e.data));
      },
      { signal },
    );
    worker.addEventListener('error', (e) => settle(() => reject(new Error(e.message || 'the reader stopped'))), {
      signal,
    });
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
    const reply = await answer(mine, { kind: 'coverage' }, (early) => {
      if (runner === mine && early.kind === 'progress')
        patchStore.setState({ running: { done: early.done, total: early.total } });
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
