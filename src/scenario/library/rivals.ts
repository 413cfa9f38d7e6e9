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
    pages: 512,
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
    pages: 8,
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
    pages: 8,
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
    pages: 8,
    conditions: {
      openDevices: [0, 1],
      rivals: [{ does: 'migrate', start: 2, end: 4, device: 1, holds: true, when: 'before-first-pte-lock' }],
    },
  }),
];
