import { LANDMARKS, type Landmark } from '../recording/landmarks.ts';

/*
 * Where a stop stands, in words that survive a change of the engine:
 *
 *   place   = point *( ", then " point )
 *   point   = "start" | "end" | [ which ] what [ " of page " number ] [ " by " actor ]
 *   which   = "first" … "tenth" | "11th" … | "last"                      first when left out
 *   what    = function:label | function | "return of " function | "write" | landmark
 *
 * A function alone is its call. `write` is a step that writes a page-table entry. Landmarks are those that the timeline
 * marks. A page counts from the start of the requested range; a step is of the page that it names or whose entry it
 * writes, else of the page for which its function was called. After ", then " the search goes on behind the point before.
 *
 *   third hmm_vma_handle_pte:report
 *   last lock of page 3
 *   hmm_vma_fault of page 1, then first flush
 */

/** One point of a place. */
export type Point =
  | { readonly end: 'start' | 'end' }
  | {
      /** 1 = the first, -1 = the last */
      readonly nth: number;
      readonly what: What;
      /** scenario page */
      readonly page?: number;
      /** name of an actor */
      readonly actor?: string;
      /** as it was written */
      readonly text: string;
    };

export type What =
  | { readonly site: string }
  | { readonly call: string }
  | { readonly ret: string }
  | { readonly landmark: Landmark }
  | { readonly write: true };

/** A place that cannot be read; the message says what was expected. */
export class PlaceError extends Error {}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const POINT =
  /^(?:([a-z]+|\d{1,6}(?:st|nd|rd|th))\s+)??((?:return of\s+)?[A-Za-z_][\w]*(?::\w+)?)(?:\s+of page\s+(-?\d{1,9}))?(?:\s+by\s+([\w -]+))?$/;
const EXPECTED =
  'expected start, end, or for example “third hmm_vma_handle_pte:report of page 2”, “last lock”, “return of hmm_range_fault”';

/** Reads a place. @throws {PlaceError} */
export function parsePlace(text: string): readonly Point[] {
  return text.split(/,\s*then\s+/).map((part) => parsePoint(part.trim()));
}

function parsePoint(text: string): Point {
  if (text === 'start' || text === 'end') return { end: text };
  const [, which, what, page, actor] = POINT.exec(text) ?? [];
  if (what === undefined) throw new PlaceError(`“${text}” is no place: ${EXPECTED}.`);
  return {
    nth: ordinal(which, text),
    what: readWhat(what),
    ...(page === undefined ? {} : { page: Number(page) }),
    ...(actor === undefined ? {} : { actor: actor.trim() }),
    text,
  };
}

function ordinal(which: string | undefined, text: string): number {
  if (which === undefined) return 1;
  if (which === 'last') return -1;
  const number = /^\d/.test(which) ? Number.parseInt(which, 10) : ORDINALS.indexOf(which) + 1;
  if (number < 1) throw new PlaceError(`“${which}” in “${text}” is no number such as first, second, 11th or last.`);
  return number;
}

function readWhat(what: string): What {
  if (what === 'write') return { write: true };
  const landmark = LANDMARKS.find((l) => l === what);
  if (landmark !== undefined) return { landmark };
  if (what.startsWith('return')) {
    const fn = /^return of\s+(\w+)$/.exec(what)?.[1];
    if (fn !== undefined) return { ret: fn };
  }
  return what.includes(':') ? { site: what } : { call: what };
}
