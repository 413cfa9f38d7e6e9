import { OP } from '../../machine/ops.ts';
import { RULE } from '../../kernel/rules.ts';
import { Check } from './check.ts';
import { siteNumber } from './functions.ts';
import { CLASS } from './lock-class.ts';
import type { RuleInfo } from './rule.ts';

export const LOCK_HELD_AT_RETURN: RuleInfo = {
  id: 'lock-held-at-exit',
  says: 'Nobody returns to user space with a lock held, or with a PTE table mapped.',
  source: {
    where: 'kernel/locking/lockdep.c, lockdep_sys_exit(); kernel/rcu/tree_plugin.h',
    says: 'A lock that is still held at the return is reported as "lock held when returning to user space"; an RCU section that is left open, too.',
  },
  moment: 'end',
  kernel: [RULE.LOCK_HELD_AT_EXIT],
  text: '{a:actor} returns and still holds: {b:int} x {c:lockclass}',
  broken: { ledger: 'R-07' },
  kept: { ledger: 'R-07', on: true },
};

/** At the end of every call of an actor. */
export class LockHeldAtReturn extends Check {
  override readonly opsAfter = [OP.USER];
  private readonly returned = siteNumber('user_program:end');

  override after(): void {
    const { s } = this;
    if (s.site !== this.returned) return;
    for (const lockClass of OF_CALLS) {
      const n = s.holds(s.actor, lockClass);
      if (n > 0) s.found(LOCK_HELD_AT_RETURN, s.actor, n, lockClass);
    }
  }
}

/** A folio may stay locked across a return: the rule of leftovers looks at those. */
const OF_CALLS = [CLASS.MMAP, CLASS.ANON_VMA, CLASS.PMD, CLASS.PTE, CLASS.RCU];
