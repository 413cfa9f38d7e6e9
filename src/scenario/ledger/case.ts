import { sketch } from '../library/make.ts';
import type { Sketch } from '../library/make.ts';
import type { Scenario, ScenarioEntry } from '../types.ts';

/** A small scenario made for one row of the ledger. */
export function ledgerCase(
  row: string,
  title: string,
  memory: string | readonly ScenarioEntry[],
  pages: number,
  more: Partial<Sketch> = {},
): Scenario {
  return sketch({
    id: `ledger-${row.toLowerCase()}`,
    title,
    about: `Made for row ${row} of the review ledger: ${title}.`,
    look: [`Compare the run with switch ${row} off and on.`],
    source: [`ledger ${row}`],
    tags: ['ledger'],
    memory,
    pages,
    ...more,
  });
}

/** A stretch of ordinary, writable, exclusive pages. */
export const own = (page: number, count: number): ScenarioEntry => ({
  page,
  count,
  level: 'pte',
  kind: 'present',
  write: true,
  young: true,
  dirty: true,
  folio: { exclusive: true },
});

/** Pages of one large folio that PTEs map; the folio begins at the 2 MiB boundary before `page`. */
export const largeByPtes = (page: number, count: number, folioPage: number): ScenarioEntry => ({
  page,
  count,
  level: 'pte',
  kind: 'present',
  write: true,
  young: true,
  dirty: true,
  folioPage,
  folio: { name: 'large', order: 9, exclusive: true, dirty: true },
});
