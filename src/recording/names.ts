import { G, P_STRIDE, ZONE, ZONES, ZONE_SHIFT } from '../machine/layout.ts';
import { factsOf } from './facts.ts';
import type { Recording } from './recording.ts';
import type { FrameName } from './words-text.ts';

/**
 * Short names of page frames, the same at every position of a recording and numbered in the order in which the
 * folios came into being: S0 small system page, T0+3 page 3 of a huge system page (kept after a split),
 * D0, DT0+3 device-private, C0, CT0+3 device-coherent, Z zero page, HZ+0 huge zero page, B0 the system
 * page in which the test driver keeps the data of a device-private page.
 */
export class Names {
  private readonly pfnOfFolio: Int32Array;
  private readonly orderOfFolio: Uint8Array;
  /** per zone, per frame: 1 + block */
  private readonly block: readonly Int32Array[];
  private readonly blockPfn: number[] = [];
  private readonly blockName: string[] = [];
  private readonly zero: number;
  private readonly hugeZero: number;
  readonly frame: FrameName = (pfn) => this.frameName(pfn);

  constructor(rec: Recording) {
    const m = rec.machine;
    const facts = factsOf(rec);
    this.pfnOfFolio = facts.folioPfn;
    this.orderOfFolio = facts.folioOrder;
    this.zero = m.scalar.get(G.ZERO_PFN);
    this.hugeZero = m.scalar.get(G.HUGE_ZERO_PFN);
    this.block = Array.from(
      { length: ZONES },
      (_, z) => new Int32Array(Math.ceil((m.page[z]?.cells.length ?? 0) / P_STRIDE)),
    );
    const next = new Map<string, number>();
    const backing = new Set<number>();
    for (const pfn of facts.folioBacking) if (pfn !== 0) backing.add(pfn);
    for (let f = 1; f < facts.folioPfn.length; f++) {
      const pfn = facts.folioPfn[f] as number;
      const order = facts.folioOrder[f] as number;
      if (!this.isNew(pfn)) continue;
      const letter =
        pfn === this.zero
          ? 'Z'
          : pfn === this.hugeZero
            ? 'HZ'
            : backing.has(pfn)
              ? 'B'
              : letterOf(pfn >>> ZONE_SHIFT, order);
      const n = next.get(letter) ?? 0;
      next.set(letter, n + 1);
      this.give(pfn, order, letter === 'Z' || letter === 'HZ' ? letter : letter + n);
    }
  }

  private isNew(pfn: number): boolean {
    return pfn > 0 && this.block[pfn >>> ZONE_SHIFT]?.[pfn & FRAME_MASK] === 0;
  }

  private give(pfn: number, order: number, name: string): void {
    this.blockPfn.push(pfn);
    this.blockName.push(order > 0 ? `${name}+` : name);
    const first = pfn & FRAME_MASK;
    this.block[pfn >>> ZONE_SHIFT]?.fill(this.blockPfn.length, first, first + (1 << order));
  }

  private frameName(pfn: number): string {
    const b = this.block[pfn >>> ZONE_SHIFT]?.[pfn & FRAME_MASK] ?? 0;
    if (b === 0) return pfn === this.zero ? 'Z' : `pfn 0x${(pfn >>> 0).toString(16)}`;
    const name = this.blockName[b - 1] as string;
    return name.endsWith('+') ? name + (pfn - (this.blockPfn[b - 1] as number)) : name;
  }

  /** Name of a folio: that of its first page, without the offset for a folio born large. */
  folio(f: number): string {
    const pfn = this.pfnOfFolio[f] ?? 0;
    if (f <= 0 || pfn === 0) return 'no folio';
    const name = this.frameName(pfn);
    return (this.orderOfFolio[f] as number) > 0 && name.endsWith('+0') ? name.slice(0, -2) : name;
  }
}

const FRAME_MASK = (1 << ZONE_SHIFT) - 1;

function letterOf(zone: number, order: number): string {
  const kind = zone === ZONE.SYSTEM ? 'S' : zone < ZONE.COHERENT0 ? 'D' : 'C';
  if (order === 0) return kind;
  return kind === 'S' ? 'T' : `${kind}T`;
}

const known = new WeakMap<Recording, Names>();

/** The names of a recording, worked out on the first call. */
export function namesOf(rec: Recording): Names {
  let n = known.get(rec);
  if (!n) {
    n = new Names(rec);
    known.set(rec, n);
  }
  return n;
}

/** Virtual address of a machine page: `0x200003000`. Exact: 48-bit addresses fit a double. */
export function addressText(rec: Recording, page: number): string {
  return `0x${((rec.machine.basePage + page) * 4096).toString(16)}`;
}

/** A machine page as its number in the scenario: `page 3`. */
export function pageText(rec: Recording, page: number): string {
  return `page ${page - rec.origin}`;
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
    : `${levelName(level)} table at ${pageText(rec, tableBase[table] as number)}${whose}`;
}
