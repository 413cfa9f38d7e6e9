import { RULE } from '../../kernel/rules.ts';
import { OP } from '../../machine/ops.ts';
import { Check } from './check.ts';
import { siteNumber } from './functions.ts';
import { type OpenEvents, openEvents } from './open-events.ts';
import type { RuleInfo } from './rule.ts';
import type { State } from './state.ts';

export const NOTIFIER_PAIR: RuleInfo = {
  id: 'event-not-ended',
  says: 'Every invalidation that is begun is ended once, with the same range, by the same call.',
  source: {
    where: 'include/linux/mmu_notifier.h, struct mmu_notifier_ops; mm/mmu_notifier.c',
    says: 'invalidate_range_start() and invalidate_range_end() must be paired; readers of an interval notifier wait until every invalidation has ended.',
  },
  moment: 'step',
  kernel: [RULE.EVENT_NOT_ENDED],
  text: 'the invalidation of [{a:page}, {b:page}) has {c:int} ends too few',
  broken: { ledger: 'F-02' },
  kept: { ledger: 'F-02', on: true },
};

/** Begin and end of each actor's invalidations. */
export class NotifierPair extends Check {
  override readonly opsAfter = [OP.NOTIFIER_START, OP.NOTIFIER_END, OP.USER];
  private readonly returned = siteNumber('user_program:end');
  private readonly open: OpenEvents;

  constructor(state: State) {
    super(state);
    this.open = openEvents(state);
  }

  override restart(): void {
    this.open.clear();
  }

  override after(): void {
    const { s, open } = this;
    if (s.op === OP.NOTIFIER_START) open.begin(s.actor, s.b, s.c);
    else if (s.op === OP.NOTIFIER_END) {
      if (!open.finish(s.actor, s.b, s.c)) s.found(NOTIFIER_PAIR, s.b, s.c, -1);
    } else if (s.site === this.returned) {
      const at = open.anyOf(s.actor);
      if (at < 0) return;
      s.found(NOTIFIER_PAIR, open.starts[at], open.ends[at], 1);
      open.dropAll(s.actor);
    }
  }
}
