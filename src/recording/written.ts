import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK } from '../machine/layout.ts';
import { wordPlace } from './arrays.ts';
import { entryPlace, levelOfEntry } from './entry-name.ts';
import { namesOf } from './names.ts';
import type { Recording } from './recording.ts';
import { type WordLayout, layoutAt } from './word-layout.ts';
import { entryText, wordText } from './words-text.ts';
import { valueAt } from './writers.ts';

/** A page-table entry that a step wrote. */
export interface WrittenEntry {
  /** number of the entry: table * 512 + slot */
  readonly entry: number;
  /** `PTE of page 3` */
  readonly place: string;
  /** what it held, and what it holds, as entryText() says it */
  readonly old: string;
  readonly neu: string;
}

/** The first entry written by a step; undefined when none was, or its value stayed the same. */
export function writtenEntry(rec: Recording, step: number): WrittenEntry | undefined {
  const { loc, old, neu } = rec.machine.journal;
  const end = rec.deltaEnd(step);
  for (let i = rec.deltaBegin(step); i < end; i++) {
    const l = loc[i] as number;
    if (l >>> LOC_BANK_SHIFT !== BANK.PT) continue;
    const cell = l & LOC_INDEX_MASK;
    const entry = cell >>> 1;
    const next = i + 1;
    const both = (cell & 1) === 0 && next < end && loc[next] === l + 1;
    const other = both ? 0 : valueAt(rec, BANK.PT, cell ^ 1, step);
    const halves = (column: Int32Array): readonly [number, number] =>
      both
        ? [column[i] as number, column[next] as number]
        : (cell & 1) === 0
          ? [column[i] as number, other]
          : [other, column[i] as number];
    const text = ([lo, hi]: readonly [number, number]): string =>
      entryText(lo, hi, levelOfEntry(rec, entry), namesOf(rec).frame);
    return { entry, place: entryPlace(rec, entry), old: text(halves(old)), neu: text(halves(neu)) };
  }
  return undefined;
}

/** Words that a PFN_WRITE step wrote. */
export interface WrittenWord {
  /** `hmm_pfns[0..7]` */
  readonly place: string;
  readonly layout: WordLayout;
  /** the first of them */
  readonly value: string;
}

/** What a PFN_WRITE step wrote. */
export function writtenWord(rec: Recording, step: number): WrittenWord {
  const { log } = rec.machine;
  const a = log.a[step] as number;
  const b = log.b[step] as number;
  const word = (log.c[step] as number) + a;
  const kind = wordPlace(rec, word)?.array.kind ?? 'word';
  const layout = layoutAt(rec, word, step);
  const lo = valueAt(rec, BANK.WORDS, word * 2, step);
  const hi = valueAt(rec, BANK.WORDS, word * 2 + 1, step);
  return {
    place: `${kind}[${b > 1 ? `${a}..${a + b - 1}` : a}]`,
    layout,
    value: wordText(layout, lo, hi, rec.enc, namesOf(rec).frame),
  };
}
