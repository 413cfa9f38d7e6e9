import { V, VMA_KIND } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_VMA_SELECT_COMPOUND,
} from '../../machine/words/migrate-pfn.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { setWord } from '../unified/pfns.ts';

const H = sites('migrate_vma_collect_hole', {
  enter: 'nothing is mapped in [{a:page start}, {b:page end})',
  notAnon: 'not anonymous memory: the pages cannot be made up',
  compound: 'an aligned 2 MiB hole at {a:page addr}: the first entry stands for all',
  empty: 'each page is an empty page to migrate',
  exit: '',
});
const K = sites('migrate_vma_collect_skip', {
  enter: 'nothing to collect in [{a:page start}, {b:page end})',
  fill: 'these entries are 0',
  exit: '',
});

/**
 * migrate_vma_collect_hole() (mm/migrate_device.c, v6.19): a missing table or entry. In anonymous memory the pages
 * are empty pages to migrate. No lock is held. @param depth as the walker says, -1 from a PMD.
 */
export function* migrate_vma_collect_hole(
  k: Kernel,
  start: number,
  end: number,
  depth: number,
  migrate: number,
): Run<number> {
  return collectHole(k, start, end, depth, migrate);
}

/** The hole callback as a plain call: nothing in it can wait. */
export function collectHole(k: Kernel, start: number, end: number, depth: number, migrate: number): number {
  const m = k.m;
  const o = m.obj;
  enter(k, H.enter, start, end, depth);
  if (vmaGet(m, o.get(migrate + MIGRATE.VMA), V.KIND) !== VMA_KIND.ANON) {
    at(k, H.notAnon);
    migrate_vma_collect_skip(k, start, end, migrate);
    return exit(k, H.exit, 0, migrate);
  }
  if ((o.get(migrate + MIGRATE.FLAGS) & MIGRATE_VMA_SELECT_COMPOUND) !== 0 && ((start | end) & 511) === 0) {
    // F-13: only the first entry is marked, however many 2 MiB blocks the hole has.
    const blocks = k.fixes.has('F-13') ? (end - start) >> 9 : 1;
    for (let b = 0; b < blocks; b++) {
      const addr = start + b * 512;
      at(k, H.compound, addr);
      storeEntries(k, H.compound, migrate, 1, MIGRATE_PFN_MIGRATE | MIGRATE_PFN_COMPOUND, 0);
      migrate_vma_collect_skip(k, addr + 1, blocks === 1 ? end : addr + 512, migrate);
    }
    return exit(k, H.exit, 0, migrate);
  }
  storeEntries(k, H.empty, migrate, end - start, MIGRATE_PFN_MIGRATE, 0);
  return exit(k, H.exit, 0, migrate);
}

/** migrate_vma_collect_skip() (mm/migrate_device.c, v6.19): entries with nothing to migrate. */
export function migrate_vma_collect_skip(k: Kernel, start: number, end: number, migrate: number): number {
  enter(k, K.enter, start, end, migrate);
  storeEntries(k, K.fill, migrate, end - start, 0, 0);
  return exit(k, K.exit, 0, migrate);
}

/** The next n entries of src[] get the same word, dst[] 0, in one step; what is marked MIGRATE is counted. */
export function storeEntries(k: Kernel, site: number, migrate: number, n: number, lo: number, hi: number): void {
  const m = k.m;
  const o = m.obj;
  const i = o.get(migrate + MIGRATE.NPAGES);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  m.step(OP.PFN_WRITE, site, i, n, src);
  for (let j = i; j < i + n; j++) {
    setWord(k, src, j, lo, hi);
    setWord(k, dst, j, 0, 0);
  }
  o.set(migrate + MIGRATE.NPAGES, i + n);
  if ((lo & MIGRATE_PFN_MIGRATE) !== 0) o.set(migrate + MIGRATE.CPAGES, o.get(migrate + MIGRATE.CPAGES) + n);
}
