/**
 * Fields of the C structs that the modelled code keeps, as cell offsets from the object's id in the
 * `obj` bank. Pages are page numbers, flags of hmm pfns are masks of the word's high half.
 */

/** struct hmm_range (include/linux/hmm.h, series v2) */
export const RANGE = {
  START: 0,
  END: 1,
  /** offset in the words bank */ HMM_PFNS: 2,
  DEFAULT_FLAGS: 3,
  PFN_FLAGS_MASK: 4,
  /** device + 1 */ OWNER: 5,
  /** struct migrate_vma or 0 */ MIGRATE: 6,
  /** device + 1 whose interval notifier it is; 0 = NULL */ NOTIFIER: 7,
  NOTIFIER_SEQ: 8,
  MM: 9,
  SIZE: 10,
} as const;

/** struct migrate_vma (include/linux/migrate.h) */
export const MIGRATE = {
  VMA: 0,
  START: 1,
  END: 2,
  SRC: 3,
  DST: 4,
  CPAGES: 5,
  NPAGES: 6,
  /** device + 1 */ OWNER: 7,
  FLAGS: 8,
  /** pfn + 1 */ FAULT_PAGE: 9,
  MM: 10,
  /** the end lies in the middle of page END */ RAGGED: 11,
  SIZE: 12,
} as const;

/** struct hmm_vma_walk (mm/hmm.c, series v2) with the mm_walk that carries it */
export const WALK = {
  RANGE: 0,
  LAST: 1,
  /** mmu_range.owner: device + 1, non-zero doubles as "start was sent" */ EVENT_OWNER: 2,
  EVENT_START: 3,
  EVENT_END: 4,
  VMA: 5,
  START: 6,
  END: 7,
  LOCKED: 8,
  PMDLOCKED: 9,
  /** table whose lock is held */ PTL: 10,
  /** mm_walk.vma */ WALK_VMA: 11,
  MM: 12,
  /** the event was really started (what F-02 lacks) */ EVENT_STARTED: 13,
  /** depth argument of the last hole */ DEPTH: 14,
  /** a folio was split in this walk */ SPLIT: 15,
  /** pages unmapped whose TLB flush is still due (F-23) */ FLUSH_START: 16,
  FLUSH_END: 17,
  /** page + 1 whose foreign migration entry has to be waited for, once nothing is collected any more (F-14) */ WAIT_FOR: 18,
  SIZE: 19,
} as const;

/** struct hmm_migrate (mm/migrate.c of HMM v13, 2016) with the mm_walk of its first phase */
export const HMM_MIGRATE = {
  VMA: 0,
  START: 1,
  END: 2,
  /** entries that still migrate */ NPAGES: 3,
  /** offset in the words bank */ PFNS: 4,
  MM: 5,
  /** mm_walk.vma */ WALK_VMA: 6,
  /** the sources kept apart, with H-13 mended; else 0 */ SRC: 7,
  SIZE: 8,
} as const;

/** struct mmu_notifier_range (include/linux/mmu_notifier.h) */
export const EVENT = { KIND: 0, START: 1, END: 2, OWNER: 3, MM: 4, SIZE: 5 } as const;
export const MMU_NOTIFY = {
  UNMAP: 0,
  CLEAR: 1,
  PROTECTION_VMA: 2,
  PROTECTION_PAGE: 3,
  SOFT_DIRTY: 4,
  RELEASE: 5,
  MIGRATE: 6,
  EXCLUSIVE: 7,
} as const;

/** The structs by name. No two have the same SIZE, so a size found in the obj bank names the struct. */
export const STRUCTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  hmm_range: RANGE,
  migrate_vma: MIGRATE,
  hmm_vma_walk: WALK,
  mmu_notifier_range: EVENT,
  hmm_migrate: HMM_MIGRATE,
};
