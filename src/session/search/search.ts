import type { SearchReply, SearchRequest } from '../../check/explorer/drive.ts';
import type { Question } from '../../check/explorer/question.ts';
import type { Found, SearchOptions } from '../../check/explorer/search.ts';
import { engine } from '../engine.ts';
import { record } from '../recorder.ts';
import { store } from '../store.ts';
import { searchStore } from './state.ts';

/** Room for about 2^21 states: 16 MiB. */
const STATE_BITS = 21;

let worker: Worker | null = null;

const tell = (request: SearchRequest): void => worker?.postMessage(request);

/** Begins the search that the form describes; one that is under way ends. What is on the screen stays. */
export function startSearch(): void {
  endSearch();
  const { form } = searchStore.getState();
  searchStore.setState({ asked: form, running: true, progress: null, found: [], ms: 0, error: null });
  const options: SearchOptions = {
    question: form.question,
    revision: form.revision,
    fixes: [],
    bound: form.bound,
    part: { index: 0, of: 1 },
    stateBits: STATE_BITS,
    first: form.question.kind === 'site',
    peel: form.question.kind === 'rule' && form.revision !== 'fixed',
  };
  const mine = new Worker(new URL('../../worker/explorer.ts', import.meta.url), { type: 'module' });
  worker = mine;
  mine.addEventListener('message', (e: MessageEvent<SearchReply>) => {
    if (worker === mine) hear(e.data);
  });
  mine.addEventListener('error', (e) => {
    if (worker === mine) fail(e.message || 'the explorer stopped');
  });
  tell({ kind: 'start', options });
}

function hear(reply: SearchReply): void {
  if (reply.kind === 'failed') fail(reply.message);
  else if (reply.kind === 'progress')
    searchStore.setState((s) => ({
      progress: reply.progress,
      found: reply.found.length === 0 ? s.found : [...s.found, ...reply.found],
      ms: reply.ms,
      running: reply.running,
    }));
}

function fail(message: string): void {
  endSearch();
  searchStore.setState({ error: message });
}

function endSearch(): void {
  worker?.terminate();
  worker = null;
  searchStore.setState({ running: false });
}

/** Lets the search stand still where it is; `resumeSearch` goes on from there. */
export function stopSearch(): void {
  tell({ kind: 'stop' });
}

/** Goes on with a search that was stopped. */
export function resumeSearch(): void {
  if (worker === null) return;
  searchStore.setState({ running: true });
  tell({ kind: 'resume' });
}

/** Shows the search with a question, and begins at once. */
export function ask(question: Question): void {
  const spec = store.getState().spec;
  searchStore.setState((s) => ({
    form: { ...s.form, question, ...(spec === null ? {} : { revision: spec.revision }) },
  }));
  showSearch();
  startSearch();
}

/** Brings the search to the front. */
export function showSearch(): void {
  store.setState((s) => ({ tab: 'search', closed: new Set([...s.closed].filter((p) => p !== 'text')) }));
}

/** Opens a hit as a recording, at the step where it shows. */
export async function playFound(found: Found): Promise<void> {
  if (await record(found.spec, found.step)) store.setState({ notice: `${found.rule} at step ${found.step + 1}.` });
}

/** Puts a link to a hit on the clipboard. */
export async function copyFound(found: Found): Promise<void> {
  const { encodeLink } = await engine();
  const fragment = await encodeLink({ spec: found.spec, step: found.step });
  try {
    await navigator.clipboard.writeText(`${location.href.replace(/#.*$/, '')}${fragment}`);
    store.setState({ notice: 'Link copied.' });
  } catch {
    store.setState({ notice: 'The clipboard cannot be written: play the hit, then copy the address.' });
  }
}
