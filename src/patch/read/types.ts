import type { Lines } from './lines.ts';

/** Something to read: a file, or text that was pasted. */
export interface PatchInput {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/** What the subject says about the place in a series. */
export interface SubjectTag {
  /** the words of the bracket that are neither version nor number: `RFC PATCH` */
  readonly words: string;
  /** 1 when no version is given */
  readonly version: number;
  /** n of n/m; 0 = cover letter; 1 of 1 when no numbers are given */
  readonly n: number;
  readonly m: number;
  /** the subject after the bracket */
  readonly title: string;
}

export interface Message {
  readonly index: number;
  /** lines [from, to) */
  readonly from: number;
  readonly to: number;
  /** first line after the headers */
  readonly body: number;
  /** how it stood in the input */
  readonly form: 'mbox' | 'mail' | 'page' | 'bare';
  readonly subject: string;
  readonly author: string;
  readonly date: string;
  readonly id: string;
  readonly inReplyTo: string;
  readonly reply: boolean;
  readonly tag: SubjectTag | null;
  /** index into PatchSet.series, -1 = none */
  readonly series: number;
  /** the posting that a reply is about: index of a message, -1 = not loaded, or none */
  readonly about: number;
}

/** The changes of one file in one message. */
export interface FileDiff {
  readonly index: number;
  readonly message: number;
  /** quote depth at which it stands; more than 0 and not quoted: the posting itself is not loaded */
  readonly depth: number;
  /** a repetition of a posting that is loaded: not counted */
  readonly quoted: boolean;
  /** path after the change (before it, when the file goes away) */
  readonly path: string;
  readonly oldPath: string;
  readonly status: 'changed' | 'new' | 'deleted' | 'renamed' | 'binary';
  readonly line: number;
  readonly added: number;
  readonly removed: number;
}

export interface Hunk {
  readonly index: number;
  readonly file: number;
  /** line of the `@@` header */
  readonly line: number;
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** what stands behind the second `@@`: usually the function's first line */
  readonly heading: string;
  /** its own lines (context, added, removed), by index */
  readonly lines: readonly number[];
}

export interface Comment {
  readonly index: number;
  readonly message: number;
  readonly author: string;
  readonly depth: number;
  /** lines [from, to) of the table */
  readonly from: number;
  readonly to: number;
  /** the remark, without quote marks, its lines joined by a line feed */
  readonly text: string;
  /** the quoted line it stands under, -1 = it is about the whole message */
  readonly on: number;
  /** the posting's line that this repeats, -1 = not known */
  readonly target: number;
  /** the comment that it answers, -1 = none */
  readonly answers: number;
  /** the same words stand in a message that is loaded as well: index of that comment, -1 = no */
  readonly same: number;
}

/** Something wrong with the input. What is `broken` could not be used; what is `damaged` was read all the same. */
export interface PatchProblem {
  readonly severity: 'broken' | 'damaged';
  /** index of the message, -1 = before the first */
  readonly message: number;
  /** index of the line */
  readonly line: number;
  readonly what: string;
}

/** Messages that belong together: one version of a series. */
export interface Series {
  readonly index: number;
  readonly version: number;
  readonly m: number;
  readonly title: string;
  /** cover letter, -1 = not loaded */
  readonly cover: number;
  /** patches in order; a number that is not loaded is missing from the list */
  readonly patches: readonly number[];
  readonly missing: readonly number[];
  readonly replies: readonly number[];
}

/** Everything that was read. Plain data: it can be sent between threads. */
export interface PatchSet {
  readonly inputs: readonly string[];
  readonly lines: Lines;
  readonly messages: readonly Message[];
  readonly series: readonly Series[];
  readonly files: readonly FileDiff[];
  readonly hunks: readonly Hunk[];
  readonly comments: readonly Comment[];
  readonly problems: readonly PatchProblem[];
}
