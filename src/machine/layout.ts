/**
 * Where each field of machine state lies in its bank: `F.REF` is an offset from the object's first
 * cell. Objects of one kind lie `…_STRIDE` cells apart; id 0 is never used, so 0 can mean "none".
 */

/** bank ids; also the order in which state is hashed */
export const BANK = {
  SCALAR: 0,
  PT: 1,
  TABLE: 2,
  FOLIO: 3,
  VMA: 4,
  MM: 5,
  WORDS: 6,
  INTS: 7,
  OBJ: 8,
  ACTOR: 9,
  ANON_VMA: 10,
  SWAP: 11,
  DEVICE: 12,
  PAGE_SYSTEM: 16,
  PAGE_PRIVATE0: 17,
  PAGE_PRIVATE1: 18,
  PAGE_COHERENT0: 19,
  PAGE_COHERENT1: 20,
} as const;

/** scalars of the machine (bank SCALAR) */
export const G = {
  TABLES: 0,
  FOLIOS: 1,
  VMAS: 2,
  MMS: 3,
  WORDS: 4,
  INTS: 5,
  OBJS: 6,
  ANON_VMAS: 7,
  SWAP_SLOTS: 8,
  /** next unused page index of each zone */
  NEXT_PAGE: 9 /* 9..13, one per zone */,
  TLB_PAGE: 14,
  TLB_RANGE: 15,
  TLB_PMD: 16,
  /** cells of the INTS bank that hold the per-CPU LRU batch, and its fill */
  LRU_BATCH: 17,
  LRU_BATCH_FILL: 18,
  ZERO_PFN: 19,
  HUGE_ZERO_PFN: 20,
  /** the same for the per-CPU batch of mlock and munlock */
  MLOCK_BATCH: 21,
  MLOCK_BATCH_FILL: 22,
  COUNT: 32,
} as const;

/** page-table page: level 4 = PGD, 3 = PUD, 2 = PMD, 1 = PTE */
export const T_STRIDE = 8;
export const T = {
  LEVEL: 0,
  MM: 1,
  /** page number its first entry maps */ BASE: 2,
  /** entry index that points to it, 0 for a PGD */ PARENT: 3,
  /** actor + 1 that holds its lock */ LOCK: 4,
  LIVE: 5,
  /** deposited spare table id for a huge PMD, on PMD tables unused */ SPARE: 6,
} as const;

export const F_STRIDE = 16;
export const F = {
  PFN: 0,
  ORDER: 1,
  REF: 2,
  /** total mapcount */ MAP: 3,
  /** PMD mappings among them */ ENTIRE: 4,
  FLAGS: 5,
  ZONE: 6,
  /** device + 1 that owns its pgmap, 0 for system memory */ OWNER: 7,
  /** actor + 1 that holds the folio lock; EXTERNAL_ACTOR for somebody outside the scenario */ LOCKER: 8,
  /** file id + 1 of a page-cache folio */ MAPPING: 9,
  /** linear page index: virtual page for anon, file page for file */ INDEX: 10,
  ANON_VMA: 11,
  /** GUP pins */ PINS: 12,
  /** swap slot + 1 while in the swap cache */ SWAP: 13,
  LIVE: 14,
  /** pfn of the system memory behind a device-private folio */ BACKING: 15,
} as const;

/** folio flags (F.FLAGS) */
export const PG = {
  LOCKED: 1,
  LRU: 2,
  ANON: 4,
  DIRTY: 8,
  SWAPCACHE: 16,
  MLOCKED: 32,
  UPTODATE: 64,
  /** waits in a per-CPU LRU batch, which holds a reference */ BATCH: 128,
  HUGETLB: 256,
  ZERO: 512,
  WRITEBACK: 1024,
  UNEVICTABLE: 2048,
  FILE: 4096,
  SHMEM: 8192,
  /** the file system keeps something at the folio (buffers), for which it holds a reference */ PRIVATE: 16384,
} as const;

/** struct page (banks PAGE_*): one per page frame of the zone */
export const P_STRIDE = 3;
export const P = { FOLIO: 0, /** PGF bits */ FLAGS: 1, /** what the first word of the page holds */ DATA: 2 } as const;
export const PGF = { ANON_EXCLUSIVE: 1 } as const;

/** zones; a pfn is `zone << 24 | index` */
export const ZONE = { SYSTEM: 0, PRIVATE0: 1, PRIVATE1: 2, COHERENT0: 3, COHERENT1: 4 } as const;
export const ZONE_SHIFT = 24;
export const ZONES = 5;

export const V_STRIDE = 12;
export const V = {
  MM: 0,
  START: 1,
  END: 2,
  FLAGS: 3,
  KIND: 4,
  ANON_VMA: 5,
  /** file id + 1 */ FILE: 6,
  /** file page of its first page */ PGOFF: 7,
  LIVE: 8,
  /** pages that mremap() has moved the VMA by: virtual page minus linear page index */
  MOVED: 9,
} as const;
export const VM = {
  READ: 1,
  WRITE: 2,
  EXEC: 4,
  SHARED: 8,
  IO: 16,
  PFNMAP: 32,
  MIXEDMAP: 64,
  DONTEXPAND: 128,
  LOCKED: 256,
  HUGEPAGE: 512,
  NOHUGEPAGE: 1024,
  HUGETLB: 2048,
} as const;
export const VMA_KIND = { ANON: 0, SHMEM: 1, FILE: 2, HUGETLB: 3, SPECIAL: 4 } as const;

export const MM_STRIDE = 7;
export const MM = {
  PGD: 0,
  /** readers of the mmap lock */ READERS: 1,
  /** actor + 1 that holds it for writing */ WRITER: 2,
  /** resident anonymous pages */ ANONPAGES: 3,
  FILEPAGES: 4,
  SWAPENTS: 5,
  /** actor + 1 that waits to hold the mmap lock for writing: later readers wait behind it */ QUEUED: 6,
} as const;

export const A_STRIDE = 10;
export const A = {
  STATE: 0,
  /** WAIT kind */ WAIT: 1,
  WAIT_ID: 2,
  /** spinlocks held */ SPIN: 3,
  /** RCU read sections open (mapped PTE tables) */ RCU: 4,
  MMAP: 5,
  CPU: 6,
  MM: 7,
  /** folios locked */ FOLIOS: 8,
} as const;
/** locker of a folio that a thread outside the scenario holds */
export const EXTERNAL_ACTOR = 200;

export const AV_STRIDE = 4;
export const AV = {
  WRITER: 0,
  READERS: 1,
  /** actor + 1 that waits to hold the lock for writing: later readers wait behind it */ QUEUED: 2,
} as const;

export const SW_STRIDE = 3;
/** swap slot: users (page-table entries), data, folio in the swap cache */
export const SW = { COUNT: 0, DATA: 1, FOLIO: 2 } as const;

/** device (test_hmm's dmirror): kind 0 private, 1 coherent */
export const D_STRIDE = 12;
export const D = {
  PRESENT: 0,
  KIND: 1,
  /** interval notifier sequence */ SEQ: 2,
  /** invalidations running */ ACTIVE: 3,
  /** one-shot: the next allocation fails */ FAIL_ALLOC: 4,
  /** INTS offset of its own page table, one pfn+1 (| write bit 30) per page of the window */ DPT: 5,
  MM: 6,
  OPEN: 7,
  /** pages for which the device has page-table entries */ WINDOW_START: 8,
  WINDOW_PAGES: 9,
  /** amdkfd: actor + 1 whose page faults must not bring memory back */
  FAULTING: 10,
} as const;
