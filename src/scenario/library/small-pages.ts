import { memory } from '../notation.ts';
import { sketch } from './make.ts';

/** Walks over PTEs alone. */
export const SMALL_PAGES = [
  sketch({
    id: 'anon',
    title: 'Eight private pages',
    about:
      'The plain case: every page is mapped, writable and exclusive. One walk reports them and prepares them for migration in the same visit.',
    look: [
      'One PTE lock is held over all eight pages.',
      'Each entry becomes a migration entry under that lock: the mapping is gone before the walk ends.',
      'hmm_pfns carries MIGRATE beside VALID and WRITE; migrate_hmm_range_setup() only copies it into src.',
    ],
    source: ['golden scenario anon_rw', 'hmm-tests: migrate'],
    tags: ['basics', 'pte'],
    memory: 'P*8',
  }),
  sketch({
    id: 'mixed',
    title: 'Pages, holes and zero pages',
    about:
      'Three sorts of entries side by side. The holes need a fault, which cannot happen under the PTE lock, so the walk stops and starts again.',
    look: [
      'At page 1 the lock is dropped and the fault handler is called for every page from there on; it maps a zero page into each hole. Then the walk begins again at page 1.',
      'A zero page is collected without a page: src says MIGRATE, but not VALID.',
      'Page 0 is a migration entry already while page 1 faults.',
    ],
    source: ['golden scenario mixed', 'hmm-tests: anon_read'],
    tags: ['basics', 'pte', 'fault'],
    memory: 'P N Z P N Z P P',
  }),
  sketch({
    id: 'lost-migration-entries',
    title: 'A write fault loses what was collected',
    about:
      'The same memory, asked for writing. The write fault on a zero page sends a CLEAR event, the interval sequence moves on, and the call returns -EBUSY with pages already converted. The caller’s retry overwrites their hmm_pfns: they stay locked behind migration entries for ever.',
    look: [
      'Page 0 becomes a migration entry on the first try.',
      'At page 2 the fault handler replaces the zero page, and the notifier’s sequence moves on.',
      'The second try sees its own migration entries and writes 0 over their hmm_pfns.',
      'At the end page 0 is still a migration entry and its folio is still locked.',
    ],
    source: ['golden scenario mixed, write request', 'ledger F-04', 'ledger RFC-2'],
    tags: ['defect', 'fault', 'retry'],
    memory: 'P N Z P N Z P P',
    write: true,
  }),
  sketch({
    id: 'empty',
    title: 'Nothing mapped, not even tables',
    about:
      'No PUD, PMD or PTE table exists. pte_hole() is called once for the whole range, the faults build the tables, and the second walk finds zero pages.',
    look: [
      'The first walk ends at the PGD.',
      'Eight faults in a row, one for each page, before the walk begins again.',
      'Tables appear one level at a time.',
    ],
    source: ['golden scenario none', 'hmm-tests: anon_read'],
    tags: ['basics', 'fault', 'hole'],
    memory: [],
    pages: 8,
  }),
  sketch({
    id: 'zero-pages',
    title: 'Zero pages',
    about:
      'Eight mappings of the one zero page: VALID for a reader, collected as empty. The device gets eight fresh pages of zeros.',
    look: [
      'No folio is locked and nothing is unmapped while collecting.',
      'Nothing is copied: the device pages are simply cleared.',
    ],
    source: ['golden scenario zero', 'hmm-tests: migrate_anon_huge_zero'],
    tags: ['basics', 'zero'],
    memory: 'Z*8',
  }),
  sketch({
    id: 'cow-after-fork',
    title: 'Shared with a child after fork()',
    about:
      'Parent and child map the same folios read-only. Migration moves the folio under both: each process has its own page table with an entry to convert.',
    look: [
      'The walk converts the parent’s entry; the child’s stays present.',
      'migrate_vma_unmap() finds the child’s mapping by reverse mapping and converts it too.',
      'Both come back as read-only device entries.',
    ],
    source: ['golden scenario cow_parent', 'hmm-tests: anon_write_child'],
    tags: ['fork', 'rmap'],
    memory: 'C*8',
  }),
  sketch({
    id: 'cow-write',
    title: 'Writing to pages shared with a child',
    about:
      'A write request breaks the sharing first: the fault copies the page for the parent. Each copy sends a CLEAR event, so the first try ends with -EBUSY.',
    look: [
      'All eight faults happen before anything is collected, so nothing is lost.',
      'The second try collects the parent’s new, exclusive pages; the child keeps the old ones.',
    ],
    source: ['golden scenario cow_parent, write request', 'hmm-tests: anon_write_child'],
    tags: ['fork', 'fault', 'retry'],
    memory: 'C*8',
    write: true,
  }),
  sketch({
    id: 'swap',
    title: 'Some pages are swapped out',
    about: 'Swap entries name a slot, not a page. The walk faults them in and collects the pages that come back.',
    look: [
      'The entry of page 2 has a type and an offset instead of a page frame.',
      'The fault handler is called for every page from 2 on; two of them come back from swap, clean and mapped. Then the walk begins again at page 2.',
    ],
    source: ['golden scenario mixed_swap', 'golden scenario swapped'],
    tags: ['fault', 'swap'],
    memory: 'P P S S P S P P',
  }),
  sketch({
    id: 'locked-page',
    title: 'A folio somebody has locked',
    about:
      'A folio lock may be waited for only without spinlocks, so the walk only tries. Page 2 is refused, its report stays, and the device can still read it where it is.',
    look: [
      'The trylock fails and the reference is given back.',
      'hmm_pfns of page 2 keeps VALID and WRITE, without MIGRATE.',
      'Seven of eight pages migrate.',
    ],
    source: ['golden scenario locked', 'ledger F-15'],
    tags: ['locks', 'pte'],
    memory: 'P P L P*5',
  }),
  sketch({
    id: 'gup-pin',
    title: 'A page pinned by GUP',
    about:
      'Somebody does DMA to page 2. AnonExclusive cannot be given up while the page may be pinned, so the entry is put back as it was.',
    look: [
      'A pin counts 1024 references.',
      'The entry is cleared, flushed, and set again when folio_try_share_anon_rmap fails.',
      'A flush for nothing, and the page stays.',
    ],
    source: ['golden scenario pin_gup', 'hmm-tests: hmm_gup_test'],
    tags: ['references', 'pte'],
    memory: 'P P G P*5',
  }),
  sketch({
    id: 'vmsplice-ref',
    title: 'A page held by a pipe',
    about:
      'vmsplice() took a plain reference, which looks like any other. The page is collected, and refused only when its references are counted.',
    look: [
      'Page 2 gets a migration entry like the others.',
      'migrate_vma_check_page() finds one reference too many.',
      'The migration entry is turned back; src loses MIGRATE.',
    ],
    source: ['golden scenario pin_vmsplice'],
    tags: ['references', 'restore'],
    memory: 'P P V P*5',
  }),
  sketch({
    id: 'cross-pmd',
    title: 'A range over two PTE tables',
    about: 'Eight pages, four in one PTE table and four in the next. Each table has its own lock.',
    look: ['hmm_vma_walk_pmd() is called twice.', 'The first PTE lock is dropped before the second is taken.'],
    source: ['golden scenario cross_pmd'],
    tags: ['basics', 'locks'],
    memory: 'P*8',
    phase: 508,
  }),
  sketch({
    id: 'mlocked',
    title: 'Locked memory (mlock)',
    about: 'mlock() keeps pages from being swapped out, not from being migrated.',
    look: ['All eight pages migrate.', 'The mlocked mark leaves with the mapping.'],
    source: ['golden scenario mlocked'],
    tags: ['vma', 'pte'],
    memory: memory('P*8').map((e) => ({ ...e, folio: { ...e.folio, mlocked: true } })),
    vmas: [{ start: 0, end: 8, perms: 'rw-p', kind: 'anon', flags: ['mlocked', 'nohugepage'] }],
  }),
];
