import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { allSites, functionOfSite, siteNamed } from '../machine/sites.ts';
import { pageOfEntry } from '../recording/entry-name.ts';
import { findLandmarks } from '../recording/landmarks.ts';
import { pageOfStep } from '../recording/moves.ts';
import type { Recording } from '../recording/recording.ts';
import { callSpans, spanAt } from '../recording/spans.ts';
import { stepNumber } from '../recording/step-number.ts';
import { type Point, PlaceError, parsePlace } from './place.ts';

const WRITES: ReadonlySet<number> = new Set([
  OP.SET_PTE,
  OP.CLEAR_PTE,
  OP.CLEAR_FLUSH_PTE,
  OP.SET_PMD,
  OP.SET_PMD_MIGRATION,
  OP.INVALIDATE_PMD,
  OP.POPULATE,
]);

/**
 * The step that a place names in a recording (-1: before the first step).
 * @throws {PlaceError} when there is no such step; the message says which point was not found.
 */
export function resolvePlace(rec: Recording, place: string): number {
  let step = -1;
  for (const point of parsePlace(place)) step = resolvePoint(rec, point, step);
  return step;
}

function resolvePoint(rec: Recording, point: Point, after: number): number {
  if ('end' in point) return point.end === 'start' ? -1 : rec.length - 1;
  const hits = new Hits(rec, point);
  let left = Math.max(1, point.nth);
  if (point.nth > 0) {
    for (let i = after + 1; i < rec.length; i++) if (hits.has(i) && --left === 0) return i;
  } else {
    for (let i = rec.length - 1; i > after; i--) if (hits.has(i)) return i;
  }
  const found = Math.max(1, point.nth) - left;
  const some = found === 0 ? 'nothing of that kind' : `only ${found} of them`;
  throw new PlaceError(
    `“${point.text}”: the recording has ${some}${after < 0 ? '' : ` after step ${stepNumber(after)}`} (${rec.length} steps).`,
  );
}

type NamedPoint = Exclude<Point, { end: string }>;

/** Tells the steps that a point means. */
class Hits {
  private readonly rec: Recording;
  private readonly point: NamedPoint;
  private readonly sites: Uint8Array | null;
  private readonly marks: ReadonlySet<number> | null;
  /** op that the step must have, -1 = any */
  private readonly op: number;
  private readonly actor: number;

  constructor(rec: Recording, point: NamedPoint) {
    const { what } = point;
    this.rec = rec;
    this.point = point;
    this.sites =
      'site' in what
        ? maskOf([siteOf(what.site)])
        : 'call' in what
          ? maskOf(sitesOf(what.call))
          : 'ret' in what
            ? maskOf(sitesOf(what.ret))
            : null;
    this.marks = 'landmark' in what ? new Set(findLandmarks(rec)[what.landmark]) : null;
    this.op = 'call' in what ? OP.ENTER : 'ret' in what ? OP.EXIT : -1;
    this.actor = point.actor === undefined ? -1 : actorOf(rec, point.actor);
  }

  has(i: number): boolean {
    const { site, op, actor } = this.rec.machine.log;
    if (this.sites !== null && this.sites[site[i] as number] === 0) return false;
    if (this.marks !== null && !this.marks.has(i)) return false;
    if (this.op >= 0 && op[i] !== this.op) return false;
    if ('write' in this.point.what && !WRITES.has(op[i] as number)) return false;
    if (this.actor >= 0 && actor[i] !== this.actor) return false;
    return this.point.page === undefined || isOfPage(this.rec, i, this.point.page + this.rec.origin);
  }
}

function maskOf(ids: readonly number[]): Uint8Array {
  const mask = new Uint8Array(1 << 16);
  for (const id of ids) mask[id] = 1;
  return mask;
}

function siteOf(name: string): number {
  const site = siteNamed(name);
  if (site === undefined) throw new PlaceError(`there is no site “${name}”: expected function:label.`);
  return site.id;
}

function sitesOf(fn: string): number[] {
  const ids = allSites().flatMap((s) => (s.fn === fn ? [s.id] : []));
  if (ids.length === 0) throw new PlaceError(`there is no function or landmark “${fn}”.`);
  return ids;
}

function actorOf(rec: Recording, name: string): number {
  const i = rec.actors.indexOf(name);
  if (i < 0) throw new PlaceError(`no actor is called “${name}” here: there is ${rec.actors.join(', ')}.`);
  return i;
}

/** True when the step names the machine page or writes its entry, or else stands in a function called for it. */
function isOfPage(rec: Recording, step: number, page: number): boolean {
  const { loc } = rec.machine.journal;
  for (let d = rec.deltaBegin(step); d < rec.deltaEnd(step); d++) {
    const l = loc[d] as number;
    if (l >>> LOC_BANK_SHIFT === BANK.PT && pageOfEntry(rec, (l & LOC_INDEX_MASK) >>> 1) === page) return true;
  }
  const own = pageOfStep(rec, step);
  return own === null ? pageOfCall(rec, step) === page : own === page;
}

/** The page for which the innermost function that names one was called; -1 for none. */
export function pageOfCall(rec: Recording, step: number): number {
  const x = callSpans(rec);
  let row = spanAt(x, step, rec.machine.log.actor[step] as number);
  for (; row >= 0; row = x.parent[row] as number) {
    const page = pageOfStep(rec, x.from[row] as number);
    if (page !== null) return page;
  }
  return -1;
}

/** The words for a step: its site and its number among the steps there, of the same page where it names one. */
export function placeOf(rec: Recording, step: number): string {
  if (step < 0) return 'start';
  if (step >= rec.length - 1) return 'end';
  const { site, op } = rec.machine.log;
  const id = site[step] as number;
  const own = op[step] === OP.ENTER || op[step] === OP.EXIT;
  const fn = functionOfSite(id).name;
  const what = op[step] === OP.ENTER ? fn : op[step] === OP.EXIT ? `return of ${fn}` : nameOfSite(id);
  let nth = 0;
  for (let i = 0; i <= step; i++) {
    const same = own
      ? op[i] === op[step] && functionOfSite(site[i] as number).name === fn
      : site[i] === id && !isCall(op[i]);
    if (same) nth++;
  }
  return `${ordinalText(nth)} ${what}`;
}

const isCall = (op: number | undefined): boolean => op === OP.ENTER || op === OP.EXIT;

const nameOfSite = (id: number): string => {
  const s = allSites().find((x) => x.id === id);
  return `${s?.fn}:${s?.label}`;
};

function ordinalText(n: number): string {
  const words = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
  const tail = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return words[n - 1] ?? `${n}${tail}`;
}
