import type { Tour } from '../types.ts';

/** Tour 7: the life of a migration entry. */
export const MIGRATION_ENTRIES: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'migration-entries',
  title: 'Migration entries: the life of one, and who waits on it',
  about:
    'How a migration entry is born, what it remembers, who sleeps on it, how it ends, and what becomes of one that is forgotten.',
  goal: 'Follow one entry from mapping to migration entry to device entry, say what a CPU does that touches it, and list three ways in which it can end.',
  minutes: 25,
  needs: ['tour 3'],
  stops: [
    {
      title: 'Before: an ordinary mapping',
      run: { scenario: 'cpu-touches' },
      at: 'hmm_vma_handle_migrate_prepare:trylock of page 2',
      expect: 'folio_trylock(S2)',
      note: `Page 2 is mapped, writable, and its folio is now held and locked by the walk. These come first, always: **a migration entry without a locked folio is a defect**, because nobody could wait for its end.`,
      question: { predict: 'entry' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Born',
      at: 'hmm_vma_handle_migrate_prepare:install of page 2',
      expect: 'none → migr-w:S2 YD',
      note: `The mapping is gone and in its place stands \`migr-w:S2 YD\`. Read it: migration entry, the page was writable, its frame is S2, it was young and dirty. All that is needed to build a mapping again, here or with another frame.`,
      reviewer: `\`make_writable_migration_entry(pfn)\`: a swap type of its own each for write, read and read-exclusive, the pfn in the offset; the young and dirty bits only where the architecture has room (\`migration_entry_supports_ad()\`).`,
      panes: { closed: [], tab: 'tables' },
    },
    {
      title: 'The mapping count falls, the references stay',
      at: 'hmm_vma_handle_migrate_prepare:put of page 2',
      expect: 'the reference of the mapping goes',
      note: `A migration entry is not a mapping: the mapcount of S2 is 0, and the reference that the mapping had is dropped. One reference remains, that of the walk. A folio with references that nobody can explain cannot move; so they are counted later.`,
      panes: { closed: ['code'], tab: 'folios' },
    },
    {
      title: 'Another thread touches the page',
      at: 'do_swap_page:migration by cpu_write',
      expect: 'under migration',
      note: `Between setup and copy, a thread of the process writes to page 2. The entry is not present, so the CPU faults, and the handler finds a migration entry.`,
      question: {
        ask: 'What does the fault handler do?',
        choices: [
          'It ends the migration and gives the page back.',
          'It sleeps until the folio is unlocked, and lets the CPU try again.',
          'It makes a copy of the page.',
          'It kills the process with SIGBUS.',
        ],
        right: 1,
        because:
          'migration_entry_wait() waits for the folio lock. Nobody tells the waiter how it ended: it just tries again.',
      },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Asleep on the folio lock',
      at: 'migration_entry_wait:wait by cpu_write, then last migration_entry_wait:wait by cpu_write',
      expect: 'blocked',
      note: `\`migration_entry_wait()\`: look at the entry once more under the PTE lock, then sleep on the folio lock of S2. The mmap lock stays held for reading meanwhile.`,
      facts: { waits: 1 },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'The end: a new mapping',
      at: 'remove_migration_pte:install of page 2',
      expect: 'migr-w:S2 YD → devpriv-w:D2',
      note: `The data has been copied. \`migrate_vma_finalize()\` turns the entry into a mapping of the new page: a **device-private** entry, because the page now lies in the device's memory. It is not present either; the CPU cannot reach it.`,
      question: { predict: 'refs' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The waiter wakes, and faults again',
      at: 'do_swap_page:toRam by cpu_write',
      expect: 'bring the page back',
      note: `S2 is unlocked, the thread wakes up and touches the page again. It finds the device-private entry. The driver is asked to bring the page back, and everything starts in the other direction: page 2 gets its second migration entry.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'In every process that maps the page',
      run: { scenario: 'cow-after-fork' },
      at: 'try_to_migrate_one:install',
      expect: 'page 0 of child 1',
      note: `After fork() parent and child share the page. The walk has only converted the parent's entry. \`try_to_migrate()\` finds the child's by reverse mapping and converts it, too. It is \`migr-r\`: the mapping was read-only.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Turned back',
      run: { scenario: 'vmsplice-ref' },
      at: 'remove_migration_pte:install of page 2',
      expect: 'migr-w:S2 YD → present:S2 WYD',
      note: `Here a pipe holds a reference on page 2, and the count does not come out. The migration of this page is given up: its migration entry becomes the old mapping again. Nobody but a waiter would have noticed.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Taken away by somebody else',
      run: { scenario: 'freed-while-migrating' },
      at: 'write of page 2 by madvise_dontneed',
      expect: 'migr-w:S2 YD → none',
      note: `Another thread gives the memory back while it is being migrated. It may: the migration entry is simply removed. The copy goes on, to nobody's use.`,
      reviewer: `M-04: the page is counted as migrated all the same.`,
      panes: { closed: ['pfns'], tab: 'tables' },
    },
    {
      title: 'Forgotten',
      run: { scenario: 'lost-migration-entries' },
      at: 'leftovers:entry',
      expect: 'migration-entry-left',
      note: `The worst end: none at all. After a retry the walk's caller no longer knows that page 0 was collected. Its migration entry stands for ever, its folio is locked for ever, and every thread that touches page 0 sleeps for ever.`,
      reviewer: `Ledger F-04. Golden run \`mixed\` with a write request shows the hang on a real kernel.`,
      question: { predict: 'finding' },
      panes: { closed: ['pfns'], tab: 'findings' },
    },
  ],
  discuss: [
    {
      ask: 'Why does the waiter not simply wait on the entry?',
      answer:
        'An entry is eight bytes in a page table; nothing can sleep on it. The folio lock is the one thing that is certain to be released when the migration ends.',
    },
    {
      ask: 'Could a migration entry stand in a page table without the page being locked?',
      answer: 'Never in a correct kernel. The rules of the app report it as a finding.',
    },
    {
      ask: 'What would a deadlock with two migrations look like?',
      answer:
        'Each holds folio locks and waits for one of the other’s, for instance by touching its migration entry. The walk avoids it by trylock and by leaving foreign migration entries alone (ledger F-14 is about the price).',
    },
  ],
};
