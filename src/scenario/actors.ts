/**
 * The actors that can run beside the walker: what each does, in words for everybody, and the kernel functions it is
 * made of. One row each; the interface, the documentation and the file format follow this table.
 */
export interface ActorInfo {
  /** title, as short as a menu entry */
  readonly title: string;
  /** what it does to the memory, in a sentence or two */
  readonly says: string;
  /** what it may wait for, in the words of the kernel */
  readonly waits: string;
  /** the functions of the model it goes through first; each bears its kernel name */
  readonly functions: readonly string[];
  /** what its range means: pages it works on, or nothing because it works on the whole process */
  readonly range: 'pages' | 'process';
  /** `device` of the rival says to which device */
  readonly device?: true;
  /** it pauses in the middle while it holds something, until the others wait or have ended */
  readonly pauses?: true;
}

export const ACTORS = {
  madvise_dontneed: {
    title: 'madvise(MADV_DONTNEED)',
    says: 'Gives the memory of the range back: entries are cleared, pages freed after the TLB flush.',
    waits: 'mmap lock (read), page-table locks',
    functions: ['madvise_dontneed', 'zap_page_range'],
    range: 'pages',
  },
  madvise_free: {
    title: 'madvise(MADV_FREE)',
    says: 'Says that the contents may be dropped: entries become clean and old, nothing is unmapped.',
    waits: 'mmap lock (read), page-table locks',
    functions: ['madvise_free', 'madvise_free_pte_range'],
    range: 'pages',
  },
  munmap: {
    title: 'munmap()',
    says: 'Takes the range out of the address space, with its VMAs and page tables.',
    waits: 'mmap lock (write), page-table locks',
    functions: ['munmap', 'zap_page_range', 'free_pgtables'],
    range: 'pages',
  },
  mprotect: {
    title: 'mprotect(PROT_READ)',
    says: 'Makes the range read-only. The devices are told first: they drop their mappings and their sequence moves on.',
    waits: 'mmap lock (write), page-table locks',
    functions: ['mprotect', 'change_protection', 'mmu_notifier_invalidate_range_start'],
    range: 'pages',
  },
  cpu_read: {
    title: 'a CPU reads',
    says: 'Reads a word of each page, with a page fault where the tables do not allow it; device memory comes home.',
    waits: 'mmap lock (read), page-table locks, folio locks, migration entries',
    functions: ['cpu_access', 'exc_page_fault', 'handle_mm_fault'],
    range: 'pages',
  },
  cpu_write: {
    title: 'a CPU writes',
    says: 'Writes to each page, with a page fault where the tables do not allow it: copy on write, swap-in, device memory.',
    waits: 'mmap lock (read), page-table locks, folio locks, migration entries',
    functions: ['cpu_access', 'exc_page_fault', 'handle_mm_fault'],
    range: 'pages',
  },
  migrate: {
    title: 'a second migration',
    says: 'Another device’s driver migrates an overlapping range: setup, copy, pages, finalize.',
    waits: 'mmap lock (read), page-table locks; folio locks are only tried',
    functions: ['migrate_vma_setup', 'migrate_vma_pages', 'migrate_vma_finalize'],
    range: 'pages',
    device: true,
  },
  fault_and_migrate: {
    title: 'a second device fault',
    says: 'Another device faults on an overlapping range and is served by the unified walk (two walks on a kernel without the series).',
    waits: 'mmap lock (read), the interval notifier, page-table locks, migration entries',
    functions: ['hmm_range_fault', 'migrate_hmm_range_setup', 'migrate_vma_pages', 'migrate_vma_finalize'],
    range: 'pages',
    device: true,
  },
  split: {
    title: 'the shrinker splits huge pages',
    says: 'Splits the huge pages of the range into pages of their own, by folio and without the mmap lock, as when memory is short.',
    waits: 'anon_vma lock (write), page-table locks; folio locks are only tried',
    functions: ['deferred_split_scan', 'split_folio', 'try_to_migrate', 'remove_migration_ptes'],
    range: 'pages',
  },
  split_huge_pmd: {
    title: 'a huge mapping becomes PTEs',
    says: 'A system call cuts a VMA inside a huge page: the huge entry becomes a table of 512, the folio stays whole.',
    waits: 'mmap lock (write), PMD lock',
    functions: ['vma_adjust_trans_huge', 'split_huge_pmd_address', '__split_huge_pmd'],
    range: 'pages',
  },
  collapse: {
    title: 'khugepaged',
    says: 'Makes one huge page of a table of small ones: unlinks the table, isolates and copies its pages, maps the huge page.',
    waits: 'mmap lock (read, then write), anon_vma lock (write), page-table locks; folio locks are only tried',
    functions: [
      'hpage_collapse_scan_pmd',
      'collapse_huge_page',
      '__collapse_huge_page_isolate',
      '__collapse_huge_page_copy',
    ],
    range: 'pages',
  },
  fork: {
    title: 'fork()',
    says: 'A child gets the address space: writable private entries become read-only in both, to be copied on write.',
    waits: 'mmap lock (write), page-table locks of both processes',
    functions: ['dup_mmap', 'copy_page_range', 'copy_present_pte', 'copy_huge_pmd'],
    range: 'process',
  },
  swap_out: {
    title: 'reclaim swaps pages out',
    says: 'Takes anonymous pages off their LRU list, gives each a swap slot, puts swap entries into all its mappings, flushes, writes it and frees it; without the mmap lock.',
    waits: 'anon_vma lock, page-table locks; folio locks are only tried',
    functions: ['damon_pa_pageout', 'shrink_folio_list', 'try_to_unmap', 'pageout', '__remove_mapping'],
    range: 'pages',
  },
  protnone: {
    title: 'NUMA balancing',
    says: 'Takes the access rights of the entries away (PROT_NONE), so that the next access of each page is noticed.',
    waits: 'page-table locks; the mmap lock is only tried',
    functions: ['task_numa_work', 'change_prot_numa', 'change_protection'],
    range: 'pages',
  },
  gup: {
    title: 'a GUP pin',
    says: 'Pins the pages for writing, as O_DIRECT and RDMA do, and lets them go when the walker waits or has ended.',
    waits: 'mmap lock (read), page-table locks, what page faults wait for',
    functions: ['pin_user_pages', 'get_user_pages', 'handle_mm_fault'],
    range: 'pages',
    pauses: true,
  },
  mmap_write: {
    title: 'a writer of the mmap lock',
    says: 'Takes the mmap lock for writing, changes nothing, and lets it go: readers that come later queue behind it.',
    waits: 'mmap lock (write)',
    functions: ['mmap_write'],
    range: 'process',
  },
  borrow: {
    title: 'somebody comes by page frame',
    says: 'Takes a reference and, where it is free, the lock of each page, as compaction does; gives the lock back when the walker waits or ends, and the reference after that.',
    waits: 'nothing: folio locks are only tried',
    functions: ['pfn_walker'],
    range: 'pages',
    pauses: true,
  },
} as const satisfies Readonly<Record<string, ActorInfo>>;

/** What an actor can do: a key of the table. */
export type ActorKind = keyof typeof ACTORS;

/** All kinds of actors, in the order of the table. */
export const ACTOR_KINDS = Object.keys(ACTORS) as readonly ActorKind[];
