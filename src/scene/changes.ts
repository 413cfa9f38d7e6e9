import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK, F_STRIDE } from '../machine/layout.ts';
import type { Recording } from '../recording/recording.ts';

/** Steps with more writes than this are shown without "before" values. */
const MOST = 4096;

/** What the current step wrote, by place; the machine already holds the new values. */
export interface Changes {
  /** entry number → word before */
  readonly entries: ReadonlyMap<number, { readonly lo: number; readonly hi: number }>;
  /** folio * F_STRIDE + field → value before */
  readonly folioFields: ReadonlyMap<number, number>;
  /** index in the words bank → word before */
  readonly words: ReadonlyMap<number, { readonly lo: number; readonly hi: number }>;
}

const NOTHING: Changes = { entries: new Map(), folioFields: new Map(), words: new Map() };

/** Values before step `step`'s writes; the machine must stand at that step. */
export function changesOf(recording: Recording, step: number): Changes {
  if (step < 0 || recording.position !== step) return NOTHING;
  const begin = recording.deltaBegin(step);
  const end = recording.deltaEnd(step);
  if (end === begin || end - begin > MOST) return NOTHING;
  const m = recording.machine;
  const { loc, old } = m.journal;
  const folioFields = new Map<number, number>();
  const entries = new Pairs(m.pt.cells);
  const words = new Pairs(m.words.cells);
  for (let i = begin; i < end; i++) {
    const l = loc[i] as number;
    const at = l & LOC_INDEX_MASK;
    const bank = l >>> LOC_BANK_SHIFT;
    const before = old[i] as number;
    if (bank === BANK.PT) entries.note(at, before);
    else if (bank === BANK.WORDS) words.note(at, before);
    else if (bank === BANK.FOLIO && !folioFields.has(at)) folioFields.set(at, before);
  }
  return { entries: entries.found, folioFields, words: words.found };
}

/** Words before, pieced together from changed halves; the first write of a step holds the oldest value. */
class Pairs {
  readonly found = new Map<number, { lo: number; hi: number }>();
  private readonly seen = new Set<number>();
  private readonly cells: Int32Array;

  constructor(cells: Int32Array) {
    this.cells = cells;
  }

  note(cell: number, before: number): void {
    if (this.seen.has(cell)) return;
    this.seen.add(cell);
    const index = cell >>> 1;
    let word = this.found.get(index);
    if (word === undefined) {
      word = { lo: this.cells[index * 2] as number, hi: this.cells[index * 2 + 1] as number };
      this.found.set(index, word);
    }
    if ((cell & 1) === 0) word.lo = before;
    else word.hi = before;
  }
}

/** Value of a folio's field before this step, or undefined when the step left it alone. */
export function folioBefore(changes: Changes, folio: number, field: number): number | undefined {
  return changes.folioFields.get(folio * F_STRIDE + field);
}
