import { EXTERNAL_ACTOR, T } from '../../machine/layout.ts';
import { _PAGE_ACCESSED, _PAGE_DIRTY } from '../../machine/words/pte.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumbers } from './functions.ts';
import type { RuleInfo } from './rule.ts';

export const ENTRY_WITHOUT_LOCK: RuleInfo = {
  id: 'entry-without-lock',
  says: 'An entry of a PTE or PMD table is only written under the lock of its table.',
  source: {
    where:
      'Documentation/mm/process_addrs.rst, "Page table locking details"; include/linux/mm.h, pte_lockptr(), pmd_lockptr()',
    says: 'Every PTE and PMD table has a spinlock of its own, which must be held while its entries are changed. Only a table that nobody can reach yet may be filled without.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:actor} writes the entry of {b:page} without holding the lock of {c:table}',
  mutant: 'prepare-unlocks-early',
  kept: { library: 'mixed' },
};

/** Tables that are linked into the tree; the first entry into an empty PMD is made by pmd_install(), which the model does in one step. */
export class EntryWithoutLock extends Check {
  /** Whole tables are taken out of the tree by one who has it for itself, or (zap) under a lock taken and dropped within the step. */
  private readonly takesTables = functionNumbers('free_pgtables', 'zap_pmd_range', 'zap_pte_range');

  override entry(e: number, kind: number, _frame: number, lo: number, hi: number): void {
    const { s } = this;
    // The processor itself sets A and D, and asks nobody.
    if (((s.entryLo(e) ^ lo) & ~(_PAGE_ACCESSED | _PAGE_DIRTY)) === 0 && s.entryHi(e) === hi) return;
    const t = e >>> 9;
    if (s.table(t, T.LOCK) === s.actor + 1 || s.actor === EXTERNAL_ACTOR) return;
    // pte_alloc(): a table is put under a PMD that was none.
    if (kind === KIND.NONE && s.kind[e] === KIND.TABLE) return;
    if (kind === KIND.TABLE && s.kind[e] === KIND.NONE && this.takesTables.has(s.site >> 5)) return;
    if (!s.isLinked(t)) return;
    s.found(ENTRY_WITHOUT_LOCK, s.actor, s.pageOf(e), t);
  }
}
