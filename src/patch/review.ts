import { LEDGER } from '../scenario/ledger/index.ts';
import type { LedgerRow } from '../scenario/ledger/row.ts';
import { SHOWS } from '../scenario/ledger/shows.ts';
import type { RunSpec } from '../scenario/types.ts';
import { functionsOf } from './anchor/functions.ts';
import { codeText } from './read/lines.ts';
import type { Comment, PatchSet } from './read/types.ts';
import { ALSO, REMARK_SIGNS, type RemarkSign } from './remark-signs.ts';

/** A remark of the loaded thread that is a row of the review ledger. */
export interface ReviewItem {
  readonly row: LedgerRow;
  /** index of the comment */
  readonly comment: number;
  /** line that it is about: the posting's, or the quoted one; -1 = the whole message */
  readonly line: number;
  readonly fn: string;
  /** answers to it in the thread, by index of the comment */
  readonly answers: readonly number[];
}

/** Lines above a remark in which its `near` must stand. */
const NEAR = 9;

/** The remarks that match rows of the ledger, in the order of the thread. A remark that matches none is left out. */
export function guidedReview(set: PatchSet): ReviewItem[] {
  const functionAt = functionsByLine(set);
  const out: ReviewItem[] = [];
  for (const c of set.comments) {
    if (c.same >= 0) continue;
    const line = c.target >= 0 ? c.target : c.on;
    const fn = functionAt.get(line) ?? '';
    const first = REMARK_SIGNS.find((sign) => fits(set, c, line, fn, sign));
    for (const sign of [...(first ? [first] : []), ...ALSO.filter((s) => fits(set, c, line, fn, s))]) {
      const row = LEDGER.find((r) => r.id === sign.row);
      if (row) out.push({ row, comment: c.index, line, fn, answers: answersTo(set, c) });
    }
  }
  return out;
}

function fits(set: PatchSet, c: Comment, line: number, fn: string, sign: RemarkSign): boolean {
  if (!c.author.toLowerCase().includes(sign.by)) return false;
  if (sign.fn !== undefined && sign.fn !== fn) return false;
  const words = c.text.toLowerCase().replace(/\s+/g, ' ');
  if (sign.words?.some((w) => !words.includes(w)) || sign.not?.some((w) => words.includes(w))) return false;
  if (sign.path !== undefined) {
    const hunk = set.hunks[set.lines.hunk[line] ?? -1];
    if (set.files[hunk?.file ?? -1]?.path.endsWith(sign.path) !== true) return false;
  }
  return sign.near === undefined || isNear(set, line, sign.near);
}

function isNear(set: PatchSet, line: number, word: string): boolean {
  const whole = new RegExp(`\\b${word}\\b`);
  for (let i = line; i >= Math.max(0, line - NEAR); i--) if (whole.test(codeText(set.lines, i))) return true;
  return false;
}

const answersTo = (set: PatchSet, c: Comment): number[] =>
  set.comments.filter((a) => a.answers === c.index || set.comments[a.answers]?.same === c.index).map((a) => a.index);

/** The function that each line of the posted diffs is in. */
function functionsByLine(set: PatchSet): Map<number, string> {
  const out = new Map<number, string>();
  for (const file of set.files) {
    if (file.quoted || !/\.[ch]$/.test(file.path)) continue;
    const hunks = set.hunks.filter((h) => h.file === file.index);
    for (const fn of functionsOf(set, file, hunks, 'after')) {
      const spans = spansOf(fn.tokens.map((t) => t.line));
      for (const [from, to] of spans) for (let i = from; i <= to; i++) if (!out.has(i)) out.set(i, fn.name);
    }
  }
  return out;
}

/** Stretches of lines with at most a few lines without tokens (comments, blanks, removed lines) in between. */
function spansOf(lines: readonly number[]): (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last && line >= last[0] && line - last[1] <= 30) last[1] = Math.max(last[1], line);
    else out.push([line, line]);
  }
  return out;
}

/** The run that shows a row: with its switch off, or on. Undefined when no scenario shows it. */
export function runThatShows(id: string, mended: boolean): RunSpec | undefined {
  const show = SHOWS[id];
  if (show === undefined) return undefined;
  const fixes = [...(show.with ?? []), ...(mended ? [id] : [])];
  return {
    scenario: show.scenario,
    strategy: show.strategy,
    revision: 'v2',
    ...(show.operations === undefined ? {} : { operations: show.operations }),
    ...(show.kernel === undefined ? {} : { kernel: show.kernel }),
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

/** One line on what the model makes of a row. */
export function verdictOf(row: LedgerRow): string {
  switch (row.is.kind) {
    case 'switch':
      return `fix switch ${row.id}: ${row.is.on === 'mended' ? 'mends it' : row.is.on === 'as-before' ? 'gives the text before v2' : 'changes it as a later kernel does'}`;
    case 'equals':
      return `the same as ${row.is.rows.join(', ')}`;
    case 'not-a-defect':
      return `does not hold: ${row.is.why}`;
    case 'unreachable':
      return `cannot be reached: ${row.is.why}`;
    case 'build-or-style':
      return `nothing of it runs: ${row.is.why}`;
    case 'other-series':
      return 'a switch of the device-private PFN series';
    default:
      return row.is satisfies never;
  }
}

/** What a search has to look for to contradict "does not hold", by row; none for rows that no rule speaks of. */
export const CONTRADICTIONS: Readonly<Record<string, { readonly rule: string; readonly fixes: readonly string[] }>> = {
  // The PMD lock kept after a huge PMD's fault: R-07 and F-08 leak it elsewhere, so those are mended.
  'R-09': { rule: 'lock-held-at-exit', fixes: ['R-07', 'F-08'] },
  // The PTE lock kept after a failing PTE.
  'R-10': { rule: 'lock-held-at-exit', fixes: ['R-07', 'F-08'] },
};
