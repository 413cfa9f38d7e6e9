import { pageOfBase } from '../place.ts';
import type { Scenario } from '../types.ts';

/** Pages of a 2 MiB area, what one PMD entry covers. */
export const AREA_PAGES = 512;

/** First page of the aligned 2 MiB area in which `page` lies; scenario pages, may be negative. */
export function areaStart(s: Pick<Scenario, 'base'>, page: number): number {
  const phase = pageOfBase(s.base) % AREA_PAGES;
  return Math.floor((page + phase) / AREA_PAGES) * AREA_PAGES - phase;
}

/** Areas shown at most: a scenario may reach over 64 GiB. */
const MOST_AREAS = 4096;

/** First pages of the 2 MiB areas that a VMA, an entry or the request touches, ascending; at most 4096. */
export function areasOf(s: Scenario): readonly number[] {
  const found = new Set<number>();
  const add = (from: number, to: number): void => {
    for (let a = areaStart(s, from); a < to && found.size < MOST_AREAS; a += AREA_PAGES) found.add(a);
  };
  add(s.request.start, s.request.end);
  for (const e of s.entries) add(e.page, e.page + e.count);
  for (const v of s.vmas) add(v.start, v.end);
  return [...found].toSorted((a, b) => a - b);
}
