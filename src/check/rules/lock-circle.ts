import { BANK, T } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { Check } from './check.ts';
import { CLASS, LOCK_CLASSES, tableClass } from './lock-class.ts';
import type { RuleInfo } from './rule.ts';

export const LOCK_CIRCLE: RuleInfo = {
  id: 'lock-circle',
  says: 'Two kinds of lock are never taken in both orders in one run, even if nobody happens to wait.',
  source: {
    where:
      'Documentation/locking/lockdep-design.rst, "Multi-lock dependency rules"; kernel/locking/lockdep.c, check_noncircular()',
    says: 'Every lock taken while another is held is an edge between their classes. A circle of edges is a possible deadlock, and is reported at the lock that closes it.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:actor} takes a {b:lockclass} under a {c:lockclass}; elsewhere in this run it is the other way round',
  mutant: 'split-keeps-pte-lock',
  kept: { library: 'thp-split-mixed' },
};

/** The graph of lock classes, as lockdep keeps it; an edge is looked at when it is new. */
export class LockCircle extends Check {
  override readonly opsBefore = [OP.FOLIO_LOCK, OP.BLOCKED];
  /** by held class * LOCK_CLASSES + taken class: 1 when it happened */
  private readonly edges = new Uint8Array(LOCK_CLASSES * LOCK_CLASSES);

  override restart(): void {
    this.edges.fill(0);
  }

  /** Who waits for a lock has asked for it, whether or not it comes. */
  override before(): void {
    const { s } = this;
    if (s.op === OP.FOLIO_LOCK || s.a === WAIT.FOLIO) this.taken(CLASS.FOLIO);
    else if (s.a === WAIT.SPINLOCK) this.taken(tableClass(s.table(s.b, T.LEVEL)));
    else if (s.a === WAIT.MMAP) this.taken(CLASS.MMAP);
    else if (s.a === WAIT.ANON_VMA) this.taken(CLASS.ANON_VMA);
  }

  override lock(bank: number, _id: number, lockClass: number, was: number, now: number): void {
    if (bank !== BANK.FOLIO && was === 0 && now === this.s.actor + 1) this.taken(lockClass);
  }

  override count(_bank: number, _id: number, lockClass: number, was: number, now: number): void {
    if (lockClass !== CLASS.RCU && now > was) this.taken(lockClass);
  }

  private taken(lockClass: number): void {
    const { s, edges } = this;
    for (let held = 0; held <= CLASS.PTE; held++) {
      if (held === lockClass || s.holds(s.actor, held) <= 0) continue;
      const edge = held * LOCK_CLASSES + lockClass;
      if (edges[edge] !== 0) continue;
      edges[edge] = 1;
      if (this.leads(lockClass, held, 0)) s.found(LOCK_CIRCLE, s.actor, lockClass, held);
    }
  }

  /** True when edges lead from one class to another. */
  private leads(from: number, to: number, seen: number): boolean {
    if (from === to) return true;
    for (let next = 0; next <= CLASS.PTE; next++)
      if (this.edges[from * LOCK_CLASSES + next] !== 0 && (seen & (1 << next)) === 0)
        if (this.leads(next, to, seen | (1 << from))) return true;
    return false;
  }
}
