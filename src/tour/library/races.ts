import type { Tour } from '../types.ts';

/** Tour 11: the order in which threads run decides. */
export const RACES: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'races',
  title: 'Races: you are the scheduler',
  about: 'The same two threads in another order: harmless before, harmless after, fatal in between. Find the window.',
  goal: 'Explain what a race is by three orders of the same run; find the window between a look and a lock; say what the interval notifier’s sequence is for and what it cannot do.',
  minutes: 35,
  needs: ['tours 6 and 7'],
  stops: [
    {
      title: 'Two threads, one huge page',
      run: { scenario: 'lock-leak', schedule: '' },
      at: 'start',
      note: `A huge page of 2 MiB. Two threads: the **walker** wants to migrate it to a device. The **rival** calls \`madvise(MADV_DONTNEED)\`: it does not need the memory any more.

Both are allowed to. Both hold the mmap lock for reading, so nothing keeps them apart but the page-table locks. Who comes first?`,
      question: {
        ask: 'There are three sorts of order. Which of them can go wrong?',
        choices: [
          'The rival runs before the walk.',
          'The rival runs after the migration.',
          'The rival runs between two statements of the walk.',
          'None: the mmap lock is held.',
        ],
        right: 2,
        because:
          'Before and after, each sees a consistent memory. In between, the walker may act on what it saw before. You will see all three.',
      },
      panes: { closed: ['code', 'pfns'], tab: 'locks' },
    },
    {
      title: 'Order 1: the walker first',
      at: 'end',
      facts: { findings: 0 },
      note: `Left alone, the walker runs to its end: the huge page is split and migrated. Then the rival throws everything away, on the device. Nothing is wrong: the memory was not needed any more.

Look at the timeline: first one actor's strip, then the other's.`,
      panes: { closed: ['code', 'pfns'], tab: 'log' },
    },
    {
      title: 'Order 2: the rival first',
      run: { scenario: 'lock-leak', schedule: '0b' },
      at: 'hmm_vma_fault',
      note: `Now the rival goes first. The walker comes to an empty PMD and does what it always does at a hole: it faults the memory in. Fresh zeros migrate. Nothing is wrong either.`,
      reviewer: `Schedule \`0b\`: at choice 0 actor b (the first rival) goes on. Schedules stand in the link as \`c=\` and on the command line as \`--schedule\`; a letter names the actor, a number how many choices go their own way before it.`,
      question: { predict: 'fault' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Order 3: into the window',
      run: { scenario: 'lock-leak' },
      at: 'hmm_vma_walk_pmd:again by walker',
      expect: 'huge:T0+0',
      note: `The walker has just read the PMD, without a lock: a huge page. Its next statement will take the lock. Between the two lies a **window** of a few nanoseconds, and now the rival gets the CPU.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Through the window',
      at: 'hmm_vma_walk_pmd:reread by walker',
      expect: 'none',
      note: `The rival has zapped the page and gone. The walker takes the lock, reads again, and does not find what it saw. So far, so good: that is what reading again is for.`,
      question: { predict: 'return' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'The lock that is never dropped',
      at: 'hmm_range_fault:leak',
      expect: 'lock-held-at-exit',
      note: `The code for this case was never tested, because the case is so rare. It returns an error and forgets the lock. One in a million runs, and the machine hangs.

This is why the window must be searched for, not waited for.`,
      facts: { findings: 2 },
      panes: { closed: ['pfns'], tab: 'findings' },
    },
    {
      title: 'A window with a fence: the interval notifier',
      run: { scenario: 'lost-migration-entries' },
      at: 'second hmm_range_fault:check',
      expect: 'true',
      note: `A lock cannot be held over a fault. So there is a **sequence**: the driver reads it before the walk, everybody who changes the range moves it on, and at the end it is compared. Here a write fault has replaced a zero page, and the sequence has moved on: *what you have read is void.*`,
      question: { predict: 'return' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'What the fence cannot do',
      at: 'hmm_vma_handle_pte:report of page 0, then hmm_vma_handle_pte:report of page 0',
      expect: 'hmm_pfns[0] = 0',
      note: `A reader can throw away what it has read. But this walk has not only read: it has *collected* page 0. The second attempt finds its own migration entry, takes it for somebody else's, and writes 0 over the word that remembered it.

A sequence protects readers. Who writes must undo.`,
      reviewer: `Ledger F-04. Mended (\`fixed\`), \`hmm_range_fault()\` gives back what it has collected before it returns \`-EBUSY\` (\`migrate_vma_restore\`).`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Mended: give back, then retry',
      run: { scenario: 'lost-migration-entries', revision: 'fixed' },
      at: 'migrate_vma_restore:unmark',
      expect: 'nothing is collected any more',
      facts: { findings: 0 },
      note: `In the mended text the pages are given back first: mapping, lock, reference. Then the retry starts from a clean table.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'A race that is meant to be',
      run: { scenario: 'cpu-touches' },
      at: 'last migration_entry_wait:wait by cpu_write',
      expect: 'blocked',
      note: `A CPU touches a page in the middle of its migration. That is no defect; it is what migration entries are made for. The CPU waits, then finds the page on the device, and it is fetched back.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'The same two threads, the CPU first',
      run: { scenario: 'cpu-touches', schedule: '0b' },
      at: 'end',
      facts: { findings: 0, waits: 0 },
      note: `If the CPU comes first it writes to its page and is done; nobody waits, and the migration takes the page with what has been written.

Now you: choose another order. With the same scenario, give the schedule another text in the link (\`c=5b\`, \`c=20b\` …) and see what changes.`,
      panes: { closed: ['code', 'pfns'], tab: 'log' },
    },
  ],
  discuss: [
    {
      ask: 'Why is a bug in a window of nanoseconds worth mending?',
      answer:
        'Because there are millions of machines, and because a program can aim: it calls madvise in a loop on one CPU while a device faults on another.',
    },
    {
      ask: 'What is the difference between a race and a deadlock?',
      answer:
        'In a race the result depends on the order; in a deadlock each waits for the other and there is no result. A race can lead into a deadlock.',
    },
    {
      ask: 'How many orders have two threads of 100 statements each?',
      answer:
        'About 10^59. That is why only points at which another thread could notice a difference are choices here, and why searching is better than trying.',
    },
  ],
};
