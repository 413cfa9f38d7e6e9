import { BANK, F } from '../../machine/layout.ts';
import { RULE } from '../../kernel/rules.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const MIGRATION_ENTRY_LOCKED: RuleInfo = {
  id: 'migration-entry-left',
  says: 'A migration entry exists only while its folio is locked, and is gone when the migration is.',
  source: {
    where:
      'include/linux/swapops.h, pfn_swap_entry_folio() (v6.19: include/linux/leafops.h); mm/migrate.c, migration_entry_wait_on_locked()',
    says: 'Any use of migration entries may only occur while the page is locked: BUG_ON(is_migration_entry(entry) && !folio_test_locked(folio)). Who meets one waits for that lock.',
  },
  moment: 'step',
  kernel: [RULE.MIGRATION_ENTRY_LEFT],
  text: '{a:folio} is not locked, but {b:int} migration entries name it',
  broken: { ledger: 'F-04' },
  kept: { ledger: 'F-04', on: true },
};

/** When an entry becomes a migration entry, and when a folio is unlocked. */
export class MigrationEntryLocked extends Check {
  override entry(e: number, kind: number, frame: number): void {
    const { s } = this;
    if (s.kind[e] !== KIND.MIGRATION || (kind === KIND.MIGRATION && frame === s.frame[e])) return;
    const f = s.folioOf(s.frame[e] as number);
    if (f !== 0 && s.f(f, F.LOCKER) === 0) s.found(MIGRATION_ENTRY_LOCKED, f, s.migrations[f]);
  }

  override lock(bank: number, id: number, _lockClass: number, was: number, now: number): void {
    const { s } = this;
    if (bank === BANK.FOLIO && was !== 0 && now === 0 && (s.migrations[id] ?? 0) > 0)
      s.found(MIGRATION_ENTRY_LOCKED, id, s.migrations[id]);
  }
}
