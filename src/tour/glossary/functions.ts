import type { Term } from '../glossary.ts';

const fn = (name: string, means: string, source: string, ...also: string[]): Term => ({
  term: `${name}()`,
  also: [name, ...also],
  means,
  source,
});

/** Functions that the tours talk about. */
export const FUNCTION_TERMS: readonly Term[] = [
  fn(
    'hmm_range_fault',
    'Reports the pages of a range to a driver and faults in what is asked for; with the series it also collects them for migration.',
    'mm/hmm.c',
  ),
  fn('hmm_vma_walk_pmd', 'The walk’s callback for one PMD entry: hole, huge page or table.', 'mm/hmm.c'),
  fn('hmm_vma_walk_hole', 'The callback for a stretch with nothing mapped.', 'mm/hmm.c'),
  fn('hmm_vma_walk_split', 'Splits a huge page that cannot be taken whole.', 'the series, mm/hmm.c'),
  fn('hmm_vma_handle_pte', 'Reports one PTE, or faults.', 'mm/hmm.c'),
  fn('hmm_vma_handle_pmd', 'Reports one huge PMD.', 'mm/hmm.c'),
  fn('hmm_vma_handle_absent_pmd', 'What the walk does at a PMD that is not present.', 'the series, mm/hmm.c'),
  fn(
    'hmm_vma_handle_migrate_prepare',
    'Collects one PTE: reference, lock, migration entry, flag.',
    'the series, mm/hmm.c',
  ),
  fn('hmm_vma_handle_migrate_prepare_pmd', 'Collects one huge PMD.', 'the series, mm/hmm.c'),
  fn('hmm_vma_fault', 'Calls the fault handler for each page of a stretch and makes the walk start again.', 'mm/hmm.c'),
  fn(
    'hmm_vma_capture_migrate_range',
    'Remembers the VMA and opens the notifier bracket of the migration.',
    'the series, mm/hmm.c',
  ),
  fn('walk_page_range', 'Walks the page tables of a range with callbacks.', 'mm/pagewalk.c'),
  fn('walk_pgd_range', 'The part of the walk that goes down from the PGD.', 'mm/pagewalk.c'),
  fn('handle_mm_fault', 'The page-fault handler.', 'mm/memory.c'),
  fn(
    'migrate_vma_setup',
    'Collects and unmaps the pages of a range: the first call of a migration.',
    'mm/migrate_device.c',
  ),
  fn(
    'migrate_hmm_range_setup',
    'Makes src[] of what a unified walk has reported, then isolates and unmaps.',
    'the series, mm/migrate_device.c',
  ),
  fn(
    'migrate_vma_unmap',
    'Isolates what was collected and takes out mappings of other processes.',
    'mm/migrate_device.c',
  ),
  fn(
    'migrate_vma_check_page',
    'Counts references: only a page whose references are all known may move.',
    'mm/migrate_device.c',
  ),
  fn(
    'migrate_vma_pages',
    'Commits the migration: the new pages take over the identity of the old.',
    'mm/migrate_device.c',
  ),
  fn(
    'migrate_vma_finalize',
    'Ends a migration: entries become mappings, locks and references go.',
    'mm/migrate_device.c',
  ),
  fn('migrate_vma_collect_pmd', 'The collecting walk of a kernel without the series.', 'mm/migrate_device.c'),
  fn('migrate_vma_insert_page', 'Maps a new device page where nothing was mapped.', 'mm/migrate_device.c'),
  fn('remove_migration_ptes', 'Turns every migration entry of a folio back into a mapping.', 'mm/migrate.c'),
  fn('migration_entry_wait', 'Waits at a migration entry until its folio is unlocked.', 'mm/migrate.c'),
  fn('try_to_migrate', 'Replaces every mapping of a folio, in all processes, by a migration entry.', 'mm/rmap.c'),
  fn(
    'folio_try_share_anon_rmap_pte',
    'Takes the mark AnonExclusive away, unless the page may be pinned.',
    'include/linux/rmap.h',
  ),
  fn('folio_migrate_mapping', 'Moves what identifies a folio to its successor.', 'mm/migrate.c'),
  fn('split_folio', 'Makes small folios of a large one. It needs the folio lock and may sleep.', 'mm/huge_memory.c'),
  fn('folio_lock', 'Takes a folio’s lock; sleeps until it is free.', 'include/linux/pagemap.h'),
  fn(
    'mmu_interval_read_begin',
    'Reads the sequence of an interval notifier; waits while an invalidation runs.',
    'mm/mmu_notifier.c',
  ),
  fn(
    'mmu_interval_check_retry',
    'Has the sequence moved on? Without the driver’s lock it is only a hint.',
    'include/linux/mmu_notifier.h',
  ),
  fn(
    'mmu_interval_read_retry',
    'Has the sequence moved on? Under the driver’s lock it is the last word.',
    'include/linux/mmu_notifier.h',
  ),
  fn(
    'mmu_notifier_invalidate_range_start',
    'Opens a notifier bracket; mirrors drop the range.',
    'include/linux/mmu_notifier.h',
  ),
  fn('pte_unmap', 'Ends the mapping of a PTE table.', 'include/linux/pgtable.h'),
  fn('pte_offset_map', 'Maps a PTE table without its lock.', 'mm/pgtable-generic.c'),
  fn(
    'dmirror_devmem_fault',
    'The test driver’s answer to a CPU that touches its memory: it migrates the page back.',
    'lib/test_hmm.c',
  ),
  fn(
    'hmm_vma_migrate',
    'The migration of 2016: it did all by itself and called the driver back.',
    'HMM v13 (2016), mm/migrate.c',
  ),
  fn('folio_trylock', 'Takes a folio’s lock if it is free; never waits.', 'include/linux/pagemap.h'),
  fn(
    'pte_offset_map_lock',
    'Maps a PTE table and takes its lock; NULL when the table is gone.',
    'mm/pgtable-generic.c',
  ),
  fn('pte_to_hmm_pfn_flags', 'Which flags an hmm pfn gets for what an entry allows.', 'mm/hmm.c'),
  fn('dmirror_migrate_to_device', 'The request of the test driver that takes a range to its device.', 'lib/test_hmm.c'),
  fn(
    'drm_pagemap_migrate_to_devmem',
    'Takes a range to the memory of a GPU; xe uses it.',
    'drivers/gpu/drm/drm_pagemap.c',
  ),
  fn(
    'migration_entry_supports_ad',
    'Can a migration entry remember young and dirty on this machine?',
    'include/linux/swapops.h',
  ),
  fn('is_device_private_page', 'Is the page one of device-private memory?', 'include/linux/memremap.h'),
];
