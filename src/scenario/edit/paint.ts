import type { Scenario, ScenarioEntry } from '../types.ts';
import { AREA_PAGES, areaStart } from './areas.ts';
import { type Path, withValue } from './fields.ts';

/** An entry without its place: what painting puts down. */
export type Brush = Omit<ScenarioEntry, 'page' | 'count'>;

/** The stretch that says something about `page`, or undefined: then its entry is none. */
export function stretchAt(s: Scenario, page: number): ScenarioEntry | undefined {
  return s.entries.find((e) => {
    if (e.level === 'pte' || e.kind === 'none') return e.page <= page && page < e.page + e.count;
    const from = areaStart(s, e.page);
    return from <= page && page < areaStart(s, e.page + e.count - 1) + AREA_PAGES;
  });
}

/**
 * The scenario with the entries of pages [from, to) as the brush says; without a brush they become none. A PMD brush
 * fills whole 2 MiB areas. Where single pages are painted into an area that a PMD entry maps, the rest of the area stays
 * mapped, by PTEs of the same folio, as after a PMD split.
 */
export function paint(s: Scenario, from: number, to: number, brush: Brush | null): Scenario {
  if (!(from < to)) return s;
  const huge = brush?.level === 'pmd';
  const start = huge ? areaStart(s, from) : from;
  const end = huge ? areaStart(s, to - 1) + AREA_PAGES : to;
  const kept = s.entries.flatMap((e) => outside(s, e, start, end));
  const added: ScenarioEntry[] = brush === null ? [] : [{ page: start, count: end - start, ...brush }];
  return { ...s, entries: joined([...kept, ...added].toSorted((a, b) => a.page - b.page)) };
}

/**
 * The scenario with one field of the entries of pages [from, to) set, as `folio.pins`; `undefined` takes it away. Pages
 * without an entry stay without one; of a PMD entry the whole area is changed.
 */
export function adjust(s: Scenario, from: number, to: number, path: Path, value: unknown): Scenario {
  const entries = s.entries.flatMap((e) => {
    const huge = e.level === 'pmd';
    const start = huge ? areaStart(s, from) : from;
    const end = huge ? areaStart(s, to - 1) + AREA_PAGES : to;
    const first = Math.max(e.page, start);
    const last = Math.min(e.page + e.count, end);
    if (first >= last) return [e];
    const inside: ScenarioEntry = { ...tail(e, first), count: last - first };
    return [...outside(s, e, start, end), withValue(inside, path, value)];
  });
  return { ...s, entries: joined(entries.toSorted((a, b) => a.page - b.page)) };
}

/** The parts of a stretch that lie outside of [start, end). */
function outside(s: Scenario, e: ScenarioEntry, start: number, end: number): ScenarioEntry[] {
  const first = e.level === 'pmd' && e.kind !== 'none' ? areaStart(s, e.page) : e.page;
  const last =
    e.level === 'pmd' && e.kind !== 'none' ? areaStart(s, e.page + e.count - 1) + AREA_PAGES : e.page + e.count;
  if (last <= start || end <= first) return [e];
  if (e.level === 'pmd' && e.kind !== 'none') return outsideHuge(s, e, start, end);
  const parts: ScenarioEntry[] = [];
  if (e.page < start) parts.push({ ...e, count: start - e.page });
  if (end < e.page + e.count) parts.push(tail(e, end));
  return parts;
}

/** The stretch from page `from` on: data and place in the folio go on counting. */
function tail(e: ScenarioEntry, from: number): ScenarioEntry {
  const cut = from - e.page;
  return {
    ...e,
    page: from,
    count: e.count - cut,
    ...(e.data === undefined ? {} : { data: e.data + cut }),
    ...(e.folio?.order === 9 ? { folioPage: ((e.folioPage ?? 0) + cut) % AREA_PAGES } : {}),
  };
}

/** Areas that are touched in part stay mapped by PTEs; whole areas before and behind stay as they are. */
function outsideHuge(s: Scenario, e: ScenarioEntry, start: number, end: number): ScenarioEntry[] {
  const parts: ScenarioEntry[] = [];
  const stop = e.page + e.count;
  for (let area = areaStart(s, e.page); area < stop; area += AREA_PAGES) {
    const from = Math.max(area, e.page);
    const to = Math.min(area + AREA_PAGES, stop);
    if (area + AREA_PAGES <= start || end <= area) parts.push({ ...e, page: from, count: to - from });
    else parts.push(...byPtes(e, area, start, end));
  }
  return parts;
}

function byPtes(e: ScenarioEntry, area: number, start: number, end: number): ScenarioEntry[] {
  const pieces: (readonly [number, number])[] = [
    [area, Math.min(start, area + AREA_PAGES)],
    [Math.max(end, area), area + AREA_PAGES],
  ];
  return pieces.filter(([from, to]) => from < to).map(([from, to]) => piece(e, area, from, to));
}

function piece(e: ScenarioEntry, area: number, from: number, to: number): ScenarioEntry {
  const place = { page: from, count: to - from, level: 'pte' } as const;
  // The huge zero page has no folio of the scenario's: its PTEs map the zero page.
  if (e.kind === 'zero') return { ...e, ...place };
  const name = e.folio?.name ?? `huge${area < 0 ? '_' : ''}${Math.abs(area)}`;
  return { ...e, ...place, folioPage: from - area, folio: { ...e.folio, order: 9, name } };
}

/** Neighbours that say the same become one stretch. */
function joined(entries: readonly ScenarioEntry[]): readonly ScenarioEntry[] {
  const out: ScenarioEntry[] = [];
  for (const e of entries) {
    const last = out.at(-1);
    if (last !== undefined && goesOn(last, e)) out[out.length - 1] = { ...last, count: last.count + e.count };
    else out.push(e);
  }
  return out;
}

function goesOn(a: ScenarioEntry, b: ScenarioEntry): boolean {
  if (a.page + a.count !== b.page) return false;
  // Where a named folio ends, and in which order its pages follow, is for the person to say.
  if (a.folio?.name !== undefined && a.folio.order !== 9) return false;
  const expected = tail({ ...a, count: a.count + b.count }, b.page);
  return JSON.stringify(sorted(expected)) === JSON.stringify(sorted(b));
}

/** Field order is of no meaning. */
function sorted(value: object): unknown {
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, typeof v === 'object' && v !== null ? sorted(v as object) : v]),
  );
}
