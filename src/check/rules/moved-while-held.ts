import { F, PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { Check } from './check.ts';
import { siteNumber } from './functions.ts';
import type { RuleInfo } from './rule.ts';

export const MOVED_WHILE_HELD: RuleInfo = {
  id: 'moved-while-held',
  says: 'A page moves only when nobody but its mappings, its caches and the migration itself holds a reference.',
  source: {
    where: 'mm/migrate.c, folio_migrate_mapping(), folio_expected_ref_count(); Documentation/mm/page_migration.rst',
    says: 'The reference count is compared with what is expected; an extra reference may be somebody who reads or writes the page through its frame, so the migration fails with -EAGAIN.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:folio} moves to another page with {b:int} references, of which {c:int} are expected',
  mutant: 'move-ignores-references',
  kept: { library: 'vmsplice-ref' },
};

/** At the step at which a page's identity moves over. */
export class MovedWhileHeld extends Check {
  override readonly opsBefore = [OP.ENTER, OP.AT];
  private readonly enter = siteNumber('folio_migrate_mapping:enter');
  private readonly move = siteNumber('folio_migrate_mapping:move');
  /** references of the fault handler, which the caller accounts for */
  private extra = 0;

  override before(): void {
    const { s } = this;
    if (s.site === this.enter) this.extra = s.c;
    if (s.site !== this.move) return;
    // Unlike a cache, an LRU batch is a user like any other.
    const batch = s.hasFlag(s.a, PG.BATCH) ? 1 : 0;
    const expected = (s.mapped[s.a] as number) + s.cacheReferences(s.a) - batch + this.extra + 1;
    if (s.f(s.a, F.REF) !== expected) s.found(MOVED_WHILE_HELD, s.a, s.f(s.a, F.REF), expected);
  }
}
