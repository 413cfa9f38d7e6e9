import { sketch } from './make.ts';

/** Walks over 2 MiB entries. */
export const HUGE_PAGES = [
  sketch({
    id: 'thp-split-mixed',
    title: 'A huge page is split, then a mixed table',
    about:
      'The end of a THP and the beginning of a PTE table in one small range. The THP is only partly asked for, so it is split; behind it lie pages, a hole, a zero page and a swap entry.',
    look: [
      'The walk meets a PMD entry of which it needs eight pages: it drops the lock and splits the THP.',
      'The split sends its own invalidation: -EBUSY, and everything begins again, now with a PTE table.',
      'In the second area the hole at page 9 needs a fault: the handler is called for all pages from there on, the swap entry among them, while the pages before are migration entries already.',
    ],
    source: ['golden scenarios thp_partial and mixed_swap, joined'],
    tags: ['basics', 'thp', 'split', 'fault'],
    memory: 'T P N Z P S N P P',
    from: -504,
    phase: 504,
  }),
  sketch({
    id: 'thp-compound',
    title: 'A huge page moved whole',
    about:
      'With MIGRATE_VMA_SELECT_COMPOUND a THP that lies wholly in the range is one unit: one lock, one migration entry, one device folio of 2 MiB.',
    look: [
      'The PMD lock is held from the first look to the migration entry.',
      'hmm_pfns[0] has COMPOUND and order 9; the other 511 are filled with the pages that follow.',
      'src has one entry that counts.',
    ],
    source: ['golden scenario thp, SELECT_COMPOUND', 'hmm-tests: migrate_anon_huge_fault'],
    tags: ['basics', 'thp', 'compound'],
    memory: 'T',
    select: ['SYSTEM', 'COMPOUND'],
  }),
  sketch({
    id: 'thp-split',
    title: 'A huge page that must be split',
    about: 'Without COMPOUND every page is migrated by itself, so the THP is split first: mapping, then folio.',
    look: [
      'The PMD entry gives way to a PTE table of 512 entries.',
      'split_folio() makes 512 folios of one.',
      'The walk starts again from the beginning after -EBUSY.',
    ],
    source: ['golden scenario thp', 'ledger F-03'],
    tags: ['thp', 'split', 'retry'],
    memory: 'T',
  }),
  sketch({
    id: 'thp-partial',
    title: 'Eight pages in the middle of a huge page',
    about:
      'The request covers pages 100 to 107 of a THP. COMPOUND does not help: less than the whole cannot be moved as one.',
    look: [
      'The folio is split although only eight of its pages are wanted.',
      'The other 504 pages stay mapped, now by PTEs.',
    ],
    source: ['golden scenario thp_partial, SELECT_COMPOUND'],
    tags: ['thp', 'split'],
    memory: 'T',
    from: -100,
    phase: 100,
    pages: 8,
    select: ['SYSTEM', 'COMPOUND'],
  }),
  sketch({
    id: 'thp-pte-mapped',
    title: 'A huge page mapped by PTEs',
    about:
      'The PMD mapping was split earlier, the folio never was. The walk sees PTEs, and behind the first of them a folio of 512 pages.',
    look: [
      '512 mappings and 512 references on one folio.',
      'At the first page the lock is dropped, the folio split, and the table read again.',
    ],
    source: ['golden scenario thp_pte', 'ledger F-20'],
    tags: ['thp', 'split', 'pte'],
    memory: 'TP',
  }),
  sketch({
    id: 'thp-shared',
    title: 'A huge page shared after fork()',
    about:
      'Two processes map the THP. Splitting it fails with -EAGAIN in this kernel, so nothing is migrated and the report becomes ERROR.',
    look: ['The PMD mapping of the parent is split, the folio is not.', '512 readable pages are reported as ERROR.'],
    source: ['golden scenario thp_fork', 'ledger F-15'],
    tags: ['thp', 'fork', 'split', 'defect'],
    memory: 'TC',
  }),
  sketch({
    id: 'thp-pinned',
    title: 'A pinned huge page',
    about:
      'A GUP pin is a reference nobody can account for, so split_folio() fails before it has touched anything. The valid report becomes ERROR all the same.',
    look: ['split_folio() counts references first and gives up; the PMD mapping stays.', 'Nothing is collected.'],
    source: ['golden scenario thp_pinned', 'ledger F-15'],
    tags: ['thp', 'references', 'split'],
    memory: 'TG',
  }),
  sketch({
    id: 'double-unmap',
    title: 'A failed split unmaps the table twice',
    about:
      'A large folio mapped by PTEs cannot be split because it is pinned. The error path has dropped lock and mapping already; its caller drops the mapping once more.',
    look: [
      'migrate_vma_split_folio() fails after pte_unmap_unlock().',
      'The second pte_unmap() ends an RCU section that is not open.',
      'All entries to the end of the table become ERROR, and the call returns 0.',
    ],
    source: ['golden scenario thp_pte_partial_pinned', 'ledger F-05'],
    tags: ['defect', 'thp', 'rcu'],
    memory: 'TQ',
    from: -100,
    phase: 100,
    pages: 8,
  }),
  sketch({
    id: 'thp-locked',
    title: 'A locked huge page',
    about:
      'The folio lock of a THP is taken by somebody else. The walk gives up on the whole 2 MiB and overwrites a valid report with ERROR.',
    look: [
      'folio_trylock() fails under the PMD lock.',
      'A single page in the same situation keeps its report: compare with “A folio somebody has locked”.',
    ],
    source: ['golden scenario thp_locked', 'ledger F-15'],
    tags: ['thp', 'locks', 'defect'],
    memory: 'TL',
    select: ['SYSTEM', 'COMPOUND'],
  }),
  sketch({
    id: 'thp-cross',
    title: 'The end of one huge page and the beginning of the next',
    about:
      'Two THPs must be split. The second split invalidates the range after pages of the first were collected, and the retry loses them.',
    look: [
      'The first split costs a retry and nothing else.',
      'Four pages become migration entries, then the second THP is split.',
      'The third try overwrites the hmm_pfns of the four: they stay locked for ever, with no other thread involved.',
    ],
    source: ['golden scenario thp_cross', 'ledger F-04'],
    tags: ['defect', 'thp', 'split', 'retry'],
    memory: 'T*2',
    from: -508,
    phase: 508,
    pages: 8,
  }),
  sketch({
    id: 'huge-empty',
    title: 'An empty 2 MiB area',
    about:
      'Nothing is mapped and huge pages are allowed. A read fault maps the huge zero page, which is then collected as one empty unit.',
    look: [
      'The fault handler is called 512 times; the first call maps the huge zero page, the others find it there.',
      'COMPOUND without VALID: the device allocates 2 MiB of zeros.',
    ],
    source: ['golden scenario thp_none, SELECT_COMPOUND', 'hmm-tests: migrate_anon_huge_empty'],
    tags: ['thp', 'fault', 'zero'],
    memory: [],
    pages: 512,
    select: ['SYSTEM', 'COMPOUND'],
  }),
  sketch({
    id: 'huge-zero',
    title: 'The huge zero page',
    about:
      'One PMD entry to the huge zero page. It is collected as empty; installing the device folio replaces the entry.',
    look: [
      'No folio is locked, no migration entry is written.',
      'The PMD is invalidated and flushed when the device folio goes in.',
    ],
    source: ['golden scenario thp_zero, SELECT_COMPOUND', 'hmm-tests: migrate_anon_huge_zero'],
    tags: ['thp', 'zero'],
    memory: 'TZ',
    select: ['SYSTEM', 'COMPOUND'],
  }),
];
