/**
 * By what a remark of a thread is recognised as a row of the review ledger: where it hangs, and words of our own choice
 * that it contains. All that is named must fit; `near` is a call in the few lines above the remark's line.
 */
export interface RemarkSign {
  readonly row: string;
  /** part of the author's name, lower case */
  readonly by: string;
  /** function that the remark's line is in */
  readonly fn?: string;
  /** end of the file's path */
  readonly path?: string;
  readonly near?: string;
  /** words, lower case, that the remark contains */
  readonly words?: readonly string[];
  /** words that it does not contain */
  readonly not?: readonly string[];
}

/** The first sign that fits counts. */
export const REMARK_SIGNS: readonly RemarkSign[] = [
  { row: 'R-01', by: 'brost', words: ['assert', 'hmm_vma_fault'] },
  { row: 'R-02', by: 'brost', fn: 'hmm_vma_handle_pte', words: ['lock', 'assert'] },
  { row: 'R-03', by: 'brost', fn: 'hmm_vma_handle_migrate_prepare_pmd', words: ['assert', 'pmd'] },
  { row: 'R-04', by: 'brost', fn: 'hmm_vma_handle_migrate_prepare', words: ['assert', 'pte'] },
  { row: 'R-05', by: 'brost', fn: 'hmm_vma_handle_migrate_prepare', words: ['pte lock'], not: ['assert'] },
  { row: 'R-06', by: 'brost', fn: 'hmm_vma_walk_split', words: ['assert', 'pmd'] },
  { row: 'R-07', by: 'brost', fn: 'hmm_vma_walk_pmd', near: 'hmm_vma_handle_absent_pmd', words: ['drop', 'pmd lock'] },
  { row: 'R-08', by: 'brost', fn: 'hmm_vma_walk_pmd', words: ['pmd_trans_huge'] },
  { row: 'R-09', by: 'brost', fn: 'hmm_vma_walk_pmd', near: 'hmm_vma_handle_pmd', words: ['drop', 'pmd lock'] },
  {
    row: 'R-10',
    by: 'brost',
    fn: 'hmm_vma_walk_pmd',
    near: 'hmm_vma_handle_pte',
    words: ['drop', 'pte lock'],
    not: ['assert'],
  },
  { row: 'R-11', by: 'brost', fn: 'hmm_vma_walk_pmd', near: 'EAGAIN', words: ['assert', 'pte lock'] },
  { row: 'S-01', by: 'carpenter', words: ['missing error code'] },
  { row: 'S-01', by: 'carpenter', fn: 'hmm_vma_walk_pmd' },
  { row: 'K-01', by: 'robot', words: ['undefined symbol', 'hmm_range_fault'] },
  { row: 'D-01', by: 'kuehling', path: 'amdkfd/kfd_migrate.c', words: ['device_coherent'] },
  { row: 'D-02', by: 'kuehling', path: 'lib/test_hmm.c', words: ['zone_device_type'] },
  { row: 'D-03', by: 'kuehling', path: 'lib/test_hmm.c', words: ['same'] },
  { row: 'D-04', by: 'kuehling', path: 'mm/migrate_device.c', words: ['device_coherent'] },
  { row: 'D-05', by: 'kuehling', path: 'mm/migrate_device.c', words: ['same'] },
  { row: 'D-06', by: 'kuehling', words: ['ripple'] },
  { row: 'D-07', by: 'niethe', words: ['helper'] },
];

/** Rows that one report makes together with another. */
export const ALSO: readonly RemarkSign[] = [
  { row: 'S-02', by: 'carpenter', words: ['previously assumed', 'notifier'] },
];
