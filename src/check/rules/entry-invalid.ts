import { pmd_protnone } from '../../machine/words/pte.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';
import { SettledEntries } from './settled-entries.ts';

export const ENTRY_INVALID: RuleInfo = {
  id: 'entry-left-invalid',
  says: 'A huge entry that was made invalid for a moment is made good, or replaced, before the page-table lock is dropped.',
  source: {
    where:
      'Documentation/mm/arch_pgtable_helpers.rst, pmd_mkinvalid(); mm/huge_memory.c, set_pmd_migration_entry(), __split_huge_pmd_locked()',
    says: 'pmdp_invalidate() takes the present bit away and flushes, so that no processor changes the entry meanwhile; pmd_present() and pmd_trans_huge() still hold. Whoever does it writes the entry again under the same lock: the old one with set_pmd_at() where the folio may be pinned.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: 'the huge entry of {a:page} -> {b:pfn} is left invalid: no processor can use it',
  mutant: 'pmd-migration-pinned-stays-empty',
  kept: { library: 'thp-pinned' },
};

/** Huge entries without the present bit when the last spinlock is dropped; those under NUMA hinting are meant so. */
export class EntryInvalid extends SettledEntries {
  protected override concerns(e: number): boolean {
    return this.isInvalid(e);
  }

  protected override look(e: number): void {
    const { s } = this;
    if (this.isInvalid(e) && s.isLinked(e >>> 9)) s.found(ENTRY_INVALID, s.pageOf(e), s.frame[e]);
  }

  private isInvalid(e: number): boolean {
    const { s } = this;
    const lo = s.entryLo(e);
    return s.kind[e] === KIND.PRESENT && s.levelOf(e) > 1 && (lo & 1) === 0 && !pmd_protnone(lo, s.entryHi(e));
  }
}
