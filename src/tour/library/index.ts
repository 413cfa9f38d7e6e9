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
];
