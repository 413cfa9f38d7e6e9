import type { Tour } from '../types.ts';

/** Tour 2: the reason for the series. */
export const ONE_WALK: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'one-walk',
  title: 'Why two walks, three walks, one',
  about: 'The same memory served four ways. What each walk does again that the one before had done, and what it costs.',
  goal: 'Explain why drivers walked twice or three times, what the unified walk saves, what it does not save, and name one case in which the old way is cheaper.',
  minutes: 25,
  needs: ['tour 1, or: what a page-table walk, a page fault and a PTE lock are'],
  stops: [
    {
      title: 'The task',
      run: { scenario: 'swap', strategy: 'migrate-only' },
      at: 'start',
      note: `Eight pages; three of them (2, 3 and 5) are **swapped out**. A device wants to work on all eight, in its own memory. So two things have to happen:

1. what is missing is **faulted in**;
2. what is there is **collected**: each mapping is replaced by a migration entry, so that nobody uses the page while it moves.

The kernel has a function for each. How often must the page table be walked?`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Only migrate: three pages stay behind',
      at: 'third hmm_vma_handle_migrate_prepare:notValid',
      expect: 'nothing to collect',
      note: `\`migrate_vma_setup()\` takes what is mapped. Page 5 is in the swap area: there is no page to collect, so the entry is left alone. The same happened to pages 2 and 3.

One walk, and five of eight pages move. For a device that needs all eight this is not enough.`,
      facts: { walks: 1, faults: 0, copies: 5 },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'First fault: hmm_range_fault()',
      run: { scenario: 'swap', strategy: 'fault-then-migrate' },
      at: 'hmm_vma_handle_pte:swap of page 2',
      expect: 'swap',
      note: `The second way: **fault, then migrate**. First \`hmm_range_fault()\` walks the range and asks the fault handler for everything that is missing. At page 2 it meets a swap entry.

A fault may sleep, a walk with a page-table lock may not. So the walk has to let go of everything and call the fault handler from outside.`,
      question: { predict: 'fault' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: '…and walk on from there',
      at: 'hmm_range_fault:again',
      expect: 'walk again from last = page 2',
      note: `Pages 2 to 7 have been faulted in, and the walk starts once more at page 2 to see what has become of them. This is still the same pass over the range, in the same call of \`hmm_range_fault()\`: it is only interrupted. When the series speaks of "two walks" it counts passes; the counters below count each call of \`walk_page_range()\`, so the interrupted pass counts as a walk and a walk *again*.`,
      reviewer: `\`hmm_vma_fault()\` faults the whole rest of the range and returns \`-EBUSY\`; \`hmm_range_fault()\` loops with \`hmm_vma_walk->last\`. The sequence of the interval notifier is checked before each round.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Then migrate: the same tables once more',
      at: 'third walk_page_range',
      expect: '[page 0, page 8)',
      note: `Now \`migrate_vma_setup()\` walks. It goes down the same tables to the same entries, takes the PTE lock, and reads what the first walk had just read. Only this time it collects.

Between the two calls no lock is held. What the first walk has reported may no longer be true, and the second has to look for itself.`,
      facts: { walks: 3, rewalks: 1, faults: 6 },
      question: {
        ask: 'Between the two calls another thread unmaps page 4. What happens?',
        choices: [
          'The second walk finds no page at 4 and collects seven.',
          'The second walk collects the page that the first has reported.',
          'The other thread waits until the migration is over.',
          'migrate_vma_setup() returns -EBUSY.',
        ],
        right: 0,
        because:
          'No page-table lock is held between the calls, so nothing stops the other thread as soon as it has the mmap lock. The second walk believes only what it reads itself.',
      },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Three walks: try, repair, try again',
      run: { scenario: 'swap', strategy: 'migrate-fault-migrate' },
      at: 'gt_ioctl_migrate:abort',
      expect: '3 pages were not collected',
      note: `The third way: **migrate first**, in the hope that everything is there. If it is not, give all back, fault in, and migrate once more.

Here the hope was vain: three pages are missing. Five migration entries that have just been written are now taken away again, with a TLB flush and a lock for each page. All that was for nothing.`,
      panes: { closed: ['pfns'], tab: 'log' },
    },
    {
      title: 'What the three walks cost',
      at: 'end',
      facts: { walks: 4, rewalks: 1, migrationEntries: 13 },
      note: `Three passes: migrate, fault, migrate. The counters below say four walks, because the fault pass was interrupted once; thirteen migration entries for eight pages; and two notifier brackets where one would do.

And yet this order is the better one when nothing is missing: then the first walk is the only one.`,
      reviewer: `xe does it in this order, over drm_pagemap: \`drm_pagemap_migrate_to_devmem()\` gives up with \`-EBUSY\` when \`cpages != npages\`; the driver then evicts the range (a fault pass with owner NULL) and tries again. A scan before and the final \`get_pages\` come on top. Scenario: “xe: one swapped page spoils the whole range”.`,
      panes: { closed: ['pfns', 'code'], tab: 'log' },
    },
    {
      title: 'One walk: report and collect in the same visit',
      run: { scenario: 'swap' },
      at: 'hmm_vma_handle_migrate_prepare:mark of page 0',
      expect: 'MIGRATE:S0',
      note: `The **unified walk**: \`hmm_range_fault()\` gets a flag that says "and prepare what you find for migration". Page 0 is reported, and in the same visit, under the same lock, it is collected. Its \`hmm_pfns\` word carries a new flag: **MIGRATE**.

What was reported *is* what was collected. There is no moment in between.`,
      panes: { closed: [], tab: 'tables' },
    },
    {
      title: 'A fault in the middle',
      at: 'hmm_range_fault:again',
      expect: 'last = page 2',
      note: `At page 2 the swap entry stops this walk, too. Pages 0 and 1 are collected already and stay so; the walk resumes at page 2.

So a fault still costs a second descent, but it is the same pass. What is saved is the second pass, which did nothing but read everything once more.`,
      facts: { walks: 2, rewalks: 1, faults: 6, migrationEntries: 8 },
      question: { predict: 'lock' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'src[] without another look',
      at: 'second migrate_hmm_range_setup:page',
      expect: 'src[1]',
      note: `The migration code wants its own array, \`src[]\`. It is made from \`hmm_pfns[]\` alone, without looking at the page table. That is only right because nothing can have changed: a migration entry stands in every place, and each folio is locked.`,
      reviewer: `\`migrate_hmm_range_setup()\` copies \`HMM_PFN_VALID\`, \`HMM_PFN_WRITE\`, \`HMM_PFN_MIGRATE\` and the pfn. Its precondition is that the notifier's sequence has not moved on between the walk and here; see tour 11 and ledger F-04.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The bill',
      at: 'end',
      note: `| way | passes | walk_page_range() | migration entries | pages moved |
| --- | --- | --- | --- | --- |
| migrate only | 1 | 1 | 5 | 5 |
| fault, then migrate | 2 | 3 | 8 | 8 |
| migrate, fault, migrate | 3 | 4 | 13 | 8 |
| unified | 1 | 2 | 8 | 8 |

Counted on these eight pages. A pass goes over the range from its start; a fault interrupts it, and the next \`walk_page_range()\` resumes it.

With every page present the unified way and "migrate first" need one pass each; "fault, then migrate" always needs two.`,
      reviewer: `The cover letter of v5 puts a walk at over 1000 cycles, a lower bound. What a walk really costs depends on caches and on what else contends for the locks; the cost table here says which of its weights are measured (few) and which are illustrations.`,
      panes: { closed: ['pfns', 'code'], tab: 'log' },
    },
  ],
  discuss: [
    {
      ask: 'Why can the fault handler not be called with the PTE lock held?',
      answer:
        'It may sleep (allocate memory, wait for a disk), and it takes the PTE lock itself. Holding a spinlock over a sleep is forbidden; taking it twice is a deadlock.',
    },
    {
      ask: 'When is “migrate, fault, migrate” as good as the unified walk?',
      answer: 'When nothing is missing: the first try collects everything in one walk, and nothing is repeated.',
    },
    {
      ask: 'What does the unified walk demand of the caller that the two separate calls did not?',
      answer:
        'It leaves migration entries and locked folios behind. Whatever goes wrong afterwards (a retry, an error), the caller has to give them back or use them; a reported pfn could simply be forgotten.',
    },
  ],
};
