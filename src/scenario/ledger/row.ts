/** How sure a row is: read in a posting, concluded, found by reading the code, or seen on a running kernel. */
export type Certainty = 'read' | 'inferred' | 'found by reading' | 'measured';

/** What the model makes of a row. */
export type RowKind =
  /** a switch; `on` says what switching it on gives: the defect mended, the text as before v2, or as in a later kernel */
  | { readonly kind: 'switch'; readonly on: 'mended' | 'as-before' | 'changed' }
  /** the same as other rows */
  | { readonly kind: 'equals'; readonly rows: readonly string[] }
  | { readonly kind: 'not-a-defect'; readonly why: string }
  /** concerns building, text or style: nothing of it runs */
  | { readonly kind: 'build-or-style'; readonly why: string }
  /** code that no state can reach in the kernels of the model, or that it does not have */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** a switch of another series */
  | { readonly kind: 'other-series'; readonly series: 'device-pfn' };

/** One row of the review ledger. */
export interface LedgerRow {
  readonly id: string;
  readonly title: string;
  /** who said it, and in which message */
  readonly reported: string;
  readonly severity?: string;
  /** first revision that has it */
  readonly firstBad: string;
  /** first revision or kernel known not to have it; '?' when unknown */
  readonly fixedIn: string;
  readonly certainty: Certainty;
  /** measured runs that show it */
  readonly golden?: readonly string[];
  readonly is: RowKind;
}

export const MENDED: RowKind = { kind: 'switch', on: 'mended' };
export const CHANGED: RowKind = { kind: 'switch', on: 'changed' };
export const AS_BEFORE: RowKind = { kind: 'switch', on: 'as-before' };
export const equals = (...rows: string[]): RowKind => ({ kind: 'equals', rows });
export const notADefect = (why: string): RowKind => ({ kind: 'not-a-defect', why });
export const buildOrStyle = (why: string): RowKind => ({ kind: 'build-or-style', why });
export const unreachable = (why: string): RowKind => ({ kind: 'unreachable', why });

/** The group's common fields, and a function that makes its rows. */
export function rowsOf(
  common: Pick<LedgerRow, 'reported' | 'firstBad' | 'fixedIn' | 'certainty'>,
): (id: string, title: string, is: RowKind, more?: Partial<LedgerRow>) => LedgerRow {
  return (id, title, is, more = {}) => ({ id, title, is, ...common, ...more });
}
