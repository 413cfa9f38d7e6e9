import { MM, MM_STRIDE, T, T_STRIDE } from './layout.ts';
import type { Machine } from './machine.ts';

export const PTRS_PER_TABLE = 512;
export const HPAGE_PMD_NR = 512;
export const HPAGE_PMD_ORDER = 9;
export const PMD_PAGES = 1 << 9;
export const PUD_PAGES = 1 << 18;
export const PGD_PAGES = 1 << 27;

/**
 * Entries are named by number: table * 512 + slot; 0 means "no such entry" because table 0 does not
 * exist. A table entry of the model stores the child's table id in the pfn field, so that descending
 * needs no search; the inspector shows it as the frame of the table page.
 */
export const levelShift = (level: number): number => 9 * (level - 1);

export function entryLo(m: Machine, e: number): number {
  return m.pt.cells[e * 2] as number;
}

export function entryHi(m: Machine, e: number): number {
  return m.pt.cells[e * 2 + 1] as number;
}

/** Writes an entry word; callers record the step first. */
export function setEntry(m: Machine, e: number, lo: number, hi: number): void {
  m.pt.set(e * 2, lo);
  m.pt.set(e * 2 + 1, hi);
}

/** Table id a table entry points to (its pfn field). */
export function childTable(m: Machine, e: number): number {
  return ((m.pt.cells[e * 2 + 1] as number) << 20) | ((m.pt.cells[e * 2] as number) >>> 12);
}

/** First page number that an entry maps. */
export function entryPage(m: Machine, e: number): number {
  const o = (e >>> 9) * T_STRIDE;
  return m.table.get(o + T.BASE) + ((e & 511) << levelShift(m.table.get(o + T.LEVEL)));
}

function slot(page: number, level: number): number {
  return (page >>> levelShift(level)) & 511;
}

export function pgdEntry(m: Machine, mm: number, page: number): number {
  return m.mm.get(mm * MM_STRIDE + MM.PGD) * 512 + slot(page, 4);
}

/** Entry of `level` (3 PUD, 2 PMD, 1 PTE) for a page, or 0 when a table above is missing or is a leaf. */
export function findEntry(m: Machine, mm: number, page: number, level: number): number {
  let e = pgdEntry(m, mm, page);
  for (let l = 4; l > level; l--) {
    const lo = entryLo(m, e);
    if ((lo & 0x81) !== 1) return 0; // not present, or PSE: nothing below
    e = childTable(m, e) * 512 + slot(page, l - 1);
  }
  return e;
}
