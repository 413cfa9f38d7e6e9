import { allSites, functionOfSite } from '../machine/sites.ts';
import { SWP_MIGRATION_READ, SWP_MIGRATION_WRITE } from '../machine/words/swp.ts';

/** What entering a function counts as. */
export const CALL = { OTHER: 0, WALK: 1, DESCENT: 2, FAULT: 3, SPLIT_FOLIO: 4 } as const;

const CALL_OF: Readonly<Record<string, number>> = {
  walk_page_range: CALL.WALK,
  hmm_vma_walk_pmd: CALL.DESCENT,
  migrate_vma_collect_pmd: CALL.DESCENT,
  // The code of 2016 walks by hand in these.
  hmm_migrate_restore: CALL.WALK,
  hmm_migrate_struct_page: CALL.WALK,
  hmm_migrate_remove_migration_pte: CALL.WALK,
  hmm_collect_walk_pmd: CALL.DESCENT,
  handle_mm_fault: CALL.FAULT,
  split_folio: CALL.SPLIT_FOLIO,
};

let table: Uint8Array | undefined;

/** CALL kind by site id, for the ENTER steps of a log. Built when first asked, after all sites are declared. */
export function callKinds(): Uint8Array {
  if (!table) {
    table = new Uint8Array(1 << 16);
    for (const { id } of allSites()) table[id] = CALL_OF[functionOfSite(id).name] ?? CALL.OTHER;
  }
  return table;
}

/** True for the sites of __split_huge_pmd_locked(), where a POPULATE puts a PTE table in place of a huge PMD. */
export function isPmdSplitSite(site: number): boolean {
  return functionOfSite(site).name === '__split_huge_pmd_locked';
}

/**
 * True when the high half of an entry is that of a migration entry. Bits 63..59 of a present entry are NX and the
 * protection key, which the model leaves 0, so the type number alone decides.
 */
export function isMigrationType(hi: number): boolean {
  const type = hi >>> 27;
  return type >= SWP_MIGRATION_READ && type <= SWP_MIGRATION_WRITE;
}
