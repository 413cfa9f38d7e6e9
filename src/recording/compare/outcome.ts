import { errnoName } from '../../kernel/errno.ts';
import { OP } from '../../machine/ops.ts';
import { siteInfo } from '../../machine/sites.ts';
import { COUNTERS, countersAt } from '../counters.ts';
import type { Recording } from '../recording.ts';
import { findingsOf } from '../step-log.ts';
import { type PageTexts, arrayAtEnd, entriesAtEnd } from './final.ts';
import { differenceInLocks } from './lock-trace.ts';

/** What two runs of a scenario can come to differently. */
export const ASPECTS = ['result', 'findings', 'entries', 'arrays', 'counters', 'locks'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** One difference between two recordings, as text for both. */
export interface OutcomeDifference {
  readonly aspect: Aspect;
  /** the operation, page, counter … it is about */
  readonly where: string;
  readonly a: string;
  readonly b: string;
}

/** Differences of one aspect that are listed; the others are counted. */
const MOST_LISTED = 64;

/** What two recordings of a scenario come to differently. */
export interface Outcome {
  readonly list: readonly OutcomeDifference[];
  /** how many differences there are of each aspect, also beyond the list */
  readonly counts: Readonly<Record<Aspect, number>>;
}

/**
 * Compares what two recordings of one scenario come to: how they end and what the operations return, findings, the final
 * page table with the pages' contents, the final arrays, the counters, and the order of lock operations. Page frames count by
 * their kind of memory. Neither recording is moved.
 */
export function compareRecordings(a: Recording, b: Recording): Outcome {
  const list: OutcomeDifference[] = [];
  const counts = Object.fromEntries(ASPECTS.map((x) => [x, 0])) as Record<Aspect, number>;
  const add = (aspect: Aspect, where: string, x: string, y: string): void => {
    if (x === y) return;
    counts[aspect]++;
    if (counts[aspect] <= MOST_LISTED) list.push({ aspect, where, a: x, b: y });
  };
  add('result', 'end of the run', a.end, b.end);
  compareTexts(results(a), results(b), 'not done', (where, x, y) => add('result', where, x, y));
  compareTexts(findingTexts(a), findingTexts(b), 'none', (where, x, y) => add('findings', where, x, y));
  comparePages(entriesAtEnd(a), entriesAtEnd(b), 'none', (page, x, y) => add('entries', `page ${page}`, x, y));
  for (const kind of ['hmm_pfns', 'src', 'dst'] as const)
    comparePages(arrayAtEnd(a, kind), arrayAtEnd(b, kind), '0', (page, x, y) =>
      add('arrays', `${kind} of page ${page}`, x, y),
    );
  const x = countersAt(a, a.length - 1);
  const y = countersAt(b, b.length - 1);
  for (const { id, title } of COUNTERS) add('counters', title, String(x[id]), String(y[id]));
  const locks = differenceInLocks(a, b);
  if (locks !== undefined) add('locks', locks.where, locks.a, locks.b);
  return { list, counts };
}

/** True when two recordings come to the same in every aspect. */
export function isSameOutcome({ counts }: Outcome): boolean {
  return ASPECTS.every((x) => counts[x] === 0);
}

type Say<K> = (where: K, a: string, b: string) => void;

function compareTexts(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
  missing: string,
  say: Say<string>,
): void {
  for (const where of new Set([...a.keys(), ...b.keys()])) say(where, a.get(where) ?? missing, b.get(where) ?? missing);
}

function comparePages(a: PageTexts, b: PageTexts, missing: string, say: Say<number>): void {
  const pages = [...new Set([...a.keys(), ...b.keys()])].toSorted((x, y) => x - y);
  for (const page of pages) say(page, a.get(page) ?? missing, b.get(page) ?? missing);
}

/** What each operation of each actor returned: `walker, operation 0` → `0`. */
function results(rec: Recording): ReadonlyMap<string, string> {
  const { op, site, actor, a, b } = rec.machine.log;
  const out = new Map<string, string>();
  for (let i = 0; i < rec.length; i++) {
    if (op[i] !== OP.USER || siteInfo(site[i] as number).label !== 'end') continue;
    const name = rec.actors[actor[i] as number] ?? `actor ${actor[i]}`;
    out.set(`${name}, operation ${(a[i] as number) + 1}`, errnoName(b[i] as number));
  }
  return out;
}

/** How often each rule is broken at each site. */
function findingTexts(rec: Recording): ReadonlyMap<string, string> {
  const times = new Map<string, number>();
  for (const f of findingsOf(rec)) {
    const where = `${f.rule} at ${f.site}`;
    times.set(where, (times.get(where) ?? 0) + 1);
  }
  return new Map([...times].map(([where, n]) => [where, n === 1 ? 'once' : `${n} times`]));
}
