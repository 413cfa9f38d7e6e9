import { ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import {
  MIGRATE_DP_LAYOUT,
  MIGRATE_PFN_VALID,
  migratePfnHi,
  migratePfnLo,
  migratePfnToPfn,
} from '../../machine/words/migrate-pfn.ts';
import { maskLo } from '../../machine/words/field.ts';
import type { Kernel } from '../kernel.ts';
import { is_device_private_pfn } from './folio.ts';

/*
 * Migrate pfns with and without the series that takes device-private pages out of the physical address space:
 *
 *   DP-1  its preparation: bit 5 of a migrate pfn says that the page is device-private; nobody reads it yet
 *   DP-8  its final patch: a word with the bit holds an offset in the index of device-private pages, not a frame
 *
 * Both off is the kernel without the series. What each place writes is right if it looks at the page; the places that
 * did not are rows of the ledger.
 */

/** MIGRATE_PFN_DEVICE in the first posting, MIGRATE_PFN_DEVICE_PRIVATE in later ones. */
const MIGRATE_PFN_DEVICE_PRIVATE = maskLo(MIGRATE_DP_LAYOUT, 'DEVICE_PRIVATE');

/** How a place decides about the bit: by the page, or as the ledger row says until it is mended. */
export type FlagPlace = 'by-page' | 'D-01' | 'D-02' | 'D-03' | 'D-05' | 'D-14';

/** Offset 0 of the index of device-private pages. */
const FIRST_PRIVATE = ZONE.PRIVATE0 << ZONE_SHIFT;

/** migrate_pfn_from_page(), or what stands at its place: bits 0..31 of the word of a page with flags. */
export function migrateWordLo(k: Kernel, pfn: number, flags: number, place: FlagPlace): number {
  return migratePfnLo(numberOf(k, pfn), MIGRATE_PFN_VALID | flags | deviceFlag(k, pfn, place));
}

/** Bits 32..63 of the same word. */
export function migrateWordHi(k: Kernel, pfn: number): number {
  return migratePfnHi(numberOf(k, pfn));
}

/** A frame, or with the final patch the offset of a device-private page. */
function numberOf(k: Kernel, pfn: number): number {
  return k.fixes.has('DP-8') && is_device_private_pfn(pfn) ? pfn - FIRST_PRIVATE : pfn;
}

function deviceFlag(k: Kernel, pfn: number, place: FlagPlace): number {
  if (!k.fixes.has('DP-1') && !k.fixes.has('DP-8')) return 0;
  if (place === 'by-page' || k.fixes.has(place)) return is_device_private_pfn(pfn) ? MIGRATE_PFN_DEVICE_PRIVATE : 0;
  // D-14 takes every number for a frame, the others take every page they see for device-private.
  return place === 'D-14' ? 0 : MIGRATE_PFN_DEVICE_PRIVATE;
}

/**
 * migrate_pfn_to_page() as a page frame; -1 when the word names no page. With the final patch the bit decides what the
 * number is, so that a wrong bit leads to another page, or to none.
 */
export function migrateWordPage(k: Kernel, lo: number, hi: number): number {
  if ((lo & MIGRATE_PFN_VALID) === 0) return -1;
  const number = migratePfnToPfn(lo, hi);
  if (!k.fixes.has('DP-8')) return number;
  const pfn = (lo & MIGRATE_PFN_DEVICE_PRIVATE) !== 0 ? number + FIRST_PRIVATE : number;
  const kindFits = is_device_private_pfn(pfn) === ((lo & MIGRATE_PFN_DEVICE_PRIVATE) !== 0);
  return kindFits && k.m.folioOf(pfn) !== 0 ? pfn : -1;
}

/** True when a word of src[] or dst[] has bit 5, which only the series knows. */
export const hasDeviceBit = (lo: number): boolean => (lo & MIGRATE_PFN_DEVICE_PRIVATE) !== 0;

/** The frame that a word stands for, for display: with the bit a number that is no device frame is an offset. */
export function migrateWordFrame(lo: number, hi: number): number {
  const number = migratePfnToPfn(lo, hi);
  return hasDeviceBit(lo) && !is_device_private_pfn(number) ? number + FIRST_PRIVATE : number;
}

/** What hmm_range_fault() or-s to the report of a device-private page (DP-3): bit 57, in whatever header is compiled. */
export function hmmDeviceBit(k: Kernel): number {
  if (!k.fixes.has('DP-3')) return 0;
  // D-13: in the header of the unified walk bit 57 is MIGRATE.
  return k.enc.DEVICE_PRIVATE !== 0 ? k.enc.DEVICE_PRIVATE : k.enc.MIGRATE;
}
