import { KIND, isDiffKind } from './read/kinds.ts';
import type { PatchSet } from './read/types.ts';

/** The row takes the whole width. */
export const SPAN = -2;

/** Rows of the diff view, as columns: one line of the table each, or two side by side. */
export interface Rows {
  readonly count: number;
  readonly left: Int32Array;
  /** line on the right; -1 = nothing there, SPAN = the left one spans both */
  readonly right: Int32Array;
  /** row on which a line stands, -1 = not shown */
  readonly rowOf: Int32Array;
}

export type Scope = 'patches' | 'all';

/**
 * The order in which lines are shown. `patches`: the postings in the order of their series, each remark of a reply under
 * the line that it is about; then messages that no patch came with. `all`: as they were loaded.
 */
export function buildRows(set: PatchSet, scope: Scope, split: boolean): Rows {
  const builder = new RowBuilder(set, split);
  if (scope === 'all') set.lines.text.forEach((_, i) => builder.line(i));
  else {
    const comments = commentsByLine(set);
    for (const m of messageOrder(set)) {
      const message = set.messages[m];
      if (message === undefined) continue;
      for (let i = message.from; i < message.to; i++) {
        builder.line(i);
        for (const c of comments.get(i) ?? []) builder.comment(c.from, c.to);
      }
      builder.flush();
    }
  }
  return builder.finish();
}

/** Messages as they are read: cover letter, patches, what carries a remark that hangs on no line, the rest. */
function messageOrder(set: PatchSet): number[] {
  const placed = new Set(set.comments.filter((c) => c.target >= 0).map((c) => c.message));
  const out: number[] = [];
  for (const s of set.series) {
    if (s.cover >= 0) out.push(s.cover);
    out.push(...s.patches);
    // A reply whose remarks all hang on lines is not repeated, unless it is all there is.
    const posted = s.patches.length > 0;
    out.push(...s.replies.filter((r) => !posted || !placed.has(r) || hasGeneral(set, r)));
  }
  const seen = new Set(out);
  for (const m of set.messages) if (!seen.has(m.index) && m.series < 0) out.push(m.index);
  return out;
}

const hasGeneral = (set: PatchSet, message: number): boolean =>
  set.comments.some((c) => c.message === message && c.target < 0 && c.same < 0);

function commentsByLine(set: PatchSet): Map<number, { from: number; to: number }[]> {
  const out = new Map<number, { from: number; to: number }[]>();
  for (const c of set.comments) {
    // In a reply that stands for a missing posting the remark already follows its line.
    if (c.target < 0 || c.same >= 0 || set.lines.message[c.target] === c.message) continue;
    const list = out.get(c.target) ?? [];
    list.push({ from: c.from, to: c.to });
    out.set(c.target, list);
  }
  return out;
}

class RowBuilder {
  private readonly set: PatchSet;
  private readonly split: boolean;
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly rowOf: Int32Array;
  private removed: number[] = [];
  private added: number[] = [];

  constructor(set: PatchSet, split: boolean) {
    this.set = set;
    this.split = split;
    this.rowOf = new Int32Array(set.lines.text.length).fill(-1);
  }

  line(i: number): void {
    const kind = this.set.lines.kind[i] ?? 0;
    // The decoded lines stand for the encoded ones.
    if (kind === KIND.encoded) return;
    if (!this.split || !isDiffKind(kind)) {
      this.flush();
      this.push(i, this.split ? SPAN : -1);
    } else if (kind === KIND.del) {
      if (this.added.length > 0) this.flush();
      this.removed.push(i);
    } else if (kind === KIND.add) this.added.push(i);
    else {
      this.flush();
      this.push(i, i);
    }
  }

  comment(from: number, to: number): void {
    this.flush();
    for (let i = from; i < to; i++) if (this.set.lines.kind[i] === KIND.comment) this.push(i, this.split ? SPAN : -1);
  }

  /** Removed and added lines that wait for each other stand side by side. */
  flush(): void {
    const n = Math.max(this.removed.length, this.added.length);
    for (let k = 0; k < n; k++) this.push(this.removed[k] ?? -1, this.added[k] ?? -1);
    if (n > 0) {
      this.removed = [];
      this.added = [];
    }
  }

  private push(left: number, right: number): void {
    const row = this.left.push(left) - 1;
    this.right.push(right);
    if (left >= 0 && (this.rowOf[left] ?? -1) < 0) this.rowOf[left] = row;
    if (right >= 0 && (this.rowOf[right] ?? -1) < 0) this.rowOf[right] = row;
  }

  finish(): Rows {
    this.flush();
    return {
      count: this.left.length,
      left: Int32Array.from(this.left),
      right: Int32Array.from(this.right),
      rowOf: this.rowOf,
    };
  }
}
