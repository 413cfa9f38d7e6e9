import type { Term } from './glossary.ts';

/** Memory, tables, locks: the things. */
export const MEMORY_TERMS: readonly Term[] = [
  {
    term: 'actor',
    everyday: true,
    also: ['actors'],
    means: 'One thread of execution in a scenario: the walker, or another that interferes with it.',
    source: 'a word of this app; in the kernel a task on a CPU',
  },
  {
    term: 'anonymous memory',
    also: ['anonymous', 'anonymous page', 'anonymous pages'],
    means: 'Memory that no file stands behind: heap, stack, private mappings. It begins as zeros.',
    source: 'include/linux/page-flags.h, PageAnon()',
  },
  {
    term: 'anon_vma',
    also: ['anon_vmas'],
    means:
      'What leads from an anonymous folio to all VMAs that may map it, so that every mapping can be found. It has a lock.',
    source: 'include/linux/rmap.h, struct anon_vma',
  },
  {
    term: 'AnonExclusive',
    also: ['exclusive'],
    means:
      'A mark on an anonymous page: this process alone has it, nobody shares it by copy on write. It has to go before the page is migrated.',
    source: 'include/linux/page-flags.h, PG_anon_exclusive',
  },
  { term: 'base', means: 'The kernel v6.19 without the series, as it was measured.', source: 'a word of this app' },
  {
    term: 'BUG',
    also: ['BUG_ON', 'VM_BUG_ON'],
    means: 'A check whose failure stops the kernel.',
    source: 'include/asm-generic/bug.h',
  },
  {
    term: 'copy on write',
    also: ['COW'],
    means: 'Two processes share a page read-only; whoever writes first gets a copy of its own.',
    source: 'mm/memory.c, do_wp_page()',
  },
  {
    term: 'cursor',
    everyday: true,
    means: 'The step of the recording at which everything on the screen stands.',
    source: 'a word of this app',
  },
  {
    term: 'descent',
    also: ['descents'],
    means: 'One way down the tables, ended by a fault or by the end of the range.',
    source: 'mm/pagewalk.c, walk_page_range()',
  },
  {
    term: 'device',
    everyday: true,
    also: ['devices'],
    means:
      'A processor other than the CPU that uses the memory of a process: a GPU, or the test driver that plays one.',
    source: 'lib/test_hmm.c, struct dmirror_device',
  },
  {
    term: 'device-coherent memory',
    also: ['device-coherent', 'coherent', 'coherent memory'],
    means: 'Memory of a device that the CPU can use as well: its pages are mapped by ordinary present entries.',
    source: 'include/linux/memremap.h, MEMORY_DEVICE_COHERENT',
  },
  {
    term: 'device-exclusive',
    also: ['device-exclusive entry'],
    means:
      'An entry that says: the device uses this page atomically, the CPU has to fault before it may touch it. The page stays in system memory.',
    source: 'include/linux/swapops.h, SWP_DEVICE_EXCLUSIVE',
  },
  {
    term: 'device-private memory',
    also: [
      'device-private',
      'device-private entry',
      'device-private entries',
      'device-private page',
      'device-private pages',
    ],
    means:
      'Memory of a device that the CPU cannot reach. Its pages are mapped by entries that are not present; a CPU that touches one faults, and the page is fetched back.',
    source: 'include/linux/memremap.h, MEMORY_DEVICE_PRIVATE',
  },
  {
    term: 'dirty',
    everyday: true,
    means:
      'A bit of an entry or a folio: it has been written since. A dirty page must not be dropped without saving it.',
    source: 'arch/x86/include/asm/pgtable.h, pte_dirty()',
  },
  {
    term: 'DMA',
    also: ['DMA_MAPPED', 'HMM_PFN_DMA_MAPPED'],
    means:
      'A device reads and writes memory by itself. DMA_MAPPED in an hmm pfn says that the page has an address for it already.',
    source: 'include/linux/hmm.h, HMM_PFN_DMA_MAPPED',
  },
  {
    term: 'driver',
    everyday: true,
    also: ['drivers'],
    means: 'The kernel code that serves a device and asks for walks and migrations.',
    source: 'lib/test_hmm.c is the one modelled by default',
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
    term: 'finding',
    also: ['findings'],
    means: 'A broken rule at a step of the recording: a lock that leaks, a sleep under a spinlock, a lost reference …',
    source: 'a word of this app; in the kernel a report of lockdep, WARN_ON or a hung task',
  },
  {
    term: 'finalize',
    means:
      'The last step of a migration: migration entries become mappings again, of the new page or of the old, and all locks and references go.',
    source: 'mm/migrate_device.c, migrate_vma_finalize()',
  },
  {
    term: 'fix switch',
    also: ['fix switches'],
    means: 'One defect of the review ledger, to be switched on and off.',
    source: 'a word of this app',
  },
  {
    term: 'folio',
    also: ['folios'],
    means:
      'The unit in which the kernel manages memory: one page, or a power of two of pages that belong together. It has one reference count, one lock and one set of flags.',
    source: 'include/linux/mm_types.h, struct folio',
  },
  {
    term: 'folio lock',
    also: ['folio locks'],
    means: 'A lock of each folio that may sleep. Migration, splitting, reclaim and truncation of a folio need it.',
    source: 'include/linux/pagemap.h, folio_lock()',
  },
  {
    term: 'fork',
    everyday: true,
    also: ['fork()', 'forked', 'child'],
    means: 'A process makes a copy of itself. Parent and child share the pages copy on write.',
    source: 'kernel/fork.c, dup_mmap()',
  },
  {
    term: 'GUP',
    also: ['pin', 'pins', 'pinned'],
    means:
      'get_user_pages(): somebody outside the page table, often a device, holds pages of a process. A pin says that it reads or writes them.',
    source: 'mm/gup.c, pin_user_pages()',
  },
  {
    term: 'HMM',
    means:
      'Heterogeneous memory management: the helpers by which a driver mirrors the page table of a process and takes pages to a device.',
    source: 'mm/hmm.c, Documentation/mm/hmm.rst',
  },
  {
    term: 'hole',
    also: ['holes'],
    means: 'A stretch of addresses inside a VMA with nothing mapped: no entry, or not even a table.',
    source: 'mm/pagewalk.c, pte_hole of struct mm_walk_ops',
  },
  {
    term: 'huge page',
    also: ['huge pages'],
    means: 'A page of 2 MiB, mapped by one PMD entry instead of 512 PTEs.',
    source: 'mm/huge_memory.c',
  },
  {
    term: 'huge zero page',
    means: 'The zero page of 2 MiB, mapped by a PMD for readers of an area nobody has written.',
    source: 'mm/huge_memory.c, huge_zero_folio',
  },
  {
    term: 'interval notifier',
    also: ['interval notifiers'],
    means:
      'A notifier for a range of addresses with a sequence number. A reader takes the number first and checks it at the end; if it has changed, what was read is void.',
    source: 'mm/mmu_notifier.c, struct mmu_interval_notifier',
  },
  {
    term: 'isolate',
    everyday: true,
    also: ['isolated', 'isolation'],
    means: 'To take a folio off its LRU list, so that reclaim cannot find it. Isolation holds a reference.',
    source: 'mm/vmscan.c, folio_isolate_lru()',
  },
  {
    term: 'kernel text',
    everyday: true,
    means: 'Which version of the code runs: the series v2 or v7, mended, or a kernel without it.',
    source: 'a word of this app',
  },
  {
    term: 'leaf',
    everyday: true,
    also: ['leaves'],
    means: 'An entry that maps a page, of whatever size, instead of pointing to a table.',
    source: 'include/linux/pgtable.h, pmd_leaf()',
  },
  {
    term: 'ledger',
    also: ['review ledger'],
    means: 'The list of all remarks on the series, each with a number such as R-07 and a switch that shows it.',
    source: 'a word of this app',
  },
  {
    term: 'livelock',
    means: 'A loop that comes back to the very same state: it never ends, and nobody sleeps.',
    source: 'a word of this app',
  },
  {
    term: 'lockdep',
    means: 'The kernel’s checker of lock order and of sleeping where it is forbidden.',
    source: 'kernel/locking/lockdep.c',
  },
  {
    term: 'LRU',
    also: ['LRU list', 'LRU lists', 'LRU batch'],
    means:
      'Lists of folios by how recently they were used; reclaim takes from their end. New folios wait in a batch of each CPU first, which holds a reference.',
    source: 'mm/swap.c',
  },
  {
    term: 'mapcount',
    also: ['map count', 'mapcounts'],
    means: 'How many page-table entries map a folio.',
    source: 'include/linux/mm.h, folio_mapcount()',
  },
  {
    term: 'migrate_vma',
    means:
      'What a driver hands to the migration calls: the VMA, the range, the arrays src and dst, and what may be selected.',
    source: 'include/linux/migrate.h, struct migrate_vma',
  },
  {
    term: 'migration',
    everyday: true,
    also: ['migrate', 'migrated', 'migrates'],
    means:
      'To move the content of a page to another page frame, here to the memory of a device, so that no process notices.',
    source: 'mm/migrate_device.c',
  },
  {
    term: 'migration entry',
    also: ['migration entries'],
    means:
      'Stands in a page table in place of a mapping whose page is being moved. It names the old page frame and what the mapping allowed; whoever touches it waits for the folio lock.',
    source: 'include/linux/swapops.h, make_writable_migration_entry()',
  },
  {
    term: 'mm',
    everyday: true,
    also: ['mm_struct', 'mm->pgd'],
    means: 'The address space of a process: its VMAs, its page table, its mmap lock.',
    source: 'include/linux/mm_types.h, struct mm_struct',
  },
  {
    term: 'mmap lock',
    means: 'The lock of an address space. Readers walk and fault, writers change VMAs; it may sleep.',
    source: 'include/linux/mmap_lock.h',
  },
  {
    term: 'MMU notifier',
    also: ['MMU', 'notifier', 'notifiers', 'bracket', 'brackets'],
    means:
      'Tells others that a page table is about to change and when the change is over (a bracket), so that they drop what they have copied from it.',
    source: 'mm/mmu_notifier.c',
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
    term: 'order',
    everyday: true,
    means: 'The size of a folio as a power of two of pages: 0 is one page, 9 is 2 MiB.',
    source: 'include/linux/mm.h, folio_order()',
  },
  {
    term: 'owner',
    everyday: true,
    means: 'A pointer by which a driver recognizes its own device memory and its own notifier events.',
    source: 'include/linux/memremap.h, dev_pagemap.owner',
  },
  {
    term: 'page',
    everyday: true,
    also: ['pages'],
    means: '4096 bytes of address space, or the page frame behind them.',
    source: 'include/linux/mm_types.h, struct page',
  },
  {
    term: 'page frame',
    also: ['page frames', 'pfn', 'pfns', 'page frame number'],
    means: '4096 bytes of physical memory, by number.',
    source: 'include/linux/pfn.h',
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
    term: 'pass',
    everyday: true,
    also: ['passes'],
    means: 'A walk over the whole range from its start, however often it is interrupted.',
    source: 'cover letter of the series: “page walk”',
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
    term: 'PMD lock',
    also: ['PMD locks', 'pmd_lock()'],
    means: 'The spinlock of a PMD table.',
    source: 'include/linux/mm.h, pmd_lock()',
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
    term: 'PTE lock',
    also: ['PTE locks'],
    means:
      'The spinlock of one PTE table. It is taken together with mapping the table, which keeps it from being freed.',
    source: 'mm/pgtable-generic.c, pte_offset_map_lock()',
  },
  {
    term: 'PUD',
    means: 'An entry that stands for 1 GiB, and the table of 512 such entries.',
    source: 'arch/x86/include/asm/pgtable_types.h, pud_t',
  },
  {
    term: 'RCU',
    means:
      'Readers mark a section; what they can see is freed only when all such sections that had begun are over. It keeps mapped PTE tables alive.',
    source: 'include/linux/rcupdate.h',
  },
  {
    term: 'recording',
    everyday: true,
    also: ['recordings'],
    means: 'All steps and state changes of one run, playable in both directions.',
    source: 'a word of this app',
  },
  {
    term: 'reference',
    everyday: true,
    also: ['references', 'reference count', 'refcount'],
    means: 'A claim on a folio: as long as one is held it is not freed.',
    source: 'include/linux/mm.h, folio_get(), folio_put()',
  },
  {
    term: 'reclaim',
    means: 'The kernel gets memory back by writing pages out or dropping them.',
    source: 'mm/vmscan.c',
  },
  {
    term: 'rmap',
    also: ['reverse mapping'],
    means: 'The way from a folio to all entries that map it.',
    source: 'mm/rmap.c, rmap_walk()',
  },
  {
    term: 'scenario',
    everyday: true,
    also: ['scenarios'],
    means: 'An initial memory, a request made on it, and the conditions around it.',
    source: 'a word of this app',
  },
  {
    term: 'sequence',
    everyday: true,
    also: ['sequence number', 'notifier sequence'],
    means: 'The number of an interval notifier; it moves on with each invalidation of its range.',
    source: 'mm/mmu_notifier.c, mmu_interval_read_begin()',
  },
  {
    term: 'shmem',
    also: ['shared memory'],
    means:
      'Memory that several processes share on purpose; its folios are in the page cache, so there is one reference more.',
    source: 'mm/shmem.c',
  },
  {
    term: 'softleaf',
    means: 'What an entry that is not present means: swap, migration, device, marker …',
    source: 'include/linux/leafops.h',
  },
  {
    term: 'spinlock',
    also: ['spinlocks'],
    means: 'A lock that is waited for by turning round and round. Who holds one must not sleep.',
    source: 'include/linux/spinlock.h',
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
    term: 'src',
    also: ['src[]', 'dst', 'dst[]'],
    means: 'The arrays of a migration: src what leaves each place, dst where it goes.',
    source: 'include/linux/migrate.h, struct migrate_vma',
  },
  {
    term: 'strategy',
    everyday: true,
    also: ['strategies'],
    means: 'How a request is served: by one walk, by two, by up to three.',
    source: 'a word of this app',
  },
  {
    term: 'swap',
    also: ['swap entry', 'swap entries', 'swapped out', 'swap cache', 'swap area'],
    means: 'A page written to disk; its entry names the slot instead of a page frame. A fault brings it back.',
    source: 'mm/memory.c, do_swap_page()',
  },
  {
    term: 'system memory',
    also: ['system RAM'],
    means: 'The ordinary memory of the CPU.',
    source: 'include/linux/mmzone.h',
  },
  {
    term: 'THP',
    also: ['THPs', 'transparent huge page', 'transparent huge pages'],
    means: 'A huge page that the kernel gives without being asked, and may take apart again.',
    source: 'mm/huge_memory.c, Documentation/mm/transhuge.rst',
  },
  {
    term: 'TLB',
    also: ['TLBs'],
    means: 'The CPU’s cache of translations. It does not notice that an entry has changed: it must be flushed.',
    source: 'arch/x86/mm/tlb.c',
  },
  {
    term: 'trylock',

    means:
      'Takes a lock if it is free, and says no at once if it is not. The only way to a folio lock while a spinlock is held.',
    source: 'include/linux/pagemap.h, folio_trylock()',
  },
  {
    term: 'unified walk',
    means: 'The walk of the series: hmm_range_fault() reports, faults and prepares for migration in the same visit.',
    source: 'the series, mm/hmm.c',
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
  { term: 'walker', means: 'The actor whose walk the scenario is about.', source: 'a word of this app' },
  {
    term: 'WARN',
    also: ['WARN_ON', 'WARN_ON_ONCE'],
    means: 'A check whose failure is reported with a stack trace; the kernel goes on.',
    source: 'include/asm-generic/bug.h',
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
  {
    term: 'ZONE_DEVICE',
    also: ['pgmap', 'dev_pagemap'],
    means: 'Page frames that belong to a device but have a struct page like any other.',
    source: 'mm/memremap.c',
  },
];
