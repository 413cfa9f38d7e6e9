import { OP } from '../machine/ops.ts';
import { functionOfSite } from '../machine/sites.ts';
import { indexAbove } from './ascending.ts';
import { type WordArray, wordArrays, wordPlace } from './arrays.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

/*
 * In the series migrate_vma_setup() lets hmm_range_fault() report into src[] (range->hmm_pfns = args->src), and
 * migrate_hmm_range_setup() turns each word into a migrate pfn where it lies. So a word of src[] is in the layout of
 * whoever wrote it last: mm/hmm.c or mm/migrate_device.c.
 */

/** The layout of a word: of the array it lies in, or hmm_pfns while the walk's report stands in src[]. */
export type WordLayout = WordArray['kind'] | 'word';

/** Steps at which words change their layout: step[start[w]] … step[start[w + 1] - 1] of word w, ascending. */
export interface LayoutTurns {
  readonly start: Uint32Array;
  readonly step: Int32Array;
}

/** Worked out once per recording. */
export const turnTable = new Derived<LayoutTurns>(findTurns);

function findTurns(rec: Recording): LayoutTurns {
  const arrays = wordArrays(rec);
  const owners = new Set(arrays.filter((x) => x.reported).map((x) => x.owner));
  // dst[] too: a walk over a ragged end writes one word more than src[] has (F-12).
  const shared = new Set(arrays.filter((x) => owners.has(x.owner)).map((x) => x.start));
  if (shared.size === 0) return { start: new Uint32Array(0), step: new Int32Array(0) };
  const { op, site, a, b, c } = rec.machine.log;
  const words = rec.machine.words.cells.length >>> 1;
  const each = (visit: (word: number, step: number) => void): void => {
    const isHmm = new Uint8Array(words);
    for (let i = 0; i < rec.length; i++) {
      if (op[i] !== OP.PFN_WRITE || !shared.has(c[i] as number)) continue;
      const hmm = functionOfSite(site[i] as number).file === 'mm/hmm.c' ? 1 : 0;
      const first = (c[i] as number) + (a[i] as number);
      const end = Math.min(words, first + (b[i] as number));
      for (let w = first; w < end; w++) {
        if (isHmm[w] === hmm) continue;
        isHmm[w] = hmm;
        visit(w, i);
      }
    }
  };
  const start = new Uint32Array(words + 2);
  each((w) => (start[w + 2] = (start[w + 2] as number) + 1));
  for (let w = 1; w < start.length; w++) start[w] = (start[w] as number) + (start[w - 1] as number);
  const step = new Int32Array(start[words + 1] as number);
  each((w, i) => {
    const at = start[w + 1] as number;
    step[at] = i;
    start[w + 1] = at + 1;
  });
  return { start, step };
}

/** The layout in which a word of the words bank is written after a step (-1: before the first). */
export function layoutAt(rec: Recording, word: number, step: number): WordLayout {
  const kind = wordPlace(rec, word)?.array.kind ?? 'word';
  if (kind !== 'src' && kind !== 'dst') return kind;
  const x = turnTable.of(rec);
  const first = x.start[word] ?? 0;
  const turned = indexAbove(x.step, step, first, x.start[word + 1] ?? 0) - first;
  return turned % 2 === 1 ? 'hmm_pfns' : kind;
}
