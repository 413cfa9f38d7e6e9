/*
 * Swap type numbers (include/linux/swap.h, every option on). A swap entry whose type is not a swap file is a "softleaf":
 * the page table says something about a page the processor may not reach right now.
 */

/** What a swap entry is. */
export type SoftleafKind =
  | 'swap'
  | 'hwpoison'
  | 'migration-read'
  | 'migration-read-exclusive'
  | 'migration-write'
  | 'device-private-write'
  | 'device-private-read'
  | 'device-exclusive'
  | 'marker'
  | 'migration-device-read'
  | 'migration-device-read-exclusive'
  | 'migration-device-write';

/** Numbers below this one are swap files. */
export const MAX_SWAPFILES = 24;
export const SWP_HWPOISON = 24;
export const SWP_MIGRATION_READ = 25;
export const SWP_MIGRATION_READ_EXCLUSIVE = 26;
export const SWP_MIGRATION_WRITE = 27;
export const SWP_DEVICE_WRITE = 28;
export const SWP_DEVICE_READ = 29;
export const SWP_DEVICE_EXCLUSIVE = 30;
export const SWP_PTE_MARKER = 31;

/** The special types in the order of their numbers, which end at 31; what is left below is swap files. */
function typeTable(special: readonly SoftleafKind[]): readonly SoftleafKind[] {
  return Object.freeze([...Array.from({ length: 32 - special.length }, () => 'swap' as const), ...special]);
}

/** Kind by type number, v6.19 and the series on top of it. */
export const SWP_KINDS = typeTable([
  'hwpoison',
  'migration-read',
  'migration-read-exclusive',
  'migration-write',
  'device-private-write',
  'device-private-read',
  'device-exclusive',
  'marker',
]);

/** Kind by type number in the device-private page frame series, which adds three migration types. */
export const SWP_KINDS_DP = typeTable([
  'hwpoison',
  'migration-read',
  'migration-read-exclusive',
  'migration-write',
  'device-private-write',
  'device-private-read',
  'device-exclusive',
  'migration-device-read',
  'migration-device-read-exclusive',
  'migration-device-write',
  'marker',
]);
