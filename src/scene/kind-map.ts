import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { BANK, V } from '../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../machine/page-table.ts';
import { vmaGet } from '../machine/vma.ts';
import { factsOf } from '../recording/facts.ts';
import type { Recording } from '../recording/recording.ts';
import { KINDS, pmdKindCode, pteKindCode } from './entry-view.ts';
import { vmasOf } from './vma-view.ts';

/** Most 2 MiB rows a map holds; what lies beyond is counted, not drawn. */
export const MOST_ROWS = 8192;
/** More writes than this between two positions: the map is read anew. */
const MOST_DELTAS = 60_000;

const TABLE = KINDS.indexOf('table');
const OUTSIDE = KINDS.indexOf('outside');

/**
 * The kinds of all entries of a process, one row of 512 cells per 2 MiB. Follows the recording's position by the
 * journal, so that a step costs what it wrote, not what is mapped.
 */
export class KindMap {
  /** first page of each row, ascending */
  readonly areas: readonly number[];
  /** kind code per cell, row by row */
  readonly cells: Uint8Array;
  /** rows that are one PMD leaf: its kind code, else 0 */
  readonly leaf: Uint8Array;
  /** 2 MiB areas of the process left out for want of room */
  readonly left: number;
  private readonly recording: Recording;
  private readonly rowOf = new Map<number, number>();
  private readonly vmas: readonly { readonly start: number; readonly end: number }[];
  private at = -2;

  constructor(recording: Recording) {
    this.recording = recording;
    this.vmas = vmasOf(recording.machine, 1).map((v) => ({
      start: vmaGet(recording.machine, v.id, V.START),
      end: vmaGet(recording.machine, v.id, V.END),
    }));
    const all = this.findAreas();
    this.areas = all.slice(0, MOST_ROWS);
    this.left = all.length - this.areas.length;
    this.areas.forEach((page, row) => this.rowOf.set(page >> 9, row));
    this.cells = new Uint8Array(this.areas.length * 512);
    this.leaf = new Uint8Array(this.areas.length);
  }

  /** Areas of the VMAs; of a process with too many, those below an existing PMD table. */
  private findAreas(): number[] {
    const total = this.vmas.reduce((n, v) => n + ((v.end - 1) >> 9) - (v.start >> 9) + 1, 0);
    const { tableLevel, tableBase, tableMm } = factsOf(this.recording);
    const tables = new Set<number>();
    tableLevel.forEach((level, t) => {
      if (level === 2 && tableMm[t] === 1) tables.add((tableBase[t] as number) >> 18);
    });
    const found = new Set<number>();
    for (const v of this.vmas) {
      for (let area = v.start >> 9; area <= (v.end - 1) >> 9; area++) {
        if (total > MOST_ROWS && !tables.has(area >> 9)) area |= 511;
        else found.add(area);
      }
    }
    return [...found].toSorted((x, y) => x - y).map((area) => area << 9);
  }

  /** Row in which a page lies, -1 when it is on no row. */
  row(page: number): number {
    return this.rowOf.get(page >> 9) ?? -1;
  }

  /** Brings the map to the machine's position; gives the rows that changed, or undefined when all may have. */
  sync(): readonly number[] | undefined {
    const { recording } = this;
    const to = recording.position;
    if (to === this.at) return [];
    const here = this.at < 0 ? 0 : recording.deltaEnd(this.at);
    const there = to < 0 ? 0 : recording.deltaEnd(to);
    const fresh = this.at === -2 || Math.abs(there - here) > MOST_DELTAS;
    this.at = to;
    if (fresh) {
      for (let row = 0; row < this.areas.length; row++) this.readRow(row);
      return undefined;
    }
    const touched = this.touched(Math.min(here, there), Math.max(here, there));
    for (const row of touched) this.readRow(row);
    return touched;
  }

  private touched(from: number, to: number): number[] {
    const { loc } = this.recording.machine.journal;
    const { tableLevel, tableBase, tableMm } = factsOf(this.recording);
    const rows = new Set<number>();
    for (let i = from; i < to; i++) {
      const l = loc[i] as number;
      if (l >>> LOC_BANK_SHIFT !== BANK.PT) continue;
      const entry = (l & LOC_INDEX_MASK) >>> 1;
      const table = entry >>> 9;
      if (tableMm[table] !== 1) continue;
      const level = tableLevel[table] as number;
      const page = (tableBase[table] as number) + ((entry & 511) << (9 * (level - 1)));
      const span = level <= 2 ? 1 : 1 << (9 * (level - 2));
      for (let n = 0; n < span && n < MOST_ROWS; n++) {
        const row = this.rowOf.get((page >> 9) + n);
        if (row !== undefined) rows.add(row);
      }
    }
    return [...rows];
  }

  private readRow(row: number): void {
    const m = this.recording.machine;
    const page = this.areas[row] as number;
    const base = row * 512;
    const pmd = findEntry(m, 1, page, 2);
    const code = pmd === 0 ? 0 : pmdKindCode(m, entryLo(m, pmd), entryHi(m, pmd));
    this.leaf[row] = pmd === 0 || code === TABLE || code === 1 ? 0 : code;
    if (code !== TABLE) this.cells.fill(code === 1 ? 0 : code, base, base + 512);
    else {
      const first = findEntry(m, 1, page, 1);
      for (let i = 0; i < 512; i++) this.cells[base + i] = pteKindCode(m, entryLo(m, first + i), entryHi(m, first + i));
    }
    this.markOutside(page, base);
  }

  /** Cells outside every VMA say so. */
  private markOutside(page: number, base: number): void {
    if (this.vmas.some((v) => v.start <= page && v.end >= page + 512)) return;
    for (let i = 0; i < 512; i++)
      if (!this.vmas.some((v) => v.start <= page + i && page + i < v.end)) this.cells[base + i] = OUTSIDE;
  }

  /** How many cells are of each kind, by kind code. */
  counts(): readonly number[] {
    const n = KINDS.map(() => 0);
    for (const code of this.cells) n[code] = (n[code] as number) + 1;
    return n;
  }
}

/** Paints cells into pixels, one pixel per cell; `palette` holds a packed colour per kind code. */
export function paintKinds(
  cells: Uint8Array,
  from: number,
  to: number,
  palette: Uint32Array,
  pixels: Uint32Array,
): void {
  for (let i = from; i < to; i++) pixels[i - from] = palette[cells[i] as number] as number;
}
