import { BANK } from '../../machine/layout.ts';
import { MIGRATE_PFN_MIGRATE } from '../../machine/words/migrate-pfn.ts';
import { MIGRATE } from '../../kernel/structs.ts';
import type { RuleInfo } from './rule.ts';
import { type Setup, SetupDone } from './setup-done.ts';

export const SETUP_COUNTS: RuleInfo = {
  id: 'setup-counts',
  says: 'When setup is done, cpages is the number of entries that migrate, and dst[] is empty.',
  source: {
    where:
      'mm/migrate_device.c, migrate_vma_unmap() and migrate_vma_setup(); Documentation/mm/hmm.rst, "Migration to and from device memory"',
    says: 'cpages becomes what migrate_device_unmap() counted: the entries that still have MIGRATE. "migrate_vma_setup() also clears the args->dst array", so that a page the driver skips has no destination.',
  },
  moment: 'step',
  kernel: [],
  text: 'setup says that {a:int} entries migrate, {b:int} do; {c:int} of dst[] hold something',
  broken: { ledger: 'RFC-5', on: true },
  kept: { ledger: 'RFC-5' },
};

/** cpages and dst[] against src[]. */
export class SetupCounts extends SetupDone {
  protected override done(setup: Setup): void {
    const { s } = this;
    let migrating = 0;
    this.each(setup, (_page, lo) => {
      if ((lo & MIGRATE_PFN_MIGRATE) !== 0) migrating++;
      return true;
    });
    const cpages = s.obj(setup.migrate + MIGRATE.CPAGES);
    const dst = s.obj(setup.migrate + MIGRATE.DST) * 2;
    const words = s.cells[BANK.WORDS] as Int32Array;
    let filled = 0;
    for (let at = dst; at < dst + (setup.end - setup.start) * 2; at += 2)
      if (((words[at] as number) | (words[at + 1] as number)) !== 0) filled++;
    if (migrating !== cpages || filled !== 0) s.found(SETUP_COUNTS, cpages, migrating, filled);
  }
}
