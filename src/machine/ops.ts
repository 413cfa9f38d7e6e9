/**
 * What a step did. The site says where in the kernel code; the op says what kind of thing happened
 * and so what the operands a, b, c mean. Pages are page numbers relative to the machine's base,
 * errnos are 0 or negative, folios and tables are ids, objects are cell offsets in the `obj` bank.
 */
export const OP = {
  /** a branch or plain statement; operands as the site's text says */
  AT: 0,
  /** function entry; operands are the arguments named by the site's text */
  ENTER: 1,
  /** function exit; a = return value */
  EXIT: 2,

  /** a = folio, b = reference count after */
  FOLIO_GET: 3,
  /** a = folio, b = reference count after (0 = freed) */
  FOLIO_PUT: 4,
  /** a = folio, b = 1 taken, 0 refused */
  FOLIO_TRYLOCK: 5,
  /** a = folio */
  FOLIO_LOCK: 6,
  /** a = folio */
  FOLIO_UNLOCK: 7,
  /** a = folio */
  FOLIO_MARK_DIRTY: 8,
  /** a = folio, b = mapcount after */
  FOLIO_REMOVE_RMAP: 9,
  /** a = folio, b = page */
  FOLIO_ADD_RMAP: 10,
  /** a = folio, b = page number (address) */
  FOLIO_ADD_NEW_ANON_RMAP: 11,
  /** a = pfn of the page, b = 0 or -EBUSY */
  FOLIO_TRY_SHARE_ANON_RMAP: 12,
  /** a = folio, b = 1 was on an LRU list, c = 1 isolated */
  FOLIO_ISOLATE_LRU: 13,
  /** a = folio, b = reference count before the put */
  FOLIO_PUTBACK_LRU: 14,
  /** a = folio */
  FOLIO_ADD_LRU: 15,
  /** a = folio, b = order: a new folio came from the allocator */
  FOLIO_ALLOC: 16,
  /** a = folio: given back to the allocator */
  FOLIO_FREE: 17,
  LRU_ADD_DRAIN: 18,
  LRU_ADD_DRAIN_ALL: 19,

  /** a = page, b = mm; the deltas hold the old and new entry */
  SET_PTE: 20,
  /** a = page, b = mm: cleared, no flush */
  CLEAR_PTE: 21,
  /** a = page, b = mm, c = 1 when the TLB was flushed */
  CLEAR_FLUSH_PTE: 22,
  /** a = page (first of the PMD), b = mm */
  SET_PMD: 23,
  /** a = page, b = mm, c = 0 or -EBUSY */
  SET_PMD_MIGRATION: 24,
  /** a = page, b = mm: present bit cleared and 2 MiB flushed */
  INVALIDATE_PMD: 25,
  /** a = page, b = mm, c = new PTE table id */
  POPULATE: 26,

  /** a = table id of the PMD table whose lock it is, b = page */
  LOCK_PMD: 30,
  /** a = PTE table id, b = page, c = 1 locked, 0 nothing to lock */
  LOCK_PTE: 31,
  /** a = table id: a PMD lock is released */
  UNLOCK_SPIN: 32,
  /** a = PTE table id: unmapped and unlocked */
  UNLOCK_PTE: 33,
  /** a = page, b = 1 mapped (RCU), 0 nothing to map */
  MAP_PTE: 34,
  /** RCU section of a mapped PTE table ends */
  UNMAP_PTE: 35,
  /** a = mm */
  LOCK_MMAP_READ: 36,
  UNLOCK_MMAP_READ: 37,
  LOCK_MMAP_WRITE: 38,
  UNLOCK_MMAP_WRITE: 39,
  /** a = anon_vma, b = 1 write, 0 read */
  LOCK_ANON_VMA: 40,
  UNLOCK_ANON_VMA: 41,
  /** a = kind of lock waited for (WAIT), b = its id */
  BLOCKED: 42,

  /** a = first page, b = end page */
  FLUSH_TLB_RANGE: 45,
  /** a = event (MMU_NOTIFY), b = start, c = end; the range object follows in NOTIFY_OWNER */
  NOTIFIER_START: 46,
  NOTIFIER_END: 47,
  /** a = device, b = range object, c = 1 ignored by the driver */
  INVALIDATE_CB: 48,
  /** a = device, b = sequence read */
  INTERVAL_READ_BEGIN: 49,
  /** a = device, b = 1 collision */
  INTERVAL_CHECK_RETRY: 50,
  INTERVAL_READ_RETRY: 51,

  /** words a … a + b - 1 of the array that begins at word c of the words bank */
  PFN_WRITE: 55,
  /** data of frame a (< 0: zeros) copied to frame b; c > 1: of so many pages */
  COPY_PAGE: 56,
  /** a = device, b = page, c = pfn or 0: the driver's own page table */
  DEVICE_PTE: 57,
  /** hardware access of a CPU: a = page, b = 1 write, c = pfn read or written */
  CPU_ACCESS: 58,
  /** an actor sleeps for a while: a = actor */
  SLEEP: 59,
  WAKE: 60,
  /** user-space remark of the actor: a = remark id */
  USER: 61,
  /** a = rule id (RULE), b and c as the rule says: a broken rule */
  FINDING: 62,
} as const;

/** What an actor can wait for. */
export const WAIT = {
  NONE: 0,
  SPINLOCK: 1,
  FOLIO: 2,
  MMAP: 3,
  ANON_VMA: 4,
  SLEEP: 5,
  NOTIFIER: 6,
  /** not a lock: an endless loop of its own */ LIVELOCK: 7,
  /** the kernel stopped under it */ DEAD: 8,
} as const;

/** Taking and releasing locks; mapping a PTE table and waiting for a lock are not among them. */
export const LOCK_OPS: readonly number[] = [
  OP.FOLIO_TRYLOCK,
  OP.FOLIO_LOCK,
  OP.FOLIO_UNLOCK,
  OP.LOCK_PMD,
  OP.LOCK_PTE,
  OP.UNLOCK_SPIN,
  OP.UNLOCK_PTE,
  OP.LOCK_MMAP_READ,
  OP.UNLOCK_MMAP_READ,
  OP.LOCK_MMAP_WRITE,
  OP.UNLOCK_MMAP_WRITE,
  OP.LOCK_ANON_VMA,
  OP.UNLOCK_ANON_VMA,
];
