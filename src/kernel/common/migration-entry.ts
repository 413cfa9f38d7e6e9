import { pte_dirty, pte_present, pte_soft_dirty, pte_uffd_wp, pte_young } from '../../machine/words/pte.ts';
import {
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  SWP_MIGRATION_WRITE,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  swpHi,
  swpLo,
} from '../../machine/words/swp.ts';

/*
 * The migration entry that stands in for a mapping (make_writable_migration_entry() and its like, and the bits that go
 * along), the same wherever the kernel makes one.
 */

/** Its type: writable, readable by its only owner, or readable. */
export const migrationType = (write: boolean, exclusive: boolean): number =>
  write ? SWP_MIGRATION_WRITE : exclusive ? SWP_MIGRATION_READ_EXCLUSIVE : SWP_MIGRATION_READ;

/** Bits 0..31 for the page frame, with soft-dirty and uffd-wp of the entry (lo, hi) that it replaces, present or not. */
export function migrationLo(type: number, pfn: number, lo: number, hi: number): number {
  const bits = pte_present(lo, hi)
    ? (pte_soft_dirty(lo, hi) ? _PAGE_SWP_SOFT_DIRTY : 0) | (pte_uffd_wp(lo, hi) ? _PAGE_SWP_UFFD_WP : 0)
    : lo & (_PAGE_SWP_SOFT_DIRTY | _PAGE_SWP_UFFD_WP);
  return swpLo(type, pfn, bits);
}

/** Bits 32..63, with what a present entry (lo, hi) knew of accesses; `keepsUse` false loses that. */
export function migrationHi(type: number, pfn: number, lo: number, hi: number, keepsUse = true): number {
  const used = keepsUse && pte_present(lo, hi);
  return swpHi(type, pfn, used && pte_young(lo, hi) ? 1 : 0, used && pte_dirty(lo, hi) ? 1 : 0);
}
