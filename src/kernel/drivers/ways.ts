/**
 * Ways in which a driver departs from lib/test_hmm.c, as scenarios name them. Each is something that a
 * real driver does or might do.
 */
export type DriverWay =
  /** leaves pgmap_owner and dev_private_owner NULL where it selects no device memory, as uvmem does when it pages in */
  | 'no-owner'
  /** asks for REQ_MIGRATE without a struct migrate_vma */
  | 'no-migrate-struct'
  /** calls hmm_range_fault() without an interval notifier and without a struct migrate_vma */
  | 'no-notifier'
  /** returns at once when hmm_range_fault() fails, without setup, pages and finalize */
  | 'returns-on-error'
  /** its callback does not filter its own MIGRATE events; it checks the sequence after the walk, too */
  | 'obeys-own-events'
  /** dst[] holds words of an earlier migration */
  | 'old-dst'
  /** the struct migrate_vma holds start and end of an earlier migration */
  | 'old-migrate-struct'
  /** every page is mapped for DMA since an earlier call: HMM_PFN_DMA_MAPPED is set on input */
  | 'dma-mapped'
  /** start and end of the migration lie in the middle of their pages */
  | 'unaligned'
  /** lets the fault handler drop the mmap lock */
  | 'drops-mmap-lock'
  /** migrate_to_ram asks for the touched page only, also when a PMD faulted */
  | 'faults-by-page';

export const DRIVER_WAYS = [
  'no-owner',
  'no-migrate-struct',
  'no-notifier',
  'returns-on-error',
  'obeys-own-events',
  'old-dst',
  'old-migrate-struct',
  'dma-mapped',
  'unaligned',
  'drops-mmap-lock',
  'faults-by-page',
] as const satisfies readonly DriverWay[];

/** Drivers of the model; left out of a scenario it is lib/test_hmm.c. */
export type DriverName = 'test_hmm' | 'drm_pagemap' | 'nouveau' | 'amdkfd' | 'uvmem';

export const DRIVER_NAMES = [
  'test_hmm',
  'drm_pagemap',
  'nouveau',
  'amdkfd',
  'uvmem',
] as const satisfies readonly DriverName[];

/** In what each driver departs from lib/test_hmm.c by nature. */
export const WAYS_OF: Readonly<Record<DriverName, readonly DriverWay[]>> = {
  test_hmm: [],
  // Its callback does not look at the owner of a MIGRATE event.
  drm_pagemap: ['obeys-own-events'],
  nouveau: [],
  amdkfd: ['obeys-own-events'],
  // Page-in selects system memory only, and names no owner; nothing is mirrored.
  uvmem: ['no-owner', 'no-notifier'],
};
