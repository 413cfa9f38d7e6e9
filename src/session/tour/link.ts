import { deflateText, inflateText } from '../../scenario/deflate.ts';
import type { Parsed } from '../../scenario/parse.ts';
import { TOURS } from '../../tour/library/index.ts';
import { parseTour } from '../../tour/parse.ts';
import type { Tour } from '../../tour/types.ts';
import { tourStore } from './state.ts';

/*
 * A tour as a URL fragment:  #t1/page-walk/3   the third stop of a tour that ships
 *                            #t1/~…/1          a whole tour, compressed (scenario/deflate.ts)
 */

/** Bytes that a compressed tour may unfold to. */
const MOST_UNFOLDED = 8 * 1024 * 1024;

/** What a link to a tour says: the tour, and its stop counted from 0. */
export interface TourLink {
  readonly tour: Tour;
  readonly stop: number;
  readonly ships: boolean;
}

/** The fragment of a tour at a stop (from 0). */
export async function encodeTour(tour: Tour, stop: number, ships: boolean): Promise<string> {
  const name = ships ? tour.id : `~${await deflateText(JSON.stringify(tour))}`;
  return `#t1/${name}/${stop + 1}`;
}

/** The address of the tour that ships and is open, while the cursor stands at its stop. */
export function tourFragment(step: number): string | null {
  const { tour, ships, stop, step: at } = tourStore.getState();
  return tour !== null && ships && at === step ? `#t1/${tour.id}/${stop + 1}` : null;
}

/** Reads a fragment such as `#t1/page-walk/3`. Never throws; an error says what was expected. */
export async function decodeTour(fragment: string): Promise<Parsed<TourLink>> {
  const [, name = '', at = '1', ...rest] = fragment.replace(/^#/, '').split('/');
  if (rest.length > 0 || !/^\d{1,4}$/.test(at))
    return wrong(
      'link.stop',
      'the number of a stop',
      at,
      `"${at.slice(0, 40)}" is no stop: expected a number from 1 on.`,
    );
  const tour = await tourFrom(name);
  if (tour.error !== undefined) return tour;
  const { stops } = tour.ok;
  const stop = Number(at) - 1;
  if (stop < 0 || stop >= stops.length)
    return wrong(
      'link.stop',
      `1 to ${stops.length}`,
      at,
      `the tour has ${stops.length} stops: there is no stop ${at}.`,
    );
  return { ok: { tour: tour.ok, stop, ships: !name.startsWith('~') } };
}

async function tourFrom(name: string): Promise<Parsed<Tour>> {
  if (!name.startsWith('~')) {
    const entry = TOURS.find((t) => t.id === name);
    if (entry !== undefined) return { ok: await entry.load() };
    return wrong('link.tour', 'a tour that ships', name, `there is no tour "${name.slice(0, 60)}".`);
  }
  const text = await inflateText(name.slice(1), MOST_UNFOLDED);
  if (text === undefined)
    return wrong('link.tour', 'compressed text', 'something else', 'the link is cut short or damaged.');
  return parseTour(text);
}

function wrong<T>(path: string, expected: string, got: string, message: string): Parsed<T> {
  return { error: [{ path, expected, got, message }] };
}
