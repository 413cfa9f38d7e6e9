import { KIND } from './kinds.ts';

/**
 * Every line of what was loaded, as columns by line index. Lines that a mail had encoded appear twice: as they stood
 * (kind `encoded`) and decoded (`decoded` = 1); all others once, so the lines with `decoded` = 0 are the input itself.
 */
export interface Lines {
  readonly text: readonly string[];
  readonly kind: Uint8Array;
  /** quote marks in front */
  readonly depth: Uint8Array;
  /** characters in front of the line's own text: quote marks, or the margin of a listing */
  readonly skip: Uint16Array;
  /** index of the message, -1 = none */
  readonly message: Int32Array;
  /** index of the input it came from */
  readonly source: Uint16Array;
  /** line number in that input, from 1; of a decoded line, where its encoded part begins */
  readonly number: Uint32Array;
  readonly decoded: Uint8Array;
  /** index of the hunk, -1 = none */
  readonly hunk: Int32Array;
  /** line numbers in the file before and after the patch, 0 = none */
  readonly before: Uint32Array;
  readonly after: Uint32Array;
  /** the line of the posting that a quoted line repeats (itself when nothing better is loaded), -1 = not known */
  readonly target: Int32Array;
}

/** Lines while they are read. */
export class LineTable {
  readonly text: string[] = [];
  kind = new Uint8Array(256);
  depth = new Uint8Array(256);
  skip = new Uint16Array(256);
  message = new Int32Array(256);
  source = new Uint16Array(256);
  number = new Uint32Array(256);
  decoded = new Uint8Array(256);
  hunk = new Int32Array(256);
  before = new Uint32Array(256);
  after = new Uint32Array(256);
  target = new Int32Array(256);

  /** Appends a line. @returns its index. */
  push(text: string, source: number, number: number, decoded = 0): number {
    const i = this.text.length;
    if (i === this.kind.length) this.grow(i * 2);
    this.text.push(text);
    this.source[i] = source;
    this.number[i] = number;
    this.decoded[i] = decoded;
    this.message[i] = -1;
    this.hunk[i] = -1;
    this.target[i] = -1;
    return i;
  }

  /** The line without its quote marks. */
  own(i: number): string {
    const text = this.text[i] ?? '';
    const skip = this.skip[i] ?? 0;
    return skip === 0 ? text : text.slice(skip);
  }

  /** Gives lines [from, to) to a message, as one kind. */
  mark(from: number, to: number, kind: number, message: number): void {
    for (let i = from; i < to; i++) {
      this.kind[i] = kind;
      this.message[i] = message;
    }
  }

  /** The finished table, cut to its length so that it can be sent to another thread. */
  finish(): Lines {
    const n = this.text.length;
    return {
      text: this.text,
      kind: this.kind.slice(0, n),
      depth: this.depth.slice(0, n),
      skip: this.skip.slice(0, n),
      message: this.message.slice(0, n),
      source: this.source.slice(0, n),
      number: this.number.slice(0, n),
      decoded: this.decoded.slice(0, n),
      hunk: this.hunk.slice(0, n),
      before: this.before.slice(0, n),
      after: this.after.slice(0, n),
      target: this.target.slice(0, n),
    };
  }

  private grow(n: number): void {
    this.kind = widened(this.kind, new Uint8Array(n));
    this.depth = widened(this.depth, new Uint8Array(n));
    this.skip = widened(this.skip, new Uint16Array(n));
    this.message = widened(this.message, new Int32Array(n));
    this.source = widened(this.source, new Uint16Array(n));
    this.number = widened(this.number, new Uint32Array(n));
    this.decoded = widened(this.decoded, new Uint8Array(n));
    this.hunk = widened(this.hunk, new Int32Array(n));
    this.before = widened(this.before, new Uint32Array(n));
    this.after = widened(this.after, new Uint32Array(n));
    this.target = widened(this.target, new Int32Array(n));
  }
}

function widened<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old);
  return bigger;
}

/** The line without its quote marks. */
export function ownText(lines: Lines, i: number): string {
  const text = lines.text[i] ?? '';
  const skip = lines.skip[i] ?? 0;
  return skip === 0 ? text : text.slice(skip);
}

/** A line of a hunk without its marker; a blank line of a hunk may have lost it. */
export function codeText(lines: Lines, i: number): string {
  const own = ownText(lines, i);
  const kind = lines.kind[i];
  if (kind === KIND.add || kind === KIND.del) return own.slice(1);
  return kind === KIND.context && /^[ \u00a0]/.test(own) ? own.slice(1) : own;
}
