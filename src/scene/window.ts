import { HPAGE_PMD_NR } from '../machine/page-table.ts';
import type { Pages } from './run-index.ts';

/**
 * The entries to show in full: those of the request when they fit; else a window that holds the focus and moves
 * by half its size, so that it stands still while the walker goes through it, in either direction.
 */
export function windowOf(focus: number, rows: number, range: Pages): number[] {
  const table = focus & ~511;
  const first = Math.max(table, Math.min(range.start, focus));
  const last = Math.min(table + HPAGE_PMD_NR, Math.max(range.end, focus + 1));
  if (focus >= range.start && focus < range.end && last - first <= rows) return span(first, last);
  const half = Math.max(1, rows >> 1);
  const at = table + Math.floor((focus - table) / half) * half - (half >> 1);
  const begin = Math.max(table, Math.min(at, table + HPAGE_PMD_NR - rows));
  return span(begin, Math.min(begin + rows, table + HPAGE_PMD_NR));
}

/** A stretch with neighbours, so that it spans `n` entries: a table is seen to be more than the one entry in use. */
export function atLeast(range: Pages, n: number): Pages {
  const missing = Math.max(0, n - (range.end - range.start));
  const before = Math.min(missing >> 1, range.start & 511);
  return { start: range.start - before, end: range.end + missing - before };
}

const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
