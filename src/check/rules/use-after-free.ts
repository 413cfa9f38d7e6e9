import { F, PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { RULE } from '../../kernel/rules.ts';
import { Check } from './check.ts';
import type { RuleInfo } from './rule.ts';

export const USE_AFTER_FREE: RuleInfo = {
  id: 'use-after-free',
  says: 'Nothing uses a folio that has been freed, and no folio is freed while an entry names it.',
  source: {
    where: 'include/linux/mm.h, folio_get(), put_page_testzero(); mm/page_alloc.c, free_page_is_bad()',
    says: 'A reference count that is zero must not be raised (VM_BUG_ON_FOLIO) or lowered. A page that is freed while mapped, locked or on a list is a "BUG: Bad page state".',
  },
  moment: 'step',
  kernel: [RULE.USE_AFTER_FREE],
  text: '{a:folio} is used after it was freed, or freed while {b:int} entries map it and {c:int} migration entries name it',
  broken: { ledger: 'F-20' },
  kept: { ledger: 'F-20', on: true },
};

/** The running kernel looks at folio_get(); this looks at every other use, and at the moment of freeing. */
export class UseAfterFree extends Check {
  override readonly opsBefore = [
    OP.FOLIO_PUT,
    OP.FOLIO_TRYLOCK,
    OP.FOLIO_LOCK,
    OP.FOLIO_UNLOCK,
    OP.FOLIO_ADD_RMAP,
    OP.FOLIO_REMOVE_RMAP,
    OP.FOLIO_ISOLATE_LRU,
    OP.FOLIO_PUTBACK_LRU,
    OP.FOLIO_MARK_DIRTY,
  ];
  override readonly opsAfter = [OP.FOLIO_FREE];
  /** folios freed since the last moment without a spinlock, while entries named them */
  private readonly freed: {
    readonly folio: number;
    readonly step: number;
    readonly actor: number;
    readonly site: number;
  }[] = [];

  override restart(): void {
    this.freed.length = 0;
  }

  override before(): void {
    const { s } = this;
    if (s.a !== 0 && s.f(s.a, F.LIVE) === 0) s.found(USE_AFTER_FREE, s.a, s.mapped[s.a] ?? 0, s.migrations[s.a] ?? 0);
    else if (s.op === OP.FOLIO_PUT && s.b < 0) s.found(USE_AFTER_FREE, s.a, s.mapped[s.a], s.migrations[s.a]);
  }

  override after(): void {
    const { s } = this;
    const left = (s.mapped[s.a] as number) + (s.migrations[s.a] as number);
    if (left > 0 && !s.hasFlag(s.a, PG.ZERO))
      this.freed.push({ folio: s.a, step: s.step, actor: s.actor, site: s.site });
  }

  /** zap_nonpresent_ptes() drops the folio first and clears the entry then: under the lock nobody can see it in between. */
  override quiet(): void {
    const { s } = this;
    for (const { folio, step, actor, site } of this.freed) {
      const left = (s.mapped[folio] as number) + (s.migrations[folio] as number);
      if (left > 0 && s.f(folio, F.LIVE) === 0)
        s.foundAt(USE_AFTER_FREE, step, actor, site, folio, s.mapped[folio] as number, s.migrations[folio] as number);
    }
    this.freed.length = 0;
  }
}
