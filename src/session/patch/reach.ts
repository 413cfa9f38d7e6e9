import type { SearchReply, SearchRequest } from '../../check/explorer/drive.ts';
import { type Question, questionText } from '../../check/explorer/question.ts';
import { record } from '../recorder.ts';
import { store } from '../store.ts';
import { type Reach, patchStore } from './state.ts';

/** Weight of the heaviest memories that a search from the patch tries: the standard bound of the command line. */
const BOUND = 3;
const STATE_BITS = 20;

let searcher: Worker | null = null;
let stopped: (() => void) | null = null;

function note(reach: Reach): void {
  patchStore.setState((s) => ({ reached: new Map(s.reached).set(reach.about, reach) }));
}

/**
 * Looks for a memory and a schedule in which something happens, and opens the first that is found. The search is
 * exhaustive up to its bound; what it has not found is not there up to that bound, and no more is said.
 * @param about under which name the outcome is kept: a site, or a row of the ledger.
 * @param fixes switches that are on, because what they mend would be found first.
 */
export function search(about: string, question: Question, fixes: readonly string[] = []): void {
  stopSearch();
  const worker = new Worker(new URL('../../worker/explorer.ts', import.meta.url), { type: 'module' });
  searcher = worker;
  const what = `${questionText(question)}${fixes.length > 0 ? `, with ${fixes.join(', ')} mended` : ''}`;
  let last: Reach = {
    what,
    about,
    drafts: 0,
    runs: 0,
    weight: 0,
    bound: BOUND,
    running: true,
    complete: false,
    found: null,
  };
  note(last);
  stopped = () => note({ ...last, running: false });
  const end = (): void => {
    worker.terminate();
    if (searcher === worker) {
      searcher = null;
      stopped = null;
    }
  };
  worker.addEventListener('message', (e: MessageEvent<SearchReply>) => {
    if (searcher !== worker || e.data.kind === 'states') return;
    if (e.data.kind === 'failed') {
      note({ ...last, running: false });
      store.setState({ problem: { title: 'The search failed', details: [e.data.message] } });
      end();
      return;
    }
    const { progress, found, running } = e.data;
    const hit = found[0];
    last = {
      ...last,
      drafts: progress.drafts,
      runs: progress.runs,
      weight: progress.weight,
      running,
      complete: progress.complete && progress.cut === 0,
      found: last.found ?? (hit === undefined ? null : { spec: hit.spec, step: hit.step }),
    };
    note(last);
    if (!running) {
      end();
      if (last.found !== null) void openFound(last);
    }
  });
  worker.addEventListener('error', (e) => {
    note({ ...last, running: false });
    store.setState({ problem: { title: 'The search stopped', details: [e.message] } });
    end();
  });
  worker.postMessage({
    kind: 'start',
    options: {
      question,
      revision: 'v2',
      fixes,
      bound: BOUND,
      part: { index: 0, of: 1 },
      stateBits: STATE_BITS,
      first: true,
      peel: false,
    },
  } satisfies SearchRequest);
}

/** Stops the search; what it has tried so far stays. */
export function stopSearch(): void {
  searcher?.terminate();
  searcher = null;
  stopped?.();
  stopped = null;
}

/** Opens what a search has found, at the step that it is about. */
export async function openFound(reach: Reach): Promise<void> {
  if (reach.found !== null && (await record(reach.found.spec, reach.found.step)))
    store.setState({ notice: `Found: ${reach.what}.` });
}

/** What a search has come to, in one sentence that claims no more than was tried. */
export function reachText(reach: Reach): string {
  const tried = `${reach.drafts} memories, ${reach.runs} runs`;
  if (reach.found !== null) return `found after ${tried}`;
  if (reach.running) return `searching: weight ${reach.weight} of ${reach.bound}, ${tried}`;
  return reach.complete
    ? `search found no such state within bound ${reach.bound} (${tried}, all of them)`
    : `not found so far; the search was stopped at weight ${reach.weight} of ${reach.bound} (${tried})`;
}
