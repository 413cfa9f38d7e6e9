import { F } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { pmdPfn, pmd_none, pmd_present, pmd_trans_huge, pte_write } from '../../machine/words/pte.ts';
import { is_device_private_entry, is_writable_device_private_entry, swpPfn } from '../../machine/words/swp.ts';
import {
  folio_get,
  folio_put,
  folio_trylock,
  folio_unlock,
  is_device_coherent_pfn,
  is_huge_zero_pfn,
} from '../common/folio.ts';
import { migrateWordHi, migrateWordLo } from '../common/migrate-pfn.ts';
import { set_pmd_migration_entry } from '../common/huge-migration.ts';
import { pmd_lock, spin_unlock } from '../common/pgtable.ts';
import { split_folio } from '../common/split-folio.ts';
import { EAGAIN, ENOENT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { setWord } from '../unified/pfns.ts';
import { collectHole, migrate_vma_collect_skip, storeEntries } from './collect-hole.ts';

const S = sites('migrate_vma_collect_huge_pmd', {
  enter: 'a PMD that is no table, pages [{a:page start}, {b:page end})',
  lock: 'look at it under the PMD lock',
  none: 'it is none: a hole',
  notSelected: 'this kind of memory is not selected',
  hugeZero: 'the huge zero page: empty pages to migrate, the PMD stays',
  otherEntry: 'no device memory of ours: skipped, a migration entry is not waited for',
  table: 'it has become a table (-EAGAIN): look again',
  get: 'hold the folio',
  trylock: 'lock the folio without waiting (a page-table lock is held)',
  busy: 'somebody else has the folio lock: all pages are skipped',
  src: 'the first entry names the folio and stands for all',
  install: 'replace the PMD by a migration entry',
  failed: 'that failed ({a:errno r}): take the entry back',
  unlock: 'release the PMD lock',
  split: 'it cannot move as one: split it into pages of its own',
  done: 'give lock and reference back',
  splitFailed: 'the split failed ({a:errno r}): all pages are skipped',
  vanished: 'the PMD is none now: a hole',
  exit: '',
});

/**
 * migrate_vma_collect_huge_pmd() (mm/migrate_device.c, v6.19): collects a folio that one PMD entry maps, as one when
 * COMPOUND is selected and the stretch is the whole PMD; otherwise splits it.
 * Locks: no page-table lock on entry and exit; a collected folio stays locked.
 * @returns 0 (all entries are written), -EAGAIN (look at the PMD again), -ENOENT (go on with its PTEs).
 */
export function* migrate_vma_collect_huge_pmd(
  k: Kernel,
  pmdp: number,
  start: number,
  end: number,
  migrate: number,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, S.enter, start, end, migrate);
  const flags = o.get(migrate + MIGRATE.FLAGS);
  const faultPage = o.get(migrate + MIGRATE.FAULT_PAGE);
  const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  const ptl = yield* pmd_lock(k, S.lock, pmdp);
  const lo = entryLo(m, pmdp);
  const hi = entryHi(m, pmdp);

  if (pmd_none(lo, hi)) {
    spin_unlock(k, S.none, ptl);
    return exit(k, S.exit, collectHole(k, start, end, -1, migrate), migrate);
  }
  let pfn: number;
  let write: boolean;
  if (pmd_trans_huge(lo, hi)) {
    pfn = pmdPfn(lo, hi);
    // F-19: there is no test for device-coherent memory here; SYSTEM selects it.
    const coherent = k.fixes.has('F-19') && is_device_coherent_pfn(pfn);
    const wanted = coherent
      ? (flags & MIGRATE_VMA_SELECT_DEVICE_COHERENT) !== 0 &&
        m.f(m.folioOf(pfn), F.OWNER) === o.get(migrate + MIGRATE.OWNER)
      : (flags & MIGRATE_VMA_SELECT_SYSTEM) !== 0;
    if (!wanted) return exit(k, S.exit, skip(k, S.notSelected, ptl, start, end, migrate), migrate);
    if (is_huge_zero_pfn(m, pfn)) {
      spin_unlock(k, S.hugeZero, ptl);
      return exit(k, S.exit, collectHole(k, start, end, -1, migrate), migrate);
    }
    write = pte_write(lo, hi);
  } else if (!pmd_present(lo, hi)) {
    if (!is_device_private_entry(lo, hi))
      return exit(k, S.exit, skip(k, S.otherEntry, ptl, start, end, migrate), migrate);
    pfn = swpPfn(lo, hi);
    if (
      (flags & MIGRATE_VMA_SELECT_DEVICE_PRIVATE) === 0 ||
      m.f(m.folioOf(pfn), F.OWNER) !== o.get(migrate + MIGRATE.OWNER)
    )
      return exit(k, S.exit, skip(k, S.notSelected, ptl, start, end, migrate), migrate);
    write = is_writable_device_private_entry(lo, hi);
  } else {
    spin_unlock(k, S.table, ptl);
    return exit(k, S.exit, -EAGAIN, migrate);
  }

  const folio = m.folioOf(pfn);
  folio_get(k, S.get, folio);
  if (folio !== faultFolio && !folio_trylock(k, S.trylock, folio)) {
    spin_unlock(k, S.busy, ptl);
    folio_put(k, S.busy, folio);
    return exit(k, S.exit, migrate_vma_collect_skip(k, start, end, migrate), migrate);
  }

  if ((flags & MIGRATE_VMA_SELECT_COMPOUND) !== 0 && ((start | end) & 511) === 0) {
    const word = MIGRATE_PFN_MIGRATE | MIGRATE_PFN_COMPOUND | (write ? MIGRATE_PFN_WRITE : 0);
    storeEntries(k, S.src, migrate, 1, migrateWordLo(k, pfn, word, 'by-page'), migrateWordHi(k, pfn));
    at(k, S.install, start);
    const r = set_pmd_migration_entry(k, o.get(migrate + MIGRATE.MM), pmdp, start, folio);
    if (r === 0) {
      migrate_vma_collect_skip(k, start + 1, end, migrate);
      spin_unlock(k, S.unlock, ptl);
      return exit(k, S.exit, 0, migrate);
    }
    at(k, S.failed, r);
    const i = o.get(migrate + MIGRATE.NPAGES) - 1;
    o.set(migrate + MIGRATE.NPAGES, i);
    o.set(migrate + MIGRATE.CPAGES, o.get(migrate + MIGRATE.CPAGES) - 1);
    setWord(k, o.get(migrate + MIGRATE.SRC), i, 0, 0);
  }

  spin_unlock(k, S.unlock, ptl);
  // L-02: the fault handler holds a reference already, so this is one more than a split allows.
  const early = folio === faultFolio && k.fixes.has('L-02');
  if (early) folio_put(k, S.done, folio);
  const r = yield* split_folio(k, S.split, folio);
  if (k.concurrent) yield YIELD.OTHER;
  if (folio !== faultFolio) folio_unlock(k, S.done, folio);
  if (!early) folio_put(k, S.done, folio);
  if (r !== 0) {
    at(k, S.splitFailed, r);
    return exit(k, S.exit, migrate_vma_collect_skip(k, start, end, migrate), migrate);
  }
  if (k.concurrent) yield YIELD.OTHER;
  if (pmd_none(entryLo(m, pmdp), entryHi(m, pmdp))) {
    at(k, S.vanished);
    return exit(k, S.exit, collectHole(k, start, end, -1, migrate), migrate);
  }
  return exit(k, S.exit, -ENOENT, migrate);
}

function skip(k: Kernel, site: number, ptl: number, start: number, end: number, migrate: number): number {
  spin_unlock(k, site, ptl);
  return migrate_vma_collect_skip(k, start, end, migrate);
}
