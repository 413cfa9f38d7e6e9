import { OP } from '../../machine/ops.ts';
import { allSites, functionOfSite } from '../../machine/sites.ts';

/**
 * What a step is done for, whatever strategy does it: the cause by which lanes are aligned. `own` is everything outside
 * of the others: the program, the driver between its calls.
 */
export const PHASES = [
  'own',
  'notify',
  'walk',
  'fault',
  'collect',
  'split',
  'unmap',
  'copy',
  'insert',
  'finalize',
  'process',
] as const;
export type Phase = (typeof PHASES)[number];

/** Functions that begin a phase; what they call belongs to it, unless it begins one of its own. */
const BEGINS: Readonly<Record<Exclude<Phase, 'own'>, string>> = {
  notify:
    'hmm_vma_capture_migrate_range mmu_notifier_invalidate_range_start mmu_notifier_invalidate_range_end dmirror_interval_invalidate',
  walk: 'hmm_range_fault',
  fault:
    'hmm_vma_fault handle_mm_fault exc_page_fault dmirror_devmem_fault __drm_pagemap_migrate_to_ram nouveau_dmem_migrate_to_ram svm_migrate_to_ram kvmppc_uvmem_migrate_to_ram',
  collect:
    'migrate_vma_setup migrate_vma_collect hmm_vma_handle_migrate_prepare hmm_vma_handle_migrate_prepare_pmd migrate_hmm_range_setup hmm_migrate_collect migrate_device_range migrate_device_pfn_lock',
  split:
    'split_folio __split_huge_pmd split_huge_pmd_address migrate_vma_split_folio hmm_vma_walk_split folio_split_unmapped migrate_vma_split_unmapped_folio',
  unmap: 'migrate_vma_unmap migrate_device_unmap hmm_migrate_lock_and_isolate hmm_migrate_unmap',
  copy: 'dmirror_migrate_alloc_and_copy dmirror_devmem_fault_alloc_and_copy xe_svm_alloc_vram nouveau_dmem_migrate_copy_one svm_migrate_copy_to_vram svm_migrate_copy_to_ram alloc_and_copy',
  insert: 'migrate_vma_pages migrate_device_pages __migrate_device_pages hmm_migrate_struct_page',
  finalize:
    'migrate_vma_finalize migrate_device_finalize __migrate_device_finalize dmirror_migrate_finalize_and_map migrate_vma_restore hmm_migrate_remove_migration_pte hmm_migrate_restore finalize_and_map remove_migration_ptes',
  process:
    'munmap madvise_dontneed madvise_free mprotect mremap dup_mmap get_user_pages make_device_exclusive mmap_write pfn_walker leftovers',
};

let table: Uint8Array | undefined;

/** Phase that entering a function begins, by site id; NO_PHASE = that of its caller goes on. */
export function phaseTable(): Uint8Array {
  if (table === undefined) {
    const of = new Map<string, number>();
    for (const [phase, names] of Object.entries(BEGINS))
      for (const name of names.split(' ')) of.set(name, PHASES.indexOf(phase as Phase));
    table = new Uint8Array(1 << 16).fill(NO_PHASE);
    for (const { id } of allSites()) table[id] = of.get(functionOfSite(id).name) ?? NO_PHASE;
  }
  return table;
}

export const NO_PHASE = 255;

const WALK = PHASES.indexOf('walk');
const COLLECT = PHASES.indexOf('collect');
const PAGE_TABLE_LOCKS: ReadonlySet<number> = new Set([OP.LOCK_PMD, OP.LOCK_PTE, OP.UNLOCK_SPIN, OP.UNLOCK_PTE]);

/** The phase of one step inside a phase: a walk takes page-table locks only to collect. */
export function phaseOfOp(phase: number, op: number): number {
  return phase === WALK && PAGE_TABLE_LOCKS.has(op) ? COLLECT : phase;
}
