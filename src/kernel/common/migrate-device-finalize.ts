import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { wordLo } from '../unified/pfns.ts';
import { folio_add_lru, folio_put, folio_unlock, is_zone_device_pfn } from './folio.ts';
import { MIG, faultFolioOf, migratePage } from './migrate-words.ts';
import { remove_migration_ptes } from './migrate.ts';

const VF = sites('migrate_vma_finalize', {
  enter: 'replace the migration entries by mappings of what the pages are now',
  exit: '',
});

/** migrate_vma_finalize() (mm/migrate_device.c). */
export function* migrate_vma_finalize(k: Kernel, migrate: number): Run<void> {
  enter(k, VF.enter, migrate);
  yield* __migrate_device_finalize(k, migrate);
  exit(k, VF.exit, 0, migrate);
}

const DF = sites('__migrate_device_finalize', {
  enter: '{b:int npages} entries',
  unused: 'entry {a:int i}: nothing to replace; the destination is given back',
  back: 'entry {a:int i} did not migrate: its page comes back',
  lru: 'the page goes to the LRU',
  restore: 'replace the migration entries',
  unlock: 'unlock the source',
  put: 'drop the source’s reference',
  unlockDst: 'unlock the destination',
  putDst: 'drop the driver’s reference',
  exit: '',
});

function* __migrate_device_finalize(k: Kernel, migrate: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const npages = o.get(migrate + MIGRATE.NPAGES);
  const src = o.get(migrate + MIGRATE.SRC);
  const dstArr = o.get(migrate + MIGRATE.DST);
  enter(k, DF.enter, migrate, npages);
  const faultFolio = faultFolioOf(k, o.get(migrate + MIGRATE.FAULT_PAGE));
  for (let i = 0; i < npages; i++) {
    const pfn = migratePage(k, src, i);
    let dstPfn = migratePage(k, dstArr, i);
    if (k.concurrent && (pfn >= 0 || dstPfn >= 0)) yield YIELD.OTHER;
    if (pfn < 0) {
      if (dstPfn >= 0) {
        const d = m.folioOf(dstPfn);
        folio_unlock(k, DF.unused, d);
        folio_put(k, DF.unused, d);
      }
      continue;
    }
    const s = m.folioOf(pfn);
    if ((wordLo(k, src, i) & MIG) === 0 || dstPfn < 0) {
      at(k, DF.back, i);
      if (dstPfn >= 0) {
        const d = m.folioOf(dstPfn);
        folio_unlock(k, DF.unused, d);
        folio_put(k, DF.unused, d);
      }
      dstPfn = pfn;
    }
    const d = m.folioOf(dstPfn);
    if (!is_zone_device_pfn(dstPfn)) folio_add_lru(k, DF.lru, d);
    yield* remove_migration_ptes(k, s, d);
    if (k.concurrent) yield YIELD.OTHER;
    if (s !== faultFolio) folio_unlock(k, DF.unlock, s);
    folio_put(k, DF.put, s);
    if (d !== s) {
      folio_unlock(k, DF.unlockDst, d);
      folio_put(k, DF.putDst, d);
    }
  }
  exit(k, DF.exit, 0, migrate);
}
