import { F, PG } from '../../machine/layout.ts';
import { childTable, entryHi, entryLo } from '../../machine/page-table.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import { is_migration_entry, swpPfn } from '../../machine/words/swp.ts';
import { folioHas, folio_put, folio_unlock, is_device_private_pfn } from '../common/folio.ts';
import { folio_migrate_flags, folio_migrate_mapping } from '../common/migrate.ts';
import { pmdIsTable } from '../common/pgtable.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { descend } from './descend.ts';
import { changeEntry, clearEntry, entryHas, pageOf, sourceOf } from './entries.ts';

const S = sites('hmm_migrate_struct_page', {
  enter: 'the copied pages take over in [{b:page start}, {c:page end})',
  hole: 'no table for {a:page addr}: go on at {b:page next}',
  map: 'map the PTE table of {a:page addr}, without its lock',
  gone: 'entry {a:int i}: the migration entry is gone, and with it the name of the source',
  zero: 'entry {a:int i} is given up',
  putLocked: 'drop the destination, which is still locked',
  mapping: 'entry {a:int i}: a page with a mapping cannot live in memory that the CPU cannot address',
  migrate: 'entry {a:int i}: move the page’s identity',
  failed: 'entry {a:int i}: {b:errno ret}',
  clear: 'clear MIGRATE; the destination stays in the entry',
  unlock: 'unlock the destination',
  put: 'drop the destination',
  exit: '',
});

/** hmm_migrate_struct_page() (HMM v13): phase 5. Walks the range by hand, because only the PTEs still name the sources. */
export function hmm_migrate_struct_page(k: Kernel, migrate: number): void {
  const m = k.m;
  const o = m.obj;
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  enter(k, S.enter, migrate, start, end);
  let addr = start;
  while (addr < end) {
    const { pmd, next } = descend(k, o.get(migrate + HMM_MIGRATE.MM), addr, end);
    if (pmd === 0 || !pmdIsTable(m, pmd)) {
      at(k, S.hole, addr, next);
      addr = next;
      continue;
    }
    at(k, S.map, addr);
    const table = childTable(m, pmd) * 512;
    for (; addr < next; addr++) movePage(k, migrate, addr - start, table + (addr & 511));
  }
  exit(k, S.exit, 0, migrate);
}

function movePage(k: Kernel, migrate: number, i: number, ptep: number): void {
  const m = k.m;
  const dst = pageOf(k, migrate, i);
  if (dst < 0 || !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) return;
  const lo = entryLo(m, ptep);
  const hi = entryHi(m, ptep);
  const to = m.folioOf(dst);
  if (!is_migration_entry(lo, hi)) {
    at(k, S.gone, i);
    if (k.fixes.has('H-13')) {
      giveBack(k, migrate, i, to);
      return;
    }
    clearEntry(k, S.zero, migrate, i);
    finding(k, S.putLocked, RULE.WARN, to);
    folio_put(k, S.putLocked, to);
    return;
  }
  const from = m.folioOf(k.fixes.has('H-13') ? sourceOf(k, migrate, i) : swpPfn(lo, hi));
  const mapped = m.f(from, F.MAPPING) !== 0 || folioHas(m, from, PG.SWAPCACHE);
  if (mapped && is_device_private_pfn(dst)) {
    at(k, S.mapping, i);
    fail(k, migrate, i, to);
    return;
  }
  at(k, S.migrate, i);
  const ret = folio_migrate_mapping(k, from, to, 0);
  if (ret === 0) {
    folio_migrate_flags(k, from, to);
    return;
  }
  at(k, S.failed, i, ret);
  fail(k, migrate, i, to);
}

/** H-13: only the flag goes, so the last phase takes the destination for a page that has moved. */
function fail(k: Kernel, migrate: number, i: number, dst: number): void {
  if (k.fixes.has('H-13')) giveBack(k, migrate, i, dst);
  else changeEntry(k, S.clear, migrate, i, 0, HMM_PFN_2016.MIGRATE);
}

/** The mend of H-13: a destination that is not used goes back at once, and the entry names nothing any more. */
function giveBack(k: Kernel, migrate: number, i: number, dst: number): void {
  clearEntry(k, S.zero, migrate, i);
  folio_unlock(k, S.unlock, dst);
  folio_put(k, S.put, dst);
}
