import type { ScenarioProblem } from '../error.ts';
import { AREA, areaOf, hex, overlap, size, type Span, spanOf, wholeAreas } from './span.ts';
import type { Capture, CaptureRange, CaptureVma } from './types.ts';

/** Pages that one walk covers at most: 1 GiB. */
export const MOST_WALKED = 1 << 18;
/** What lies around the walk is shown so far, in pages. */
const MARGIN = 4 * AREA;

/** What of a capture becomes a scenario, in pages from address 0. */
export interface Choice {
  /** the range of the request */
  readonly walk: Span;
  /** the range whose mappings and entries are taken, whole 2 MiB areas */
  readonly shown: Span;
}

/**
 * Chooses the range to walk: what the person asks for, else what was captured of the one mapping that holds the most pages
 * (an anonymous one before all others: a migration takes one mapping at a time), at most 1 GiB of it.
 */
export function choose(c: Capture, asked: CaptureRange | undefined, notes: string[]): Choice | ScenarioProblem {
  const captured = c.range === undefined ? undefined : wholeAreas(spanOf(c.range));
  const walk = asked === undefined ? bestWalk(c, notes) : askedWalk(c, asked);
  if ('path' in walk) return walk;
  const around = wholeAreas({ start: Math.max(0, walk.start - MARGIN), end: walk.end + MARGIN });
  return { walk, shown: captured === undefined ? around : overlap(around, captured) };
}

function askedWalk(c: Capture, asked: CaptureRange): Span | ScenarioProblem {
  const got = `${asked.start}-${asked.end}`;
  const wrong = (expected: string, message: string): ScenarioProblem => ({ path: 'range', expected, got, message });
  const aligned = /^0x[0-9a-f]{1,9}000$|^0x0$/i;
  if (!aligned.test(asked.start) || !aligned.test(asked.end)) {
    return wrong('page-aligned addresses such as 0x7f0000000000', `${got} is no range of page-aligned addresses.`);
  }
  const span = spanOf(asked);
  if (span.start >= span.end) return wrong('an end after the start', `the range ${got} is empty.`);
  if (span.end - span.start > MOST_WALKED) {
    return wrong(
      `at most ${MOST_WALKED} pages`,
      `${size(span.end - span.start)} are too much for one walk: at most 1 GiB.`,
    );
  }
  const hit = c.vmas.some((vma) => isSpan(overlap(overlap(spanOf(vma), captured(c)), span)));
  if (!hit) return wrong('a range in a captured mapping', `nothing was captured in ${got}.`);
  return span;
}

function isSpan(span: Span): boolean {
  return span.start < span.end;
}

/** What the script looked at. */
function captured(c: Capture): Span {
  return c.range === undefined ? { start: 0, end: Number.POSITIVE_INFINITY } : spanOf(c.range);
}

function bestWalk(c: Capture, notes: string[]): Span {
  const vma = c.vmas.reduce((best, each) => (rank(c, each) > rank(c, best) ? each : best));
  const whole = overlap(spanOf(vma), captured(c));
  const walk = whole.end - whole.start > MOST_WALKED ? fullest(c, vma, whole) : whole;
  if (c.vmas.length > 1) {
    notes.push(
      `The capture has ${c.vmas.length} mappings, and a migration takes one at a time: the walk is over the ${vma.kind} mapping at ${hex(whole.start)}, which holds the most memory. Another range can be given.`,
    );
  }
  if (walk !== whole) {
    notes.push(
      `The mapping has ${size(whole.end - whole.start)}; the walk is over the 1 GiB from ${hex(walk.start)} on that holds the most pages.`,
    );
  }
  return walk;
}

/** Order of preference; whole numbers so that equal mappings stay equal. */
function rank(c: Capture, vma: CaptureVma): number {
  const kind = vma.kind === 'anon' ? 2 : vma.kind === 'shmem' || vma.kind === 'file' ? 1 : 0;
  const pages = populated(c, vma).reduce((sum, run) => sum + (run.end - run.start), 0);
  return pages === 0 ? kind - 3 : kind * 2 ** 40 + pages;
}

/** Runs that hold something, in pages from address 0. */
function populated(c: Capture, vma: CaptureVma): Span[] {
  const first = spanOf(vma).start;
  const runs: Span[] = [];
  for (const [page, count, state] of vma.runs as [number, number, number][]) {
    const { map } = c.states[state] as Capture['states'][number];
    if (map.includes('present') || map.includes('swapped'))
      runs.push({ start: first + page, end: first + page + count });
  }
  return runs;
}

/** The stretch of MOST_WALKED pages, beginning on 2 MiB, that holds the most pages. */
function fullest(c: Capture, vma: CaptureVma, whole: Span): Span {
  const runs = populated(c, vma).filter((run) => run.end > whole.start && run.start < whole.end);
  const latest = Math.max(whole.start, areaOf(whole.end - MOST_WALKED));
  let best = whole.start;
  let most = -1;
  let pages = 0;
  let last = 0;
  for (let first = 0; first < runs.length; first++) {
    const start = Math.min(latest, Math.max(whole.start, areaOf((runs[first] as Span).start)));
    for (; last < runs.length && (runs[last] as Span).end <= start + MOST_WALKED; last++) {
      pages += (runs[last] as Span).end - (runs[last] as Span).start;
    }
    if (pages > most) [best, most] = [start, pages];
    if (last > first) pages -= (runs[first] as Span).end - (runs[first] as Span).start;
    else last = first + 1;
  }
  return { start: best, end: Math.min(whole.end, best + MOST_WALKED) };
}
