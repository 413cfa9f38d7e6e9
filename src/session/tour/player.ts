import { TOURS } from '../../tour/library/index.ts';
import { StopError, specOfStop, stepOfStop } from '../../tour/stop.ts';
import type { Tour } from '../../tour/types.ts';
import { pause } from '../play.ts';
import { goTo, loaded } from '../player.ts';
import { record } from '../recorder.ts';
import { setGuideFragment } from '../link-sync.ts';
import { store } from '../store.ts';
import { tourFragment } from './link.ts';
import { NO_TOUR, tourStore } from './state.ts';

const get = tourStore.getState;
const set = tourStore.setState;

setGuideFragment(tourFragment);

/** Opens a tour at a stop (0 = the first). What is on the screen stays until the stop's recording is there. */
export async function openTour(tour: Tour, stop = 0, ships = false): Promise<void> {
  const { closed, tab } = store.getState();
  const before = get().before ?? { closed, tab };
  set({ ...NO_TOUR, tour, ships, before });
  store.setState({ guide: 'tour', dialog: null, problem: null });
  await goToStop(stop);
}

/** Opens a tour that ships. @returns whether there is one with this id */
export async function openShipped(id: string, stop = 0): Promise<boolean> {
  const entry = TOURS.find((t) => t.id === id);
  if (entry === undefined) return false;
  await openTour(await entry.load(), stop, true);
  return true;
}

/** Goes to a stop (clamped to those there are): its recording, its step, its panes. */
export async function goToStop(to: number): Promise<void> {
  const { tour } = get();
  if (tour === null) return;
  pause();
  const stop = Math.max(0, Math.min(Math.trunc(to), tour.stops.length - 1));
  set({ stop, step: null, error: null });
  const at = tour.stops[stop];
  if (at === undefined) return;
  try {
    const spec = specOfStop(tour, stop);
    const here = loaded();
    const made = here !== null && JSON.stringify(here.spec) === JSON.stringify(spec);
    if (!made && !(await record(spec))) return fail('its recording cannot be made');
    const now = loaded();
    // Another stop may have been asked for meanwhile.
    if (now === null || get().tour !== tour || get().stop !== stop) return;
    const step = stepOfStop(now.recording, at);
    goTo(step);
    set({ step });
    if (at.panes !== undefined) {
      const { closed, tab } = at.panes;
      store.setState({ closed: new Set(closed), ...(tab === undefined ? {} : { tab }) });
    }
  } catch (error) {
    if (!(error instanceof StopError)) throw error;
    fail(error.message);
  }
}

function fail(error: string): void {
  set({ error });
}

/** Goes on by so many stops. At the ends it says so. */
export function moveBy(stops: 1 | -1): void {
  const { tour, stop } = get();
  if (tour === null) return;
  const to = stop + stops;
  if (to < 0) store.setState({ notice: 'This is the first stop.' });
  else if (to >= tour.stops.length) store.setState({ notice: 'This was the last stop.' });
  else void goToStop(to);
}

/** Back to the step of the stop, after looking around. */
export function backToStop(): void {
  void goToStop(get().stop);
}

/** Closes the tour; the panes stand as before it. The recording stays. */
export function leaveTour(): void {
  const { before } = get();
  set(NO_TOUR);
  store.setState({ guide: null, ...before });
}
