import { F, ZONE } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { RULE } from '../../kernel/rules.ts';
import { Check } from './check.ts';
import { CLASS } from './lock-class.ts';
import type { RuleInfo } from './rule.ts';

export const SLEEP_IN_ATOMIC: RuleInfo = {
  id: 'sleep-in-atomic',
  says: 'Nothing that may sleep runs while a spinlock is held or a PTE table is mapped.',
  source: {
    where: 'include/linux/kernel.h, might_sleep(); mm/pgtable-generic.c, pte_offset_map()',
    says: 'might_sleep() complains in atomic context. A mapped PTE table is an RCU read section, in which nobody may sleep: the table is freed after a grace period.',
  },
  moment: 'step',
  kernel: [RULE.SLEEP_IN_ATOMIC],
  text: '{a:actor} may sleep here with {b:int} spinlocks held and {c:int} PTE tables mapped',
  broken: { ledger: 'R-07' },
  kept: { ledger: 'R-07', on: true },
};

/** What may sleep and does not ask might_sleep() in the model: allocations, real waits, the anon_vma lock, a driver's pause. */
export class SleepInAtomic extends Check {
  override readonly opsBefore = [OP.BLOCKED, OP.FOLIO_ALLOC, OP.LOCK_ANON_VMA, OP.SLEEP];

  override before(): void {
    const { s } = this;
    if (s.op === OP.BLOCKED && (s.a === WAIT.SPINLOCK || s.a === WAIT.LIVELOCK)) return;
    const spins = s.holds(s.actor, CLASS.PMD) + s.holds(s.actor, CLASS.PTE);
    const mapped = s.holds(s.actor, CLASS.RCU);
    if (spins <= 0 && mapped <= 0) return;
    // A driver's allocator of device memory takes a list; the page allocator may reclaim.
    if (s.op === OP.FOLIO_ALLOC && s.f(s.a, F.ZONE) !== ZONE.SYSTEM) return;
    s.found(SLEEP_IN_ATOMIC, s.actor, spins, mapped);
  }
}
