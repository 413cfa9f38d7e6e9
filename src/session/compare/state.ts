import { createStore } from 'zustand/vanilla';
import type { Alignment } from '../../recording/compare/align.ts';
import type { Outcome } from '../../recording/compare/outcome.ts';
import type { Recording } from '../../recording/recording.ts';
import type { RunSpec } from '../../scenario/types.ts';
import type { Window } from '../window.ts';

/** One recording among several shown side by side. */
export interface Lane {
  readonly spec: RunSpec;
  readonly name: string;
  readonly recording: Recording;
  /** what it comes to beside the first lane; null for that one */
  readonly outcome: Outcome | null;
}

/** The lanes in place and how they lie beside each other. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly alignment: Alignment;
}

/** Piece of app state of the comparison. It lives beside the app's store: nobody loads it before the first comparison. */
export interface CompareState {
  /** number of the lanes in place; new ones get the next number, 0 = none yet */
  readonly made: number;
  /** lane whose recording is the one that all commands move */
  readonly lead: number;
  /** column of the alignment at which all lanes stand, -1 = before the first */
  readonly column: number;
  /** columns that the tracks show: first and end (not included) */
  readonly window: Window;
  /** lanes recorded so far of those that are being made; null = none are */
  readonly job: { readonly done: number; readonly of: number } | null;
  /** the table shows only columns where lanes differ */
  readonly onlyDifferences: boolean;
  /** which part is in front below the lanes */
  readonly tab: CompareTab;
}

export type CompareTab = 'steps' | 'outcome' | 'library' | 'trace';

export const compareStore = createStore<CompareState>(() => ({
  made: 0,
  lead: 0,
  column: -1,
  window: [0, 1],
  job: null,
  onlyDifferences: true,
  tab: 'steps',
}));

let current: Lanes | null = null;

/** The lanes in place; null before the first comparison. */
export function lanesInPlace(): Lanes | null {
  return current;
}

/** Puts lanes in place; the store is told by the caller. */
export function setLanesInPlace(lanes: Lanes | null): void {
  current = lanes;
}
