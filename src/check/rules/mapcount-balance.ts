import { F, PG } from '../../machine/layout.ts';
import { Check } from './check.ts';
import { RULE } from '../../kernel/rules.ts';
import type { RuleInfo } from './rule.ts';

export const MAPCOUNT_BALANCE: RuleInfo = {
  id: 'mapping-lost',
  says: 'The mapcount of a folio is the number of entries that map it, whenever no page-table lock is held.',
  source: {
    where: 'mm/rmap.c, folio_add_anon_rmap_ptes(), folio_remove_rmap_ptes(); mm/memory.c, print_bad_pte()',
    says: 'Every entry that is written to map a page adds one to its mapcount and every one that is taken away takes one, all under the page-table lock. "BUG: Bad page map" says that they differ.',
  },
  moment: 'no-spinlock',
  kernel: [RULE.MAPPING_LOST],
  text: '{a:folio} has mapcount {b:int}, but {c:int} entries map it',
  broken: { ledger: 'H-01' },
  kept: { library: 'mixed' },
};

/** Counted as entries change; compared for each folio that changed, when the last spinlock has been dropped. */
export class MapcountBalance extends Check {
  /** difference that was there at the beginning, or has been told */
  private readonly known = new Map<number, number>();

  override restart(): void {
    this.known.clear();
    const { s } = this;
    for (let f = 1; f < s.mapped.length; f++) {
      const off = this.off(f);
      if (off !== 0) this.known.set(f, off);
    }
  }

  override folio(f: number): void {
    const off = this.off(f);
    if (off === (this.known.get(f) ?? 0)) return;
    this.known.set(f, off);
    const { s } = this;
    s.found(MAPCOUNT_BALANCE, f, s.f(f, F.MAP), s.mapped[f]);
  }

  private off(f: number): number {
    const { s } = this;
    if (s.f(f, F.LIVE) === 0 || s.hasFlag(f, PG.ZERO)) return 0;
    return s.f(f, F.MAP) - (s.mapped[f] as number) + 65536 * (s.f(f, F.ENTIRE) - (s.pmds[f] as number));
  }
}
