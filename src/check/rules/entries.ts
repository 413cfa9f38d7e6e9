import { pmdPfn, pmd_present, ptePfn, pte_none, pte_present } from '../../machine/words/pte.ts';
import {
  is_device_exclusive_entry,
  is_device_private_entry,
  is_migration_entry,
  is_plain_swap,
  swpOffset,
  swpPfn,
} from '../../machine/words/swp.ts';

/** What an entry of a PTE or PMD table is, as the rules tell entries apart. */
export const KIND = {
  NONE: 0,
  /** maps a page: P, PROTNONE, or a huge entry */
  PRESENT: 1,
  DEVICE: 2,
  EXCLUSIVE: 3,
  MIGRATION: 4,
  SWAP: 5,
  /** markers, poison, and whatever else names no page that is counted */
  OTHER: 6,
  /** a PMD that points to a PTE table */
  TABLE: 7,
} as const;

/** The kind of an entry word. */
export function kindOf(lo: number, hi: number, level: number): number {
  if ((lo | hi) === 0 || pte_none(lo, hi)) return KIND.NONE;
  if (level > 1) {
    if (pmd_present(lo, hi)) return (lo & 0x80) !== 0 ? KIND.PRESENT : KIND.TABLE;
  } else if (pte_present(lo, hi)) return KIND.PRESENT;
  if (is_migration_entry(lo, hi)) return KIND.MIGRATION;
  if (is_device_private_entry(lo, hi)) return KIND.DEVICE;
  if (is_device_exclusive_entry(lo, hi)) return KIND.EXCLUSIVE;
  return is_plain_swap(lo, hi) ? KIND.SWAP : KIND.OTHER;
}

/** The frame an entry of this kind names (the slot of a swap entry); 0 when it names none. */
export function frameOf(kind: number, lo: number, hi: number, level: number): number {
  switch (kind) {
    case KIND.PRESENT:
      return level > 1 ? pmdPfn(lo, hi) : ptePfn(lo, hi);
    case KIND.DEVICE:
    case KIND.EXCLUSIVE:
    case KIND.MIGRATION:
      return swpPfn(lo, hi);
    case KIND.SWAP:
      return swpOffset(lo, hi);
    default:
      return 0;
  }
}

/** Kinds that count as a mapping of their folio: one in its mapcount, one reference. */
export const isMapping = (kind: number): boolean => kind >= KIND.PRESENT && kind <= KIND.EXCLUSIVE;
