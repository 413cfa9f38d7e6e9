import type { Term } from '../glossary.ts';

/** Locks, and what goes wrong with them. */
export const LOCK_TERMS: readonly Term[] = [
  {
    term: 'BUG',
    also: ['BUG_ON', 'VM_BUG_ON'],
    means: 'A check whose failure stops the kernel.',
    source: 'include/asm-generic/bug.h',
  },
  {
    term: 'folio lock',
    also: ['folio locks'],
    means: 'A lock of each folio that may sleep. Migration, splitting, reclaim and truncation of a folio need it.',
    source: 'include/linux/pagemap.h, folio_lock()',
  },
  {
    term: 'livelock',
    means: 'A loop that comes back to the very same state: it never ends, and nobody sleeps.',
    source: 'a word of this app',
  },
  {
    term: 'lockdep',
    means: 'The kernel’s checker of lock order and of sleeping where it is forbidden.',
    source: 'kernel/locking/lockdep.c',
  },
  {
    term: 'mmap lock',
    means: 'The lock of an address space. Readers walk and fault, writers change VMAs; it may sleep.',
    source: 'include/linux/mmap_lock.h',
  },
  {
    term: 'PMD lock',
    also: ['PMD locks', 'pmd_lock()'],
    means: 'The spinlock of a PMD table.',
    source: 'include/linux/mm.h, pmd_lock()',
  },
  {
    term: 'PTE lock',
    also: ['PTE locks'],
    means:
      'The spinlock of one PTE table. It is taken together with mapping the table, which keeps it from being freed.',
    source: 'mm/pgtable-generic.c, pte_offset_map_lock()',
  },
  {
    term: 'RCU',
    means:
      'Readers mark a section; what they can see is freed only when all such sections that had begun are over. It keeps mapped PTE tables alive.',
    source: 'include/linux/rcupdate.h',
  },
  {
    term: 'spinlock',
    also: ['spinlocks'],
    means: 'A lock that is waited for by turning round and round. Who holds one must not sleep.',
    source: 'include/linux/spinlock.h',
  },
  {
    term: 'trylock',

    means:
      'Takes a lock if it is free, and says no at once if it is not. The only way to a folio lock while a spinlock is held.',
    source: 'include/linux/pagemap.h, folio_trylock()',
  },
  {
    term: 'WARN',
    also: ['WARN_ON', 'WARN_ON_ONCE'],
    means: 'A check whose failure is reported with a stack trace; the kernel goes on.',
    source: 'include/asm-generic/bug.h',
  },
];
