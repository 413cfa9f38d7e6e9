import { BANK, V, V_STRIDE } from '../machine/layout.ts';
import { levelShift, PTRS_PER_TABLE } from '../machine/page-table.ts';
import { factsOf } from './facts.ts';
import { levelName, namesOf, pageText } from './names.ts';
import type { Recording } from './recording.ts';
import { entryText } from './words-text.ts';
import { valueAt } from './writers.ts';

/** First page that an entry maps, by the entry's number (table * 512 + slot). */
export function pageOfEntry(rec: Recording, entry: number): number {
  const { tableBase, tableLevel } = factsOf(rec);
  const t = Math.floor(entry / PTRS_PER_TABLE);
  return (tableBase[t] as number) + (entry % PTRS_PER_TABLE) * 2 ** levelShift(tableLevel[t] as number);
}

/** Level of an entry: 1 PTE … 4 PGD; 0 when there is no such table. */
export function levelOfEntry(rec: Recording, entry: number): number {
  return factsOf(rec).tableLevel[Math.floor(entry / PTRS_PER_TABLE)] ?? 0;
}

/** Where an entry is: `PTE of page 3`, with the process when it is a child's. */
export function entryPlace(rec: Recording, entry: number): string {
  if (entry === 0) return 'no entry';
  const mm = factsOf(rec).tableMm[Math.floor(entry / PTRS_PER_TABLE)] ?? 0;
  return `${levelName(levelOfEntry(rec, entry))} of ${pageText(rec, pageOfEntry(rec, entry))}${mm > 1 ? ` of child ${mm - 1}` : ''}`;
}

/** What an entry holds after `step`: `present:S0 WYD`. */
export function entryValue(rec: Recording, entry: number, step: number): string {
  const lo = valueAt(rec, BANK.PT, entry * 2, step);
  const hi = valueAt(rec, BANK.PT, entry * 2 + 1, step);
  return entryText(lo, hi, levelOfEntry(rec, entry), namesOf(rec).frame);
}

/** A VMA's number and its pages after `step`: `1 (pages 0..7)`. */
export function vmaText(rec: Recording, vma: number, step: number): string {
  if (vma === 0) return 'none';
  const at = vma * V_STRIDE;
  const start = valueAt(rec, BANK.VMA, at + V.START, step) - rec.origin;
  const end = valueAt(rec, BANK.VMA, at + V.END, step) - rec.origin;
  return `${vma} (pages ${start}..${end - 1})`;
}
