import { bornLocked, folio_alloc } from '../common/folio.ts';
import { type FlagPlace, migrateWordHi, migrateWordLo } from '../common/migrate-pfn.ts';
import type { Kernel } from '../kernel.ts';
import { putWord } from '../unified/pfns.ts';

/**
 * A driver names the destination of entry i: migrate_pfn() of the frame, with WRITE and COMPOUND as it wants them.
 * @param place how it decides whether to call the page device-private
 */
export function giveDst(
  k: Kernel,
  site: number,
  dst: number,
  i: number,
  pfn: number,
  flags: number,
  place: FlagPlace = 'by-page',
): void {
  putWord(k, site, dst, i, migrateWordLo(k, pfn, flags, place), migrateWordHi(k, pfn));
}

/** System memory as a destination: a locked folio with one reference. */
export function newSystemDst(k: Kernel, site: number, order: number): number {
  const f = folio_alloc(k, site, order);
  bornLocked(k.m, f);
  return f;
}
