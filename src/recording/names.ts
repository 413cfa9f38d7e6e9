import { G, P_STRIDE, ZONE, ZONES, ZONE_SHIFT } from '../machine/layout.ts';
import { Derived } from './derived.ts';
import { factsOf } from './facts.ts';
import type { Recording } from './recording.ts';
import type { FrameName } from './words-text.ts';

/** What the names are made of. */
export interface NameTable {
  /** per zone, per frame: id of the folio that was born there, 0 = none */
  readonly born: readonly Int32Array[];
  /** per folio: index into LETTERS, and its number among those of that letter */
  readonly letter: Uint8Array;
  readonly number: Int32Array;
}

/**
 * Short names of page frames, the same at every position of a recording and numbered in the order in which the
 * folios came into being: S0 small system page, T0+3 page 3 of a huge system page (kept after a split),
 * D0, DT0+3 device-private, C0, CT0+3 device-coherent, Z zero page, HZ+0 huge zero page, B0 the system
 * page in which the test driver keeps the data of a device-private page.
 */
export class Names {
  private readonly table: NameTable;
  private readonly pfnOfFolio: Int32Array;
  private readonly orderOfFolio: Uint8Array;
  private readonly zero: number;
  readonly frame: FrameName = (pfn) => this.frameName(pfn);

  constructor(rec: Recording) {
    const { folioPfn, folioOrder } = factsOf(rec);
    this.table = nameTable.of(rec);
    this.pfnOfFolio = folioPfn;
    this.orderOfFolio = folioOrder;
    this.zero = rec.machine.scalar.get(G.ZERO_PFN);
  }

  private frameName(pfn: number): string {
    const f = this.table.born[pfn >>> ZONE_SHIFT]?.[pfn & FRAME_MASK] ?? 0;
    if (f === 0) return pfn === this.zero ? 'Z' : `pfn 0x${(pfn >>> 0).toString(16)}`;
    const name = this.nameOf(f);
    return this.orderOfFolio[f] === 0 ? name : `${name}+${pfn - (this.pfnOfFolio[f] as number)}`;
  }

  private nameOf(f: number): string {
    const letter = this.table.letter[f] as number;
    return letter === Z || letter === HZ ? LETTERS[letter] : `${LETTERS[letter]}${this.table.number[f]}`;
  }

  /** Name of a folio: its own for one that was born, that of its first page for a piece of a split one. */
  folio(f: number): string {
    const pfn = this.pfnOfFolio[f] ?? 0;
    if (f <= 0 || pfn === 0) return 'no folio';
    return this.table.letter[f] === 0 ? this.frameName(pfn) : this.nameOf(f);
  }
}

/** Worked out once per recording. */
export const nameTable = new Derived<NameTable>((rec) => {
  const m = rec.machine;
  const { folioPfn, folioOrder, folioBacking } = factsOf(rec);
  const zero = m.scalar.get(G.ZERO_PFN);
  const hugeZero = m.scalar.get(G.HUGE_ZERO_PFN);
  const born = Array.from(
    { length: ZONES },
    (_, z) => new Int32Array(Math.ceil((m.page[z]?.cells.length ?? 0) / P_STRIDE)),
  );
  const letters = new Uint8Array(folioPfn.length);
  const numbers = new Int32Array(folioPfn.length);
  const backing = new Uint8Array(born[ZONE.SYSTEM]?.length ?? 0);
  for (const pfn of folioBacking) if (pfn !== 0) backing[pfn] = 1;
  const next = new Int32Array(LETTERS.length);
  for (let f = 1; f < folioPfn.length; f++) {
    const pfn = folioPfn[f] as number;
    const zone = pfn >>> ZONE_SHIFT;
    const frames = born[zone];
    if (pfn <= 0 || frames === undefined || frames[pfn & FRAME_MASK] !== 0) continue;
    const order = folioOrder[f] as number;
    const letter =
      pfn === zero ? Z : pfn === hugeZero ? HZ : zone === ZONE.SYSTEM && backing[pfn] === 1 ? B : letterOf(zone, order);
    letters[f] = letter;
    numbers[f] = next[letter] as number;
    next[letter] = (next[letter] as number) + 1;
    const first = pfn & FRAME_MASK;
    frames.fill(f, first, first + (1 << order));
  }
  return { born, letter: letters, number: numbers };
});

/** Letters by number; 0 = the folio was not born but split off. */
const LETTERS = ['', 'S', 'T', 'D', 'DT', 'C', 'CT', 'Z', 'HZ', 'B'] as const;
const Z = 7;
const HZ = 8;
const B = 9;

const FRAME_MASK = (1 << ZONE_SHIFT) - 1;

function letterOf(zone: number, order: number): number {
  const small = zone === ZONE.SYSTEM ? 1 : zone < ZONE.COHERENT0 ? 3 : 5;
  return order === 0 ? small : small + 1;
}

const names = new Derived<Names>((rec) => new Names(rec));

/** The names of a recording, worked out on the first call. */
export function namesOf(rec: Recording): Names {
  return names.of(rec);
}

/** Virtual address of a machine page: `0x200003000`. Exact: 48-bit addresses fit a double. */
export function addressText(rec: Recording, page: number): string {
  return `0x${((rec.machine.basePage + page) * 4096).toString(16)}`;
}

/** A machine page as its number in the scenario: `page 3`. */
export function pageText(rec: Recording, page: number): string {
  // A field of a struct that nobody has set yet; the machine's own page 0 begins a PGD entry below the scenario's pages.
  return page === 0 && rec.origin !== 0 ? '0' : `page ${page - rec.origin}`;
}

const LEVELS = ['?', 'PTE', 'PMD', 'PUD', 'PGD'] as const;

/** `PTE`, `PMD`, `PUD`, `PGD` for 1 … 4. */
export function levelName(level: number): string {
  return LEVELS[level] ?? '?';
}

/** A table by what it maps: `PTE table of page 0`; tables of other processes say so. */
export function tableText(rec: Recording, table: number): string {
  const { tableLevel, tableBase, tableMm } = factsOf(rec);
  const level = tableLevel[table] ?? 0;
  if (level === 0) return table === 0 ? 'no table' : `table ${table}`;
  const mm = tableMm[table] as number;
  const whose = mm > 1 ? ` of mm ${mm}` : '';
  return level === 4
    ? `PGD${whose}`
    : `${levelName(level)} table at page ${(tableBase[table] as number) - rec.origin}${whose}`;
}
