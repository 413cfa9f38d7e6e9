import { MIGRATE_PFN_MIGRATE } from '../../machine/words/migrate-pfn.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { setWord } from '../unified/pfns.ts';
import { folio_get, folio_put, folio_trylock } from './folio.ts';
import { migrate_vma_finalize } from './migrate-device-finalize.ts';
import { migrate_vma_pages } from './migrate-device-pages.ts';
import { migrate_device_unmap } from './migrate-device-unmap.ts';
import { migrateWordHi, migrateWordLo } from './migrate-pfn.ts';
import { OP } from '../../machine/ops.ts';

const R = sites('migrate_device_range', {
  enter: '{b:int npages} pages of a device, wherever they are mapped',
  unmap: 'unmap what could be locked',
  exit: '',
});
const L = sites('migrate_device_pfn_lock', {
  free: '{a:pfn page} is not in use',
  get: 'hold the folio',
  trylock: 'try to lock it',
  busy: 'somebody has it locked: not this time',
  word: 'entry {a:int i} of src',
});
const P = sites('migrate_device_pages', { enter: 'commit: the copied pages take over', exit: '' });
const F = sites('migrate_device_finalize', {
  enter: 'map what the pages are now, wherever they were mapped',
  exit: '',
});

/**
 * migrate_device_range() and migrate_device_pfns() (mm/migrate_device.c): collects device pages by their frames, without
 * any VMA and without the mmap lock, as a driver does that empties its memory.
 * @param pfns frames, the first of each large folio at its place, -1 for its other pages
 * @returns a struct migrate_vma without VMA, for migrate_device_pages() and migrate_device_finalize()
 */
export function* migrate_device_range(k: Kernel, pfns: readonly number[]): Run<number> {
  const m = k.m;
  const o = m.obj;
  const migrate = m.newObj(MIGRATE.SIZE);
  const src = m.newWords(pfns.length);
  o.set(migrate + MIGRATE.SRC, src);
  o.set(migrate + MIGRATE.DST, m.newWords(pfns.length));
  o.set(migrate + MIGRATE.END, pfns.length);
  o.set(migrate + MIGRATE.NPAGES, pfns.length);
  enter(k, R.enter, migrate, pfns.length);
  for (const [i, pfn] of pfns.entries()) {
    if (k.concurrent) yield YIELD.OTHER;
    if (pfn >= 0) migrate_device_pfn_lock(k, src, i, pfn);
  }
  at(k, R.unmap);
  o.set(migrate + MIGRATE.CPAGES, yield* migrate_device_unmap(k, src, pfns.length, 0));
  exit(k, R.exit, 0, migrate);
  return migrate;
}

/** migrate_device_pfn_lock(): a bare number from the driver; nothing here says what kind of page it is. */
function migrate_device_pfn_lock(k: Kernel, src: number, i: number, pfn: number): void {
  const m = k.m;
  const f = m.folioOf(pfn);
  if (f === 0) {
    at(k, L.free, pfn);
    return;
  }
  folio_get(k, L.get, f);
  if (!folio_trylock(k, L.trylock, f)) {
    at(k, L.busy, pfn);
    folio_put(k, L.busy, f);
    return;
  }
  m.step(OP.PFN_WRITE, L.word, i, 1, src);
  setWord(k, src, i, migrateWordLo(k, pfn, MIGRATE_PFN_MIGRATE, 'D-05'), migrateWordHi(k, pfn));
}

/** migrate_device_pages() (mm/migrate_device.c): migrate_vma_pages() without a VMA. */
export function* migrate_device_pages(k: Kernel, migrate: number): Run<void> {
  enter(k, P.enter, migrate);
  yield* migrate_vma_pages(k, migrate);
  exit(k, P.exit, 0, migrate);
}

/** migrate_device_finalize() (mm/migrate_device.c). */
export function* migrate_device_finalize(k: Kernel, migrate: number): Run<void> {
  enter(k, F.enter, migrate);
  yield* migrate_vma_finalize(k, migrate);
  exit(k, F.exit, 0, migrate);
}
