import { PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import {
  folioHas,
  folio_get,
  folio_isolate_lru,
  folio_lock,
  folio_put,
  folio_putback_lru,
  is_zone_device_pfn,
  lru_add_drain,
} from '../common/folio.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { addPages, changeEntry, entryHas, pageOf } from './entries.ts';
import { hmm_migrate_page_check } from './page-check.ts';
import { restoreFailed } from './restore.ts';

const S = sites('hmm_migrate_lock_and_isolate', {
  enter: '{b:int npages} pages collected',
  drain: 'bring batched pages to their LRU lists',
  lock: 'entry {a:int i}: not LOCKED, so wait for the page lock',
  locked: 'entry {a:int i}: LOCKED now',
  drainAll: 'not on an LRU list: drain every CPU once, and look at the same entry again',
  isolate: 'take the page off its LRU list',
  notIsolated: 'entry {a:int i}: could not be isolated',
  putCollect: 'drop the reference of the collect phase',
  fallThrough: 'and on to the check all the same',
  pinned: 'entry {a:int i}: compound or pinned',
  putback: 'back to the LRU, with a reference to restore by',
  clear: 'clear MIGRATE',
  restore: '{a:int restore} entries to restore, {b:int npages} go on',
  exit: '',
});

/**
 * hmm_migrate_lock_and_isolate() (HMM v13): phase 2. Locks what collecting could not, takes pages off the LRU, and
 * restores those that cannot move.
 */
export function* hmm_migrate_lock_and_isolate(k: Kernel, migrate: number): Run<void> {
  const o = k.m.obj;
  const n = o.get(migrate + HMM_MIGRATE.END) - o.get(migrate + HMM_MIGRATE.START);
  enter(k, S.enter, migrate, o.get(migrate + HMM_MIGRATE.NPAGES));
  lru_add_drain(k, S.drain);
  const isolation = { drain: true, restore: 0 };
  for (let i = 0; i < n; i++) {
    const pfn = pageOf(k, migrate, i);
    if (pfn < 0) continue;
    if (!entryHas(k, migrate, i, HMM_PFN_2016.LOCKED)) {
      at(k, S.lock, i);
      yield* folio_lock(k, S.lock, k.m.folioOf(pfn));
      changeEntry(k, S.locked, migrate, i, HMM_PFN_2016.LOCKED, 0);
    }
    isolateOne(k, migrate, i, pfn, isolation);
  }
  if (isolation.restore > 0) {
    at(k, S.restore, isolation.restore, o.get(migrate + HMM_MIGRATE.NPAGES));
    yield* restoreFailed(k, migrate, isolation.restore);
  }
  exit(k, S.exit, 0, o.get(migrate + HMM_MIGRATE.NPAGES));
}

function isolateOne(
  k: Kernel,
  migrate: number,
  i: number,
  pfn: number,
  now: { drain: boolean; restore: number },
): void {
  const m = k.m;
  const folio = m.folioOf(pfn);
  const onLru = !is_zone_device_pfn(pfn);
  const fail = (): void => {
    changeEntry(k, S.clear, migrate, i, 0, HMM_PFN_2016.MIGRATE);
    addPages(k, migrate, -1);
    now.restore++;
  };
  if (onLru) {
    if (!folioHas(m, folio, PG.LRU) && now.drain) {
      m.step(OP.LRU_ADD_DRAIN_ALL, S.drainAll, 0, 0, 0);
      lru_add_drain(k, S.drainAll);
      now.drain = false;
    }
    if (!folio_isolate_lru(k, S.isolate, folio)) {
      at(k, S.notIsolated, i);
      fail();
      // H-05 mended: the reference stays until the mapping is restored, and the check is not for this page.
      if (k.fixes.has('H-05')) return;
      folio_put(k, S.putCollect, folio);
      at(k, S.fallThrough);
    } else folio_put(k, S.putCollect, folio);
  }
  if (hmm_migrate_page_check(k, pfn, 1)) return;
  at(k, S.pinned, i);
  if (k.fixes.has('H-05') && onLru) {
    folio_get(k, S.putback, folio);
    folio_putback_lru(k, S.putback, folio);
  }
  fail();
}
