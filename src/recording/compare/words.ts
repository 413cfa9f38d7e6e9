import { pagesOf, wordArrays } from '../arrays.ts';
import { factsOf } from '../facts.ts';
import type { Recording } from '../recording.ts';

/** An array of words, told apart from those of other recordings by what it is and where it begins. */
export interface WordPlace {
  /** 1 hmm_pfns, 2 src, 3 dst, 4 the array of 2016 */
  readonly kind: number;
  /** page of the scenario that its first word is about */
  readonly page: number;
}

export type WordPlaces = ReadonlyMap<number, WordPlace>;

const KINDS = ['', 'hmm_pfns', 'src', 'dst', 'pfns_2016'];

/** The arrays of a recording by the number of their first word. */
export function wordPlaces(rec: Recording): WordPlaces {
  const { objFirst } = factsOf(rec);
  return new Map(
    wordArrays(rec).map((x) => [
      x.start,
      { kind: KINDS.indexOf(x.kind), page: pagesOf(x, objFirst).start - rec.origin },
    ]),
  );
}
