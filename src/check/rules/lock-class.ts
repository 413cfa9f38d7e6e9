/**
 * Classes of locks, as lockdep has them, in the order in which the comment at the top of mm/rmap.c nests them: the
 * outermost first. RCU stands for a mapped PTE table, which is no lock and has no order.
 */
export const CLASS = { MMAP: 0, FOLIO: 1, ANON_VMA: 2, PMD: 3, PTE: 4, RCU: 5 } as const;

/** What lockdep calls each class. */
export const CLASS_SYMBOL: readonly string[] = [
  '&mm->mmap_lock',
  'PG_locked',
  '&anon_vma->rwsem',
  'ptlock_ptr(pmd)',
  'ptlock_ptr(pte)',
  'rcu_read_lock',
];

export const LOCK_CLASSES = 8;
/** Actors whose locks are told apart; EXTERNAL_ACTOR is among them. */
export const ACTORS = 256;

/** Class of the lock of a page table. */
export const tableClass = (level: number): number => (level === 1 ? CLASS.PTE : CLASS.PMD);
