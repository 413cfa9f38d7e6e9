import { PGD_PAGES } from '../machine/page-table.ts';

/** Where a scenario lies in the machine. */
export interface Placement {
  /** virtual page number of machine page 0, a multiple of 2^27 (one PGD entry) */
  readonly basePage: number;
  /** machine page = scenario page + offset */
  readonly offset: number;
}

/** Virtual page number of an address in hexadecimal (at most 48 bits, so exact in a double). */
export function pageOfBase(base: string): number {
  return Math.floor(Number.parseInt(base, 16) / 4096);
}

/**
 * Places scenario page 0 so that it has the alignment of its real address at every level.
 * @param lowest smallest page the scenario names; when it lies under the PGD entry of page 0, the machine begins one entry lower
 */
export function place(base: string, lowest: number): Placement {
  const page = pageOfBase(base);
  const basePage = Math.floor(Math.min(page, page + lowest) / PGD_PAGES) * PGD_PAGES;
  return { basePage, offset: page - basePage };
}
