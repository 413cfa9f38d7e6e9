import { migrate_hmm_range_setup } from './migrate-range-setup.ts';
import { migrate_vma_finalize, migrate_vma_pages } from '../common/migrate-device.ts';
import type { Kernel, Run } from '../kernel.ts';
import { RANGE } from '../structs.ts';

/**
 * Puts everything back that a failed walk has collected: setup turns hmm_pfns[] into src[], and pages
 * and finalize with an empty dst[] restore every page. migrate_vma_setup() does the same on its path.
 */
export function* migrate_vma_restore(k: Kernel, range: number): Run<void> {
  yield* migrate_hmm_range_setup(k, range);
  const migrate = k.m.obj.get(range + RANGE.MIGRATE);
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
}
