import type { Term } from '../glossary.ts';

/** Pages and folios: what entries point to. */
export const FOLIO_TERMS: readonly Term[] = [
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
  {
    term: 'folio',
    also: ['folios'],
    means:
      'The unit in which the kernel manages memory: one page, or a power of two of pages that belong together. It has one reference count, one lock and one set of flags.',
    source: 'include/linux/mm_types.h, struct folio',
  },
  {
    term: 'GUP',
    also: ['pin', 'pins', 'pinned'],
    means:
      'get_user_pages(): somebody outside the page table, often a device, holds pages of a process. A pin says that it reads or writes them.',
    source: 'mm/gup.c, pin_user_pages()',
  },
  {
    term: 'huge page',
    also: ['huge pages'],
    means: 'A page of 2 MiB, mapped by one PMD entry instead of 512 PTEs.',
    source: 'mm/huge_memory.c',
  },
  {
    term: 'isolate',
    everyday: true,
    also: ['isolated', 'isolation'],
    means: 'To take a folio off its LRU list, so that reclaim cannot find it. Isolation holds a reference.',
    source: 'mm/vmscan.c, folio_isolate_lru()',
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
    term: 'order',
    everyday: true,
    means: 'The size of a folio as a power of two of pages: 0 is one page, 9 is 2 MiB.',
    source: 'include/linux/mm.h, folio_order()',
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
    term: 'shmem',
    also: ['shared memory'],
    means:
      'Memory that several processes share on purpose; its folios are in the page cache, so there is one reference more.',
    source: 'mm/shmem.c',
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
];
