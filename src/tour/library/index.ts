import type { Tour } from '../types.ts';

/** A tour that ships, before it is loaded. */
export interface TourEntry {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly minutes: number;
  readonly load: () => Promise<Tour>;
}

/** The tours that ship, in teaching order. */
export const TOURS: readonly TourEntry[] = [
  {
    id: 'page-walk',
    title: 'What a page-table walk is',
    about:
      'From an address to its page, level by level: the tables, one entry, one lock, and what a walk leaves behind.',
    minutes: 20,
    load: async () => (await import('./page-walk.ts')).PAGE_WALK,
  },
  {
    id: 'one-walk',
    title: 'Why two walks, three walks, one',
    about:
      'The same memory served four ways. What each walk does again that the one before had done, and what it costs.',
    minutes: 25,
    load: async () => (await import('./one-walk.ts')).ONE_WALK,
  },
  {
    id: 'mixed-ptes',
    title: 'One walk over mixed entries',
    about:
      'Pages, holes, zero pages and swap side by side: what the unified walk does at each, and why it starts again.',
    minutes: 25,
    load: async () => (await import('./mixed-ptes.ts')).MIXED_PTES,
  },
  {
    id: 'huge-pages',
    title: 'A huge page moved whole, and one that must be split',
    about:
      'One PMD entry for 2 MiB: when it can be collected as a unit, when it has to be taken apart, and what that costs.',
    minutes: 25,
    load: async () => (await import('./huge-pages.ts')).HUGE_PAGES,
  },
  {
    id: 'holes',
    title: 'Holes, the zero page, and two ways to write “nothing”',
    about:
      'Memory that nobody has written: as a hole, as the zero page, as the huge zero page; and how v2 and v7 encode it.',
    minutes: 20,
    load: async () => (await import('./holes.ts')).HOLES,
  },
  {
    id: 'locks',
    title: 'Locks: who holds what when, and why trylock',
    about:
      'mmap lock, PMD lock, PTE lock, folio lock, anon_vma: what each protects, in which order, and which may sleep.',
    minutes: 25,
    load: async () => (await import('./locks.ts')).LOCKS,
  },
  {
    id: 'migration-entries',
    title: 'Migration entries: the life of one, and who waits on it',
    about:
      'How a migration entry is born, what it remembers, who sleeps on it, how it ends, and what becomes of one that is forgotten.',
    minutes: 25,
    load: async () => (await import('./migration-entries.ts')).MIGRATION_ENTRIES,
  },
  {
    id: 'device-memory',
    title: 'Device-private and coherent memory, and a bit named DEVICE',
    about:
      'Entries for pages that the CPU cannot reach, entries for those it can, whose page is whose, and how a number says which.',
    minutes: 30,
    load: async () => (await import('./device-memory.ts')).DEVICE_MEMORY,
  },
  {
    id: 'review-v2',
    title: 'The review of version 2: every remark, shown',
    about:
      'Eleven remarks of the reviewer, two of a checker, and what the build robots said: each at the line it is about.',
    minutes: 40,
    load: async () => (await import('./review-v2.ts')).REVIEW_V2,
  },
  {
    id: 'ancestor-2016',
    title: 'The ancestor of 2016, and what ten years changed',
    about:
      'hmm_vma_migrate() as it was posted in HMM v13: one call that did everything, what was right about it, and what went wrong.',
    minutes: 30,
    load: async () => (await import('./ancestor-2016.ts')).ANCESTOR_2016,
  },
  {
    id: 'races',
    title: 'Races: you are the scheduler',
    about: 'The same two threads in another order: harmless before, harmless after, fatal in between. Find the window.',
    minutes: 35,
    load: async () => (await import('./races.ts')).RACES,
  },
];
