import { MAX_LINE } from './decode.ts';
import { KIND } from './kinds.ts';
import type { LineTable } from './lines.ts';

/** A hunk as it was found, before the diff parser has seen it. */
export interface FoundHunk {
  readonly line: number;
  readonly oldStart: number;
  readonly newStart: number;
  /** lines that the header announces and that are not there */
  missingOld: number;
  missingNew: number;
  heading: string;
  readonly lines: number[];
}

/** A file's diff as it was found: its header lines and hunks. */
export interface FoundFile {
  readonly line: number;
  readonly depth: number;
  readonly header: number[];
  readonly hunks: FoundHunk[];
}

export interface StreamResult {
  readonly files: FoundFile[];
  /** what was wrong: line and words */
  readonly problems: { line: number; what: string; severity: 'broken' | 'damaged' }[];
}

const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/;
const GIT = /^diff --git /;
const FILE_HEADER =
  /^(index [0-9a-f]+\.\.|new file mode |deleted file mode |old mode |new mode |similarity index |dissimilarity index |rename (from|to) |copy (from|to) |Binary files |GIT binary patch|===)/;

/**
 * Finds the diffs among lines of one quote depth, in order, and marks what each line is. Line breaks that a mail program
 * put in are undone (`wrapped`), blank lines that lost their space are taken as context, and a page that lost the
 * first space of every line is read by the counts. One pass; every line is looked at a bounded number of times.
 */
export function scanDiffs(table: LineTable, list: readonly number[], depth: number): StreamResult {
  return new Scan(table, list, depth).run();
}

class Scan {
  private readonly table: LineTable;
  private readonly list: readonly number[];
  private readonly depth: number;
  private readonly result: StreamResult = { files: [], problems: [] };
  private file: FoundFile | null = null;
  /** context lines have lost their first space */
  private readonly stripped: boolean;
  private readonly last: number;

  constructor(table: LineTable, list: readonly number[], depth: number) {
    this.table = table;
    this.list = list;
    this.depth = depth;
    this.last = this.lastMarked();
    this.stripped = this.isStripped();
  }

  run(): StreamResult {
    let at = 0;
    while (at < this.list.length) {
      if (this.beginsFile(at)) at = this.fileHeader(at);
      else if (HUNK.test(this.text(at))) at = this.hunk(at);
      else {
        // Words after a file's last hunk end the file.
        if (this.text(at).trim() !== '') this.file = null;
        at++;
      }
    }
    return this.result;
  }

  private text(at: number): string {
    const i = this.list[at];
    if (i === undefined) return '';
    const own = this.table.own(i);
    const text = own.length > MAX_LINE ? own.slice(0, MAX_LINE) : own;
    // A web page's no-break space is a space.
    return text.startsWith('\u00a0') ? ` ${text.slice(1)}` : text;
  }

  private set(at: number, kind: number): void {
    const i = this.list[at];
    if (i !== undefined) this.table.kind[i] = kind;
  }

  private beginsFile(at: number): boolean {
    const text = this.text(at);
    if (GIT.test(text)) return true;
    if (text.startsWith('--- ') && this.text(at + 1).startsWith('+++ ')) return HUNK.test(this.text(at + 2));
    return text.startsWith('Index: ') && this.text(at + 1).startsWith('===');
  }

  private fileHeader(from: number): number {
    const header: number[] = [];
    this.file = { line: this.list[from] ?? 0, depth: this.depth, header, hunks: [] };
    this.result.files.push(this.file);
    let at = from;
    for (; at < this.list.length; at++) {
      const text = this.text(at);
      const more =
        at === from ||
        (FILE_HEADER.test(text) && !GIT.test(text)) ||
        (text.startsWith('--- ') && (this.text(at + 1).startsWith('+++ ') || this.isWrapped(at + 1))) ||
        (text.startsWith('+++ ') && at > from);
      if (more) {
        this.set(at, KIND.file);
        header.push(this.list[at] ?? 0);
      } else if (at > from && this.isWrapped(at) && !HUNK.test(text)) {
        this.set(at, KIND.wrapped);
        header.push(this.list[at] ?? 0);
      } else break;
    }
    return at;
  }

  /** Reads a hunk. @returns the place after it. */
  private hunk(from: number): number {
    const found = HUNK.exec(this.text(from));
    if (!found) return from + 1;
    const line = this.list[from] ?? 0;
    if (this.file === null) {
      this.file = { line, depth: this.depth, header: [], hunks: [] };
      this.result.files.push(this.file);
      this.problem(from, 'a hunk without the name of its file', 'damaged');
    }
    let old = Number(found[2] ?? 1);
    let fresh = Number(found[4] ?? 1);
    const hunk: FoundHunk = {
      line,
      oldStart: Number(found[1]),
      newStart: Number(found[3]),
      missingOld: 0,
      missingNew: 0,
      heading: found[5] ?? '',
      lines: [],
    };
    this.file.hunks.push(hunk);
    this.set(from, KIND.hunk);
    let at = from + 1;
    if (!this.stripped && this.isWrapped(at) && !/^[ +\\-]/.test(this.text(at))) {
      this.set(at, KIND.wrapped);
      hunk.heading += ` ${this.text(at)}`;
      at++;
    }
    for (; at < this.list.length; at++) {
      const text = this.text(at);
      const c = text[0] ?? '';
      if (text.startsWith('\\ No newline')) {
        this.set(at, KIND.noNewline);
        continue;
      }
      if (old <= 0 && fresh <= 0) {
        if (this.isWrapped(at) && c !== '' && !/^[ +\\-]/.test(text) && !this.beginsFile(at) && !HUNK.test(text)) {
          this.set(at, KIND.wrapped);
          hunk.lines.push(this.list[at] ?? 0);
          continue;
        }
        break;
      }
      if (HUNK.test(text) || this.beginsFile(at) || this.isSignature(at)) break;
      let kind: number = KIND.context;
      if (c === '+') kind = KIND.add;
      else if (c === '-') kind = KIND.del;
      else if (c === '') {
        if (!this.goesOn(at)) break;
      } else if (c !== ' ' && c !== '\t' && !this.stripped) {
        if (!this.isWrapped(at)) break;
        kind = KIND.wrapped;
      } else if (this.stripped && at > this.last + 24) break;
      if (kind === KIND.add ? fresh <= 0 : kind === KIND.del ? old <= 0 : false) break;
      if (kind === KIND.context && (old <= 0 || fresh <= 0) && !this.stripped) break;
      if (kind !== KIND.add && kind !== KIND.wrapped) old--;
      if (kind !== KIND.del && kind !== KIND.wrapped) fresh--;
      this.set(at, kind);
      hunk.lines.push(this.list[at] ?? 0);
    }
    hunk.missingOld = Math.max(0, old);
    hunk.missingNew = Math.max(0, fresh);
    return at;
  }

  private problem(at: number, what: string, severity: 'broken' | 'damaged'): void {
    this.result.problems.push({ line: this.list[at] ?? 0, what, severity });
  }

  /** `-- `, as git ends a mail; the version follows, or nothing does. */
  private isSignature(at: number): boolean {
    if (!/^-- ?$/.test(this.text(at))) return false;
    const next = this.text(at + 1);
    return /^\d+\.\d+/.test(next) || (next.trim() === '' && at + 2 >= this.list.length);
  }

  /** A blank line inside a hunk: it is the hunk's own if the next line that is not blank is, too. */
  private goesOn(at: number): boolean {
    for (let next = at + 1; next < Math.min(this.list.length, at + 8); next++) {
      const text = this.text(next);
      if (text === '') continue;
      if (this.stripped) return next <= this.last + 24;
      return /^[ +\-\\\t]/.test(text) && !this.isSignature(next) ? true : HUNK.test(text) || this.beginsFile(next);
    }
    return false;
  }

  /** The line goes on where the one before was broken by a mail program. */
  private isWrapped(at: number): boolean {
    const i = this.list[at - 1];
    if (i === undefined || this.list[at] !== i + 1) return false;
    const before = this.table.text[i] ?? '';
    const word = this.text(at).split(/\s/, 1)[0] ?? '';
    if (word === '' || before.length > 200) return false;
    return before.length + 1 + word.length > 68 || (before.endsWith(' ') && before.length > 40);
  }

  /** The place of the last line that a diff has marked. */
  private lastMarked(): number {
    for (let at = this.list.length - 1; at >= 0; at--) if (/^[+-](?!- ?$|-- )/.test(this.text(at))) return at;
    return -1;
  }

  /** Between the first hunk and the last marked line nothing begins with a space, yet there is text in between. */
  private isStripped(): boolean {
    let spaced = 0;
    let bare = 0;
    let at = this.list.findIndex((_, k) => HUNK.test(this.text(k)));
    if (at < 0) return false;
    for (; at <= this.last; at++) {
      const text = this.text(at);
      const c = text[0] ?? '';
      if (c === ' ' || c === '\t') spaced++;
      else if (c !== '' && c !== '+' && c !== '-' && !HUNK.test(text) && !GIT.test(text) && !/^(index|\\) /.test(text))
        bare++;
    }
    return bare > 0 && spaced * 8 < bare;
  }
}
