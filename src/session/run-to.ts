import { type Landmark, neighbour } from '../recording/landmarks.ts';
import { type Way, toPage, toSite } from '../recording/moves.ts';
import { goTo, loaded } from './player.ts';
import { store } from './store.ts';

/** What each kind of landmark is called in a sentence. */
export const LANDMARK_NAMES: Readonly<Record<Landmark, string>> = {
  lock: 'lock',
  fault: 'fault',
  split: 'split',
  migration: 'migration entry',
  flush: 'TLB flush',
  notifier: 'notifier call',
  retry: 'retry',
  finding: 'finding',
};

/** Goes to a step that a search gave, or says that there is none. */
export function arrive(step: number, what: string, way: Way): void {
  if (step < 0) store.setState({ notice: `No ${way === 1 ? 'later' : 'earlier'} ${what}.` });
  else goTo(step);
}

export function runToLandmark(kind: Landmark, way: Way): void {
  const l = loaded();
  if (l) arrive(neighbour(l.landmarks[kind], store.getState().step, way), LANDMARK_NAMES[kind], way);
}

export function runToBreakpoint(way: Way): void {
  const l = loaded();
  const { step, breakpoints } = store.getState();
  if (!l) return;
  if (breakpoints.size === 0)
    store.setState({ notice: 'No breakpoint is set: click the gutter of the code pane, or press “.”.' });
  else arrive(toSite(l.recording, step, way, breakpoints), 'step at a breakpoint', way);
}

/** Runs to the next step at one of these sites that `accept` takes, wrapping to the first one of the recording. */
export function runToSites(sites: readonly number[], accept: (step: number) => boolean): void {
  const l = loaded();
  if (!l) return;
  const wanted = new Set(sites);
  const { step } = store.getState();
  const later = toSite(l.recording, step, 1, wanted, accept);
  const found = later >= 0 ? later : toSite(l.recording, -1, 1, wanted, accept);
  if (found >= 0) goTo(found);
  else store.setState({ notice: 'This line does not run in this recording.' });
}

/** Page of the selection, or null. */
function selectedPage(): number | null {
  const sel = store.getState().selection;
  return sel !== null && (sel.kind === 'page' || sel.kind === 'entry') ? sel.page : null;
}

export function runToSelection(way: Way): void {
  const l = loaded();
  if (!l) return;
  const page = selectedPage();
  if (page === null) store.setState({ notice: 'Select a page first: on the stage, or in the page-table view.' });
  else arrive(toPage(l.recording, store.getState().step, way, page), 'step about the selected page', way);
}
