import type { Tour } from '../types.ts';

/** Tour 3: what the unified walk does at each sort of entry. */
export const MIXED_PTES: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'mixed-ptes',
  title: 'One walk over mixed entries',
  about: 'Pages, holes, zero pages and swap side by side: what the unified walk does at each, and why it starts again.',
  goal: 'Say for each sort of PTE what the walk reports, what it collects and what it needs a fault for; follow a restart and its consequences.',
  minutes: 25,
  needs: ['tour 1', 'tour 2 helps'],
  stops: [
    {
      title: 'Three sorts of entries',
      run: { scenario: 'mixed' },
      at: 'start',
      note: `Pages 0, 3, 6 and 7 are mapped. Pages 1 and 4 are **holes**: nothing is there. Pages 2 and 5 map the **zero page**, one page full of zeros that all readers share.

The device asks for all eight, for reading, with migration.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Page 0: held and locked',
      at: 'hmm_vma_handle_migrate_prepare:trylock of page 0',
      expect: 'folio_trylock(S0) = true',
      note: `Collecting begins with two safety ropes. A **reference** keeps the folio from being freed. The **folio lock** keeps others from moving, splitting or reclaiming it.

The lock is only *tried*: the PTE lock is held, so waiting is not allowed.`,
      question: { predict: 'entry' },
      panes: { closed: ['code'], tab: 'folios' },
    },
    {
      title: 'Page 0: the mapping is taken away',
      at: 'hmm_vma_handle_migrate_prepare:clear of page 0',
      expect: 'present:S0 WYD → none',
      note: `The PTE is cleared and the TLB is told to forget it. From now on no CPU can write to the page. If one tries, it faults.

Why before the copy? Because a write that comes after the copy would be lost.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Page 0: the migration entry',
      at: 'hmm_vma_handle_migrate_prepare:install of page 0',
      expect: 'migr-w:S0 YD',
      note: `In place of the mapping stands a **migration entry**: it is not present, it remembers the page frame, and it remembers that the page was writable, young and dirty (\`w\`, \`Y\`, \`D\`). Whoever faults on it waits until the migration is over.`,
      question: { predict: 'refs' },
      panes: { closed: [], tab: 'tables' },
    },
    {
      title: 'Page 1: nothing there',
      at: 'hmm_vma_handle_pte:none of page 1',
      expect: 'nothing mapped',
      note: `A hole. The device wants the page, so somebody has to make one: the fault handler. But the PTE lock is held.`,
      question: {
        ask: 'Page 0 is collected already, and page 1 needs a fault. What does the walk do?',
        choices: [
          'It undoes page 0, faults, and starts again at page 0.',
          'It keeps page 0 as it is, drops the lock, faults, and starts again at page 1.',
          'It faults with the lock held and goes on.',
          'It skips page 1 and comes back to it at the end.',
        ],
        right: 1,
        because:
          'hmm_vma_walk->last is set to page 1. What was collected before stays collected; the next round begins at last.',
      },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'Everything from here on is faulted',
      at: 'hmm_vma_fault:last',
      expect: 'last = page 1',
      note: `\`hmm_vma_fault()\` is called for pages 1 to 7, not just for the one hole. Page 2 has a zero page already, page 3 a page of its own: for them the fault finds nothing to do. It is a little wasteful, but with many holes it saves a restart for each.`,
      facts: { faults: 7 },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'A read fault brings the zero page',
      at: 'do_anonymous_page:zero of page 1',
      expect: 'none → zero:Z YS',
      note: `Nobody has ever written here, and the device only wants to read. So the fault handler maps the shared zero page, read-only. No memory is allocated.`,
      panes: { closed: ['pfns'], tab: 'tables' },
    },
    {
      title: '-EBUSY, but nothing is wrong',
      at: 'hmm_range_fault:again',
      expect: '-EBUSY',
      note: `The walk has dropped its lock, so everything that it knew about this table is stale. It returns \`-EBUSY\` to \`hmm_range_fault()\`, which simply walks again, from page 1.

Meanwhile page 0 stands there as a migration entry, its folio locked. Keep that in mind.`,
      reviewer: `Compare with a write request on the same memory (scenario “A write fault loses what was collected”): there the fault fires the interval notifier, \`mmu_interval_check_retry()\` is true, the call itself returns \`-EBUSY\`, and the caller's next attempt overwrites \`hmm_pfns[0]\` (F-04).`,
      question: { predict: 'retry' },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'The zero page is collected without a page',
      at: 'hmm_vma_handle_migrate_prepare:zero of page 1',
      expect: 'VALID|MIGRATE',
      note: `The second round. Page 1 now has the zero page. There is nothing to lock and nothing to copy: the destination will be a fresh page of zeros. The word says **MIGRATE**, and the PTE stays as it is for now.`,
      reviewer: `VALID|MIGRATE without a frame is v2's encoding for "empty, to be migrated". v7 encodes a hole as MIGRATE alone (V-01) and keeps \`HMM_PFN_DMA_MAPPED\` for zero pages (F-16). Tour 5 compares.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Page 7: the walk is complete',
      at: 'hmm_vma_handle_migrate_prepare:mark of page 7',
      expect: 'MIGRATE:S3',
      note: `Eight words, eight times MIGRATE: four with a page frame, four without. The two rounds together have visited each page exactly once, except page 1, which stopped the first.`,
      question: { predict: 'lock' },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The array of the migration',
      at: 'migrate_hmm_range_setup:empty',
      expect: 'src[1] = MIGRATE',
      note: `\`src[]\` has its own encoding. A page is \`VALID|MIGRATE\` with its frame; an empty one is \`MIGRATE\` alone.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The end',
      at: 'end',
      facts: { walks: 2, rewalks: 1, migrationEntries: 4, copies: 8 },
      note: `Two descents, seven faults, four migration entries, eight device pages. The migration entries have become device-private entries, and the four empty pages got an entry, too: the device now owns all eight.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
  ],
  discuss: [
    {
      ask: 'Why does the walk not undo page 0 before it faults?',
      answer:
        'It would have to do the work twice, and undoing costs as much as doing: a lock, an entry write, a flush. As long as the restart is inside the same call, the array remembers what was collected.',
    },
    {
      ask: 'Could another CPU wait for page 0 while the walk faults in page 1? Is that a problem?',
      answer:
        'Yes: a CPU that touches page 0 finds the migration entry and sleeps until the folio is unlocked. It is only a delay as long as the walk finishes; if the walk waited for that CPU, it would be a deadlock.',
    },
    {
      ask: 'The device only reads. Why are zero pages migrated at all?',
      answer:
        'Because the device shall have the range in its own memory: otherwise each access to those pages would go over the bus, and a later write would need another fault.',
    },
  ],
};
