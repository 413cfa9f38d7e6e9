import { sketch } from './make.ts';

/** Walks that another CPU interferes with. */
export const RIVALS = [
  sketch({
    id: 'lock-leak',
    title: 'The PMD lock that is never dropped',
    about:
      'Between the walker’s look at the PMD and its lock, another CPU calls madvise(MADV_DONTNEED). Under the lock the entry is none; the error path returns -EFAULT with the PMD lock held.',
    look: [
      'The lockless read sees a huge PMD.',
      'The rival zaps it while the walker waits.',
      'hmm_vma_handle_absent_pmd() returns an error, and nobody unlocks.',
    ],
    source: ['golden scenario race_pmd_dontneed', 'ledger R-07', 'ledger F-08'],
    tags: ['defect', 'race', 'locks', 'thp'],
    memory: 'T',
    conditions: { rivals: [{ does: 'madvise_dontneed', start: 0, end: 512, when: 'before-first-pmd-lock' }] },
  }),
  sketch({
    id: 'cpu-touches',
    title: 'The CPU touches a page under migration',
    about:
      'Between setup and copy another thread writes to page 2. It finds a migration entry, waits for the folio, and then finds the page on the device: it is fetched straight back.',
    look: [
      'The fault waits for the folio lock that the migration holds.',
      'When the migration ends, dmirror_devmem_fault() moves page 2 home again.',
    ],
    source: ['golden scenario conc_touch'],
    tags: ['race', 'fault', 'device'],
    memory: 'P*8',
    conditions: { rivals: [{ does: 'cpu_write', start: 2, end: 3, when: 'before-copy' }] },
  }),
  sketch({
    id: 'freed-while-migrating',
    title: 'A page is given back while it is migrated',
    about:
      'Between setup and copy another thread calls madvise(MADV_DONTNEED) on page 2. The migration entry is removed, the copy goes on, and nobody notices.',
    look: [
      'The PTE of page 2 is none before the copy.',
      'The page is copied and counted as migrated; its device page is freed at the end.',
    ],
    source: ['golden scenario conc_dontneed'],
    tags: ['race', 'restore'],
    memory: 'P*8',
    conditions: { rivals: [{ does: 'madvise_dontneed', start: 2, end: 3, when: 'before-copy' }] },
  }),
  sketch({
    id: 'rival-migration',
    title: 'Somebody else is migrating two of the pages',
    about:
      'Another thread moves pages 2 and 3 to device 1 and holds them there for a while. The walk meets foreign migration entries, leaves them at 0, and returns 0 although a fault was asked for.',
    look: [
      'Two entries are not VALID, and the call says success.',
      'A driver that does not check would map page frame 0.',
    ],
    source: ['golden scenario race_pte_migrating', 'ledger F-14'],
    tags: ['race', 'defect', 'device'],
    memory: 'P*8',
    conditions: {
      openDevices: [0, 1],
      rivals: [{ does: 'migrate', start: 2, end: 4, device: 1, holds: true, when: 'before-first-pte-lock' }],
    },
  }),
  sketch({
    id: 'swapped-while-walking',
    title: 'Reclaim swaps pages out from under the walk',
    about:
      'Reclaim comes by page frame and needs no mmap lock, so nothing that the walker holds keeps it away until a PTE lock or a folio lock does. Two of the pages are gone before the walk has looked at them, and the notifier’s sequence has moved on: the driver has to start anew, and in v2 the four pages that were already collected are lost.',
    look: [
      'try_to_unmap() puts swap entries where the walk is about to look, each in an event of its own.',
      'The walk has collected pages 0 to 3 when it meets them and faults.',
      'The next round finds that the sequence has moved on: -EBUSY. Mended, the walk puts everything back first.',
      'Had reclaim come after the collection, folio_trylock() would have turned it away.',
    ],
    source: ['kernel v6.19, shrink_folio_list()', 'ledger F-04'],
    tags: ['race', 'swap', 'actor', 'defect'],
    memory: 'P*8',
    conditions: { rivals: [{ does: 'swap_out', start: 4, end: 6, when: 'before-first-pte-lock' }] },
  }),
  sketch({
    id: 'pinned-before-collect',
    title: 'A GUP pin taken just before the walk collects',
    about:
      'Another thread pins pages 2 and 3 for DMA between the walker’s look at the PMD and its PTE lock. A pinned page must not move: its exclusive mark cannot be taken away, so the walk puts the mapping back and reports the page as it is.',
    look: [
      'The pin counts as 1024 references.',
      'folio_try_share_anon_rmap_pte() says -EBUSY: the old entry is written back.',
      'The pages are VALID in the report, and not collected.',
    ],
    source: ['kernel v6.19, pin_user_pages()', 'kernel v6.19, folio_try_share_anon_rmap_pte()'],
    tags: ['race', 'pins', 'actor'],
    memory: 'P*8',
    conditions: { rivals: [{ does: 'gup', start: 2, end: 4, when: 'before-first-pte-lock' }] },
  }),
  sketch({
    id: 'split-before-collect',
    title: 'The shrinker splits the huge page first',
    about:
      'Between the walker’s look at a huge PMD and its lock, the shrinker splits the folio: migration entries, 512 pages, mappings again. Under the lock the PMD is a table, and the walk goes on with its entries.',
    look: [
      'The first look says huge, the second a table: that is what the second look is for.',
      'The device has dropped what it mirrored of the 2 MiB by then.',
    ],
    source: ['kernel v6.19, deferred_split_scan()', 'ledger F-08'],
    tags: ['race', 'thp', 'actor'],
    memory: 'T',
    conditions: { rivals: [{ does: 'split', start: 0, end: 512, when: 'before-first-pmd-lock' }] },
  }),
  sketch({
    id: 'two-devices-fault',
    title: 'Two devices fault on overlapping ranges',
    about:
      'A second device asks for pages 4 to 11 while the first walks 0 to 7. Each meets the other’s migration entries. The mended walk gives back what it has collected before it waits, so that neither waits for the other for ever.',
    look: [
      'Whoever comes second finds migration entries that it has not made.',
      'In v2 it skips them and reports nothing there.',
      'Mended it waits, with nothing collected, and begins anew.',
    ],
    source: ['ledger F-14', 'ledger RFC-13'],
    tags: ['race', 'defect', 'device', 'actor'],
    memory: 'P*12',
    pages: 8,
    conditions: {
      openDevices: [0, 1],
      rivals: [{ does: 'fault_and_migrate', start: 4, end: 12, device: 1, when: 'before-copy' }],
    },
  }),
];
