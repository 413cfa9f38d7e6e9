import { PMD_PAGES, childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { is_migration_entry, swpPfn } from '../../machine/words/swp.ts';
import { folio_put, folio_putback_lru, folio_unlock, is_zone_device_pfn } from '../common/folio.ts';
import { remove_migration_ptes } from '../common/migrate.ts';
import { oops } from '../common/oops.ts';
import { pmdIsTable } from '../common/pgtable.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { boundary, descend } from './descend.ts';
import { addPages, clearEntry, pageOf, sourceOf } from './entries.ts';

const S = sites('hmm_migrate_remove_migration_pte', {
  enter: 'replace the migration entries in [{b:page start}, {c:page end})',
  hole: 'no table for {a:page addr}: go on at {b:page next}',
  invalid: 'no table for {a:page addr}, and nobody looks: an invalid pointer is followed',
  map: 'map the PTE table of {a:page addr}, without its lock',
  replace: 'entry {a:int i}: {b:folio page} becomes {c:folio newpage}',
  zero: 'entry {a:int i} is done',
  unlock: 'unlock the source',
  put: 'drop the source’s reference',
  putback: 'the source goes back to the LRU, which drops the reference of the isolation',
  unlockNew: 'unlock the destination',
  putNew: 'drop the driver’s reference',
  putbackNew: 'the destination goes to the LRU, which drops the driver’s reference',
  exit: '',
});

/**
 * hmm_migrate_remove_migration_pte() (HMM v13): phase 7. Every migration entry of the range is replaced by a mapping of
 * the page in pfns[], or of its own page when there is none, whoever has made it.
 */
export function* hmm_migrate_remove_migration_pte(k: Kernel, migrate: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  const mm = o.get(migrate + HMM_MIGRATE.MM);
  enter(k, S.enter, migrate, start, end);
  let addr = start;
  while (addr < end) {
    const pmd = findEntry(m, mm, addr, 2);
    if (pmd === 0 || !pmdIsTable(m, pmd)) {
      // H-14: no test for none or huge on the way down.
      if (!k.fixes.has('H-14')) {
        at(k, S.invalid, addr);
        yield* oops(k, S.invalid);
      }
      const { next } = descend(k, mm, addr, end);
      at(k, S.hole, addr, next);
      addr = next;
      continue;
    }
    at(k, S.map, addr);
    const table = childTable(m, pmd) * 512;
    const next = boundary(addr, PMD_PAGES, end);
    for (; addr < next; addr++) {
      const source = sourceAt(k, migrate, addr - start, table + (addr & 511));
      if (source >= 0) yield* replace(k, migrate, addr - start, source);
    }
  }
  exit(k, S.exit, 0, o.get(migrate + HMM_MIGRATE.NPAGES));
}

/** Page frame of the page that entry i was, -1 when there is nothing to replace. H-13 mended: only what was collected here. */
function sourceAt(k: Kernel, migrate: number, i: number, ptep: number): number {
  if (k.fixes.has('H-13')) return sourceOf(k, migrate, i);
  const lo = entryLo(k.m, ptep);
  const hi = entryHi(k.m, ptep);
  return is_migration_entry(lo, hi) ? swpPfn(lo, hi) : -1;
}

function* replace(k: Kernel, migrate: number, i: number, source: number): Run<void> {
  const m = k.m;
  const dst = pageOf(k, migrate, i);
  const page = m.folioOf(source);
  const newpage = dst < 0 ? page : m.folioOf(dst);
  at(k, S.replace, i, page, newpage);
  yield* remove_migration_ptes(k, page, newpage);
  clearEntry(k, S.zero, migrate, i);
  folio_unlock(k, S.unlock, page);
  addPages(k, migrate, -1);
  if (is_zone_device_pfn(source)) folio_put(k, S.put, page);
  else folio_putback_lru(k, S.putback, page);
  if (newpage === page) return;
  folio_unlock(k, S.unlockNew, newpage);
  if (is_zone_device_pfn(dst)) folio_put(k, S.putNew, newpage);
  else folio_putback_lru(k, S.putbackNew, newpage);
}
