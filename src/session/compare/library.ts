import { createStore } from 'zustand/vanilla';
import type { CompareReply, CompareRequest } from '../../recording/compare/messages.ts';
import { type RunComparison, comparable, isSame } from '../../recording/compare/runs.ts';
import { parseLane } from '../../scenario/lane.ts';
import { LIBRARY, scenarioById } from '../../scenario/library/index.ts';
import type { Scenario } from '../../scenario/types.ts';
import { store } from '../store.ts';
import { makeLanes } from './lanes.ts';
import { startRecorder } from '../recorder-worker.ts';

/** Many scenarios run in two ways: what is asked, and what has come of it so far. */
export interface LibraryState {
  readonly a: string;
  readonly b: string;
  /** words that a scenario's title, id or tags must have; '' = all scenarios */
  readonly filter: string;
  /** the ways of the results, which may be asked anew meanwhile */
  readonly ran: readonly [a: string, b: string] | null;
  readonly running: boolean;
  readonly of: number;
  /** scenarios left out because their request is too large */
  readonly left: readonly string[];
  /** done so far */
  readonly done: number;
  /** those that differ or could not be run */
  readonly differ: readonly RunComparison[];
  readonly error: string;
}

export const libraryStore = createStore<LibraryState>(() => ({
  a: 'v2',
  b: 'fixed',
  filter: '',
  ran: null,
  running: false,
  of: 0,
  left: [],
  done: 0,
  differ: [],
  error: '',
}));

let worker: Worker | null = null;

/** Stops; what is done stays. */
export function stopLibrary(): void {
  worker?.terminate();
  worker = null;
  libraryStore.setState({ running: false });
}

/** Scenarios that have every word in title, id or tags; the person's own scenario counts when it is open. */
function chosen(filter: string): readonly Scenario[] {
  const open = store.getState().spec?.scenario;
  const all = open === undefined || scenarioById(open.id) === open ? LIBRARY : [open, ...LIBRARY];
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((s) => {
    const text = [s.title, s.id, ...(s.tags ?? []), ...(s.source ?? [])].join(' ').toLowerCase();
    return words.every((w) => text.includes(w));
  });
}

/** Why a way cannot be used; '' when it can. */
function objection(name: string, way: string): string {
  const [first] = LIBRARY;
  const read = first === undefined ? undefined : parseLane(way, first);
  return read?.error === undefined ? '' : `${name}: “${read.error.word}” is unknown; expected ${read.error.expected}.`;
}

/** Runs the chosen scenarios in both ways in a worker, one by one; results come as they are found. */
export function runLibrary(): void {
  stopLibrary();
  const { a, b, filter } = libraryStore.getState();
  const ways = [a, b].map((way) => way.trim().replaceAll(/[\s,]+/g, '+')) as [string, string];
  const error = objection('A', ways[0]) || objection('B', ways[1]);
  const { taken, left } = comparable(chosen(filter));
  const none = taken.length === 0 ? 'No scenario has these words.' : '';
  libraryStore.setState({ error: error || none });
  if (error !== '' || none !== '') return;
  libraryStore.setState({
    ran: ways,
    running: true,
    of: taken.length,
    left: left.map((s) => s.id),
    done: 0,
    differ: [],
  });
  const mine = startRecorder();
  worker = mine;
  mine.addEventListener('message', (e: MessageEvent<CompareReply>) => {
    if (worker === mine) take(e.data);
  });
  mine.addEventListener('error', (e) => take({ kind: 'failed', lane: -1, message: e.message || 'the worker stopped' }));
  const scenarios = taken.map((s) => (scenarioById(s.id) === s ? s.id : s));
  mine.postMessage({ kind: 'library', a: ways[0], b: ways[1], scenarios } satisfies CompareRequest);
}

function take(reply: CompareReply): void {
  if (reply.kind === 'compared')
    libraryStore.setState((s) => ({
      done: s.done + 1,
      differ: isSame(reply.result) ? s.differ : [...s.differ, reply.result],
    }));
  else {
    stopLibrary();
    if (reply.kind === 'failed') libraryStore.setState({ error: reply.message });
  }
}

/** Lays the two runs of a result side by side, at the first step that differs. */
export function openResult(result: RunComparison): void {
  const { ran } = libraryStore.getState();
  const open = store.getState().spec?.scenario;
  const scenario = open?.id === result.scenario ? open : scenarioById(result.scenario);
  if (ran === null || scenario === undefined) return;
  const specs = ran.flatMap((way) => {
    const read = parseLane(way, scenario);
    return read.error === undefined ? [read.ok] : [];
  });
  if (specs.length === 2) void makeLanes(specs);
}
