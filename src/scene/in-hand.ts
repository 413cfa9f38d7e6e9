import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK } from '../machine/layout.ts';
import type { Recording } from '../recording/recording.ts';
import { type EntryView, wordView } from './entry-view.ts';

/** Steps back at which a mapping that was taken away is looked for: a few lie between that and the next word. */
const LOOK_BACK = 16;

/**
 * The page frame that entry `e`, which names none, named until this actor took the mapping away a few steps ago: its folio is
 * still in the actor's hands, though nothing points to it. -1 when there is none.
 */
export function frameTakenFrom(recording: Recording, step: number, e: EntryView): number {
  const m = recording.machine;
  const { actor } = m.log;
  const { loc, old } = m.journal;
  const cell = e.entry * 2;
  for (let i = step; i >= 0 && i > step - LOOK_BACK; i--) {
    if (actor[i] !== actor[step]) continue;
    let [lo, hi] = [e.lo, e.hi];
    let found = false;
    // Backwards, so that the oldest value of each half remains.
    for (let d = recording.deltaEnd(i) - 1; d >= recording.deltaBegin(i); d--) {
      const l = loc[d] as number;
      if (l >>> LOC_BANK_SHIFT !== BANK.PT || (l & LOC_INDEX_MASK & ~1) !== cell) continue;
      if ((l & 1) === 0) lo = old[d] as number;
      else hi = old[d] as number;
      found = true;
    }
    if (found) return wordView(m, e.entry, e.page, e.level, lo, hi).pfn;
  }
  return -1;
}
