import type { Machine } from '../../machine/machine.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { pmdPfn, pmd_trans_huge, ptePfn, pte_none, pte_present } from '../../machine/words/pte.ts';
import { is_device_private_entry, is_migration_entry, swpPfn } from '../../machine/words/swp.ts';

/*
 * Those who come to memory by page frame (reclaim, the shrinker of huge pages, compaction) find it on lists that the
 * model does not keep. The scenario says instead which pages they come to, and this says which folio that is.
 */

/** The folio that an entry names, also under migration or in device memory; 0 for none. */
export function folioOfEntry(m: Machine, e: number, huge: boolean): number {
  if (e === 0) return 0;
  const lo = entryLo(m, e);
  const hi = entryHi(m, e);
  if (pte_none(lo, hi)) return 0;
  if (huge && pmd_trans_huge(lo, hi)) return m.folioOf(pmdPfn(lo, hi));
  if (!huge && pte_present(lo, hi)) return m.folioOf(ptePfn(lo, hi));
  return is_migration_entry(lo, hi) || is_device_private_entry(lo, hi) ? m.folioOf(swpPfn(lo, hi)) : 0;
}

/** The folios behind the pages [start, end) of an mm, each once, in the order of their addresses. */
export function foliosBehind(m: Machine, mm: number, start: number, end: number): number[] {
  const found = new Set<number>();
  for (let page = start; page < end; page++) {
    const pte = findEntry(m, mm, page, 1);
    const f = pte === 0 ? folioOfEntry(m, findEntry(m, mm, page, 2), true) : folioOfEntry(m, pte, false);
    if (f !== 0) found.add(f);
  }
  return [...found];
}
