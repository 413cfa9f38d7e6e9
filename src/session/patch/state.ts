import { createStore } from 'zustand/vanilla';
import type { Binding } from '../../patch/anchor/bind.ts';
import type { Coverage } from '../../patch/coverage.ts';
import type { PatchSet } from '../../patch/read/types.ts';
import type { Scope } from '../../patch/rows.ts';
import type { RunSpec } from '../../scenario/types.ts';
import type { StepLines } from '../../patch/step-line.ts';
import type { Problem } from '../store.ts';

/** What was read, and what of the model is bound to it. */
export interface LoadedPatch {
  readonly set: PatchSet;
  readonly binding: Binding;
  readonly steps: StepLines;
}

/** A search for a state and a schedule in which a statement runs (or, with `rule`, a rule is broken). */
export interface Reach {
  /** what is looked for, in words */
  readonly what: string;
  /** `function:label`, or the ledger row that the search is about */
  readonly about: string;
  /** memories and runs tried so far, weight being tried, heaviest weight */
  readonly drafts: number;
  readonly runs: number;
  readonly weight: number;
  readonly bound: number;
  readonly running: boolean;
  /** every memory up to the bound was tried */
  readonly complete: boolean;
  readonly found: { readonly spec: RunSpec; readonly step: number } | null;
}

export type SidePanel = 'outline' | 'remarks' | 'problems' | 'sites' | 'range';

/** The patch that is being reviewed. It lives beside the app's store: nobody loads it before the first patch. */
export interface PatchState {
  readonly loaded: LoadedPatch | null;
  /** names of the inputs that are being read now */
  readonly reading: readonly string[] | null;
  /** why the last input could not be read; what was loaded before stays */
  readonly problem: Problem | null;
  readonly scope: Scope;
  /** before and after side by side */
  readonly split: boolean;
  /** current line of the table, -1 = none */
  readonly line: number;
  readonly panel: SidePanel | null;
  readonly query: string;
  readonly coverage: Coverage | null;
  /** the library is being run: runs done and all runs */
  readonly running: { readonly done: number; readonly total: number } | null;
  /** searches made so far, by what they are about */
  readonly reached: ReadonlyMap<string, Reach>;
  /** the form for another patch is open over the one that is loaded */
  readonly opening: boolean;
  /** view of a link to a line whose patch is not loaded yet */
  readonly wanted: string | null;
  /** step at which a link opened a line: there the cursor does not take the patch along; null = nowhere */
  readonly held: number | null;
}

export const patchStore = createStore<PatchState>(() => ({
  loaded: null,
  reading: null,
  problem: null,
  scope: 'patches',
  split: false,
  line: -1,
  panel: null,
  query: '',
  coverage: null,
  running: null,
  reached: new Map(),
  opening: false,
  wanted: null,
  held: null,
}));
