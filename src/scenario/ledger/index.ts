import { LATER_ROWS } from './later.ts';
import { MEASURED_ROWS } from './measured.ts';
import { OTHER_SERIES_ROWS } from './other-series.ts';
import { READING_ROWS } from './reading.ts';
import { REVIEW_ROWS } from './reviews.ts';
import { RFC_ROWS } from './rfc.ts';
import type { LedgerRow } from './row.ts';

/** Every row of the review ledger, group by group. */
export const LEDGER: readonly LedgerRow[] = [
  ...REVIEW_ROWS,
  ...RFC_ROWS,
  ...LATER_ROWS,
  ...READING_ROWS,
  ...MEASURED_ROWS,
  ...OTHER_SERIES_ROWS,
];

/** Rows that are switches of the walk, in the order of the ledger. */
export const SWITCH_ROWS: readonly LedgerRow[] = LEDGER.filter((row) => row.is.kind === 'switch');
