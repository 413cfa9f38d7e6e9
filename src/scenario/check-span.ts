import type { Problems } from './error.ts';
import { LIMIT } from './limits.ts';
import { pageOfBase } from './place.ts';

/** First page number that 4-level paging cannot give to user space. */
export const USER_PAGES = 2 ** 35;

/** Objects to a stretch of pages that is empty, not whole, or too far away; true when it is fine. */
export function checkSpan(base: string, path: string, start: number, end: number, problems: Problems): boolean {
  if (!(start < end)) {
    problems.add(path, `an end after ${start}`, end, `[${start}, ${end}) is empty: the end must come after the start.`);
    return false;
  }
  if (start < -LIMIT.PAGE || end > LIMIT.PAGE) {
    const message = `pages [${start}, ${end}) are too far away: at most ${LIMIT.PAGE} pages on either side of page 0.`;
    problems.add(path, `pages within ±${LIMIT.PAGE}`, start < -LIMIT.PAGE ? start : end, message);
    return false;
  }
  const first = pageOfBase(base);
  if (first + start < 0 || first + end > USER_PAGES) {
    const message = `pages [${start}, ${end}) from ${base} on leave user space.`;
    problems.add(path, 'addresses in user space', `page ${first + start < 0 ? start : end}`, message);
    return false;
  }
  return true;
}
