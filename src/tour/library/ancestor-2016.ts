import type { Tour } from '../types.ts';
import { showRun } from './show-run.ts';

/** Tour 10: the code of 2016. */
export const ANCESTOR_2016: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'ancestor-2016',
  title: 'The ancestor of 2016, and what ten years changed',
  about:
    'hmm_vma_migrate() as it was posted in HMM v13: one call that did everything, what was right about it, and what went wrong.',
  goal: 'Compare two designs of the same task: who owns the control flow, how many arrays there are, when the TLB is flushed, how a failure is undone.',
  minutes: 30,
  needs: ['tours 3 and 7'],
  stops: [
    {
      title: 'One call for everything',
      run: { scenario: 'anon', strategy: 'legacy-2016' },
      at: 'hmm_vma_migrate',
      expect: 'migrate [page 0, page 8)',
      note: `The same eight pages. In 2016 the driver calls **one** function. It collects, locks, isolates, unmaps, *calls the driver back* to allocate and copy, moves the metadata, calls the driver back again, and cleans up.

Today the driver is in charge: it calls setup, pages and finalize itself, and copies in between.`,
      reviewer: `HMM v13, patch 16/18. Never merged in this form: v4.14 merged a rewritten \`migrate_vma()\`, and the callbacks went in 2019.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'An event without a name',
      at: 'hmm_migrate_collect:start',
      expect: 'without saying why or by whom',
      note: `The mirrors are told that the range changes, but not by whom. So the device that asked for the migration hears its own event and drops its mirror. Today the event is MIGRATE, with an owner, and the owner can ignore it.`,
      question: { predict: 'notifier' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Take it away first, then look',
      at: 'first hmm_collect_walk_pmd:clear of page 0, then hmm_collect_walk_pmd:clear',
      expect: 'present:S0 WYD → none',
      note: `The walk clears the PTE *before* it knows what was in it. If the page cannot be migrated, the entry has to be put back. Today's code looks first, holds the folio, tries its lock, and only then touches the entry.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'One array for source and destination',
      at: 'first hmm_collect_walk_pmd:locked',
      expect: 'pfns_2016[0] = VALID|WRITE|LOCKED|MIGRATE:S0',
      note: `There is one array, \`pfns[]\`. It has a flag LOCKED, which says that the folio lock is held. Today there are two, \`src[]\` and \`dst[]\`, and a collected page *is* a locked page: no flag needed.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'One flush for the whole table',
      at: 'hmm_collect_walk_pmd:flush',
      expect: 'pages 0..7',
      note: `All eight entries have been taken away, and now one flush serves them all, before the lock is dropped. That is cheap and right. Version 2 of the unified walk flushes page by page, which is eight times as much; that is ledger F-23.`,
      facts: { flushPage: 0, flushRange: 1 },
      question: {
        ask: 'Why must the flush come before the PTE lock is dropped?',
        choices: [
          'Because a flush needs the lock to work.',
          'Because afterwards another CPU could still write through its TLB while the page is believed to be unmapped.',
          'Because the lock would otherwise be held too long.',
          'It need not; it is a habit.',
        ],
        right: 1,
        because:
          'The migration entry says that nobody can reach the page. As long as a TLB holds the old translation, that is not true.',
      },
      panes: { closed: ['pfns'], tab: 'log' },
    },
    {
      title: 'The driver is called back',
      at: 'alloc_and_copy',
      note: `Inside of the kernel's function the driver allocates and copies. It overwrites \`pfns[]\` with its destinations. After that, the only record of where a page came from is the migration entry in the page table.`,
      panes: { closed: ['code'], tab: 'frame' },
    },
    {
      title: 'The tables are walked by hand',
      at: 'hmm_migrate_struct_page:map',
      expect: 'without its lock',
      note: `Because the source page is in nobody's array any more, this phase walks the page table once more, just to read the migration entries. So do the two that follow. Three walks by hand, where today an array is looked at.`,
      facts: { walks: 3 },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'What went wrong: waiting with a lock in hand',
      run: showRun('H-03', false),
      at: 'last hmm_migrate_lock_and_isolate:lock',
      expect: 'blocked',
      note: `A page that somebody has locked: the trylock is refused, but the entry stays marked for migration. The next phase then *waits* for the lock, while it holds another one. Here the other one never lets go, and the task sleeps for ever.`,
      question: { predict: 'finding' },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'What went wrong: migrating the zero page',
      run: showRun('H-02', false),
      at: 'first hmm_collect_walk_pmd:rmap',
      expect: 'mapcount -1',
      note: `Nobody looks whether a page is the zero page. It is collected like any other: locked, unmapped, its mapcount goes to -1. At its second place the task waits for its own lock.`,
      panes: { closed: ['code'], tab: 'folios' },
    },
    {
      title: 'What went wrong: undoing what failed',
      run: showRun('H-07', false),
      at: 'last finding',
      note: `One page cannot move because somebody holds a reference. The loop that puts failed pages back steps over exactly those. A migration entry and a locked page stay for ever, and the call returns 0.`,
      reviewer: `H-05, H-07 to H-11 are all about the rollback. Most defects of the ledger, then and now, are on ways that are seldom gone.`,
      panes: { closed: ['pfns'], tab: 'findings' },
    },
    {
      title: 'Ten years later',
      run: { scenario: 'anon' },
      at: 'end',
      facts: { walks: 1, migrationEntries: 8, copies: 8, findings: 0 },
      note: `| | 2016 | 2026 |
| --- | --- | --- |
| control | the kernel calls the driver | the driver calls the kernel |
| arrays | one, overwritten | src and dst, and hmm_pfns |
| faults | before, by another call | in the same walk |
| notifier | an event without owner | MIGRATE with owner |
| huge pages | the mapping is split, the folio left | moved whole, or split |
| walks | 1 and 2 by hand | 1 |

What has *not* changed: a migration entry in the page table, and a locked page behind it.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
  ],
  discuss: [
    {
      ask: 'Why did the callbacks disappear?',
      answer:
        'The driver knows best in which order to allocate, copy and wait, and it has locks of its own. With three plain calls it can do that; inside of a callback it can not even report an error.',
    },
    {
      ask: 'The flush of 2016 was better than that of v2. How can such a thing get lost?',
      answer:
        'Code is moved from a function that loops over a table into one that handles one entry; the flush moves with it. A measurement or a counter shows it, reading hardly does.',
    },
    {
      ask: 'Which of the defects here would today’s rules find?',
      answer:
        'All: blocked for ever, migration entry left, folio left locked and mapping lost are findings of the app.',
    },
  ],
};
