import { defineLayout, type Field, flag, kernelNamed, type Layout, maskLo, unused } from './field.ts';

/*
 * Entries of migrate_vma.src[] and .dst[] (include/linux/migrate.h, v6.19): the page frame above bit 6, flags below.
 * Bits 2 and 5 are free; earlier kernels had LOCKED in bit 2, the device-private series takes bit 5.
 */

function migrateLayout(id: string, title: string, flags: readonly Field[]): Layout {
  return defineLayout(id, title, [
    ...kernelNamed('MIGRATE_PFN_', [
      flag(0, 'VALID', 'a page stands behind the entry', 'no page'),
      flag(1, 'MIGRATE', 'the entry migrates; alone: an empty slot to fill', 'does not migrate'),
      flag(3, 'WRITE', 'the mapping was writable', 'not writable'),
      ...flags,
    ]),
    { name: 'pfn', bit: 6, width: 58, doc: 'page frame number', hex: true },
  ]);
}

const COMPOUND = flag(4, 'COMPOUND', 'stands for a whole large folio', 'a single page');
const WAS_LOCKED = unused(2, 1, 'free; LOCKED until 2021');

/** v6.19. */
export const MIGRATE_LAYOUT = migrateLayout('migrate', 'migrate pfn', [
  WAS_LOCKED,
  COMPOUND,
  unused(5, 1, 'free; the device-private page frame series takes it'),
]);

/** 2019 to 2021: the page was locked for the driver, and there were no large folios. */
export const MIGRATE_2019_LAYOUT = migrateLayout('migrate-2019', 'migrate pfn, 2019 to 2021', [
  flag(2, 'LOCKED', 'the page is locked', 'the page is not locked'),
  unused(4, 1, 'free; ERROR and DEVICE before 2019, COMPOUND since v6.19'),
  unused(5, 1, 'free; ERROR before 2019'),
]);

/** The device-private page frame series, which takes bit 5. */
export const MIGRATE_DP_LAYOUT = migrateLayout('migrate-dp', 'migrate pfn, device-private page frame series', [
  WAS_LOCKED,
  COMPOUND,
  flag(5, 'DEVICE_PRIVATE', 'the page frame number is a device-private offset', 'system memory'),
]);

export const MIGRATE_PFN_VALID = maskLo(MIGRATE_LAYOUT, 'VALID');
export const MIGRATE_PFN_MIGRATE = maskLo(MIGRATE_LAYOUT, 'MIGRATE');
export const MIGRATE_PFN_WRITE = maskLo(MIGRATE_LAYOUT, 'WRITE');
export const MIGRATE_PFN_COMPOUND = maskLo(MIGRATE_LAYOUT, 'COMPOUND');
export const MIGRATE_PFN_SHIFT = 6;

/** Bits 0..31 of an entry for page frame `pfn` (below 2^32) with MIGRATE_PFN_* flags; migrate_pfn() adds VALID itself. */
export function migratePfnLo(pfn: number, flags: number): number {
  return (pfn << MIGRATE_PFN_SHIFT) | flags;
}

/** Bits 32..63 of an entry for page frame `pfn` (below 2^32). */
export function migratePfnHi(pfn: number): number {
  return pfn >>> (32 - MIGRATE_PFN_SHIFT);
}

/** The page frame number of an entry; migrate_pfn_to_page() asks for VALID first. Exact below 2^53. */
export function migratePfnToPfn(lo: number, hi: number): number {
  return (lo >>> MIGRATE_PFN_SHIFT) + (hi >>> 0) * 0x4000000;
}

/*
 * migrate_vma.flags: what to collect (enum migrate_vma_direction in v6.19, enum migrate_vma_info in series v2, which
 * adds FAULT). The first posting had FAULT in bit 3, where v6.19 has COMPOUND.
 */
export const MIGRATE_VMA_SELECT_NONE = 0;
export const MIGRATE_VMA_SELECT_SYSTEM = 1 << 0;
export const MIGRATE_VMA_SELECT_DEVICE_PRIVATE = 1 << 1;
export const MIGRATE_VMA_SELECT_DEVICE_COHERENT = 1 << 2;
export const MIGRATE_VMA_SELECT_COMPOUND = 1 << 3;
export const MIGRATE_VMA_FAULT = 1 << 4;
