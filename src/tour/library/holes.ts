import { SHOWS } from '../../scenario/ledger/shows.ts';
import type { Tour } from '../types.ts';
import { showRun } from './show-run.ts';

/** Tour 5: nothing, and how to write it down. */
export const HOLES: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'holes',
  title: 'Holes, the zero page, and two ways to write “nothing”',
  about:
    'Memory that nobody has written: as a hole, as the zero page, as the huge zero page; and how v2 and v7 encode it.',
  goal: 'Tell a hole from a zero page, say what migrates when there is nothing to copy, and read the words of v2 and v7 for it.',
  minutes: 20,
  needs: ['tour 3'],
  stops: [
    {
      title: 'A hole in the middle',
      run: showRun('V-01', false),
      at: 'hmm_vma_handle_pte:none of page 1',
      expect: 'nothing mapped',
      note: `Three pages are asked for, without a fault. The one in the middle has never been touched: its PTE is none.

There is no page, so there is nothing to copy. Still the device can have it: it gets a fresh page of zeros, because that is what a program would read there.`,
      question: { predict: 'word' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'v2 writes: VALID and MIGRATE, and no frame',
      at: 'hmm_vma_handle_migrate_prepare:hole',
      expect: 'hmm_pfns[1] = VALID|MIGRATE',
      note: `In version 2 of the series a hole that is to migrate is written as VALID|MIGRATE with page frame 0. It says "valid" about something that is not there, and it relies on nobody ever having page frame 0.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'v7 writes: MIGRATE alone',
      run: showRun('V-01', true),
      at: 'hmm_vma_handle_migrate_prepare:hole',
      expect: 'hmm_pfns[1] = MIGRATE',
      note: `Version 7 writes the same hole as **MIGRATE** alone: "move this place; there is no page". Now VALID means one thing only.`,
      reviewer: `Ledger V-01, inferred from the posting of v7 against v5 (C-06). The consumer is \`migrate_hmm_range_setup()\`; both encodings end in the same \`src[]\` word.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Both become the same src',
      at: 'migrate_hmm_range_setup:empty',
      expect: 'src[1] = MIGRATE',
      note: `In \`src[]\` the question does not arise: MIGRATE without VALID has always meant "empty" there.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The device page is mapped where nothing was',
      at: 'migrate_vma_insert_page:install of page 1',
      expect: 'none → devpriv-w:D1',
      note: `There is no migration entry to replace: the page is *inserted*. Under the PTE lock it is checked once more that the place is still empty.`,
      question: { predict: 'refs' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The zero page',
      run: { scenario: 'zero-pages' },
      at: 'hmm_vma_handle_pte:report of page 0',
      expect: 'VALID:Z',
      note: `Eight mappings of one and the same page: the **zero page**. A program that only reads memory it has never written gets it everywhere. It belongs to nobody, has no reference count that matters, and never moves.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Collected without a lock',
      at: 'hmm_vma_handle_migrate_prepare:zero of page 0',
      expect: 'VALID|MIGRATE',
      note: `No folio is held, none is locked, the PTE is left as it is. The report loses its page frame: what will be migrated is "zeros", not this page.`,
      facts: { folioLocks: 0, migrationEntries: 0, copies: 8 },
      question: {
        ask: 'The PTE still maps the zero page, and nobody is locked out. A CPU reads page 0 now. What happens?',
        choices: [
          'It reads zeros; nothing has changed for it.',
          'It waits until the migration is over.',
          'It faults and gets a page of its own.',
          'It reads the device page.',
        ],
        right: 0,
        because:
          'The entry is present and read-only. Only when the device page is inserted is it replaced, and flushed.',
      },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Replaced at the very end',
      at: 'migrate_vma_insert_page:clear of page 0',
      expect: 'zero:Z YS → none',
      note: `Only now the zero page goes, and the next step maps the device page. "Copying" was clearing: the device page was filled with zeros.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The huge zero page',
      run: { scenario: 'huge-zero' },
      at: 'hmm_pfns_fill:compound',
      expect: 'an aligned 2 MiB hole',
      note: `The same for 2 MiB: a PMD entry maps the **huge zero page**. It is collected like a hole of 2 MiB, one word for all.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'What was lost on the way',
      run: showRun('F-16', false),
      at: 'hmm_vma_handle_migrate_prepare:zero',
      expect: 'hmm_pfns[1] = VALID|MIGRATE;',
      note: `A driver may keep a mark in its words: DMA_MAPPED, "I have an address for this page already". Pages keep it through the walk. The zero page loses it here in v2, and a driver would map it a second time.`,
      reviewer: `Ledger F-16: ${SHOWS['F-16']?.off ?? ''}; mended in v7: ${SHOWS['F-16']?.on ?? ''}.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
  ],
  discuss: [
    {
      ask: 'Why does a read fault map the zero page and not a fresh page?',
      answer:
        'Many programs read large arrays they have never filled. One shared page serves them all; memory is only spent on a write.',
    },
    {
      ask: 'What would a driver do that takes VALID|MIGRATE with frame 0 for a page?',
      answer:
        'It would map page frame 0, whatever is there. Every reader of the word has to know the exception; v7 removes it.',
    },
    {
      ask: 'A hole in shared memory (shmem) is not collected. Why?',
      answer:
        'There may be a page in the page cache that just is not mapped here. “Nothing mapped” does not mean “zeros”.',
    },
  ],
};
