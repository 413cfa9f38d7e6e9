import { findEntry, entryHi, entryLo } from '../machine/page-table.ts';
import { factsOf } from '../recording/facts.ts';
import type { HeldLock } from '../recording/locks.ts';
import { locksHeld } from '../recording/locks.ts';
import type { Recording } from '../recording/recording.ts';
import { cursorOf } from './cursor.ts';
import { type EntryKind, KINDS, pmdKindCode } from './entry-view.ts';
import type { KindMap } from './kind-map.ts';
import type { Pages } from './run-index.ts';

/** One cell of a lane's strip: a page, or so many pages when there is no room for each. */
export interface StripCell {
  /** first page of the scenario */
  readonly page: number;
  readonly count: number;
  /** the kind that most of the pages are */
  readonly kind: EntryKind;
  /** not all of them are of that kind */
  readonly mixed: boolean;
  /** an actor works here: its number, -1 = none */
  readonly actor: number;
}

/** A lane at the machine's position, small: the request's entries level by level, who works where, which locks are held. */
export interface LaneStrip {
  readonly pmds: readonly StripCell[];
  readonly ptes: readonly StripCell[];
  /** actor that holds the lock of a PMD or PTE table of the process, -1 = nobody */
  readonly pmdLock: number;
  readonly pteLock: number;
  readonly folioLocks: number;
  readonly mmap: 'free' | 'read' | 'write';
  /** page of the scenario that the walker works on, undefined = none yet */
  readonly page: number | undefined;
}

/** Folio locks that are counted; a large migration holds one for every page. */
const MOST_LOCKS = 1000;

/**
 * The strip of a recording whose machine stands at `step`. @param range machine pages
 * @param most cells of a level at most
 */
export function laneStrip(rec: Recording, map: KindMap, range: Pages, step: number, most: number): LaneStrip {
  map.sync();
  const at = new Map<number, number>();
  for (let actor = rec.actors.length - 1; actor >= 0; actor--) {
    const cursor = step < 0 ? undefined : cursorOf(rec, step, actor);
    if (cursor !== undefined) at.set(cursor.page, actor);
  }
  const locks = locksHeld(rec, step, MOST_LOCKS);
  const { tableMm } = factsOf(rec);
  const holder = (kind: HeldLock['kind']): number =>
    locks.find((l) => l.kind === kind && tableMm[l.id] === 1)?.actor ?? -1;
  const mmap = locks.find((l) => l.kind === 'mmap' && l.id === 1);
  const walker = [...at].find(([, actor]) => actor === 0)?.[0];
  const areas = { start: range.start >> 9, end: ((range.end - 1) >> 9) + 1 };
  return {
    pmds: cells(areas, most, 512, rec.origin, at, (area) => pmdKind(rec, area << 9)),
    ptes: cells(range, most, 1, rec.origin, at, (page) => pageKind(map, page)),
    pmdLock: holder('pmd'),
    pteLock: holder('pte'),
    folioLocks: locks.filter((l) => l.kind === 'folio').length,
    mmap: mmap === undefined ? 'free' : mmap.write ? 'write' : 'read',
    page: walker === undefined ? undefined : walker - rec.origin,
  };
}

function pmdKind(rec: Recording, page: number): number {
  const m = rec.machine;
  const pmd = findEntry(m, 1, page, 2);
  return pmd === 0 ? 0 : pmdKindCode(m, entryLo(m, pmd), entryHi(m, pmd));
}

function pageKind(map: KindMap, page: number): number {
  const row = map.row(page);
  if (row < 0) return 0;
  return (map.leaf[row] as number) || (map.cells[row * 512 + (page & 511)] as number);
}

/** @param unit pages of one entry of the level */
function cells(
  range: Pages,
  most: number,
  unit: number,
  origin: number,
  at: ReadonlyMap<number, number>,
  kindOf: (n: number) => number,
): StripCell[] {
  const per = Math.max(1, Math.ceil((range.end - range.start) / most));
  const out: StripCell[] = [];
  for (let first = range.start; first < range.end; first += per) {
    const end = Math.min(range.end, first + per);
    const times = new Uint32Array(KINDS.length);
    for (let n = first; n < end; n++) times[kindOf(n)] = (times[kindOf(n)] as number) + 1;
    const best = times.indexOf(Math.max(...times));
    const actors = [...at].filter(([page]) => page >= first * unit && page < end * unit).map(([, actor]) => actor);
    out.push({
      page: first * unit - origin,
      count: (end - first) * unit,
      kind: KINDS[best] as EntryKind,
      mixed: (times[best] as number) < end - first,
      actor: actors.length === 0 ? -1 : Math.min(...actors),
    });
  }
  return out;
}
