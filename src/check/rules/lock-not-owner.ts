import { EXTERNAL_ACTOR } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { BANK, T } from '../../machine/layout.ts';
import { RULE } from '../../kernel/rules.ts';
import { Check } from './check.ts';
import { CLASS } from './lock-class.ts';
import type { RuleInfo } from './rule.ts';

export const LOCK_NOT_OWNER: RuleInfo = {
  id: 'unlock-not-owner',
  says: 'A lock is released by the actor that took it, and only once.',
  source: {
    where: 'kernel/locking/lockdep.c, print_unlock_imbalance_bug(); Documentation/locking/lockdep-design.rst',
    says: 'Releasing a lock that the task does not hold is a bad unlock balance. The folio lock, which lockdep does not follow, has VM_BUG_ON_FOLIO(!folio_test_locked) in folio_unlock(), mm/filemap.c.',
  },
  moment: 'step',
  kernel: [RULE.UNLOCK_NOT_OWNER],
  text: '{a:actor} releases a {c:lockclass} (number {b:int}) that it does not hold',
  broken: { ledger: 'RFC-8', on: true },
  kept: { ledger: 'RFC-8' },
};

/** Table, mmap and anon_vma locks; folio locks are checked by the running kernel. */
export class LockNotOwner extends Check {
  override readonly opsBefore = [OP.UNLOCK_SPIN, OP.UNLOCK_PTE, OP.FOLIO_UNLOCK];

  /** A lock that nobody holds leaves no trace in the journal when it is released. */
  override before(): void {
    const { s } = this;
    if (s.op === OP.FOLIO_UNLOCK) {
      if (s.b === 0) s.found(LOCK_NOT_OWNER, s.actor, s.a, CLASS.FOLIO);
    } else if (s.table(s.a, T.LOCK) === 0)
      s.found(LOCK_NOT_OWNER, s.actor, s.a, s.op === OP.UNLOCK_SPIN ? CLASS.PMD : CLASS.PTE);
  }

  override lock(bank: number, id: number, lockClass: number, was: number, now: number): void {
    // A lock that is overwritten is lost for its holder as well.
    if (bank === BANK.FOLIO || was === 0 || was === EXTERNAL_ACTOR + 1) return;
    if (was !== this.s.actor + 1 || now !== 0) this.s.found(LOCK_NOT_OWNER, this.s.actor, id, lockClass);
  }

  override count(_bank: number, id: number, lockClass: number, was: number, now: number): void {
    if (lockClass !== CLASS.RCU && now < was && this.s.holds(this.s.actor, lockClass) <= 0)
      this.s.found(LOCK_NOT_OWNER, this.s.actor, id, lockClass);
  }
}
