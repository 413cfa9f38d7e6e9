import { maskLo } from './field.ts';
import { _PAGE_PRESENT, _PAGE_PROTNONE, _PAGE_PSE, pte_none } from './pte.ts';
import { SWAP_SLOT_LAYOUT } from './swp-layout.ts';
import {
  MAX_SWAPFILES,
  type SoftleafKind,
  SWP_DEVICE_EXCLUSIVE,
  SWP_DEVICE_READ,
  SWP_DEVICE_WRITE,
  SWP_HWPOISON,
  SWP_KINDS,
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  SWP_MIGRATION_WRITE,
  SWP_PTE_MARKER,
} from './swp-type.ts';

/*
 * x86-64 swap entries in their hardware form (arch/x86/include/asm/pgtable_64.h, include/linux/swapops.h):
 *
 *   63..59 type | 58..9 offset, inverted | 8..4 zero | 3 exclusive | 2 uffd-wp | 1 soft-dirty | 0 zero
 *
 * The offset is a swap slot, a page frame or marker bits. A migration entry carries the young and dirty bits of the
 * mapping it replaces in offset bits 34 and 35 (4-level paging). `pfn` is below 2^32.
 */

export {
  MAX_SWAPFILES,
  type SoftleafKind,
  SWP_DEVICE_EXCLUSIVE,
  SWP_DEVICE_READ,
  SWP_DEVICE_WRITE,
  SWP_HWPOISON,
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  SWP_MIGRATION_WRITE,
  SWP_PTE_MARKER,
};

export const _PAGE_SWP_SOFT_DIRTY = maskLo(SWAP_SLOT_LAYOUT, 'SOFT_DIRTY');
export const _PAGE_SWP_UFFD_WP = maskLo(SWAP_SLOT_LAYOUT, 'UFFD_WP');
export const _PAGE_SWP_EXCLUSIVE = maskLo(SWAP_SLOT_LAYOUT, 'EXCLUSIVE');

/** Bits of a marker's offset (enum of PTE_MARKER_* in include/linux/swapops.h). */
export const PTE_MARKER_UFFD_WP = 1;
export const PTE_MARKER_POISONED = 2;
export const PTE_MARKER_GUARD = 4;

const NOT_SWAP_PTE = _PAGE_PRESENT | _PAGE_PROTNONE;
const NOT_SWAP_PMD = NOT_SWAP_PTE | _PAGE_PSE;
const OFFSET_HI = 0x07ffffff;
/** SWP_MIG_YOUNG_BIT and SWP_MIG_DIRTY_BIT (offset bits 34, 35) as positions in the high half. */
const YOUNG_SHIFT = 11;
const DIRTY_SHIFT = 12;
const PFN_HI = 0x7ff;

/** Bits 0..31 of a swap entry; `pfn` is the slot for a swap file, the marker bits for a marker. */
export function swpLo(_type: number, pfn: number, flagsLo: number): number {
  return (~pfn << 9) | flagsLo;
}

/** Bits 32..63 of a swap entry; young and dirty are for migration entries only, else 0. */
export function swpHi(type: number, pfn: number, young: 0 | 1, dirty: 0 | 1): number {
  return (~((pfn >>> 23) | (young << YOUNG_SHIFT) | (dirty << DIRTY_SHIFT)) & OFFSET_HI) | (type << 27);
}

/** Neither empty nor present, as a PTE. */
export function is_swap_pte(lo: number, hi: number): boolean {
  return (lo & NOT_SWAP_PTE) === 0 && !pte_none(lo, hi);
}

/** Neither empty nor present, as a PMD: a huge entry invalidated for a split is no swap entry. */
export function is_swap_pmd(lo: number, hi: number): boolean {
  return (lo & NOT_SWAP_PMD) === 0 && !pte_none(lo, hi);
}

/** The type number 0..31 of a swap entry. */
export function swpType(_lo: number, hi: number): number {
  return hi >>> 27;
}

/** The whole 50-bit offset of a swap entry; of a migration entry it includes young and dirty. */
export function swpOffset(lo: number, hi: number): number {
  return (~lo >>> 9) + (~hi & OFFSET_HI) * 0x800000;
}

/** The page frame of a swap entry that carries one (34 bits, 4-level paging). */
export function swpPfn(lo: number, hi: number): number {
  return (~lo >>> 9) + (~hi & PFN_HI) * 0x800000;
}

/** Young bit of a migration entry, softleaf_is_migration_young(). */
export function swpYoung(_lo: number, hi: number): boolean {
  return (hi & (1 << YOUNG_SHIFT)) === 0;
}

/** Dirty bit of a migration entry, softleaf_is_migration_dirty(). */
export function swpDirty(_lo: number, hi: number): boolean {
  return (hi & (1 << DIRTY_SHIFT)) === 0;
}

/** The type number of a swap entry, PTE or PMD, or -1 for a present one. An empty entry has type 0. */
function typeOrPresent(lo: number, hi: number): number {
  return lo & NOT_SWAP_PMD ? -1 : hi >>> 27;
}

/** A migration entry of any of the three types. */
export function is_migration_entry(lo: number, hi: number): boolean {
  const type = typeOrPresent(lo, hi);
  return type >= SWP_MIGRATION_READ && type <= SWP_MIGRATION_WRITE;
}

/** A migration entry that comes back writable. */
export function is_writable_migration_entry(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_MIGRATION_WRITE;
}

/** A read-only migration entry of a page this process owns exclusively. */
export function is_readable_exclusive_migration_entry(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_MIGRATION_READ_EXCLUSIVE;
}

/** A page in device-private memory. */
export function is_device_private_entry(lo: number, hi: number): boolean {
  const type = typeOrPresent(lo, hi);
  return type === SWP_DEVICE_WRITE || type === SWP_DEVICE_READ;
}

/** A page in device-private memory that comes back writable. */
export function is_writable_device_private_entry(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_DEVICE_WRITE;
}

/** A system page reserved for exclusive access by a device. */
export function is_device_exclusive_entry(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_DEVICE_EXCLUSIVE;
}

/** A page with a memory failure. */
export function is_hwpoison_entry(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_HWPOISON;
}

/** A marker: no page, only bits about the address. */
export function is_pte_marker(lo: number, hi: number): boolean {
  return typeOrPresent(lo, hi) === SWP_PTE_MARKER;
}

/** A slot in a swap file. */
export function is_plain_swap(lo: number, hi: number): boolean {
  const type = typeOrPresent(lo, hi);
  return type >= 0 && type < MAX_SWAPFILES && !pte_none(lo, hi);
}

/** PTE_MARKER_* bits of a marker. */
export function pteMarkerBits(lo: number, _hi: number): number {
  return (~lo >>> 9) & 7;
}

/** What a PTE or PMD is, for display: the kind of swap entry, or that it is none. */
export function softleafKind(lo: number, hi: number): SoftleafKind | 'none' | 'present' {
  const type = typeOrPresent(lo, hi);
  if (type < 0) return 'present';
  return pte_none(lo, hi) ? 'none' : (SWP_KINDS[type] ?? 'swap');
}
