import { F, PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { putWord, wordHi, wordLo } from '../unified/pfns.ts';
import {
  cacheRefs,
  folioHas,
  folio_get,
  folio_is_zone_device,
  folio_isolate_lru,
  folio_nr_pages,
  folio_put,
  folio_putback_lru,
  folio_unlock,
  is_zone_device_pfn,
  lru_add_drain,
} from './folio.ts';
import { COMPOUND, MIG, clearBits, faultFolioOf, migratePage } from './migrate-words.ts';
import { remove_migration_ptes } from './migrate.ts';
import { try_to_migrate } from './try-to-migrate.ts';

const VU = sites('migrate_vma_unmap', {
  enter: 'isolate and unmap what was collected',
  count: 'cpages = {a:int cpages}',
  exit: '',
});

/** migrate_vma_unmap() (mm/migrate_device.c): cpages becomes what can still migrate. */
export function* migrate_vma_unmap(k: Kernel, migrate: number): Run<void> {
  const o = k.m.obj;
  enter(k, VU.enter, migrate);
  const n = yield* migrate_device_unmap(
    k,
    o.get(migrate + MIGRATE.SRC),
    o.get(migrate + MIGRATE.NPAGES),
    o.get(migrate + MIGRATE.FAULT_PAGE),
  );
  at(k, VU.count, n);
  o.set(migrate + MIGRATE.CPAGES, n);
  exit(k, VU.exit, 0, migrate);
}

const DU = sites('migrate_device_unmap', {
  enter: '{b:int npages} entries',
  drain: 'bring batched folios to their LRU lists',
  empty: 'entry {a:int i}: an empty page to migrate',
  compound: 'entry {a:int i} is a large folio',
  drainAll: 'not on an LRU list: drain every CPU once',
  isolate: 'take the folio off its LRU list',
  notIsolated: 'it could not be isolated: entry {a:int i} will be restored',
  put: 'the isolation holds a reference: drop the collect one',
  unmap: 'still mapped elsewhere: unmap it everywhere',
  pinned: 'still mapped or pinned: entry {a:int i} will be restored',
  putback: 'back to the LRU',
  clear: 'clear MIGRATE',
  restore: 'put the mapping back',
  zero: 'the entry is given up',
  unlock: 'unlock the folio',
  drop: 'drop the reference',
  exit: '',
});

/**
 * migrate_device_unmap(): isolates from the LRU and unmaps everywhere; restores what cannot migrate.
 * @param src words of src[]; faultPage = pfn + 1 or 0. @returns number of entries that can still migrate.
 */
export function* migrate_device_unmap(k: Kernel, src: number, npages: number, faultPage: number): Run<number> {
  const m = k.m;
  enter(k, DU.enter, src, npages, faultPage);
  const faultFolio = faultFolioOf(k, faultPage);
  let unmapped = 0;
  let restore = 0;
  let allowDrain = true;
  if (k.concurrent) yield YIELD.OTHER;
  lru_add_drain(k, DU.drain);
  for (let i = 0; i < npages; ) {
    const pfn = migratePage(k, src, i);
    if (pfn < 0) {
      if ((wordLo(k, src, i) & MIG) !== 0) {
        at(k, DU.empty, i);
        unmapped++;
      }
      i++;
      continue;
    }
    const folio = m.folioOf(pfn);
    if (k.concurrent) yield YIELD.OTHER;
    const nr = folio_nr_pages(m, folio);
    if (nr > 1 && (wordLo(k, src, i) & COMPOUND) === 0)
      putWord(k, DU.compound, src, i, wordLo(k, src, i) | COMPOUND, wordHi(k, src, i));
    if (!is_zone_device_pfn(pfn)) {
      if (!folioHas(m, folio, PG.LRU) && allowDrain) {
        m.step(OP.LRU_ADD_DRAIN_ALL, DU.drainAll, 0, 0, 0);
        drainAll(k);
        allowDrain = false;
      }
      if (!folio_isolate_lru(k, DU.isolate, folio)) {
        at(k, DU.notIsolated, i);
        clearBits(k, DU.clear, src, i, MIG);
        restore++;
        i += nr;
        continue;
      }
      folio_put(k, DU.put, folio);
    }
    if (m.f(folio, F.MAP) > 0) {
      at(k, DU.unmap, folio);
      yield* try_to_migrate(k, folio, false);
    }
    if (k.concurrent) yield YIELD.OTHER;
    if (m.f(folio, F.MAP) > 0 || !migrate_vma_check_page(k, pfn, faultPage)) {
      at(k, DU.pinned, i);
      if (!is_zone_device_pfn(pfn)) {
        folio_get(k, DU.putback, folio);
        folio_putback_lru(k, DU.putback, folio);
      }
      clearBits(k, DU.clear, src, i, MIG);
      restore++;
      i += nr;
      continue;
    }
    unmapped++;
    i += nr;
  }
  for (let i = 0; i < npages && restore > 0; i++) {
    const pfn = migratePage(k, src, i);
    if (pfn < 0 || (wordLo(k, src, i) & MIG) !== 0) continue;
    const folio = m.folioOf(pfn);
    at(k, DU.restore, i);
    yield* remove_migration_ptes(k, folio, folio);
    if (k.concurrent) yield YIELD.OTHER;
    putWord(k, DU.zero, src, i, 0, 0);
    if (folio !== faultFolio) folio_unlock(k, DU.unlock, folio);
    folio_put(k, DU.drop, folio);
    restore--;
  }
  return exit(k, DU.exit, unmapped);
}

function drainAll(k: Kernel): void {
  // One batch stands for all CPUs: the model has no folios in batches of CPUs on which nothing runs.
  lru_add_drain(k, DU.drainAll);
}

const CP = sites('migrate_vma_check_page', {
  enter: 'may the page move? {a:pfn page}',
  count: 'references {a:int refcount}, explained {b:int extra}, mapped {c:int mapcount}',
  exit: '',
});

/** migrate_vma_check_page(): true unless somebody holds a reference that nothing explains. */
function migrate_vma_check_page(k: Kernel, pfn: number, faultPage: number): boolean {
  const m = k.m;
  enter(k, CP.enter, pfn, faultPage);
  const folio = m.folioOf(pfn);
  let extra = 1 + (faultPage === pfn + 1 ? 1 : 0);
  if (folio_is_zone_device(m, folio)) extra++;
  // For a folio with a page cache or swap cache entry the kernel counts one reference, plus one for private data.
  if (cacheRefs(m, folio) > 0) extra += 1 + (folioHas(m, folio, PG.PRIVATE) ? 1 : 0);
  at(k, CP.count, m.f(folio, F.REF), extra, m.f(folio, F.MAP));
  const ok = m.f(folio, F.REF) - extra <= m.f(folio, F.MAP);
  exit(k, CP.exit, ok ? 1 : 0, pfn);
  return ok;
}
