import { shortestEdit } from '../recording/compare/myers.ts';
import type { PatchText } from './range-versions.ts';

/** A line of a diff of diffs. */
export interface RangeLine {
  /** only in the older diff, only in the newer one, or in both */
  readonly mark: '-' | '+' | ' ';
  /** the line of the patch, with its own sign */
  readonly text: string;
  /** line of the table: the newer patch's, or the older one's when only that has it */
  readonly line: number;
}

/** Lines of a change with those around it. */
export interface RangeHunk {
  /** file and function of the newer patch in which it begins: `mm/hmm.c: static int f(void)` */
  readonly where: string;
  readonly lines: readonly RangeLine[];
}

/** Lines shown before and after a change. */
const CONTEXT = 3;

/** The diff of two patches' diffs; empty when they are the same. */
export function diffOfDiffs(old: PatchText, fresh: PatchText): RangeHunk[] {
  const edit = editOf(old, fresh);
  const shown = new Uint8Array(edit.length);
  edit.forEach((l, i) => {
    if (l.mark !== ' ') shown.fill(1, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
  });
  const hunks: RangeHunk[] = [];
  let file = '';
  let heading = '';
  let lines: RangeLine[] | null = null;
  edit.forEach((l, i) => {
    if (shown[i] === 0) lines = null;
    else {
      if (lines === null) {
        lines = [];
        hunks.push({ where: [file, heading].filter((t) => t !== '').join(': '), lines });
      }
      lines.push(l);
    }
    if (l.mark === '-') return;
    if (l.text.startsWith(' ## ')) [file, heading] = [l.text.slice(4), ''];
    else if (l.text.startsWith(' @@')) heading = l.text.slice(4);
  });
  return hunks;
}

/**
 * All lines of both in order. Where more than the search's limit of lines differ, everything between the first and the
 * last difference is given as removed and added: correct, only not the shortest.
 */
function editOf(old: PatchText, fresh: PatchText): RangeLine[] {
  const [a, b] = numbered(old.lines, fresh.lines);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const pairs = shortestEdit(a, head, a.length - tail, b, head, b.length - tail) ?? [];
  const out: RangeLine[] = [];
  const put = (mark: RangeLine['mark'], from: PatchText, i: number): number =>
    out.push({ mark, text: from.lines[i] ?? '', line: from.at[i] ?? -1 });
  let [i, j] = [0, 0];
  const upTo = (toOld: number, toFresh: number): void => {
    while (i < toOld) put('-', old, i++);
    while (j < toFresh) put('+', fresh, j++);
  };
  const same = (count: number): void => {
    for (let k = 0; k < count; k++) put(' ', fresh, j++);
    i += count;
  };
  same(head);
  for (const [p, q] of pairs.toReversed()) {
    upTo(p, q);
    same(1);
  }
  upTo(a.length - tail, b.length - tail);
  same(tail);
  return out;
}

/** The lines as numbers, the same number for the same text. */
function numbered(a: readonly string[], b: readonly string[]): readonly [Int32Array, Int32Array] {
  const known = new Map<string, number>();
  const number = (text: string): number => {
    const n = known.get(text) ?? known.size;
    known.set(text, n);
    return n;
  };
  return [Int32Array.from(a, number), Int32Array.from(b, number)];
}
