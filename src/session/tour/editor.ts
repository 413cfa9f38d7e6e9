import { changed, compact, inserted, moved, removed, stopAt, tourOf, withRuns } from '../../tour/edit.ts';
import { parseTour } from '../../tour/parse.ts';
import type { Tour, TourStop } from '../../tour/types.ts';
import { addressAt } from '../address.ts';
import { copyAddress } from '../clipboard.ts';
import { loaded } from '../player.ts';
import { saveText } from '../save.ts';
import { storage } from '../settings.ts';
import { store } from '../store.ts';
import { encodeTour } from './link.ts';
import { goToStop, openTour } from './player.ts';
import { tourStore } from './state.ts';

const get = tourStore.getState;
const set = tourStore.setState;

/** Where the browser keeps the tour that is being written: nothing is lost by closing it. */
const DRAFT = 'tour-draft';
/** Changes that can be taken back. */
const MOST_PAST = 100;

let past: { readonly tour: Tour; readonly stop: number }[] = [];

/** Starts a tour with the step on the screen as its first stop. */
export async function newTour(): Promise<void> {
  const stop = here();
  if (stop === null) return;
  past = [];
  await openTour(tourOf(stop));
  set({ editing: true });
  keep();
}

/** Edits the tour that is open; one that ships becomes a copy of one's own. */
export function editTour(): void {
  const { tour, ships } = get();
  if (tour === null) return;
  past = [];
  const own = ships ? { ...tour, id: `${tour.id}-copy`, title: `${tour.title} (copy)` } : tour;
  set({ tour: withRuns(own), ships: false, editing: true });
}

/** Ends editing: the tour is played as others see it. */
export function endEdit(): void {
  set({ editing: false });
}

/** The tour that was being written when the page was left; null when there is none. */
export function draft(): Tour | null {
  const text = storage.getItem(DRAFT);
  return text === null ? null : (parseTour(text).ok ?? null);
}

/** Goes on with it. */
export async function openDraft(): Promise<void> {
  const tour = draft();
  if (tour === null) return;
  past = [];
  await openTour(withRuns(tour));
  set({ editing: true });
}

function here(): TourStop | null {
  const l = loaded();
  const { step, closed, tab } = store.getState();
  return l === null ? null : stopAt(l.spec, l.recording, step, { closed: [...closed], tab });
}

/** Puts the step on the screen, with its panes, behind the stop that is open. */
export function addStopHere(): void {
  const stop = here();
  const { tour, stop: at } = get();
  if (stop === null || tour === null) return;
  change(inserted(tour, at, stop), at + 1);
  store.setState({ notice: 'Stop added.' });
}

/** The stop stands where the cursor is now, with the panes as they are. */
export function moveStopHere(): void {
  const stop = here();
  const { tour, stop: at } = get();
  if (stop === null || tour === null) return;
  const { run, at: place, expect, panes } = stop;
  change(changed(tour, at, { run, at: place, expect, panes }), at);
  store.setState({ notice: 'The stop stands here now.' });
}

export function removeStop(): void {
  const { tour, stop } = get();
  if (tour === null) return;
  if (tour.stops.length < 2) store.setState({ notice: 'A tour has at least one stop.' });
  else change(removed(tour, stop), Math.min(stop, tour.stops.length - 2));
}

export function shiftStop(by: 1 | -1): void {
  const { tour, stop } = get();
  if (tour === null) return;
  const next = moved(tour, stop, by);
  if (next !== tour) change(next, stop + by);
}

/** Changes texts of the stop, its place or its question. */
export function changeStop(fields: Parameters<typeof changed>[2]): void {
  const { tour, stop } = get();
  if (tour === null) return;
  push();
  set({ tour: changed(tour, stop, fields) });
  keep();
  if (fields.at !== undefined) void goToStop(stop);
}

/** Changes what is said about the whole tour. */
export function changeTour(fields: Partial<Omit<Tour, 'format' | 'version' | 'stops'>>): void {
  const { tour } = get();
  if (tour === null) return;
  push();
  set({ tour: { ...tour, ...fields } });
  keep();
}

/** Takes the last change back. */
export function undoEdit(): void {
  const last = past.pop();
  if (last === undefined) return store.setState({ notice: 'Nothing to take back.' });
  set((s) => ({ tour: last.tour, version: s.version + 1 }));
  keep();
  void goToStop(last.stop);
}

function push(): void {
  const { tour, stop } = get();
  if (tour !== null) past = [...past.slice(-MOST_PAST + 1), { tour, stop }];
}

function change(tour: Tour, stop: number): void {
  push();
  set((s) => ({ tour, version: s.version + 1 }));
  keep();
  void goToStop(stop);
}

function keep(): void {
  const { tour } = get();
  if (tour !== null) storage.setItem(DRAFT, JSON.stringify(compact(tour)));
}

/** The tour as a file. */
function tourFile(): string {
  const { tour } = get();
  return tour === null ? '' : `${JSON.stringify(compact(tour), undefined, 2)}\n`;
}

/** Saves the tour as a JSON file. */
export function saveTour(): void {
  const { tour } = get();
  if (tour === null) return;
  saveText(`${tour.id}.walkscope-tour.json`, 'application/json', tourFile());
  store.setState({ notice: 'Saved.' });
}

/** Puts a link to the tour at this stop on the clipboard, or into the address bar. */
export async function copyTourLink(): Promise<void> {
  const { tour, stop, ships } = get();
  if (tour === null) return;
  const link = await encodeTour(compact(tour), Math.max(0, stop), ships);
  await copyAddress(addressAt(link, ''), 'Link to the tour');
}
