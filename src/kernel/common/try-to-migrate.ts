import { F } from '../../machine/layout.ts';
import { childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import {
  pmdPfn,
  pmd_trans_huge,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_write,
} from '../../machine/words/pte.ts';
import {
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_private_entry,
  is_writable_device_private_entry,
  swpPfn,
} from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, folio_mark_dirty, folio_nr_pages, folio_put, folio_test_anon } from './folio.ts';
import { set_pmd_migration_entry } from './huge-migration.ts';
import { split_huge_pmd_locked } from './huge-split.ts';
import { migrationHi, migrationLo, migrationType } from './migration-entry.ts';
import { mlock_drain_vma } from './mlock.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  pmdIsTable,
  pmd_lock,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_clear_flush,
  ptlOf,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';
import {
  type RmapPlace,
  folio_remove_rmap_pte,
  folio_try_share_anon_rmap_pte,
  rmapPlaces,
  rmapWalkEnd,
  rmapWalkStart,
} from './rmap.ts';

const S = sites('try_to_migrate', {
  enter: 'put migration entries into every mapping of {a:folio folio}',
  exit: '',
  lock: 'anon_vma lock for reading: no VMA goes while they are looked through',
  unlock: 'anon_vma lock released',
});
const O = sites('try_to_migrate_one', {
  enter: 'vma {a:vma}, [{b:page start}, {c:page end})',
  start: 'tell the mirrors before it is known whether the VMA still maps it',
  lockPmd: 'take the PMD lock',
  split: 'split the PMD mapping into migration entries',
  pmd: 'replace the PMD by a migration entry',
  unlockPmd: 'release the PMD lock',
  stop: 'the walk over the mappings ends here',
  lock: 'map and lock the PTE table',
  clear: 'take the mapping away',
  dirty: 'the PTE was dirty: the folio is',
  share: 'make the exclusive page shareable',
  pinned: 'it may be pinned: put the mapping back',
  install: 'write the migration entry',
  rmap: 'one mapping less',
  put: 'the reference of the mapping goes',
  unlock: 'unmap and unlock',
  end: 'the event ends',
  exit: '',
});

/**
 * try_to_migrate() (mm/rmap.c): replaces every mapping of the folio, in every process, by migration
 * entries. `split` = TTU_SPLIT_HUGE_PMD, `locked` = TTU_RMAP_LOCKED: the caller holds the anon_vma lock. May sleep.
 */
export function* try_to_migrate(k: Kernel, f: number, split: boolean, locked = false): Run<void> {
  enter(k, S.enter, f, split ? 1 : 0);
  const av = locked ? 0 : yield* rmapWalkStart(k, S.lock, f);
  for (const place of rmapPlaces(k.m, f)) {
    if (!(yield* try_to_migrate_one(k, f, place, split))) break;
    if (k.m.f(f, F.MAP) === 0) break;
  }
  rmapWalkEnd(k, S.unlock, av);
  exit(k, S.exit, 0, k.m.f(f, F.MAP));
}

/** try_to_migrate_one(): one VMA. @returns false when the walk over the mappings must stop. */
function* try_to_migrate_one(k: Kernel, f: number, place: RmapPlace, split: boolean): Run<boolean> {
  const m = k.m;
  enter(k, O.enter, place.vma, place.start, place.end);
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, place.mm, place.start, place.end);
  yield* mmu_notifier_invalidate_range_start(k, O.start, event);
  let goOn = true;
  const head = m.f(f, F.PFN);
  const nr = folio_nr_pages(m, f);
  for (let page = place.start; page < place.end && goOn; ) {
    const pmd = findEntry(m, place.mm, page, 2);
    const pmdEnd = Math.min(place.end, (page | 511) + 1);
    if (pmd === 0) {
      page = pmdEnd;
      continue;
    }
    if (!pmdIsTable(m, pmd)) {
      if (!pmdMaps(k, pmd, head)) {
        page = pmdEnd;
        continue;
      }
      const ptl = yield* pmd_lock(k, O.lockPmd, pmd);
      // Seen without the lock: it may be another entry, or a table, by now.
      if (!pmdMaps(k, pmd, head)) {
        spin_unlock(k, O.unlockPmd, ptl);
        continue;
      }
      if (split) {
        at(k, O.split, page);
        split_huge_pmd_locked(k, O.split, place.vma, pmd, true);
        spin_unlock(k, O.unlockPmd, ptl);
        // M-02: up to v7.0 the walk over the other mappings stops after a PMD split, so a folio that two
        // processes map by PMD stays mapped. From v7.1.5 on it goes on.
        if (!k.fixes.has('M-02')) {
          at(k, O.stop);
          goOn = false;
        }
        page = pmdEnd;
        continue;
      }
      const r = set_pmd_migration_entry(k, place.mm, pmd, page & ~511, f);
      spin_unlock(k, O.unlockPmd, ptl);
      if (r !== 0) goOn = false;
      page = pmdEnd;
      continue;
    }
    if (!tableMaps(k, childTable(m, pmd) * 512, page, pmdEnd, head, nr)) {
      page = pmdEnd;
      continue;
    }
    let pte = yield* pte_offset_map_lock(k, O.lock, pmd, page);
    if (pte === 0) continue;
    const ptl = ptlOf(pte);
    for (; page < pmdEnd && goOn; page++, pte++)
      if (mappedPage(k, pte, head, nr) >= 0) goOn = migrateOne(k, f, pte, place.vma);
    pte_unmap_unlock(k, O.unlock, ptl);
  }
  yield* mmu_notifier_invalidate_range_end(k, O.end, event);
  exit(k, O.exit, goOn ? 1 : 0);
  return goOn;
}

/** True when a non-table PMD maps the folio whose first page is `head` (present or device-private). */
function pmdMaps(k: Kernel, pmd: number, head: number): boolean {
  const lo = entryLo(k.m, pmd);
  const hi = entryHi(k.m, pmd);
  if (pmd_trans_huge(lo, hi)) return pmdPfn(lo, hi) === head;
  return is_device_private_entry(lo, hi) && swpPfn(lo, hi) === head;
}

/** Page frame that a PTE maps if it belongs to the folio, else -1. */
function mappedPage(k: Kernel, pte: number, head: number, nr: number): number {
  const lo = entryLo(k.m, pte);
  const hi = entryHi(k.m, pte);
  let pfn = -1;
  if (!pte_none(lo, hi)) {
    if (pte_present(lo, hi)) pfn = ptePfn(lo, hi);
    else if (is_device_private_entry(lo, hi)) pfn = swpPfn(lo, hi);
  }
  return pfn >= head && pfn < head + nr ? pfn : -1;
}

function tableMaps(k: Kernel, table: number, start: number, end: number, head: number, nr: number): boolean {
  for (let page = start; page < end; page++) if (mappedPage(k, table + (page & 511), head, nr) >= 0) return true;
  return false;
}

function migrateOne(k: Kernel, f: number, pte: number, vma: number): boolean {
  const m = k.m;
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  const present = pte_present(lo, hi);
  const pfn = present ? ptePfn(lo, hi) : swpPfn(lo, hi);
  const exclusive = folio_test_anon(m, f) && PageAnonExclusive(m, pfn);
  ptep_clear_flush(k, O.clear, pte);
  if (present && pte_dirty(lo, hi)) folio_mark_dirty(k, O.dirty, f);
  if (exclusive && folio_try_share_anon_rmap_pte(k, O.share, pfn) !== 0) {
    set_pte_at(k, O.pinned, pte, lo, hi);
    return false;
  }
  const write = present ? pte_write(lo, hi) : is_writable_device_private_entry(lo, hi);
  const type = migrationType(write, exclusive);
  set_pte_at(k, O.install, pte, migrationLo(type, pfn, lo, hi), migrationHi(type, pfn, lo, hi));
  folio_remove_rmap_pte(k, O.rmap, pfn, vma);
  mlock_drain_vma(k, vma);
  folio_put(k, O.put, f);
  return true;
}
