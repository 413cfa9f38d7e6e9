import type { SearchReply, SearchRequest } from '../../check/explorer/drive.ts';
import type { Question } from '../../check/explorer/question.ts';
import type { Found, SearchOptions } from '../../check/explorer/search.ts';
import { Team } from '../../check/explorer/team.ts';
import { addressAt } from '../address.ts';
import { copyText } from '../clipboard.ts';
import { engine } from '../engine.ts';
import { showTab } from '../panes.ts';
import { record } from '../recorder.ts';
import { store } from '../store.ts';
import { type SearchForm, searchStore } from './state.ts';

/** Room for about 2^21 states in each worker: 16 MiB. */
const STATE_BITS = 21;

/** What searches; null when nothing can be resumed. */
let team: Team | null = null;
let workers: readonly Worker[] = [];

/** Begins the search that the form describes; one that is under way ends. What is on the screen stays. */
export function startSearch(): void {
  endSearch();
  const { form } = searchStore.getState();
  searchStore.setState({ asked: form, running: true, progress: null, found: [], ms: 0, error: null });
  const mine: readonly Worker[] = Array.from(
    { length: form.workers },
    () => new Worker(new URL('../../worker/explorer.ts', import.meta.url), { type: 'module' }),
  );
  const sends = mine.map((worker) => (request: SearchRequest) => worker.postMessage(request));
  const together = new Team(optionsOf(form), sends, { told: () => show(together), failed: fail });
  mine.forEach((worker, index) => {
    worker.addEventListener('message', (e: MessageEvent<SearchReply>) => {
      if (team === together) together.hear(index, e.data);
    });
    worker.addEventListener('error', (e) => {
      if (team === together) fail(e.message || 'a worker of the search stopped');
    });
  });
  workers = mine;
  team = together;
  together.start();
}

const optionsOf = ({ question, revision, bound }: SearchForm): Omit<SearchOptions, 'part'> => ({
  question,
  revision,
  fixes: [],
  bound,
  stateBits: STATE_BITS,
  first: question.kind === 'site',
  peel: question.kind === 'rule' && revision !== 'fixed',
});

const show = ({ progress, found, ms, running }: Team): void =>
  searchStore.setState({ progress, found: [...found], ms, running });

function fail(message: string): void {
  endSearch();
  searchStore.setState({ error: message });
}

function endSearch(): void {
  for (const worker of workers) worker.terminate();
  workers = [];
  team = null;
  searchStore.setState({ running: false });
}

/** Lets the search stand still where it is; `resumeSearch` goes on from there. */
export function stopSearch(): void {
  team?.stop();
}

/** Goes on with a search that was stopped. */
export function resumeSearch(): void {
  if (team === null) return;
  searchStore.setState({ running: true });
  team.resume();
}

/** Shows the search with a question, and begins at once. */
export function ask(question: Question): void {
  const spec = store.getState().spec;
  searchStore.setState((s) => ({
    form: { ...s.form, question, ...(spec === null ? {} : { revision: spec.revision }) },
  }));
  showTab('search');
  startSearch();
}

/** Opens a hit as a recording, at the step where it shows. */
export async function playFound(found: Found): Promise<void> {
  if (await record(found.spec, found.step)) store.setState({ notice: `${found.rule} at step ${found.step + 1}.` });
}

/** Puts a link to a hit on the clipboard. */
export async function copyFound(found: Found): Promise<void> {
  const { encodeLink } = await engine();
  const fragment = await encodeLink({ spec: found.spec, step: found.step });
  await copyText(addressAt(fragment), 'Link');
}
