import type { Tour } from '../types.ts';

/** Tour 4: the two ways of a huge page. */
export const HUGE_PAGES: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'huge-pages',
  title: 'A huge page moved whole, and one that must be split',
  about:
    'One PMD entry for 2 MiB: when it can be collected as a unit, when it has to be taken apart, and what that costs.',
  goal: 'Say what a huge page is on both sides (mapping and folio), when it can migrate whole, what a split does step by step, and why the walk starts again after it.',
  minutes: 25,
  needs: ['tour 1', 'what a folio and a folio lock are (tour 3)'],
  stops: [
    {
      title: 'One entry, 2 MiB',
      run: { scenario: 'thp-compound' },
      at: 'walk_pgd_range:pmd',
      expect: 'huge:T0+0 WYD',
      note: `The walk comes to a PMD entry that is a **leaf**: it maps a huge page. There is no PTE table below. The 512 pages behind it are one folio, with one reference count and one lock.

This time the driver has said that it can take huge pages whole (\`MIGRATE_VMA_SELECT_COMPOUND\`).`,
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'Reported in one go',
      at: 'hmm_vma_handle_pmd:report',
      expect: 'hmm_pfns[0..511]',
      note: `Under the PMD lock all 512 words of \`hmm_pfns[]\` are filled: consecutive page frames, each with the order 9, which tells the driver that they are one piece.`,
      reviewer: `\`HMM_PFN_ORDER_SHIFT\` moved from 53 to 51 in the series to make room for MIGRATE (bit 57) and COMPOUND (bit 56).`,
      question: { predict: 'trylock' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'One migration entry for 512 pages',
      at: 'set_pmd_migration_entry:install',
      expect: 'migr-w:T0+0',
      note: `The whole mapping is replaced by **one** migration entry, in the PMD. Before that the entry was made invalid and 2 MiB were flushed from the TLB, so no CPU can write any more.`,
      facts: { migrationEntries: 1, flushPmd: 1, copies: 1, pteLocks: 0 },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The first word stands for all',
      at: 'hmm_vma_handle_migrate_prepare_pmd:tails',
      expect: 'hmm_pfns[1..511] = 0',
      note: `Word 0 has got MIGRATE and **COMPOUND**. The other 511 lose their report: they would only repeat what the first says.`,
      question: {
        ask: 'How many times is data copied to the device in this run?',
        choices: [
          '512 times, once for each page',
          'once, 2 MiB at a time',
          'never: the device reads system memory',
          'twice: to the device and back',
        ],
        right: 1,
        because:
          'The source is one folio of order 9 and the destination, too: one allocation, one copy. The counters say 1.',
      },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The same huge page, another request',
      run: { scenario: 'thp-split' },
      at: 'hmm_vma_handle_migrate_prepare_pmd:unlock',
      expect: 'it has to be split first',
      note: `Now the driver has *not* said that it takes huge pages. Every page is to move by itself, so the huge page must be taken apart. The lock and the reference that were just taken are given back: a split cannot happen here, under a spinlock.`,
      reviewer: `\`hmm_vma_handle_migrate_prepare_pmd()\` returns \`-ENOENT\`: "not as a whole". The caller drops the PMD lock and calls \`hmm_vma_walk_split()\`.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'A split needs everybody to hold still',
      at: 'split_folio:refs',
      expect: '2 expected, 2 found',
      note: `\`split_folio()\` counts the references. Two can be explained: one of the mapping, one of the walk. If there were more, somebody else would be using the folio, and it could not be divided under their hands.

The lock of the anon_vma keeps others from adding mappings meanwhile. It may sleep; that is why no spinlock is held.`,
      question: { predict: 'entry' },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'First the mapping: a table slides in',
      at: '__split_huge_pmd_locked:populate',
      expect: 'invalidated:T0+0 WYD → table',
      note: `The PMD entry becomes a pointer to a PTE table with 512 entries. They are migration entries for the moment, so that nobody can touch the pages while the folio is divided.`,
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'Then the folio: 512 pieces',
      at: 'split_folio:divide',
      expect: '512 folios of one page',
      note: `The folio is divided. From here on every page has a reference count and a lock of its own. Then each mapping is put back, one PTE after the other: 512 times a lock, an entry, an unlock.`,
      facts: { splits: 1, pmdSplits: 1 },
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'Start again',
      at: 'hmm_range_fault:collision',
      expect: 'the sequence has moved on',
      note: `The split has told every mirror that the mapping changes. The walk's own notifier heard it, too: its sequence has moved on, so what it knew is void. The caller gets \`-EBUSY\` and tries again, this time over a PTE table.`,
      reviewer: `M-06: the walk's own split sends the caller round again. Mended, the walk tells its own event from those of others and carries on.`,
      question: {
        ask: 'What would be lost if pages had been collected before this split?',
        choices: [
          'Nothing: the next try finds their migration entries and knows them.',
          'The next try sees its own migration entries and overwrites their words: they stay locked for ever.',
          'They are copied twice.',
          'The kernel undoes them by itself.',
        ],
        right: 1,
        because:
          'That is ledger F-04. The scenario “The end of one huge page and the beginning of the next” shows it, and tour 11 a similar case.',
      },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'A split that fails',
      run: { scenario: 'thp-pinned' },
      at: 'split_folio:pinned',
      expect: 'a reference too many',
      note: `Here somebody has pinned the huge page for DMA. Three references are found and two can be explained. \`split_folio()\` gives up with \`-EAGAIN\`, before it has changed anything.`,
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'A readable page reported as ERROR',
      at: 'hmm_pfns_fill:fill',
      expect: 'ERROR',
      note: `The device could still read the memory where it is. But v2 overwrites the valid report with ERROR for all 512 pages.`,
      reviewer: `Ledger F-15. Small pages in the same situation keep their report (VALID|WRITE without MIGRATE). Switch F-15 on to compare.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
  ],
  discuss: [
    {
      ask: 'Why does the kernel not always split before it migrates?',
      answer:
        'A split costs 512 entry writes and locks, and afterwards the device has 512 small pages: more entries in its own page table, more TLB misses, slower copies.',
    },
    {
      ask: 'Eight pages in the middle of a huge page are asked for. Does COMPOUND help?',
      answer:
        'No. Less than the whole cannot move as one; the folio is split although 504 pages stay. See “Eight pages in the middle of a huge page”.',
    },
    {
      ask: 'Why are migration entries used during the split?',
      answer: 'So that a CPU that touches the pages waits instead of using a mapping of a folio that is being divided.',
    },
  ],
};
