import { createStore } from 'zustand/vanilla';
import { drawVma, unmapPages } from '../scenario/edit/draw.ts';
import { ERASER, type NamedBrush, SMALL_BRUSHES } from '../scenario/edit/brushes.ts';
import { adjust, paint } from '../scenario/edit/paint.ts';
import type { Path } from '../scenario/edit/fields.ts';
import { areaStart } from '../scenario/edit/areas.ts';
import type { ScenarioProblem } from '../scenario/error.ts';
import type { RunSpec, Scenario, ScenarioVma } from '../scenario/types.ts';
import { routeOf, withRoute } from './routes.ts';
import type { EntryKind } from '../scene/entry-view.ts';
import type { Outcome } from '../scene/outcome.ts';

/** What a trial run of the draft came to. */
export type Preview =
  | { readonly kind: 'none' }
  /** larger than a preview records; the run itself is still possible */
  | { readonly kind: 'large'; readonly pages: number }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'ran';
      readonly outcome: Outcome;
      /** kinds of the entries after the run, for the pages of the area in view */
      readonly after: readonly EntryKind[];
      readonly area: number;
    };

/** The scenario that is being drawn. It outlives its dialog, so that closing it loses nothing. */
export interface EditorState {
  /** run that the draft began with; its strategy, revision and switches are kept */
  readonly base: RunSpec | null;
  readonly draft: Scenario | null;
  /** earlier and undone drafts, the nearest last */
  readonly past: readonly Scenario[];
  readonly future: readonly Scenario[];
  /** selected pages [from, to), and the end that moves */
  readonly from: number;
  readonly to: number;
  readonly cursor: number;
  /** first page of the 2 MiB area in view */
  readonly area: number;
  readonly brush: NamedBrush;
  readonly problems: readonly ScenarioProblem[];
  readonly preview: Preview;
}

/** Drafts that can be taken back. */
const MOST_PAST = 200;

export const editor = createStore<EditorState>(() => ({
  base: null,
  draft: null,
  past: [],
  future: [],
  from: 0,
  to: 1,
  cursor: 0,
  area: 0,
  brush: SMALL_BRUSHES[0] ?? ERASER,
  problems: [],
  preview: { kind: 'none' },
}));

const get = editor.getState;
const set = editor.setState;

/** Begins with the scenario of a run; what was drawn before can be had back by undo. */
export function editScenario(base: RunSpec): void {
  const { draft, past } = get();
  const before = draft === null || draft === base.scenario ? past : [...past, draft];
  const { start } = base.scenario.request;
  set({ base, draft: base.scenario, past: before.slice(-MOST_PAST), future: [] });
  select(start, start + 1);
}

/** Puts another draft in place; the one before can be had back. */
export function change(next: Scenario): void {
  const { draft, past } = get();
  if (draft === null || next === draft) return;
  set({ draft: next, past: [...past, draft].slice(-MOST_PAST), future: [] });
}

export function undo(): void {
  const { draft, past, future } = get();
  const before = past.at(-1);
  if (draft === null || before === undefined) return;
  set({ draft: before, past: past.slice(0, -1), future: [...future, draft] });
}

export function redo(): void {
  const { draft, past, future } = get();
  const next = future.at(-1);
  if (draft === null || next === undefined) return;
  set({ draft: next, past: [...past, draft], future: future.slice(0, -1) });
}

/** Selects pages [from, to) and brings the area of the end that moves into view. */
export function select(from: number, to: number, cursor = from): void {
  const { draft } = get();
  if (draft !== null) set({ from, to, cursor, area: areaStart(draft, cursor) });
}

/** Moves the cursor by pages; with `extend` the selection grows from its other end. */
export function moveCursor(by: number, extend: boolean): void {
  const { from, to, cursor } = get();
  const next = cursor + by;
  if (!extend) return select(next, next + 1);
  const anchor = cursor === from ? to - 1 : from;
  select(Math.min(anchor, next), Math.max(anchor, next) + 1, next);
}

/** Paints the selected pages with a brush, or the one in hand. */
export function paintSelection(brush = get().brush): void {
  const { draft, from, to } = get();
  if (draft !== null) change(paint(draft, from, to, brush.brush));
}

/** Sets one field of the selected pages' entries. */
export function adjustSelection(path: Path, value: unknown): void {
  const { draft, from, to } = get();
  if (draft !== null) change(adjust(draft, from, to, path, value));
}

/** Draws a VMA over the selected pages. */
export function mapSelection(vma: Omit<ScenarioVma, 'start' | 'end'>): void {
  const { draft, from, to } = get();
  if (draft !== null) change(drawVma(draft, { ...vma, start: from, end: to }));
}

/** Takes mapping and entries of the selected pages away. */
export function unmapSelection(): void {
  const { draft, from, to } = get();
  if (draft !== null) change(unmapPages(draft, from, to));
}

/** Asks for the selected pages. */
export function requestSelection(): void {
  const { draft, from, to } = get();
  if (draft !== null) change({ ...draft, request: { ...draft.request, start: from, end: to } });
}

/** The run of the draft: a scenario that was changed is no longer the one of the library. */
export function draftSpec(): RunSpec | null {
  const { base, draft } = get();
  if (base === null || draft === null) return null;
  if (draft === base.scenario) return base;
  const id =
    draft.id === base.scenario.id ? `${draft.id.slice(0, 70)}-edited`.replace(/(-edited)+$/, '-edited') : draft.id;
  const scenario = { ...draft, id };
  const route = routeOf(base);
  // Operations that a route makes from the request follow the request.
  return route === undefined ? { ...base, scenario } : withRoute({ ...base, scenario }, route);
}
