/**
 * What a line of a loaded text is. Every line has exactly one kind; the numbers are the cells of `Lines.kind`.
 * `around` belongs to no message: the text of a web page before the first one.
 */
export const KIND = {
  around: 0,
  separator: 1,
  header: 2,
  blank: 3,
  prose: 4,
  trailer: 5,
  rule: 6,
  diffstat: 7,
  file: 8,
  hunk: 9,
  context: 10,
  add: 11,
  del: 12,
  noNewline: 13,
  wrapped: 14,
  quote: 15,
  attribution: 16,
  comment: 17,
  courtesy: 18,
  signature: 19,
  listing: 20,
  encoded: 21,
} as const;

export type KindName = keyof typeof KIND;

const NAMES = Object.keys(KIND) as readonly KindName[];

/** The name of a kind, for text and tests. */
export const kindName = (kind: number): KindName => NAMES[kind] ?? 'around';

/** The line is one of a hunk's own: context, added or removed. */
export const isDiffKind = (kind: number): boolean => kind === KIND.context || kind === KIND.add || kind === KIND.del;
