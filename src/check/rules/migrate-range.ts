import { V_STRIDE } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { MIGRATE, RANGE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { siteNumber } from './functions.ts';
import type { RuleInfo } from './rule.ts';

export const MIGRATE_RANGE: RuleInfo = {
  id: 'migrate-range',
  says: 'The struct migrate_vma that is set up after a walk names what was walked: a part of its range that ends in the VMA it names, or nothing.',
  source: {
    where:
      'mm/hmm.c, kernel-doc and end of hmm_range_fault() (series v2); mm/migrate_device.c, migrate_vma_setup(), tests of start and end',
    says: '"After hmm_range_fault() call migrate_hmm_range_setup()": the walk fills vma, start and end. migrate_vma_setup() refuses a struct without a VMA and one whose end lies outside of it.',
  },
  moment: 'step',
  kernel: [],
  text: 'setup works on [{a:page}, {b:page}), which is not a walked part of {c:vma}',
  broken: { ledger: 'F-33' },
  kept: { ledger: 'F-33', on: true },
};

/** At the beginning of migrate_hmm_range_setup(). */
export class MigrateRange extends Check {
  override readonly opsAfter = [OP.ENTER];
  private readonly enter = siteNumber('migrate_hmm_range_setup:enter');

  override after(): void {
    const { s } = this;
    if (s.site !== this.enter) return;
    const migrate = s.obj(s.a + RANGE.MIGRATE);
    const start = s.obj(migrate + MIGRATE.START);
    const end = s.obj(migrate + MIGRATE.END);
    if (migrate === 0 || start === end) return;
    const vma = s.obj(migrate + MIGRATE.VMA);
    const inRange = s.obj(s.a + RANGE.START) <= start && start < end && end <= s.obj(s.a + RANGE.END);
    const at = s.vmaAt(s.obj(migrate + MIGRATE.MM), end - 1);
    const inVma = vma !== 0 && at === vma * V_STRIDE;
    if (!inRange || !inVma) s.found(MIGRATE_RANGE, start, end, vma);
  }
}
