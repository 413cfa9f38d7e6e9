import { declareFunctions } from '../machine/sites.ts';

export { sites } from '../machine/sites.ts';

// The order is part of the recording format (site ids): add at the end of a line only together with
// a new format version, or add a new line at the end.
declareFunctions([
  [
    'mm/hmm.c',
    'hmm_range_fault hmm_vma_walk_test hmm_vma_capture_migrate_range hmm_vma_walk_hole hmm_pfns_fill hmm_vma_walk_pmd hmm_vma_handle_pmd hmm_vma_handle_absent_pmd hmm_vma_handle_migrate_prepare_pmd hmm_vma_walk_split migrate_vma_split_folio hmm_vma_handle_pte hmm_vma_handle_migrate_prepare hmm_vma_fault hmm_vma_walk_hugetlb_entry hmm_vma_walk_pud',
  ],
  [
    'mm/migrate_device.c',
    'migrate_vma_setup migrate_hmm_range_setup migrate_vma_unmap migrate_device_unmap migrate_vma_check_page migrate_vma_pages __migrate_device_pages migrate_vma_insert_page migrate_vma_insert_huge_pmd_page migrate_vma_split_unmapped_folio migrate_vma_finalize __migrate_device_finalize migrate_vma_collect migrate_vma_collect_pmd migrate_vma_collect_huge_pmd migrate_vma_collect_hole migrate_vma_collect_skip',
  ],
  ['mm/pagewalk.c', 'walk_page_range walk_pgd_range walk_pud_range walk_pmd_range walk_hugetlb_range'],
  [
    'mm/migrate.c',
    'remove_migration_ptes remove_migration_pte folio_migrate_mapping folio_migrate_flags migration_entry_wait pmd_migration_entry_wait',
  ],
  ['mm/rmap.c', 'try_to_migrate try_to_migrate_one try_to_unmap_one'],
  [
    'mm/huge_memory.c',
    'split_folio __split_huge_pmd __split_huge_pmd_locked split_huge_pmd split_huge_pmd_address unmap_folio remap_page set_pmd_migration_entry remove_migration_pmd folio_split_unmapped do_huge_pmd_anonymous_page do_huge_pmd_wp_page do_huge_pmd_device_private do_huge_zero_wp_pmd huge_pmd_set_accessed zap_huge_pmd',
  ],
  [
    'mm/memory.c',
    'handle_mm_fault __handle_mm_fault handle_pte_fault do_anonymous_page do_wp_page wp_page_copy wp_page_reuse do_swap_page do_fault do_read_fault do_cow_fault do_shared_fault zap_page_range zap_pte_range do_numa_page',
  ],
  ['mm/swap.c', 'lru_add_drain lru_add_drain_all folio_batch_move_lru folio_add_lru'],
  [
    'mm/mmu_notifier.c',
    'mmu_notifier_invalidate_range_start mmu_notifier_invalidate_range_end mmu_interval_read_begin mmu_interval_check_retry mmu_interval_read_retry',
  ],
  [
    'lib/test_hmm.c',
    'dmirror_interval_invalidate dmirror_do_update dmirror_migrate_alloc_and_copy dmirror_migrate_finalize_and_map dmirror_devmem_fault dmirror_devmem_fault_alloc_and_copy dmirror_migrate_to_system dmirror_migrate_to_device dmirror_range_fault dmirror_fault dmirror_do_fault dmirror_do_read dmirror_do_write dmirror_read dmirror_write dmirror_snapshot dmirror_devmem_folio_free dmirror_devmem_folio_split gt_ioctl ioctl',
  ],
  ['mm/madvise.c', 'madvise_dontneed'],
  ['arch/x86/mm/fault.c', 'cpu_access exc_page_fault'],
  ['the person running the scenario', 'user_program holder'],
  [
    'mm/memory.c',
    'do_pte_missing handle_pte_marker remove_device_exclusive_entry wp_page_shared finish_fault do_fault_around zap_pmd_range',
  ],
  ['mm/huge_memory.c', '__do_huge_pmd_anonymous_page do_huge_pmd_numa_page'],
  ['mm/shmem.c', 'shmem_fault'],
  ['mm/filemap.c', 'filemap_fault'],
  ['mm/hugetlb.c', 'hugetlb_fault'],
  ['mm/mlock.c', 'mlock_folio munlock_folio mlock_folio_batch'],
  ['the checks when a run is over', 'leftovers'],
  ['mm/mmap.c', 'mmap_write'],
  ['mm/migrate_device.c', 'migrate_vma_restore'],
  ['mm/mprotect.c', 'mprotect change_protection change_pte_range'],
  ['mm/vma.c', 'munmap'],
  ['kernel/fork.c', 'dup_mmap'],
  ['mm/memory.c', 'copy_page_range copy_present_pte copy_nonpresent_pte free_pgtables'],
  ['mm/huge_memory.c', 'change_huge_pmd copy_huge_pmd move_huge_pmd'],
  ['mm/mremap.c', 'mremap move_page_tables move_normal_pmd move_ptes'],
  ['mm/madvise.c', 'madvise_free madvise_free_pte_range'],
  ['mm/gup.c', 'get_user_pages'],
  ['mm/rmap.c', 'make_device_exclusive'],
  ['mm/migrate_device.c', 'migrate_device_range migrate_device_pfn_lock migrate_device_pages migrate_device_finalize'],
  [
    'lib/test_hmm.c',
    'dmirror_fops_open dmirror_exclusive dmirror_check_atomic dmirror_device_remove_chunks dmirror_device_evict_chunk',
  ],
  [
    'mm/migrate.c of HMM v13 (2016)',
    'hmm_vma_migrate hmm_migrate_collect hmm_collect_walk_pmd hmm_migrate_lock_and_isolate hmm_migrate_restore hmm_migrate_page_check hmm_migrate_unmap hmm_migrate_struct_page hmm_migrate_remove_migration_pte',
  ],
  ['a driver of 2016', 'device_migrate_2016 alloc_and_copy finalize_and_map'],
  ['reclaim, compaction and others that come by page frame', 'pfn_walker'],
  ['the selftest', 'test_program'],
  ['drivers/gpu/drm/xe/xe_svm.c', '__xe_svm_handle_pagefault xe_svm_alloc_vram'],
  ['drivers/gpu/drm/drm_gpusvm.c', 'drm_gpusvm_get_pages drm_gpusvm_range_evict'],
  [
    'drivers/gpu/drm/drm_pagemap.c',
    'drm_pagemap_migrate_to_devmem __drm_pagemap_migrate_to_ram drm_pagemap_evict_to_ram',
  ],
  [
    'drivers/gpu/drm/nouveau/nouveau_dmem.c',
    'nouveau_dmem_migrate_vma nouveau_dmem_migrate_copy_one nouveau_dmem_migrate_to_ram nouveau_dmem_evict_chunk',
  ],
  ['drivers/gpu/drm/nouveau/nouveau_svm.c', 'nouveau_range_fault'],
  ['drivers/gpu/drm/amd/amdkfd/kfd_svm.c', 'svm_range_restore_pages svm_range_validate_and_map'],
  [
    'drivers/gpu/drm/amd/amdkfd/kfd_migrate.c',
    'svm_migrate_vma_to_vram svm_migrate_copy_to_vram svm_migrate_vma_to_ram svm_migrate_copy_to_ram svm_migrate_to_ram',
  ],
  ['arch/powerpc/kvm/book3s_hv_uvmem.c', 'kvmppc_svm_page_in __kvmppc_svm_page_out kvmppc_uvmem_migrate_to_ram'],
  ['what a device reports to its driver', 'device_event'],
  ['whoever chooses who goes on', 'schedule'],
  ['an actor beside the walker', 'rival_program'],
  ['mm/huge_memory.c', 'deferred_split_scan vma_adjust_trans_huge'],
  ['kernel/sched/fair.c', 'task_numa_work'],
  ['mm/mempolicy.c', 'change_prot_numa'],
  ['mm/gup.c', 'pin_user_pages'],
  [
    'mm/khugepaged.c',
    'hpage_collapse_scan_pmd collapse_huge_page __collapse_huge_page_swapin __collapse_huge_page_isolate __collapse_huge_page_copy',
  ],
  ['mm/damon/paddr.c', 'damon_pa_pageout'],
  ['mm/vmscan.c', 'shrink_folio_list pageout __remove_mapping'],
  ['mm/swapfile.c', 'folio_alloc_swap'],
  ['mm/rmap.c', 'try_to_unmap'],
  ['mm/rmap.c', 'try_to_unmap_flush'],
  ['mm/memory.c', 'pmd_install'],
  ['lib/test_hmm.c', 'gt_ioctl_fault gt_ioctl_migrate gt_ioctl_copy'],
  ['mm/filemap.c', 'filemap_release_folio'],
]);
