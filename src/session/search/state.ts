import { createStore } from 'zustand/vanilla';
import type { Question } from '../../check/explorer/question.ts';
import type { Found, SearchProgress } from '../../check/explorer/search.ts';
import type { Revision } from '../../scenario/types.ts';

/** What the search is asked, as the form has it. */
export interface SearchForm {
  readonly question: Question;
  readonly revision: Revision;
  readonly bound: number;
  /** how many work at it; each is a thread and 16 MiB for its states */
  readonly workers: number;
}

/** Workers that may be asked for: as many as the machine says it has processors, up to 8. */
export const MOST_WORKERS = Math.min(8, Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1));

/** The search: what is asked, how it goes, what it has found. Beside the app's store, because few ever search. */
export interface SearchState {
  readonly form: SearchForm;
  /** what the search under way (or the last one) was asked; null before the first */
  readonly asked: SearchForm | null;
  readonly running: boolean;
  readonly progress: SearchProgress | null;
  readonly found: readonly Found[];
  /** milliseconds of searching */
  readonly ms: number;
  /** why it ended early; null when it did not */
  readonly error: string | null;
}

export const searchStore = createStore<SearchState>(() => ({
  form: {
    question: { kind: 'rule', rule: 'all' },
    revision: 'v2',
    bound: 2,
    // One processor is left to the page.
    workers: Math.max(1, MOST_WORKERS - 1),
  },
  asked: null,
  running: false,
  progress: null,
  found: [],
  ms: 0,
  error: null,
}));
