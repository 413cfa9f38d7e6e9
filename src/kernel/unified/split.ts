import { entryHi, entryLo } from '../../machine/page-table.ts';
import { pmdPfn, pmd_trans_huge } from '../../machine/words/pte.ts';
import { is_device_private_entry, swpPfn } from '../../machine/words/swp.ts';
import { folio_get, folio_lock, folio_put, folio_trylock, folio_unlock, is_huge_zero_pfn } from '../common/folio.ts';
import { split_folio } from '../common/split-folio.ts';
import { split_huge_pmd } from '../common/huge-split.ts';
import { pmd_lock, spin_unlock } from '../common/pgtable.ts';
import { EBUSY } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE, WALK } from '../structs.ts';
import { assertHeld } from './assert.ts';
import { walkMigrate } from './pfns.ts';

const S = sites('hmm_vma_walk_split', {
  enter: 'split the folio that the PMD of {a:page addr} maps',
  lock: 'look at the PMD under its lock',
  notHuge: 'not a huge PMD: nothing to split, which counts as success',
  hugeZero: 'the huge zero page: split the mapping only',
  get: 'hold the folio',
  unlock: 'a split sleeps: release the PMD lock',
  faultFolio: 'the fault folio: its holder’s reference and lock are relied on',
  trylock: 'lock the folio without waiting',
  busy: 'somebody else has the folio lock (-EBUSY)',
  split: 'split it into pages of its own',
  done: 'give lock and reference back',
  assert: 'no page-table lock is held: asserted',
  exit: '',
});

/**
 * hmm_vma_walk_split() (series v2): splits the folio (or the huge zero PMD) after prepare asked for it.
 * Locks: no page-table lock on entry or exit. @returns 0, -EBUSY or split_folio()'s error.
 */
export function* hmm_vma_walk_split(k: Kernel, pmdp: number, addr: number, walk: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, addr, pmdp, walk);
  assertHeld(k, 'R-06', S.assert, walk, 'none');
  const migrate = walkMigrate(k, walk);
  const faultPage = migrate !== 0 ? m.obj.get(migrate + MIGRATE.FAULT_PAGE) : 0;
  const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  const ptl = yield* pmd_lock(k, S.lock, pmdp);
  const lo = entryLo(m, pmdp);
  const hi = entryHi(m, pmdp);
  // F-01: a device-private huge PMD is a swap entry, so v2 finds nothing to split and calls it success.
  const device = k.fixes.has('F-01') && is_device_private_entry(lo, hi);
  if (!pmd_trans_huge(lo, hi) && !device) {
    at(k, S.notHuge);
    spin_unlock(k, S.notHuge, ptl);
    return exit(k, S.exit, 0, walk);
  }
  const pfn = device ? swpPfn(lo, hi) : pmdPfn(lo, hi);
  if (is_huge_zero_pfn(m, pfn)) {
    spin_unlock(k, S.hugeZero, ptl);
    yield* split_huge_pmd(k, m.obj.get(walk + WALK.WALK_VMA), pmdp, addr);
    return exit(k, S.exit, 0, walk);
  }
  const folio = m.folioOf(pfn);
  folio_get(k, S.get, folio);
  spin_unlock(k, S.unlock, ptl);
  if (folio === faultFolio) folio_put(k, S.faultFolio, folio);
  else {
    if (k.concurrent) yield YIELD.OTHER;
    if (!folio_trylock(k, S.trylock, folio)) {
      folio_put(k, S.busy, folio);
      return exit(k, S.exit, -EBUSY, walk);
    }
  }
  const ret = yield* split_folio(k, S.split, folio);
  if (ret === 0) m.obj.set(walk + WALK.SPLIT, 1);
  if (folio !== faultFolio) {
    if (k.concurrent) yield YIELD.OTHER;
    folio_unlock(k, S.done, folio);
    folio_put(k, S.done, folio);
  }
  return exit(k, S.exit, ret, walk);
}

const M = sites('migrate_vma_split_folio', {
  enter: 'split {a:folio folio}, met at PTE level',
  get: 'hold the folio',
  lock: 'lock it; this may sleep while other folios are locked',
  busy: 'somebody else has the folio lock (-EBUSY)',
  split: 'split it into pages of its own',
  failed: 'the split failed: give lock and reference back',
  faultGet: 'the fault page is a folio of its own now: hold it',
  faultLock: 'and lock it, as its fault handler expects',
  done: 'give lock and reference of the head back',
  exit: '',
});

/**
 * migrate_vma_split_folio() (mm/migrate_device.c, in mm/hmm.c from series v2 on): splits a large folio
 * found at PTE level. `faultPage` = pfn + 1 or 0; `held` = the caller holds the reference already (F-20).
 * @returns 0 or split_folio()'s error.
 */
export function* migrate_vma_split_folio(k: Kernel, folio: number, faultPage: number, held = false): Run<number> {
  const m = k.m;
  enter(k, M.enter, folio, faultPage);
  const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  if (folio !== faultFolio) {
    if (!held) folio_get(k, M.get, folio);
    // F-35: waiting here, with folios of earlier pages locked, can deadlock with a task that has them in another order.
    if (k.fixes.has('F-35')) {
      if (k.concurrent) yield YIELD.OTHER;
      if (!folio_trylock(k, M.lock, folio)) {
        folio_put(k, M.busy, folio);
        return exit(k, M.exit, -EBUSY);
      }
    } else yield* folio_lock(k, M.lock, folio);
  } else if (held) folio_put(k, M.get, folio);
  // Mend of N-04: lock and reference stay with the fault page, which may be unmapped by now and would be freed with
  // the other pieces. Up to v7.1.5 they stay with the head and are taken anew, too late.
  const atFaultPage = folio === faultFolio && k.fixes.has('N-04');
  const ret = yield* split_folio(k, M.split, folio, atFaultPage ? faultPage - 1 : -1);
  if (k.concurrent) yield YIELD.OTHER;
  if (ret === 0 && atFaultPage) return exit(k, M.exit, 0);
  if (ret !== 0) {
    if (folio !== faultFolio) {
      folio_unlock(k, M.failed, folio);
      folio_put(k, M.failed, folio);
    }
    return exit(k, M.exit, ret);
  }
  const newFaultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  if (newFaultFolio === 0) {
    folio_unlock(k, M.done, folio);
    folio_put(k, M.done, folio);
  } else if (folio !== newFaultFolio) {
    if (newFaultFolio !== faultFolio) {
      folio_get(k, M.faultGet, newFaultFolio);
      yield* folio_lock(k, M.faultLock, newFaultFolio);
    }
    folio_unlock(k, M.done, folio);
    folio_put(k, M.done, folio);
  }
  return exit(k, M.exit, 0);
}
