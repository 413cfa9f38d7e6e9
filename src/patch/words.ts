import { KIND } from './read/kinds.ts';
import type { PatchSet } from './read/types.ts';

/** Stretches [from, to) of a text that changed. */
export type Changed = readonly (readonly [from: number, to: number])[];

const WORD = /[A-Za-z_]\w*|\d+|\s+|[^\w\s]/g;

/** Longer lines are not compared word by word: the table would be too large. */
const MAX_WORDS = 120;

/** What changed between two lines, word by word; null when little is common, so that marks would say nothing. */
export function changedWords(before: string, after: string): readonly [Changed, Changed] | null {
  const a = before.match(WORD) ?? [];
  const b = after.match(WORD) ?? [];
  if (a.length === 0 || b.length === 0 || a.length > MAX_WORDS || b.length > MAX_WORDS) return null;
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + weight(a[i] ?? '')
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  const total = Math.max(sum(a), sum(b));
  if ((common[0] ?? 0) * 3 < total) return null;
  const keepA = new Set<number>();
  const keepB = new Set<number>();
  for (let i = 0, j = 0; i < a.length && j < b.length; )
    if (a[i] === b[j]) {
      keepA.add(i++);
      keepB.add(j++);
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) i++;
    else j++;
  return [stretches(a, keepA), stretches(b, keepB)];
}

/** Blanks count little: two lines that share only those have nothing in common. */
const weight = (word: string): number => (/\s/.test(word) ? 1 : /\w/.test(word) ? 8 : 2);
const sum = (words: readonly string[]): number => words.reduce((n, w) => n + weight(w), 0);

function stretches(words: readonly string[], keep: ReadonlySet<number>): Changed {
  const out: [number, number][] = [];
  let at = 0;
  words.forEach((word, i) => {
    const end = at + word.length;
    const last = out.at(-1);
    if (!keep.has(i)) {
      if (last && last[1] === at) last[1] = end;
      else out.push([at, end]);
    }
    at = end;
  });
  return out;
}

/**
 * The line on the other side of a change: the k-th removed line of a run and the k-th added line after it. -1 when there
 * is none.
 */
export function counterpart(set: PatchSet, line: number): number {
  const hunk = set.hunks[set.lines.hunk[line] ?? -1];
  const kind = set.lines.kind[line];
  if (hunk === undefined || (kind !== KIND.add && kind !== KIND.del)) return -1;
  const at = hunk.lines.indexOf(line);
  const kindAt = (k: number): number | undefined => set.lines.kind[hunk.lines[k] ?? -1];
  let from = at;
  while (from > 0 && kindAt(from - 1) === kind) from--;
  const nth = at - from;
  if (kind === KIND.del) {
    let end = at;
    while (kindAt(end) === KIND.del) end++;
    return kindAt(end) === KIND.add && kindAt(end + nth) === KIND.add
      ? runAt(hunk.lines, kindAt, end, nth, KIND.add)
      : -1;
  }
  let start = from;
  while (start > 0 && kindAt(start - 1) === KIND.del) start--;
  return start + nth < from ? (hunk.lines[start + nth] ?? -1) : -1;
}

/** The nth line of the run that begins at a place, -1 when the run is shorter. */
function runAt(
  lines: readonly number[],
  kindAt: (k: number) => number | undefined,
  start: number,
  nth: number,
  kind: number,
): number {
  for (let k = start; k <= start + nth; k++) if (kindAt(k) !== kind) return -1;
  return lines[start + nth] ?? -1;
}
