import { MIGRATE_PFN_VALID, migratePfnHi, migratePfnLo } from '../../machine/words/migrate-pfn.ts';
import type { Kernel } from '../kernel.ts';
import { putWord } from '../unified/pfns.ts';

/** A driver names the destination of entry i: migrate_pfn() of the frame, with WRITE and COMPOUND as it wants them. */
export function giveDst(k: Kernel, site: number, dst: number, i: number, pfn: number, flags: number): void {
  putWord(k, site, dst, i, migratePfnLo(pfn, MIGRATE_PFN_VALID | flags), migratePfnHi(pfn));
}
