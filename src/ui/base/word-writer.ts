import type { Recording } from '../../recording/recording.ts';
import { lastWriter } from '../../recording/writers.ts';

/** The step that wrote either half of a 64-bit word last, at or before `step`; -1 = nobody since the beginning. */
export function writersOfWord(rec: Recording, bank: number, cell: number, step: number): number {
  return Math.max(lastWriter(rec, bank, cell, step), lastWriter(rec, bank, cell + 1, step));
}
