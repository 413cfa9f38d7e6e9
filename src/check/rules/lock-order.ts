import { BANK } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { Check } from './check.ts';
import { functionNumbers } from './functions.ts';
import { CLASS } from './lock-class.ts';
import type { RuleInfo } from './rule.ts';

export const LOCK_ORDER: RuleInfo = {
  id: 'lock-order',
  says: 'Locks are taken in the order of the kernel: mmap lock, folio lock, anon_vma lock, PMD lock, PTE lock. A lock of the same kind is only tried.',
  source: {
    where:
      'mm/rmap.c, comment "Lock ordering in mm"; mm/memory.c, copy_pte_range(); mm/pt_reclaim.c, try_get_and_clear_pmd()',
    says: 'mmap_lock, then the folio lock, then i_mmap, anon_vma, and innermost the page-table locks. Two page-table locks of one level are nested with SINGLE_DEPTH_NESTING in copy and move; under a PTE lock the PMD lock is only tried.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:actor} waits for a {b:lockclass} while it holds a {c:lockclass}',
  broken: { ledger: 'F-35' },
  kept: { ledger: 'F-35', on: true },
};

/** Every lock that is waited for, against those its taker holds; a lock that is only tried cannot deadlock. */
export class LockOrder extends Check {
  override readonly opsBefore = [OP.FOLIO_LOCK, OP.BLOCKED];
  /** Functions that hold two page-table locks of one level, with the nesting lockdep is told of. */
  private readonly nested = functionNumbers(
    'copy_pte_range',
    'copy_huge_pmd',
    'copy_pmd_range',
    'move_ptes',
    'move_huge_pmd',
    'move_normal_pmd',
    'copy_page_range',
    'copy_hugetlb_page_range',
    'move_page_tables',
  );

  override before(): void {
    // Waiting for a folio is as bad as getting it in the end.
    if (this.s.op === OP.FOLIO_LOCK || this.s.a === WAIT.FOLIO) this.taken(CLASS.FOLIO);
  }

  override lock(bank: number, _id: number, lockClass: number, was: number, now: number): void {
    if (bank !== BANK.FOLIO && was === 0 && now === this.s.actor + 1) this.taken(lockClass);
  }

  override count(_bank: number, _id: number, lockClass: number, was: number, now: number): void {
    if (lockClass !== CLASS.RCU && now > was) this.taken(lockClass);
  }

  private taken(lockClass: number): void {
    const { s } = this;
    for (let held = CLASS.PTE; held >= lockClass; held--) {
      if (s.holds(s.actor, held) <= 0) continue;
      if (held === lockClass && this.nested.has(s.site >> 5)) continue;
      s.found(LOCK_ORDER, s.actor, lockClass, held);
      return;
    }
  }
}
