import { HMM_MIGRATE, MIGRATE, RANGE } from '../kernel/structs.ts';
import { D, D_STRIDE, G } from '../machine/layout.ts';
import { structCell } from './cells.ts';
import { Derived } from './derived.ts';
import { factsOf } from './facts.ts';
import type { Recording } from './recording.ts';

/** What the words of an array are. */
export type WordKind = 'hmm_pfns' | 'src' | 'dst';

/** An array of 64-bit words in the words bank. */
export interface WordArray {
  /** `pfns_2016` are the arrays of struct hmm_migrate, in the layout of 2016 */
  readonly kind: WordKind | 'pfns_2016';
  /** number of its first word */
  readonly start: number;
  /** struct that points to it: hmm_range, migrate_vma or hmm_migrate */
  readonly owner: number;
  /** a src[] that is hmm_pfns[] of a walk, too: the series lets migrate_vma_setup() report into it (word-layout.ts) */
  readonly reported: boolean;
}

const arrays = new Derived<readonly WordArray[]>(findArrays);

/** The arrays of 64-bit words of a recording, by their first word, ascending. */
export function wordArrays(rec: Recording): readonly WordArray[] {
  return arrays.of(rec);
}

function findArrays(rec: Recording): WordArray[] {
  const { objStart, objFirst } = factsOf(rec);
  const found = new Map<number, WordArray>();
  const add = (kind: WordArray['kind'], owner: number, field: number): void => {
    const start = objFirst[owner + field] as number;
    if (start === 0) return;
    const known = found.get(start);
    if (known === undefined) found.set(start, { kind, start, owner, reported: false });
    else if (kind === 'hmm_pfns' && known.kind === 'src') found.set(start, { ...known, reported: true });
  };
  for (const id of objStart) {
    const kind = structCell(rec, id)?.layout.kind;
    if (kind === 'hmm_range') add('hmm_pfns', id, RANGE.HMM_PFNS);
    else if (kind === 'migrate_vma') {
      add('src', id, MIGRATE.SRC);
      add('dst', id, MIGRATE.DST);
    } else if (kind === 'hmm_migrate') {
      add('pfns_2016', id, HMM_MIGRATE.PFNS);
      add('pfns_2016', id, HMM_MIGRATE.SRC);
    }
  }
  return [...found.values()].toSorted((x, y) => x.start - y.start);
}

const PAGES: Readonly<Record<WordArray['kind'], readonly [start: number, end: number]>> = {
  hmm_pfns: [RANGE.START, RANGE.END],
  src: [MIGRATE.START, MIGRATE.END],
  dst: [MIGRATE.START, MIGRATE.END],
  pfns_2016: [HMM_MIGRATE.START, HMM_MIGRATE.END],
};

/**
 * The pages [start, end) that an array is about, a word each, as the struct that points to it says.
 * @param obj cells of the obj bank: as they are, or Facts.objFirst for what the struct was first filled with
 */
export function pagesOf({ kind, owner }: WordArray, obj: Int32Array): { start: number; end: number } {
  const [start, end] = PAGES[kind];
  return { start: obj[owner + start] as number, end: obj[owner + end] as number };
}

/** The array in which word `word` of the words bank lies, and its index there. */
export function wordPlace(rec: Recording, word: number): { array: WordArray; index: number } | undefined {
  const array = wordArrays(rec).findLast((x) => x.start <= word);
  return array && { array, index: word - array.start };
}

/** What a cell of the ints bank is, in words: an entry of a device's own page table, a slot of the LRU batch … */
export function intPlace(rec: Recording, cell: number): string {
  const { device, scalar } = rec.machine;
  for (let o = 0; o + D_STRIDE <= device.cells.length; o += D_STRIDE) {
    const first = device.get(o + D.DPT);
    if (first === 0 || cell < first || cell >= first + device.get(o + D.WINDOW_PAGES)) continue;
    const page = device.get(o + D.WINDOW_START) + (cell - first) - rec.origin;
    return `device ${o / D_STRIDE} page table, page ${page}`;
  }
  const batch = scalar.get(G.LRU_BATCH);
  if (batch !== 0 && cell >= batch && cell < batch + 31) return `LRU batch slot ${cell - batch}`;
  return `page cache cell ${cell}`;
}
