import { entryHi, entryLo, PMD_PAGES } from '../../machine/page-table.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import { pte_none } from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_MIGRATION_READ,
  _PAGE_SWP_SOFT_DIRTY,
  is_migration_entry,
  swpHi,
  swpLo,
  swpType,
} from '../../machine/words/swp.ts';
import {
  folio_get,
  folio_put,
  folio_putback_lru,
  folio_test_anon,
  folio_unlock,
  is_device_private_pfn,
  is_zone_device_pfn,
} from '../common/folio.ts';
import { PLAIN, mkPteHi, mkPteLo } from '../common/mk-entry.ts';
import { oops } from '../common/oops.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptep_get_and_clear, ptlOf, set_pte_at } from '../common/pgtable.ts';
import { folio_add_anon_rmap_pte, folio_add_file_rmap_pte } from '../common/rmap.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { boundary, descend } from './descend.ts';
import { clearEntry, entryHas, pageOf } from './entries.ts';

/** The rollback has no name of its own in 2016: it is the second half of hmm_migrate_lock_and_isolate(). */
const R = sites('hmm_migrate_restore', {
  enter: 'put {b:int restore} mappings back',
  skip: 'page {a:page addr}: {b:bool migrates}, stepped over',
  begin: 'page {a:page addr}: work on its table from here on',
  hole: 'no table for {a:page addr}: go on at {b:page next}',
  lock: 'map and lock the PTE table',
  clear: 'page {a:page addr}: take the entry away first, then look at it',
  lost: 'page {b:page addr}: its PTE is not put back, the mapping is lost',
  get: 'the mapping holds a reference',
  rmap: 'one mapping more',
  install: 'write the old PTE, read-only',
  unlock: 'unmap and unlock',
  beyond: 'index {a:int i} of an array of {b:int entries}',
  zero: 'entry {a:int i} is given up',
  unlockPage: 'unlock the page',
  put: 'drop the reference',
  putback: 'back to the LRU, which drops the reference of the isolation',
  exit: '',
});

/** PAGE_SHIFT, by which H-10 advances an address, and PAGE_SIZE, by which it should. */
const PAGE_SHIFT = 12;
const PAGE_SIZE = 4096;

/** An entry that failed: it names a page and does not migrate. */
const failed = (k: Kernel, migrate: number, i: number): boolean =>
  pageOf(k, migrate, i) >= 0 && !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE);

/**
 * The rollback pass of phase 2: walks the range once more by hand and gives the failed pages their PTEs back.
 * @param restore number of failed entries, as the caller has counted them
 */
export function* restoreFailed(k: Kernel, migrate: number, restore: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  const vma = o.get(migrate + HMM_MIGRATE.VMA);
  enter(k, R.enter, migrate, restore);
  let left = restore;
  let addr = start;
  while (addr < end && left > 0) {
    const migrates = entryHas(k, migrate, addr - start, HMM_PFN_2016.MIGRATE);
    // H-07: the test is the wrong way round, so a table is begun at the first entry that did not fail.
    const begins = k.fixes.has('H-07') ? !migrates : migrates;
    if (pageOf(k, migrate, addr - start) < 0 || !begins) {
      at(k, R.skip, addr, migrates ? 1 : 0);
      addr++;
      continue;
    }
    const restart = addr;
    at(k, R.begin, restart);
    const { pmd, next } = descend(k, o.get(migrate + HMM_MIGRATE.MM), addr, end);
    const ptep = pmd === 0 ? 0 : yield* pte_offset_map_lock(k, R.lock, pmd, addr);
    if (ptep === 0) {
      at(k, R.hole, addr, next);
      addr = next;
      continue;
    }
    const tableEnd = boundary(addr, PMD_PAGES, end);
    for (let pte = ptep; addr < tableEnd; addr++, pte++)
      if (failed(k, migrate, addr - start)) restorePte(k, migrate, vma, pte, addr);
    pte_unmap_unlock(k, R.unlock, ptlOf(ptep));
    left = yield* releasePages(k, migrate, restart, tableEnd, left);
  }
  exit(k, R.exit, 0, left);
}

/** The inner loop: one PTE of a failed page. */
function restorePte(k: Kernel, migrate: number, vma: number, ptep: number, addr: number): void {
  const m = k.m;
  const lo = entryLo(m, ptep);
  const hi = entryHi(m, ptep);
  const migration = is_migration_entry(lo, hi);
  // H-08: whatever is there is taken away before it is looked at; only a migration entry comes back as a PTE.
  if (!migration && k.fixes.has('H-08')) return;
  at(k, R.clear, addr);
  ptep_get_and_clear(k, R.clear, ptep);
  if (!migration) {
    if (!pte_none(lo, hi)) finding(k, R.lost, RULE.MAPPING_LOST, addr);
    return;
  }
  const pfn = pageOf(k, migrate, addr - m.obj.get(migrate + HMM_MIGRATE.START));
  const folio = m.folioOf(pfn);
  // H-09: the slot that was just emptied is asked for its soft-dirty bit.
  const softDirty = ((k.fixes.has('H-09') ? lo : entryLo(m, ptep)) & _PAGE_SWP_SOFT_DIRTY) !== 0;
  folio_get(k, R.get, folio);
  // The write flag is one bit and is masked with VM_WRITE, another bit: no page comes back writable.
  if (is_device_private_pfn(pfn)) {
    const flags = softDirty ? _PAGE_SWP_SOFT_DIRTY : 0;
    set_pte_at(k, R.install, ptep, swpLo(SWP_DEVICE_READ, pfn, flags), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
  } else {
    const bits = { ...PLAIN, softDirty };
    set_pte_at(k, R.install, ptep, mkPteLo(m, vma, pfn, bits), mkPteHi(m, vma, pfn, bits));
  }
  if (folio_test_anon(m, folio))
    folio_add_anon_rmap_pte(k, R.rmap, pfn, vma, addr, swpType(lo, hi) !== SWP_MIGRATION_READ);
  else folio_add_file_rmap_pte(k, R.rmap, pfn, addr);
}

/**
 * The third loop: gives the failed entries of a table up. @returns how many are still to be restored.
 * The kernel stops when the index leaves the array.
 */
function* releasePages(k: Kernel, migrate: number, restart: number, end: number, restore: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  const first = o.get(migrate + HMM_MIGRATE.START);
  const entries = o.get(migrate + HMM_MIGRATE.END) - first;
  const bytes = (end - restart) * PAGE_SIZE;
  // H-10: 12 bytes further for each entry, so the index runs 341 entries ahead for every page.
  const stride = k.fixes.has('H-10') ? PAGE_SIZE : PAGE_SHIFT;
  let left = restore;
  let i = restart - first;
  for (let offset = 0; offset < bytes && left > 0; offset += stride, i++) {
    if (i >= entries) {
      at(k, R.beyond, i, entries);
      yield* oops(k, R.beyond);
    }
    if (!failed(k, migrate, i)) continue;
    const pfn = pageOf(k, migrate, i);
    const folio = m.folioOf(pfn);
    clearEntry(k, R.zero, migrate, i);
    folio_unlock(k, R.unlockPage, folio);
    left--;
    if (is_zone_device_pfn(pfn) || k.fixes.has('H-05')) folio_put(k, R.put, folio);
    else folio_putback_lru(k, R.putback, folio);
  }
  return left;
}
