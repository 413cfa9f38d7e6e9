import { F, P, PG, PGF } from '../../machine/layout.ts';
import { pte_write } from '../../machine/words/pte.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';
import { SettledEntries } from './settled-entries.ts';

export const EXCLUSIVE_MARK: RuleInfo = {
  id: 'exclusive-mark',
  says: 'An anonymous page that is mapped writable is marked exclusive, and a page that is marked is mapped once.',
  source: {
    where:
      'include/linux/page-flags.h, PG_anon_exclusive; mm/memory.c, do_wp_page(); mm/rmap.c, __folio_add_anon_rmap()',
    says: 'A writable entry of anonymous memory implies PageAnonExclusive. The mark is cleared before the page is shared, and before it gets a migration entry that says so.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: '{a:page} maps {b:pfn} writable, which is not marked exclusive',
  mutant: 'restore-forgets-exclusive',
  kept: { library: 'cow-after-fork' },
};

/** Entries that map a page since the last moment without a spinlock. */
export class ExclusiveMark extends SettledEntries {
  protected override concerns(e: number): boolean {
    const { s } = this;
    return s.kind[e] === KIND.PRESENT && pte_write(s.entryLo(e), s.entryHi(e));
  }

  protected override look(e: number): void {
    const { s } = this;
    if (!this.concerns(e)) return;
    const frame = s.frame[e] as number;
    const f = s.folioOf(frame);
    if (f === 0 || !s.hasFlag(f, PG.ANON) || s.hasFlag(f, PG.ZERO | PG.HUGETLB)) return;
    if ((s.page(frame, P.FLAGS) & PGF.ANON_EXCLUSIVE) === 0 || (s.f(f, F.ORDER) === 0 && (s.mapped[f] as number) > 1))
      s.found(EXCLUSIVE_MARK, s.pageOf(e), frame);
  }
}
