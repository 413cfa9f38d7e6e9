import type { Term } from '../glossary.ts';

/** Page tables, what stands in them, and who walks them. */
export const TABLE_TERMS: readonly Term[] = [
  {
    term: 'copy on write',
    also: ['COW'],
    means: 'Two processes share a page read-only; whoever writes first gets a copy of its own.',
    source: 'mm/memory.c, do_wp_page()',
  },
  {
    term: 'dirty',
    everyday: true,
    means:
      'A bit of an entry or a folio: it has been written since. A dirty page must not be dropped without saving it.',
    source: 'arch/x86/include/asm/pgtable.h, pte_dirty()',
  },
  {
    term: 'fault',
    everyday: true,
    also: ['faults', 'page fault', 'page faults', 'fault handler', 'page-fault handler', 'faulted'],
    means:
      'An access that the page table does not allow. The handler finds or makes the page, or gives a signal. A device’s fault is served by hmm_range_fault().',
    source: 'mm/memory.c, handle_mm_fault()',
  },
  {
    term: 'fork',
    everyday: true,
    also: ['fork()', 'forked', 'child'],
    means: 'A process makes a copy of itself. Parent and child share the pages copy on write.',
    source: 'kernel/fork.c, dup_mmap()',
  },
  {
    term: 'hole',
    also: ['holes'],
    means: 'A stretch of addresses inside a VMA with nothing mapped: no entry, or not even a table.',
    source: 'mm/pagewalk.c, pte_hole of struct mm_walk_ops',
  },
  {
    term: 'huge zero page',
    means: 'The zero page of 2 MiB, mapped by a PMD for readers of an area nobody has written.',
    source: 'mm/huge_memory.c, huge_zero_folio',
  },
  {
    term: 'leaf',
    everyday: true,
    also: ['leaves'],
    means: 'An entry that maps a page, of whatever size, instead of pointing to a table.',
    source: 'include/linux/pgtable.h, pmd_leaf()',
  },
  {
    term: 'mm',
    everyday: true,
    also: ['mm_struct', 'mm->pgd'],
    means: 'The address space of a process: its VMAs, its page table, its mmap lock.',
    source: 'include/linux/mm_types.h, struct mm_struct',
  },
  {
    term: 'munmap',
    also: ['munmap()'],
    means: 'The call by which a process gives up addresses. It takes the mmap lock for writing.',
    source: 'mm/vma.c',
  },
  {
    term: 'MADV_DONTNEED',
    also: ['madvise', 'madvise()', 'madvise(MADV_DONTNEED)'],
    means:
      'The call by which a process gives back pages but keeps the addresses. It only reads the mmap lock, so it can run beside a walk.',
    source: 'mm/madvise.c, madvise_dontneed_single_vma()',
  },
  {
    term: 'NUMA hinting',
    also: ['NUMA', 'protnone'],
    means: 'Entries are made inaccessible for a while, so that a fault tells which node uses the page.',
    source: 'mm/memory.c, do_numa_page()',
  },
  {
    term: 'page table',
    everyday: true,
    also: ['page tables'],
    means: 'The tree of tables that says for each virtual address where its page is and what may be done with it.',
    source: 'arch/x86/include/asm/pgtable_types.h',
  },
  {
    term: 'page-table walk',
    also: ['page walk', 'walk the page table'],
    means: 'To go down from the root to the entries of a range and do something at each.',
    source: 'mm/pagewalk.c',
  },
  {
    term: 'PGD',
    means: 'The root table of an address space, and an entry in it: 512 GiB each.',
    source: 'arch/x86/include/asm/pgtable_types.h, pgd_t',
  },
  {
    term: 'P4D',
    means: 'A level between PGD and PUD that exists only with five-level page tables; here it is folded away.',
    source: 'include/asm-generic/pgtable-nop4d.h',
  },
  {
    term: 'PMD',
    also: ['PMDs', 'PMD entry', 'PMD table'],
    means:
      'An entry that stands for 2 MiB: it points to a PTE table or maps a huge page. Also the table of 512 such entries.',
    source: 'arch/x86/include/asm/pgtable_types.h, pmd_t',
  },
  {
    term: 'present',
    everyday: true,
    means: 'The lowest bit of an entry: the hardware may use it. An entry without it is for the kernel alone.',
    source: 'arch/x86/include/asm/pgtable.h, pte_present()',
  },
  {
    term: 'PTE',
    also: ['PTEs', 'PTE table', 'PTE tables'],
    means: 'The lowest entry of a page table: it maps one page of 4 KiB. Its table has 512 of them.',
    source: 'arch/x86/include/asm/pgtable_types.h, pte_t',
  },
  {
    term: 'PUD',
    means: 'An entry that stands for 1 GiB, and the table of 512 such entries.',
    source: 'arch/x86/include/asm/pgtable_types.h, pud_t',
  },
  {
    term: 'softleaf',
    means: 'What an entry that is not present means: swap, migration, device, marker …',
    source: 'include/linux/leafops.h',
  },
  {
    term: 'split',
    everyday: true,
    also: ['splits', 'splitting'],
    means:
      'To replace a huge PMD by a PTE table (the mapping), or to make 512 small folios of a large one (the folio).',
    source: 'mm/huge_memory.c, split_huge_pmd(), split_folio()',
  },
  {
    term: 'swap',
    also: ['swap entry', 'swap entries', 'swapped out', 'swap cache', 'swap area'],
    means: 'A page written to disk; its entry names the slot instead of a page frame. A fault brings it back.',
    source: 'mm/memory.c, do_swap_page()',
  },
  {
    term: 'TLB',
    also: ['TLBs'],
    means: 'The CPU’s cache of translations. It does not notice that an entry has changed: it must be flushed.',
    source: 'arch/x86/mm/tlb.c',
  },
  {
    term: 'unmap',
    everyday: true,
    also: ['unmapped'],
    means: 'To take a mapping out of a page table.',
    source: 'mm/rmap.c, try_to_migrate()',
  },
  {
    term: 'VMA',
    also: ['VMAs', 'vm_area_struct'],
    means: 'A stretch of addresses of a process with one set of permissions and one kind of memory.',
    source: 'include/linux/mm_types.h, struct vm_area_struct',
  },
  {
    term: 'young',
    also: ['accessed'],
    means: 'A bit of an entry: the page has been used since it was last looked at.',
    source: 'arch/x86/include/asm/pgtable.h, pte_young()',
  },
  {
    term: 'zap',
    also: ['zapped'],
    means: 'To throw out the mappings of a range and give the pages back.',
    source: 'mm/memory.c, zap_page_range_single()',
  },
  {
    term: 'zero page',
    also: ['zero pages'],
    means: 'One page of zeros that everybody shares who reads memory that has never been written.',
    source: 'include/linux/pgtable.h, is_zero_pfn()',
  },
];
