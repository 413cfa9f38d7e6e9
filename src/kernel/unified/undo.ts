import { migrate_hmm_range_setup } from './migrate-range-setup.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import type { Kernel, Run } from '../kernel.ts';
import { RANGE } from '../structs.ts';
import { OP } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { setWord, wordHi, wordLo } from './pfns.ts';

const S = sites('migrate_vma_restore', { unmark: 'nothing is collected any more: the MIGRATE marks go' });

/**
 * Puts everything back that a failed walk has collected: setup turns hmm_pfns[] into src[], and pages
 * and finalize with an empty dst[] restore every page. migrate_vma_setup() does the same on its path.
 */
export function* migrate_vma_restore(k: Kernel, range: number): Run<void> {
  yield* migrate_hmm_range_setup(k, range);
  const migrate = k.m.obj.get(range + RANGE.MIGRATE);
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
  // Nothing is collected any more: a mark left in hmm_pfns[] would be taken for a collected page after the next walk.
  const pfns = k.m.obj.get(range + RANGE.HMM_PFNS);
  const n = k.m.obj.get(range + RANGE.END) - k.m.obj.get(range + RANGE.START);
  const marks = k.enc.MIGRATE | k.enc.COMPOUND;
  k.m.step(OP.PFN_WRITE, S.unmark, 0, n, pfns);
  for (let i = 0; i < n; i++) setWord(k, pfns, i, wordLo(k, pfns, i), wordHi(k, pfns, i) & ~marks);
}
