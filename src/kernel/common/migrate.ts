import { A, F, PG } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { childTable, entryHi, entryLo, entryPage, findEntry } from '../../machine/page-table.ts';
import {
  SWP_DEVICE_READ,
  SWP_DEVICE_WRITE,
  SWP_MIGRATION_READ,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_private_entry,
  is_migration_entry,
  is_writable_migration_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpPfn,
  swpType,
  swpYoung,
} from '../../machine/words/swp.ts';
import { EAGAIN } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import {
  cacheRefs,
  folioHas,
  folio_get,
  folio_nr_pages,
  folio_test_anon,
  folio_wait_locked,
  is_device_private_pfn,
  setFlag,
  clearFlag,
} from './folio.ts';
import { remove_migration_pmd } from './huge-migration.ts';
import { PLAIN, mkPteHi, mkPteLo } from './mk-entry.ts';
import { mlock_drain_vma } from './mlock.ts';
import {
  pmdIsTable,
  pmd_lock,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptlOf,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';
import { folio_add_anon_rmap_pte, folio_add_file_rmap_pte, rmapPlaces, rmapWalkEnd, rmapWalkStart } from './rmap.ts';

const S = sites('remove_migration_ptes', {
  enter: 'every migration entry of {a:folio src} becomes a mapping of {b:folio dst}',
  place: 'look in vma {a:vma} for [{b:page start}, {c:page end})',
  lockPmd: 'take the PMD lock',
  unlockPmd: 'release the PMD lock',
  lock: 'map and lock the PTE table',
  unlock: 'unmap and unlock',
  exit: '',
  rmapLock: 'anon_vma lock for reading: no VMA goes while they are looked through',
  rmapUnlock: 'anon_vma lock released',
});
const R = sites('remove_migration_pte', {
  get: 'the mapping holds a reference',
  rmap: 'one mapping more',
  install: 'write the new PTE',
  bug: 'the entry names a page that is not what is being restored: the kernel stops (BUG)',
  mistaken: 'a device-private PMD is taken for the migration entry (WARN): mapped once more without need',
});

/**
 * remove_migration_ptes() (mm/migrate.c): an rmap walk over dst that turns every migration entry of
 * src into a mapping of dst. src and dst are locked; dst may be src. `locked` = RMP_LOCKED: the caller holds the
 * anon_vma lock.
 */
export function* remove_migration_ptes(k: Kernel, src: number, dst: number, locked = false): Run<void> {
  const m = k.m;
  enter(k, S.enter, src, dst);
  const srcHead = m.f(src, F.PFN);
  const dstHead = m.f(dst, F.PFN);
  const nr = folio_nr_pages(m, src);
  const av = locked ? 0 : yield* rmapWalkStart(k, S.rmapLock, dst);
  for (const place of rmapPlaces(m, dst)) {
    at(k, S.place, place.vma, place.start, place.end);
    for (let page = place.start; page < place.end; ) {
      const pmd = findEntry(m, place.mm, page, 2);
      const pmdEnd = Math.min(place.end, (page | 511) + 1);
      if (pmd === 0) {
        page = pmdEnd;
        continue;
      }
      if (!pmdIsTable(m, pmd)) {
        const lo = entryLo(m, pmd);
        const hi = entryHi(m, pmd);
        // L-08: the walk over the mappings stops at any device-private PMD, whatever folio it maps.
        const mistaken = is_device_private_entry(lo, hi) && !k.fixes.has('L-08');
        if (mistaken || (is_migration_entry(lo, hi) && swpPfn(lo, hi) === srcHead)) {
          // M-01: a PMD migration entry of a folio that has been divided meanwhile cannot be restored.
          if (nr !== 512) yield* bug(k);
          const ptl = yield* pmd_lock(k, S.lockPmd, pmd);
          // Seen without the lock: it may be another entry, or a table, by now.
          if (entryLo(m, pmd) !== lo || entryHi(m, pmd) !== hi) {
            spin_unlock(k, S.unlockPmd, ptl);
            continue;
          }
          if (mistaken) finding(k, R.mistaken, RULE.WARN, pmd, dst);
          remove_migration_pmd(k, place.vma, pmd, dst);
          spin_unlock(k, S.unlockPmd, ptl);
        }
        page = pmdEnd;
        continue;
      }
      if (!holdsMigrationEntry(k, childTable(m, pmd) * 512, page, pmdEnd, srcHead, nr)) {
        page = pmdEnd;
        continue;
      }
      let pte = yield* pte_offset_map_lock(k, S.lock, pmd, page);
      if (pte === 0) continue;
      const ptl = ptlOf(pte);
      for (; page < pmdEnd; page++, pte++) {
        const lo = entryLo(m, pte);
        const hi = entryHi(m, pte);
        if (!is_migration_entry(lo, hi)) continue;
        const i = swpPfn(lo, hi) - srcHead;
        if (i >= 0 && i < nr) remove_migration_pte(k, place.vma, pte, page, dstHead + i);
      }
      pte_unmap_unlock(k, S.unlock, ptl);
    }
  }
  rmapWalkEnd(k, S.rmapUnlock, av);
  exit(k, S.exit, 0, m.f(dst, F.MAP));
}

function holdsMigrationEntry(k: Kernel, table: number, start: number, end: number, head: number, nr: number): boolean {
  const m = k.m;
  for (let page = start; page < end; page++) {
    const e = table + (page & 511);
    const lo = entryLo(m, e);
    const hi = entryHi(m, e);
    if (is_migration_entry(lo, hi)) {
      const i = swpPfn(lo, hi) - head;
      if (i >= 0 && i < nr) return true;
    }
  }
  return false;
}

function* bug(k: Kernel): Run<never> {
  finding(k, R.bug, RULE.BUG);
  k.m.actorSet(k.m.actor, A.WAIT, WAIT.DEAD);
  for (;;) yield YIELD.BLOCKED;
}

/** remove_migration_pte() (mm/migrate.c): one entry; PTE lock held. */
function remove_migration_pte(k: Kernel, vma: number, pte: number, page: number, pfn: number): void {
  const m = k.m;
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  const f = m.folioOf(pfn);
  folio_get(k, R.get, f);
  const softDirty = (lo & _PAGE_SWP_SOFT_DIRTY) !== 0;
  const write = is_writable_migration_entry(lo, hi);
  const uffdWp = !write && (lo & _PAGE_SWP_UFFD_WP) !== 0;
  let newLo: number;
  let newHi: number;
  if (is_device_private_pfn(pfn)) {
    const type = write ? SWP_DEVICE_WRITE : SWP_DEVICE_READ;
    newLo = swpLo(type, pfn, (softDirty ? _PAGE_SWP_SOFT_DIRTY : 0) | (uffdWp ? _PAGE_SWP_UFFD_WP : 0));
    newHi = swpHi(type, pfn, 0, 0);
  } else {
    const bits = {
      ...PLAIN,
      write,
      young: swpYoung(lo, hi),
      dirty: folioHas(m, f, PG.DIRTY) && swpDirty(lo, hi),
      softDirty,
      uffdWp,
    };
    newLo = mkPteLo(m, vma, pfn, bits);
    newHi = mkPteHi(m, vma, pfn, bits);
  }
  set_pte_at(k, R.install, pte, newLo, newHi);
  if (folio_test_anon(m, f)) folio_add_anon_rmap_pte(k, R.rmap, pfn, vma, page, swpType(lo, hi) !== SWP_MIGRATION_READ);
  else folio_add_file_rmap_pte(k, R.rmap, pfn, page);
  mlock_drain_vma(k, vma);
}

const MAP = sites('folio_migrate_mapping', {
  enter: 'move identity from {a:folio src} to {b:folio dst}',
  refs: 'references: {a:int} expected, {b:int} found',
  again: 'somebody holds a reference too many: -EAGAIN',
  move: 'index and mapping move over',
  exit: '',
});

/**
 * folio_migrate_mapping() (mm/migrate.c): dst becomes what src was for the address space.
 * @param extra references beyond mapping and caches that the caller accounts for (the fault handler's).
 * @returns 0 or -EAGAIN when the reference count is not exactly as expected.
 */
export function folio_migrate_mapping(k: Kernel, src: number, dst: number, extra: number): number {
  const m = k.m;
  enter(k, MAP.enter, src, dst, extra);
  const expected = m.f(src, F.MAP) + cacheRefs(m, src) + extra + 1;
  at(k, MAP.refs, expected, m.f(src, F.REF));
  if (m.f(src, F.REF) !== expected) {
    at(k, MAP.again);
    return exit(k, MAP.exit, -EAGAIN, src, dst);
  }
  at(k, MAP.move, src, dst);
  m.setF(dst, F.INDEX, m.f(src, F.INDEX));
  m.setF(dst, F.ANON_VMA, m.f(src, F.ANON_VMA));
  m.setF(dst, F.MAPPING, m.f(src, F.MAPPING));
  if (folioHas(m, src, PG.ANON)) setFlag(m, dst, PG.ANON);
  return exit(k, MAP.exit, 0, src, dst);
}

const FLAGS = sites('folio_migrate_flags', { copy: 'flags of {a:folio src} move to {b:folio dst}' });

/** folio_migrate_flags() (mm/migrate.c): dirty, uptodate, mlocked … follow the data. */
export function folio_migrate_flags(k: Kernel, src: number, dst: number): void {
  const m = k.m;
  m.step(OP.AT, FLAGS.copy, src, dst, 0);
  const carried = m.f(src, F.FLAGS) & (PG.DIRTY | PG.UPTODATE | PG.MLOCKED | PG.UNEVICTABLE);
  setFlag(m, dst, carried);
  clearFlag(m, src, PG.SWAPCACHE);
}

const W = sites('migration_entry_wait', {
  lock: 'look at the entry under the PTE lock',
  gone: 'it is gone already',
  unlock: 'release the lock',
  wait: 'sleep until {a:folio} is unlocked',
});
const WP = sites('pmd_migration_entry_wait', {
  lock: 'look at the entry under the PMD lock',
  gone: 'it is gone already',
  unlock: 'release the lock',
  wait: 'sleep until {a:folio} is unlocked',
});

/** migration_entry_wait() (mm/migrate.c): sleeps until the folio behind a migration entry is unlocked; takes no reference. */
export function* migration_entry_wait(k: Kernel, pmd: number, page: number): Run<void> {
  const m = k.m;
  const pte = yield* pte_offset_map_lock(k, W.lock, pmd, page);
  if (pte === 0) return;
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  pte_unmap_unlock(k, W.unlock, ptlOf(pte));
  if (!is_migration_entry(lo, hi)) {
    at(k, W.gone, page);
    return;
  }
  const f = m.folioOf(swpPfn(lo, hi));
  at(k, W.wait, f);
  yield* folio_wait_locked(k, W.wait, f);
}

/** pmd_migration_entry_wait(): the same for a PMD migration entry. */
export function* pmd_migration_entry_wait(k: Kernel, pmd: number): Run<void> {
  const m = k.m;
  const ptl = yield* pmd_lock(k, WP.lock, pmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  spin_unlock(k, WP.unlock, ptl);
  if (!is_migration_entry(lo, hi)) {
    at(k, WP.gone, entryPage(m, pmd));
    return;
  }
  const f = m.folioOf(swpPfn(lo, hi));
  at(k, WP.wait, f);
  yield* folio_wait_locked(k, WP.wait, f);
}
