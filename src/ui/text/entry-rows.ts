import type { Machine } from '../../machine/machine.ts';
import { PMD_PAGES, findEntry } from '../../machine/page-table.ts';
import { type EntryView, absentView, entryView } from '../../scene/entry-view.ts';

/** A stretch of equal rows of the page-table view: single pages under a PTE table, or one row for a whole PMD. */
interface Stretch {
  readonly page: number;
  readonly rows: number;
  /** row number of its first row */
  readonly first: number;
  /** pages per row */
  readonly step: number;
  readonly level: 1 | 2;
}

/** The entries that map a range, leaf by leaf, without a list of all of them. */
export interface EntryRows {
  readonly count: number;
  row(i: number): EntryView;
  /** row that shows a page, -1 when outside */
  rowOf(page: number): number;
}

/** Looks at the machine as it stands; to be made anew after every seek. Linear in the PMDs of the range. */
export function entryRows(m: Machine, mm: number, start: number, end: number): EntryRows {
  const stretches: Stretch[] = [];
  let first = 0;
  for (let page = start; page < end; ) {
    const next = Math.min(end, Math.floor(page / PMD_PAGES) * PMD_PAGES + PMD_PAGES);
    const leaf = findEntry(m, mm, page, 1) !== 0;
    const rows = leaf ? next - page : 1;
    stretches.push({ page, rows, first, step: leaf ? 1 : next - page, level: leaf ? 1 : 2 });
    first += rows;
    page = next;
  }
  const find = (hit: (s: Stretch) => boolean): Stretch | undefined => {
    let lo = 0;
    let hi = stretches.length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if (hit(stretches[mid] as Stretch)) lo = mid + 1;
      else hi = mid;
    }
    return stretches[lo - 1];
  };
  return {
    count: first,
    row(i) {
      const s = find((x) => x.first <= i);
      if (s === undefined) return absentView(start, 2);
      const page = s.page + (i - s.first) * s.step;
      const e = findEntry(m, mm, page, s.level);
      return e === 0 ? absentView(page, s.level) : { ...entryView(m, e), page };
    },
    rowOf(page) {
      if (page < start || page >= end) return -1;
      const s = find((x) => x.page <= page);
      return s === undefined ? -1 : s.first + Math.floor((page - s.page) / s.step);
    },
  };
}
