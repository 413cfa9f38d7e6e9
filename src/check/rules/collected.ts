import { BANK, F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  migratePfnToPfn,
} from '../../machine/words/migrate-pfn.ts';
import { MIGRATE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { functionNumber } from './functions.ts';
import type { RuleInfo } from './rule.ts';

export const COLLECTED: RuleInfo = {
  id: 'collected-agrees',
  says: 'What src[] says is collected really is, when setup is done: the folio is locked by the collector, held, and mapped nowhere.',
  source: {
    where: 'mm/migrate_device.c, migrate_vma_setup() and migrate_device_unmap()',
    says: 'After setup each src entry with MIGRATE names a page that is locked and unmapped, on which the caller holds a reference: the driver may copy it.',
  },
  moment: 'step',
  kernel: [],
  text: 'entry {a:int} of src[] says that {b:folio} is collected, which has {c:int} mappings or is not locked',
  mutant: 'unmap-keeps-pinned',
  kept: { library: 'gup-pin' },
};

/** At the end of migrate_hmm_range_setup() and migrate_vma_unmap(). */
export class Collected extends Check {
  override readonly opsAfter = [OP.EXIT];
  private readonly unmap = functionNumber('migrate_vma_unmap');

  override after(): void {
    const { s } = this;
    if (s.site >> 5 !== this.unmap || s.b === 0) return;
    const src = s.obj(s.b + MIGRATE.SRC);
    const words = s.cells[BANK.WORDS] as Int32Array;
    const n = s.obj(s.b + MIGRATE.NPAGES);
    const both = MIGRATE_PFN_VALID | MIGRATE_PFN_MIGRATE;
    for (let i = 0; i < n; i++) {
      const lo = words[(src + i) * 2] as number;
      if ((lo & both) !== both) continue;
      const f = s.folioOf(migratePfnToPfn(lo, words[(src + i) * 2 + 1] as number));
      // With the device-private page frame series the number may be no frame.
      if (f !== 0 && (s.f(f, F.LOCKER) !== s.actor + 1 || s.f(f, F.MAP) > 0)) s.found(COLLECTED, i, f, s.f(f, F.MAP));
      if ((lo & MIGRATE_PFN_COMPOUND) !== 0) i += 511;
    }
  }
}
