import { PGD_PAGES, PMD_PAGES, PUD_PAGES, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { pmd_none } from '../../machine/words/pte.ts';
import type { Kernel } from '../kernel.ts';

/** Where a descent by hand ended: the PMD entry, 0 when there is none, and the page at which the next one begins. */
export interface Descent {
  readonly pmd: number;
  readonly next: number;
}

/**
 * pgd_offset() … pmd_offset() as the functions of 2016 do it themselves, without the page walker. Under a PGD entry
 * whose PUD is none they go on at the next PGD boundary, 512 GiB further (mended with H-14: the next PUD boundary).
 */
export function descend(k: Kernel, mm: number, addr: number, end: number): Descent {
  const m = k.m;
  const pmd = findEntry(m, mm, addr, 2);
  if (pmd !== 0) {
    const none = pmd_none(entryLo(m, pmd), entryHi(m, pmd));
    return { pmd: none ? 0 : pmd, next: boundary(addr, PMD_PAGES, end) };
  }
  const size = findEntry(m, mm, addr, 3) !== 0 && k.fixes.has('H-14') ? PUD_PAGES : PGD_PAGES;
  return { pmd: 0, next: boundary(addr, size, end) };
}

/** The next multiple of `size` pages after addr, or the end. */
export function boundary(addr: number, size: number, end: number): number {
  return Math.min(end, (Math.floor(addr / size) + 1) * size);
}
