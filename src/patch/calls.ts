/**
 * Sites at which nothing is recorded but the call itself: they are executed when the callee is entered from their
 * function. Caller and callee → site.
 */
export const CALLS: Readonly<Record<string, string>> = {
  'hmm_vma_fault handle_mm_fault': 'hmm_vma_fault:fault',
  'hmm_vma_walk_split split_folio': 'hmm_vma_walk_split:split',
  'migrate_vma_split_folio split_folio': 'migrate_vma_split_folio:split',
};
