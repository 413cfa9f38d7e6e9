import { F } from '../../machine/layout.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import { folio_put, folio_putback_lru, folio_unlock, is_zone_device_pfn } from '../common/folio.ts';
import { remove_migration_ptes } from '../common/migrate.ts';
import { try_to_migrate } from '../common/try-to-migrate.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { addPages, changeEntry, clearEntry, entryHas, pageOf } from './entries.ts';
import { hmm_migrate_page_check } from './page-check.ts';

const S = sites('hmm_migrate_unmap', {
  enter: 'unmap {b:int npages} pages everywhere',
  unmap: 'entry {a:int i}: still mapped, unmap it everywhere',
  failed: 'entry {a:int i}: still mapped, or pinned',
  clear: 'clear MIGRATE',
  restore: '{a:int restore} entries to restore, from {b:page addr} on',
  back: 'entry {a:int i}: put the mapping back',
  zero: 'entry {a:int i} is given up',
  unlock: 'unlock the page',
  put: 'drop the reference',
  putback: 'back to the LRU',
  exit: '',
});

/**
 * hmm_migrate_unmap() (HMM v13): phase 3, try_to_unmap() for every page. As with the rest of the kernel around the code
 * of 2016, its v6.19 descendant try_to_migrate() runs; pages that nothing maps any more are left out of it.
 */
export function* hmm_migrate_unmap(k: Kernel, migrate: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  enter(k, S.enter, migrate, o.get(migrate + HMM_MIGRATE.NPAGES));
  if (k.concurrent) yield YIELD.UNMAP;
  let restore = 0;
  let addr = start;
  for (; addr < end; addr++) {
    const i = addr - start;
    const pfn = pageOf(k, migrate, i);
    if (pfn < 0 || !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) continue;
    const folio = m.folioOf(pfn);
    if (m.f(folio, F.MAP) > 0) {
      at(k, S.unmap, i);
      yield* try_to_migrate(k, folio, false);
    }
    if (m.f(folio, F.MAP) <= 0 && hmm_migrate_page_check(k, pfn, 1)) continue;
    at(k, S.failed, i);
    changeEntry(k, S.clear, migrate, i, 0, HMM_PFN_2016.MIGRATE);
    addPages(k, migrate, -1);
    restore++;
  }
  if (restore > 0) {
    // H-11: the second loop goes on with the address at which the first one ended, the end of the range.
    if (k.fixes.has('H-11')) addr = start;
    at(k, S.restore, restore, addr);
  }
  for (; addr < end && restore > 0; addr++) {
    const i = addr - start;
    const pfn = pageOf(k, migrate, i);
    if (pfn < 0 || entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) continue;
    const folio = m.folioOf(pfn);
    at(k, S.back, i);
    yield* remove_migration_ptes(k, folio, folio);
    clearEntry(k, S.zero, migrate, i);
    folio_unlock(k, S.unlock, folio);
    restore--;
    if (is_zone_device_pfn(pfn)) folio_put(k, S.put, folio);
    else folio_putback_lru(k, S.putback, folio);
  }
  exit(k, S.exit, 0, o.get(migrate + HMM_MIGRATE.NPAGES));
}
