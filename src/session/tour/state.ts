import { createStore } from 'zustand/vanilla';
import type { Tour } from '../../tour/types.ts';
import type { AppState } from '../store.ts';

/** An answer that was committed. */
export interface Given {
  /** index of the chosen answer, or of the one that most hands were raised for; -1 = it was told without one */
  readonly choice: number;
  readonly right: boolean;
  /** hands raised for each answer, when a hall has answered */
  readonly hands?: readonly number[];
}

/** The tour that is open. It lives beside the app's store: nobody loads it before the first tour. */
export interface TourState {
  readonly tour: Tour | null;
  /** the tour ships: a link names it by its id */
  readonly ships: boolean;
  /** index of the stop, -1 before the first is open */
  readonly stop: number;
  /** step of the stop in the recording in place; null while it is being made, or when the stop failed */
  readonly step: number | null;
  /** why the stop cannot be shown */
  readonly error: string | null;
  /** the tour is being edited */
  readonly editing: boolean;
  /** goes up when stops were added, moved or taken away, or a change was taken back: fields read their values anew */
  readonly version: number;
  /** answers by stop */
  readonly given: ReadonlyMap<number, Given>;
  /** panes as they were before the tour laid them out */
  readonly before: Pick<AppState, 'closed' | 'tab'> | null;
}

export const NO_TOUR: TourState = {
  tour: null,
  ships: false,
  stop: -1,
  step: null,
  error: null,
  editing: false,
  version: 0,
  given: new Map(),
  before: null,
};

export const tourStore = createStore<TourState>(() => NO_TOUR);
