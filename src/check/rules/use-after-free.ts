import { EXTERNAL_ACTOR, F, PG } from '../../machine/layout.ts';
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
  text: '{a:folio} is used after it was freed, or freed while locked or mapped ({b:int} mappings, {c:int} migration entries)',
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
    OP.FOLIO_FREE,
  ];
  override readonly opsAfter = [OP.FOLIO_FREE];

  /** folios freed since the last moment without a spinlock: folio, step, actor, site */
  private readonly freed: number[] = [];

  override before(): void {
    const { s } = this;
    if (s.op === OP.FOLIO_FREE) {
      const locker = s.f(s.a, F.LOCKER);
      if (locker !== 0 && locker !== EXTERNAL_ACTOR + 1) s.found(USE_AFTER_FREE, s.a, s.mapped[s.a], s.migrations[s.a]);
    } else if (s.a !== 0 && s.f(s.a, F.LIVE) === 0)
      s.found(USE_AFTER_FREE, s.a, s.mapped[s.a] ?? 0, s.migrations[s.a] ?? 0);
    else if (s.op === OP.FOLIO_PUT && s.b < 0) s.found(USE_AFTER_FREE, s.a, s.mapped[s.a], s.migrations[s.a]);
  }

  override after(): void {
    const { s } = this;
    if (!s.hasFlag(s.a, PG.ZERO)) this.freed.push(s.a, s.step, s.actor, s.site);
  }

  /** Zapping frees a device page a moment before it clears the entry, under the same lock. */
  override quiet(): void {
    const { s, freed } = this;
    for (let i = 0; i < freed.length; i += 4) {
      const f = freed[i] as number;
      const [mapped, named] = [s.mapped[f] as number, s.migrations[f] as number];
      if (mapped + named > 0 && s.f(f, F.LIVE) === 0)
        s.foundAt(
          USE_AFTER_FREE,
          freed[i + 1] as number,
          freed[i + 2] as number,
          freed[i + 3] as number,
          f,
          mapped,
          named,
        );
    }
    freed.length = 0;
  }

  override restart(): void {
    this.freed.length = 0;
  }
}
