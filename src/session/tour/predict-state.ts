import { createStore } from 'zustand/vanilla';
import type { Question } from '../../tour/questions/question.ts';
import type { Given } from './state.ts';

/** A question that was answered, for the score sheet. */
export interface Scored {
  readonly scenario: string;
  readonly step: number;
  /** Markdown */
  readonly text: string;
  readonly given: string;
  readonly right: string;
  readonly isRight: boolean;
  /** the cursor stood behind the step already: the answer could be seen */
  readonly seen: boolean;
  /** hands raised for the right answer, and all of them, when a hall has answered */
  readonly hands: readonly [right: number, all: number] | null;
}

/** Prediction: the set of questions of the recording in place, and what was answered. */
export interface PredictState {
  /** the same seed gives the same questions; text, so that a lecturer can say it aloud */
  readonly seed: string;
  /** number of the recording that the set is about */
  readonly recording: number;
  /** by ascending step */
  readonly set: readonly Question[];
  /** answers by step */
  readonly given: ReadonlyMap<number, Given>;
  /** the question that is on the card; null = none asks now */
  readonly asked: Question | null;
  /** everything answered since the page was opened */
  readonly sheet: readonly Scored[];
}

export const predictStore = createStore<PredictState>(() => ({
  seed: '',
  recording: 0,
  set: [],
  given: new Map(),
  asked: null,
  sheet: [],
}));
