/**
 * Rules that the running kernel checks itself (lockdep, DEBUG_ATOMIC_SLEEP, WARN, BUG, the hung-task
 * detector). A finding names one of them at a step; rules over whole recordings live in check/.
 */
export const RULE = {
  /** a call that may sleep while b spinlocks are held and c RCU sections are open */
  SLEEP_IN_ATOMIC: 1,
  /** an RCU read section is left that was not entered (pte_unmap twice) */
  RCU_IMBALANCE: 2,
  /** a spinlock is held when the call returns to its caller: b = table */
  LOCK_HELD_AT_EXIT: 3,
  /** actor b waits for ever for c */
  BLOCKED_FOREVER: 4,
  /** the same state comes back: the loop never ends */
  LIVELOCK: 5,
  /** WARN_ON in the code; b says which */
  WARN: 6,
  /** BUG_ON / VM_BUG_ON in the code; the actor dies */
  BUG: 7,
  /** a migration entry is left behind: b = page, c = folio */
  MIGRATION_ENTRY_LEFT: 8,
  /** a folio is left locked: b = folio */
  FOLIO_LEFT_LOCKED: 9,
  /** an unlock of a folio that somebody else locked */
  UNLOCK_NOT_OWNER: 10,
  /** a reference is taken on a folio that has been freed: b = folio */
  USE_AFTER_FREE: 11,
  /** an invalidation was begun and never ended: b = device that waits */
  EVENT_NOT_ENDED: 12,
  /** the mmap lock is dropped in the middle of a migration */
  MMAP_LOCK_DROPPED: 13,
  /** a PTE is taken away and nothing takes its place: b = page */
  MAPPING_LOST: 14,
  /** a test of the selftests did not get what it expects: expected b, got c */
  TEST_FAILED: 20,
} as const;

export type Rule = (typeof RULE)[keyof typeof RULE];

export interface RuleInfo {
  readonly id: Rule;
  readonly name: string;
  readonly says: string;
}

export const RULES: readonly RuleInfo[] = [
  {
    id: RULE.SLEEP_IN_ATOMIC,
    name: 'sleep-in-atomic',
    says: 'A call that may sleep runs while a spinlock is held or an RCU section is open.',
  },
  {
    id: RULE.RCU_IMBALANCE,
    name: 'rcu-imbalance',
    says: 'A PTE table is unmapped that is not mapped: bad unlock balance.',
  },
  {
    id: RULE.LOCK_HELD_AT_EXIT,
    name: 'lock-held-at-exit',
    says: 'A page-table lock is still held when the call returns.',
  },
  {
    id: RULE.BLOCKED_FOREVER,
    name: 'blocked-forever',
    says: 'An actor waits for something that nobody will ever give it.',
  },
  { id: RULE.LIVELOCK, name: 'livelock', says: 'A loop came back to the very same state: it never ends.' },
  { id: RULE.WARN, name: 'warning', says: 'The code warned about itself (WARN_ON).' },
  { id: RULE.BUG, name: 'bug', says: 'The code stopped the kernel (BUG_ON).' },
  {
    id: RULE.MIGRATION_ENTRY_LEFT,
    name: 'migration-entry-left',
    says: 'A migration entry is left behind that nobody will remove.',
  },
  { id: RULE.FOLIO_LEFT_LOCKED, name: 'folio-left-locked', says: 'A folio is left locked.' },
  {
    id: RULE.UNLOCK_NOT_OWNER,
    name: 'unlock-not-owner',
    says: 'A folio lock is released by an actor that does not hold it.',
  },
  { id: RULE.USE_AFTER_FREE, name: 'use-after-free', says: 'A reference is taken on a folio that has been freed.' },
  {
    id: RULE.EVENT_NOT_ENDED,
    name: 'event-not-ended',
    says: 'An invalidation was begun and never ended: readers of the interval notifier wait for ever.',
  },
  {
    id: RULE.MMAP_LOCK_DROPPED,
    name: 'mmap-lock-dropped',
    says: 'The mmap lock is dropped although the migration under way needs it to its end.',
  },
  { id: RULE.TEST_FAILED, name: 'test-failed', says: 'A selftest did not get what it expects.' },
  {
    id: RULE.MAPPING_LOST,
    name: 'mapping-lost',
    says: 'A mapping is taken away and nothing takes its place: its reference and its mapcount are never given back.',
  },
];
