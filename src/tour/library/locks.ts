import type { Tour } from '../types.ts';

/** Tour 6: who holds what, when. */
export const LOCKS: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'locks',
  title: 'Locks: who holds what when, and why trylock',
  about:
    'mmap lock, PMD lock, PTE lock, folio lock, anon_vma: what each protects, in which order, and which may sleep.',
  goal: 'Name the lock that protects a VMA, a PMD entry, a PTE and a folio; say which of them may sleep; explain why the walk only tries the folio lock.',
  minutes: 25,
  needs: ['tour 3'],
  stops: [
    {
      title: 'The outermost: the mmap lock',
      run: { scenario: 'cross-pmd' },
      at: 'gt_ioctl:lock',
      expect: 'mmap_read_lock()',
      note: `Before anything else the driver takes the **mmap lock** for reading. It protects the list of VMAs: as long as it is held, no address range can be mapped or unmapped.

Many can hold it for reading at once: page faults, walks, madvise. It may sleep.

Look at the lock bars in the timeline: this one is as long as the whole call.`,
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'The PMD lock, for a moment',
      at: 'first hmm_vma_walk_pmd:lock',
      expect: 'pmd_lock',
      note: `A **spinlock** of the PMD table. Under it a PMD entry cannot change: no huge page is split, no table goes. The walk needs it just long enough to see that the entry points to a PTE table.`,
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'The PTE lock: one per table',
      at: 'first hmm_vma_walk_pmd:map',
      expect: 'pte_offset_map_lock(page 0)',
      note: `Another spinlock, that of this one **PTE table**. It protects 512 entries. While it is held the walk must not sleep: another CPU may be turning round and round, waiting for it.`,
      question: { predict: 'lock' },
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'Only tried: the folio lock',
      at: 'first hmm_vma_handle_migrate_prepare:trylock',
      expect: 'folio_trylock(S0) = true',
      note: `The **folio lock** says: whoever holds it may move, split or write back this folio. It may be held for a long time (over a disk write), so waiting for it means sleeping.

The PTE lock forbids sleeping. So the walk asks once: *is it free?* If yes, it has it. If not, it goes on without the page. That is \`folio_trylock()\`.`,
      reviewer: `The order of mm/rmap.c is: mmap lock, folio lock, anon_vma or i_mmap, page-table lock. Taking the folio lock under the page-table lock is the wrong way round, and only allowed because a trylock cannot wait and so cannot deadlock.`,
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'Four folios stay locked, the table does not',
      at: 'first hmm_vma_walk_pmd:unmap',
      expect: 'the table is done',
      note: `The first table is done and its lock is dropped. But the four folio locks are **kept**: they are held until the migration is over. That is what a migration entry stands for: wait for the lock of this folio.`,
      question: {
        ask: 'Why may the walk hold four folio locks while it goes on to the next table?',
        choices: [
          'Because it got each by a trylock and never waits for one while it holds others.',
          'Because folio locks are spinlocks.',
          'Because the mmap lock protects them.',
          'It may not; this is a defect.',
        ],
        right: 0,
        because: 'A deadlock needs somebody who holds one lock and waits for another. Who only tries does not wait.',
      },
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'The next table has its own lock',
      at: 'second hmm_vma_walk_pmd:map',
      expect: 'pte_offset_map_lock(page 4)',
      note: `The range crosses into a second PTE table. The first lock was dropped before this one is taken: never two of them at once in this walk.`,
      facts: { pmdLocks: 2, folioLocks: 8 },
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'Refused',
      run: { scenario: 'locked-page' },
      at: 'hmm_vma_handle_migrate_prepare:trylock of page 2',
      expect: 'folio_trylock(S2) = false',
      note: `Somebody else, outside of this scenario (marked **x**), holds the lock of page 2's folio. The walk does not wait.`,
      question: { predict: 'refs' },
      panes: { closed: ['code'], tab: 'locks' },
    },
    {
      title: 'The page stays, the report stays',
      at: 'hmm_vma_handle_migrate_prepare:busy',
      expect: 'leave the page',
      note: `The reference is given back and the page is left alone. Its word in \`hmm_pfns[]\` keeps VALID and WRITE, without MIGRATE: the device can use it where it is. Seven of eight pages will migrate.`,
      facts: { folioTrylocksFailed: 1, copies: 7 },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'A lock that may sleep needs free hands',
      run: { scenario: 'thp-split' },
      at: 'split_folio:anonVma',
      expect: 'anon_vma_lock_write',
      note: `To split a huge page every mapping of it must be found and kept from changing. That is the lock of the **anon_vma**, and it may sleep. Look at what is held: the mmap lock, the folio lock, but no spinlock. The walk has dropped the PMD lock for this.`,
      reviewer: `R-06 asks for an assertion of exactly that at the head of \`hmm_vma_walk_split()\`; tour 9 shows it.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'What happens when a lock is forgotten',
      run: { scenario: 'lock-leak' },
      at: 'hmm_range_fault:leak',
      expect: 'lock-held-at-exit',
      note: `An error path in v2 returns without dropping the PMD lock. Nobody can ever take it again: every later fault in this 1 GiB would hang. Tour 9 shows how it comes about.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
  ],
  discuss: [
    {
      ask: 'Why does each PTE table have its own lock?',
      answer:
        'With one lock for the whole address space, all threads of a process would fault one after the other. Split locks let them work on different tables at the same time.',
    },
    {
      ask: 'What would go wrong with folio_lock() instead of folio_trylock() in the walk?',
      answer:
        'It may sleep under a spinlock, which is forbidden; and it can deadlock: whoever holds the folio lock may be waiting for the PTE lock (rmap takes them in that order).',
    },
    {
      ask: 'madvise(MADV_DONTNEED) only takes the mmap lock for reading. What follows for the walk?',
      answer:
        'It can run at the same time and clear entries. The walk must look at every entry under its page-table lock.',
    },
  ],
};
