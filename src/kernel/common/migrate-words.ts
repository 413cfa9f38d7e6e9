import { MIGRATE_PFN_COMPOUND, MIGRATE_PFN_MIGRATE } from '../../machine/words/migrate-pfn.ts';
import type { Kernel } from '../kernel.ts';
import { putWord, wordHi, wordLo } from '../unified/pfns.ts';
import { migrateWordPage } from './migrate-pfn.ts';

/*
 * Words of src[] and dst[], as the phases of mm/migrate_device.c read and change them.
 */

export const MIG = MIGRATE_PFN_MIGRATE;
export const COMPOUND = MIGRATE_PFN_COMPOUND;

/** migrate_pfn_to_page() as a page frame, -1 when the word names no page. */
export function migratePage(k: Kernel, arr: number, i: number): number {
  return migrateWordPage(k, wordLo(k, arr, i), wordHi(k, arr, i));
}

/** Takes bits out of an entry, in a step of its own if one of them is set. */
export function clearBits(k: Kernel, site: number, arr: number, i: number, bits: number): void {
  if ((wordLo(k, arr, i) & bits) !== 0) putWord(k, site, arr, i, wordLo(k, arr, i) & ~bits, wordHi(k, arr, i));
}

/** The folio of migrate_vma.fault_page (pfn + 1), 0 for none. */
export const faultFolioOf = (k: Kernel, faultPage: number): number =>
  faultPage === 0 ? 0 : k.m.folioOf(faultPage - 1);
