import { EXTERNAL_ACTOR, F, G, PG, ZONE, ZONE_SHIFT } from '../machine/layout.ts';
import { namesOf } from '../recording/names.ts';
import type { Recording } from '../recording/recording.ts';

/** Which memory a folio is in; decides the column it is drawn in. */
export type Memory = 'system' | 'private' | 'coherent';

/** One folio described. */
export interface FolioView {
  readonly id: number;
  readonly pfn: number;
  readonly name: string;
  readonly order: number;
  readonly ref: number;
  readonly map: number;
  readonly flags: readonly string[];
  readonly memory: Memory;
  /** device that owns the memory, -1 for system memory */
  readonly device: number;
  /** holder of the folio lock: actor, EXTERNAL_ACTOR, or -1 when unlocked */
  readonly locker: number;
  readonly lru: 'list' | 'batch' | 'none';
  readonly live: boolean;
  readonly zero: boolean;
  /** linear page index: the page that an anonymous folio stands for */
  readonly index: number;
  readonly pins: number;
}

const FLAG_WORDS: readonly (readonly [number, string])[] = [
  [PG.ANON, 'anon'],
  [PG.FILE, 'file'],
  [PG.SHMEM, 'shmem'],
  [PG.PRIVATE, 'private'],
  [PG.DIRTY, 'dirty'],
  [PG.UPTODATE, 'uptodate'],
  [PG.SWAPCACHE, 'swapcache'],
  [PG.WRITEBACK, 'writeback'],
  [PG.MLOCKED, 'mlocked'],
  [PG.UNEVICTABLE, 'unevictable'],
  [PG.HUGETLB, 'hugetlb'],
];

/** Memory of a zone. */
export function memoryOfZone(zone: number): Memory {
  if (zone === ZONE.SYSTEM) return 'system';
  return zone === ZONE.PRIVATE0 || zone === ZONE.PRIVATE1 ? 'private' : 'coherent';
}

/** Describes folio `f`. */
export function folioView(recording: Recording, f: number): FolioView {
  const m = recording.machine;
  const flags = m.f(f, F.FLAGS);
  const pfn = m.f(f, F.PFN);
  const locker = m.f(f, F.LOCKER);
  const zone = pfn >>> ZONE_SHIFT;
  return {
    id: f,
    pfn,
    name: namesOf(recording).folio(f),
    order: m.f(f, F.ORDER),
    ref: m.f(f, F.REF),
    map: m.f(f, F.MAP),
    flags: FLAG_WORDS.flatMap(([bit, word]) => ((flags & bit) !== 0 ? [word] : [])),
    memory: memoryOfZone(zone),
    device: zone === ZONE.SYSTEM ? -1 : zone - 1,
    locker: (flags & PG.LOCKED) !== 0 ? (locker > 0 ? locker - 1 : EXTERNAL_ACTOR) : -1,
    lru: (flags & PG.LRU) !== 0 ? 'list' : (flags & PG.BATCH) !== 0 ? 'batch' : 'none',
    live: m.f(f, F.LIVE) !== 0,
    zero: (flags & PG.ZERO) !== 0 || pfn === m.scalar.get(G.ZERO_PFN) || pfn === m.scalar.get(G.HUGE_ZERO_PFN),
    index: m.f(f, F.INDEX),
    pins: m.f(f, F.PINS),
  };
}

/** Where the folio is, in words. */
export function whereOf(view: FolioView): string {
  if (view.memory === 'system') return 'system RAM';
  return `device ${view.device} ${view.memory}`;
}

/** `order 9 (2 MiB)`, `order 0`. */
export function orderWord(order: number): string {
  if (order === 0) return 'order 0';
  return order === 9 ? 'order 9 · 2 MiB' : `order ${order}`;
}
