import type { Tour } from '../types.ts';

/** Tour 1: the walk itself, without anything that goes wrong. */
export const PAGE_WALK: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'page-walk',
  title: 'What a page-table walk is',
  about: 'From an address to its page, level by level: the tables, one entry, one lock, and what a walk leaves behind.',
  goal: 'Name the levels of an x86-64 page table, say what an entry holds and which lock protects it, and follow a walk from the root to eight pages and back.',
  minutes: 20,
  needs: ['virtual memory: pages, page frames, address spaces'],
  stops: [
    {
      title: 'Eight pages, and a device that wants them',
      run: { scenario: 'anon' },
      at: 'start',
      note: `A process has eight pages of private memory. A device, say a GPU, is about to use them and wants them in its own memory.

Before anybody can move a page, somebody has to **find** it. The process only knows virtual addresses. Where the data lies is written in a tree of tables, and going down that tree is called a **page-table walk**.

On the stage, from left to right: the addresses, the tables PGD, PUD, PMD and PTE, and the memory with its folios.`,
      reviewer: `Eight order-0 anonymous folios, each mapped writable and exclusive, \`nohugepage\`. The request is what \`dmirror_migrate_to_device()\` of the series asks for: \`HMM_PFN_REQ_FAULT | HMM_PFN_REQ_MIGRATE\`, owner = device 0, \`MIGRATE_VMA_SELECT_SYSTEM\`.`,
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'The address is an itinerary',
      at: 'walk_page_range',
      expect: '[page 0, page 8)',
      note: `A virtual address on x86-64 has 48 bits that count. The walk cuts them into five pieces:

| bits | choose one of |
| --- | --- |
| 47–39 | 512 entries of the **PGD** |
| 38–30 | 512 entries of a **PUD** table |
| 29–21 | 512 entries of a **PMD** table |
| 20–12 | 512 entries of a **PTE** table |
| 11–0 | 4096 bytes of the page |

The address does not say where the page is. It says which turn to take at each table.`,
      reviewer: `\`walk_page_range()\` gets the range and a set of callbacks (\`struct mm_walk_ops\`). The caller holds the mmap lock for reading; that is what keeps the VMA in place during the walk. The P4D level is folded into the PGD: four levels.`,
      question: {
        ask: 'How much address space does one PTE table cover?',
        choices: ['4 KiB', '2 MiB', '512 MiB', '1 GiB'],
        right: 1,
        because: 'A PTE table has 512 entries, and each maps one page of 4 KiB: 512 × 4 KiB = 2 MiB.',
      },
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'First turn: the PGD',
      at: 'walk_pgd_range:pgd',
      expect: 'table',
      note: `The root of the tree belongs to the process: \`mm->pgd\`. One of its 512 entries stands for the 512 GiB in which the eight pages lie. The entry is not empty; it holds the page frame number of the next table.

No lock is taken for this. Upper tables are not removed while the mmap lock is held.`,
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'Second and third turn: PUD and PMD',
      at: 'walk_pgd_range:pmd',
      expect: 'PMD entry of page 0: table',
      note: `One PUD entry stands for 1 GiB, one PMD entry for 2 MiB. Each of them could be

* **none**: nothing below, the walk can skip the whole stretch;
* a **leaf**: it maps one huge page, and there is no table below;
* a pointer to the next **table**, as here.`,
      reviewer: `\`walk_pgd_range()\` and its kin look at the entry without a lock and hand a PMD entry to the \`pmd_entry\` callback, here \`hmm_vma_walk_pmd()\`. What was read can be stale by the time that the callback looks: it has to read again.`,
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'A glance without a lock',
      at: 'hmm_vma_walk_pmd:again',
      expect: 'without a lock',
      note: `\`hmm_vma_walk_pmd()\` is called for the PMD entry. It reads the entry once, quickly, without a lock. That is only a hint: another CPU may change it in the very next moment. So what is read here is never believed; it only tells which way to go on.`,
      question: { predict: 'lock' },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'The PMD lock: look again',
      at: 'hmm_vma_walk_pmd:reread',
      expect: 'read it again',
      note: `Now the lock of the PMD table is held and the entry is read a second time. What it says *now* cannot change until the lock is dropped. It points to a PTE table, so there is nothing to do at this level, and the lock goes at once.

Read, lock, read again: this pattern is everywhere in memory management.`,
      reviewer: `The unmodified \`hmm_vma_walk_pmd()\` of v6.19 takes no PMD lock when it only reports. With migration the reported and the collected entry must be the same one, so the series takes it (RFC-8 is the row about the text that did not). See the lock on the corner of the PMD table.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'The PTE table, mapped and locked',
      at: 'hmm_vma_walk_pmd:map',
      expect: 'pte_offset_map_lock(page 0)',
      note: `One call does two things: the PTE table is *mapped*, which keeps it from being freed, and its **spinlock** is taken. Each PTE table has its own lock, so two CPUs can work on different tables at the same time.

Whoever holds a spinlock must not sleep: no waiting for a disk, for memory, or for a lock that might sleep.`,
      question: { predict: 'word' },
      panes: { closed: ['code'], tab: 'locks' },
    },
    {
      title: 'The first entry is reported',
      at: 'hmm_vma_handle_pte:report of page 0',
      expect: 'hmm_pfns[0] = VALID|WRITE:S0',
      note: `The PTE of page 0 is present and writable. The walk writes what it has found into the caller's array: \`hmm_pfns[0]\` now says **VALID** (there is a page), **WRITE** (it may be written) and the page frame.

This is what "report" means: the array is a snapshot of the page table, in a form that a driver can use.`,
      reviewer: `Open the word in the pfn strip: \`HMM_PFN_VALID\` is bit 63, \`HMM_PFN_WRITE\` bit 62, the pfn is in the low bits. The word is written by \`pte_to_hmm_pfn_flags()\` of the entry; what the caller required is compared with it before.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'Seven more times',
      at: 'hmm_vma_handle_pte:report of page 7',
      expect: 'hmm_pfns[7]',
      note: `The next seven entries lie beside the first, in the same table and under the same lock. The walk does not go back to the root for each page: one descent serves up to 512 neighbours.

Look at the entries of pages 0 to 6: they have changed already. This walk not only reports, it also **collects** pages for migration. That is the subject of the next tours.`,
      question: {
        ask: 'How often has the walk gone down the tree for these eight pages?',
        choices: ['once', 'twice', 'eight times', 'once for each level'],
        right: 0,
        because:
          'All eight entries lie in one PTE table. The timeline shows one call of hmm_vma_walk_pmd(); the loop over the entries is inside it.',
      },
      facts: { walks: 1, descents: 1 },
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'The way back',
      at: 'return of walk_page_range',
      expect: '= 0',
      note: `The table is unlocked and unmapped, the functions return, and the walk is over: \`walk_page_range()\` gives 0. What is left of it is the array, and eight entries that have become migration entries.`,
      panes: { closed: ['code'], tab: 'frame' },
    },
    {
      title: 'When a turn leads nowhere',
      run: { scenario: 'empty' },
      at: 'walk_pgd_range:pudNone',
      expect: 'none',
      note: `Another process: it has the same eight pages of address space, but has never touched them. The PUD entry is **none**. There is no PMD table, no PTE table, no page.

The walk can say at once that nothing is mapped in the whole stretch. A hole is cheap to find.`,
      question: { predict: 'return' },
      panes: { closed: ['code', 'pfns', 'text'] },
    },
    {
      title: 'A fault builds the tables',
      at: 'do_anonymous_page:table',
      expect: 'none → table',
      note: `The device asked for the pages to be there. So the walk calls the **page-fault handler**, as a CPU would if it touched the address. The handler allocates the tables that are missing, one level after the other, and maps a page.

Afterwards the walk starts again, because everything it knew about the tree is out of date.`,
      reviewer: `\`hmm_vma_fault()\` calls \`handle_mm_fault()\` for each page of the hole and returns \`-EBUSY\`, which is not an error here: it makes \`hmm_range_fault()\` walk again from \`last\`. No lock but the mmap lock is held meanwhile.`,
      facts: { walks: 2, rewalks: 1, faults: 8 },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
  ],
  discuss: [
    {
      ask: 'Why is the tree four levels deep and not one flat table?',
      answer:
        'A flat table for 48 bits would have 2^36 entries of 8 bytes: 512 GiB for each process. The tree only has tables where something is mapped.',
    },
    {
      ask: 'Why does every table have 512 entries?',
      answer:
        'A table is a page itself: 4096 bytes divided by 8 bytes for each entry. Nine bits of the address choose one.',
    },
    {
      ask: 'What would go wrong if the walk believed its first, lockless look at the PMD?',
      answer:
        'Another CPU could replace the entry in between, by a huge page, a migration entry or nothing. The walk would follow a pointer that no longer leads to a PTE table. Tour 11 shows such a moment.',
    },
  ],
};
