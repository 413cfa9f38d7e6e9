import type { ScenarioEntry } from '../types.ts';
import { memory } from '../notation.ts';
import type { Brush } from './paint.ts';

/** An entry one paints with: a common case, whose details can be changed afterwards. */
export interface NamedBrush {
  /** word of notation.ts, and what a cell with it is marked by */
  readonly word: string;
  readonly title: string;
  readonly about: string;
  readonly brush: Brush | null;
}

const SMALL: readonly (readonly [word: string, title: string, about: string])[] = [
  ['P', 'Present, writable', 'An anonymous page of this process alone; young and dirty. It can be migrated at once.'],
  [
    'R',
    'Present, read-only',
    'Exclusive to the process, but write-protected: a request for writing faults and reuses it.',
  ],
  ['C', 'Shared copy-on-write', 'Mapped by a forked child too: a request for writing faults and copies.'],
  ['Z', 'Zero page', 'A read touched it before: the one page of zeros. It migrates as a new, cleared device page.'],
  ['S', 'Swapped out', 'Only a fault brings it back; the classic collect passes over it.'],
  ['D', 'Device page', 'Device-private memory of device 0: the processor has a swap-like entry only.'],
  ['E', 'Page of another device', 'Device-private memory of device 1: it has to come back to system memory first.'],
  ['H', 'Coherent device page', 'Memory of device 2 that the processor can reach: mapped like any other page.'],
  ['F', 'Page of a file', 'From the page cache, dirty. Anonymous memory only is migrated to private device memory.'],
  ['L', 'Locked folio', 'Somebody else holds the folio lock: the collect’s trylock is refused.'],
  ['G', 'Pinned page', 'GUP holds it (FOLL_PIN): it is collected, and given back when the references do not add up.'],
  [
    'V',
    'Page with one more reference',
    'As vmsplice() or O_DIRECT hold it: migration is refused for the extra reference.',
  ],
  [
    'M',
    'Under migration',
    'Somebody else’s migration entry: who touches it has to wait for the end of that migration.',
  ],
  ['K', 'Guard marker', 'madvise(MADV_GUARD_INSTALL): every touch faults, nothing is there.'],
  ['N', 'Nothing', 'An empty entry in a table that exists.'],
  [
    'TP',
    'Huge folio, mapped by PTEs',
    'A THP whose PMD has been split: 512 PTEs of one folio. It is split further on the way.',
  ],
];

const HUGE: readonly (readonly [word: string, title: string, about: string])[] = [
  ['T', 'Huge page', 'A THP mapped by one PMD entry, writable. It migrates whole if the driver takes compound pages.'],
  ['TR', 'Huge page, read-only', 'As above, write-protected.'],
  ['TC', 'Huge page, shared', 'A forked child maps it too.'],
  ['TZ', 'Huge zero page', 'A read fault of an untouched 2 MiB area mapped the huge page of zeros.'],
  ['TD', 'Huge device page', 'A device-private folio of 512 pages, by one PMD entry.'],
  ['TL', 'Huge page, locked', 'Somebody holds the folio lock, so it cannot be split or collected.'],
  ['TG', 'Huge page, pinned', 'GUP holds it: the split is refused.'],
  ['TN', 'Nothing, at the PMD', 'The PMD table exists, its entry is empty.'],
];

function named(rows: typeof SMALL): readonly NamedBrush[] {
  return rows.map(([word, title, about]) => ({ word, title, about, brush: brushOf(word) }));
}

function brushOf(word: string): Brush {
  const { page: _, count: _count, ...brush } = memory(word)[0] as ScenarioEntry;
  return brush;
}

/** Brushes for single pages. */
export const SMALL_BRUSHES: readonly NamedBrush[] = named(SMALL);

/** Brushes for whole areas of 2 MiB. */
export const HUGE_BRUSHES: readonly NamedBrush[] = named(HUGE);

/** Takes entries away; tables stay only where others need them. */
export const ERASER: NamedBrush = {
  word: '–',
  title: 'Erase',
  about: 'No entry; without any entry the area has no PTE table at all.',
  brush: null,
};
