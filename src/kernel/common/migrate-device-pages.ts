import { F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { is_migration_entry, swpPfn } from '../../machine/words/swp.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE, MMU_NOTIFY } from '../structs.ts';
import { putWord, setWord, wordHi, wordLo } from '../unified/pfns.ts';
import {
  cacheRefs,
  folio_get,
  folio_is_device_coherent,
  folio_is_device_private,
  folio_nr_pages,
  folio_test_anon,
} from './folio.ts';
import { split_huge_pmd_address } from './huge-split.ts';
import { migrate_vma_insert_page } from './insert-page.ts';
import { migrateWordHi, migrateWordLo } from './migrate-pfn.ts';
import { COMPOUND, MIG, clearBits, migratePage } from './migrate-words.ts';
import { folio_migrate_flags, folio_migrate_mapping } from './migrate.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { pmdIsTable } from './pgtable.ts';
import { rmapPlaces } from './rmap.ts';
import { folio_split_unmapped } from './split-folio.ts';
import { folio_free_swap } from './swapfile.ts';

const VP = sites('migrate_vma_pages', { enter: 'commit: the copied pages take over', exit: '' });

/** migrate_vma_pages() (mm/migrate_device.c). */
export function* migrate_vma_pages(k: Kernel, migrate: number): Run<void> {
  enter(k, VP.enter, migrate);
  yield* __migrate_device_pages(k, migrate);
  exit(k, VP.exit, 0, migrate);
}

const DP = sites('__migrate_device_pages', {
  enter: '{b:int npages} entries',
  noDst: 'entry {a:int i}: no destination page, it stays',
  insertStart: 'the first empty page: tell the mirrors',
  insert: 'entry {a:int i}: map the destination into the empty place',
  splitSrc: 'entry {a:int i}: the destination is small pages, so split the unmapped source',
  splitFailed: 'that failed ({b:errno ret}): give the entry up',
  orderMismatch: 'entry {a:int i}: a large destination for a small source: give the entry up',
  notAnon: 'entry {a:int i}: file pages cannot live on this device',
  migrate: 'entry {a:int i}: move the page’s identity',
  failed: 'entry {a:int i}: {b:errno ret}, it stays',
  gone: 'entry {a:int i}: its migration entry is gone, somebody has unmapped the page for good',
  insertEnd: 'the event ends',
  exit: '',
  freeSwap: 'the page is in the swap cache: give its slot up',
});

function* __migrate_device_pages(k: Kernel, migrate: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  const npages = o.get(migrate + MIGRATE.NPAGES);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const start = o.get(migrate + MIGRATE.START);
  const faultPage = o.get(migrate + MIGRATE.FAULT_PAGE);
  enter(k, DP.enter, migrate, npages);
  let event = 0;
  for (let i = 0; i < npages; ) {
    let nr = 1;
    const newPfn = migratePage(k, dst, i);
    const pfn = migratePage(k, src, i);
    const addr = start + i;
    if (newPfn < 0) {
      if ((wordLo(k, src, i) & MIG) !== 0) clearBits(k, DP.noDst, src, i, MIG);
      i++;
      continue;
    }
    if (k.concurrent) yield YIELD.OTHER;
    if (pfn < 0) {
      if ((wordLo(k, src, i) & MIG) === 0) {
        i++;
        continue;
      }
      if (event === 0) {
        event = mmu_notifier_range_init(
          k,
          MMU_NOTIFY.MIGRATE,
          o.get(migrate + MIGRATE.MM),
          addr,
          o.get(migrate + MIGRATE.END),
          o.get(migrate + MIGRATE.OWNER),
        );
        yield* mmu_notifier_invalidate_range_start(k, DP.insertStart, event);
      }
      if ((wordLo(k, src, i) & COMPOUND) !== 0 && (wordLo(k, dst, i) & COMPOUND) === 0) {
        nr = 512;
        clearBits(k, DP.insert, src, i, COMPOUND);
      }
      for (let j = 0; j < nr && i + j < npages; j++) {
        putWord(k, DP.insert, src, i + j, wordLo(k, src, i + j) | MIG, wordHi(k, src, i + j));
        yield* migrate_vma_insert_page(k, migrate, addr + j, i + j);
      }
      i += nr;
      continue;
    }

    // Mend of M-04: what was unmapped for good since setup does not count as migrated.
    const mm = o.get(migrate + MIGRATE.MM);
    if (k.fixes.has('M-04') && mm !== 0 && (wordLo(k, src, i) & MIG) !== 0 && !stillThere(k, mm, addr)) {
      at(k, DP.gone, i);
      clearBits(k, DP.gone, src, i, MIG);
      i++;
      continue;
    }
    const folio = m.folioOf(pfn);
    if ((wordLo(k, src, i) & COMPOUND) !== 0 && (wordLo(k, dst, i) & COMPOUND) === 0) {
      nr = folio_nr_pages(m, folio);
      at(k, DP.splitSrc, i);
      // Pages collected by their frames alone come without a VMA, and cannot be split.
      const noVma = o.get(migrate + MIGRATE.VMA) === 0;
      const ret = noVma ? -EINVAL : yield* migrate_vma_split_unmapped_folio(k, migrate, i, addr, folio);
      if (ret !== 0) {
        at(k, DP.splitFailed, i, ret);
        clearBits(k, DP.splitFailed, src, i, MIG | COMPOUND);
        i += nr;
        continue;
      }
    } else if (
      (wordLo(k, src, i) & MIG) !== 0 &&
      (wordLo(k, dst, i) & COMPOUND) !== 0 &&
      (wordLo(k, src, i) & COMPOUND) === 0
    ) {
      clearBits(k, DP.orderMismatch, src, i, MIG);
    }

    const newFolio = m.folioOf(newPfn);
    if (folio_is_device_private(m, newFolio) || folio_is_device_coherent(m, newFolio)) {
      if (cacheRefs(m, folio) > 0 && (!folio_test_anon(m, folio) || !folio_free_swap(k, DP.freeSwap, folio))) {
        at(k, DP.notAnon, i);
        clearBits(k, DP.notAnon, src, i, MIG);
        i += nr;
        continue;
      }
    }
    for (let j = 0; j < nr && i + j < npages; j++) {
      const s = m.folioOf(migratePage(k, src, i + j));
      const d = m.folioOf(migratePage(k, dst, i + j));
      const extra = faultPage !== 0 && migratePage(k, src, i + j) === faultPage - 1 ? 1 : 0;
      at(k, DP.migrate, i + j);
      const ret = folio_migrate_mapping(k, s, d, extra);
      if (ret !== 0) {
        at(k, DP.failed, i + j, ret);
        clearBits(k, DP.failed, src, i + j, MIG);
      } else folio_migrate_flags(k, s, d);
    }
    // Without a split the 511 tail entries of a compound source are 0 and are walked over one by one.
    i += nr;
  }
  if (event !== 0) yield* mmu_notifier_invalidate_range_end(k, DP.insertEnd, event);
  exit(k, DP.exit, 0, migrate);
}

/** True when a PMD migration entry of the folio that begins at frame `head` lies at the address. */
function collectedWhole(k: Kernel, mm: number, addr: number, head: number): boolean {
  const pmd = findEntry(k.m, mm, addr, 2);
  if (pmd === 0) return false;
  const lo = entryLo(k.m, pmd);
  const hi = entryHi(k.m, pmd);
  return is_migration_entry(lo, hi) && swpPfn(lo, hi) === head;
}

/** True while the page's migration entry is in the page table, or one of its folio's after a PMD split. */
function stillThere(k: Kernel, mm: number, addr: number): boolean {
  const { m } = k;
  const pmd = findEntry(m, mm, addr, 2);
  if (pmd === 0) return false;
  if (is_migration_entry(entryLo(m, pmd), entryHi(m, pmd))) return true;
  if (!pmdIsTable(m, pmd)) return false;
  const pte = childTable(m, pmd) * 512 + (addr & 511);
  return is_migration_entry(entryLo(m, pte), entryHi(m, pte));
}

const SU = sites('migrate_vma_split_unmapped_folio', {
  enter: 'split the collected {c:folio folio} of entry {b:int idx}',
  get: 'hold the folio',
  split: 'divide its pages',
  words: 'each page gets an entry of its own',
  exit: '',
});

/**
 * migrate_vma_split_unmapped_folio(): the collected folio becomes 512 pages, because the destination is small pages.
 * @returns 0 or -EAGAIN.
 */
function* migrate_vma_split_unmapped_folio(
  k: Kernel,
  migrate: number,
  idx: number,
  addr: number,
  folio: number,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, SU.enter, migrate, idx, folio);
  const head = m.f(folio, F.PFN);
  const nr = folio_nr_pages(m, folio);
  // M-01: v6.19 to v7.1.5 split the PMD of the collecting process only. Mended, every mapping's.
  const places = k.fixes.has('M-01') ? rmapPlaces(m, folio) : [];
  for (const place of places) {
    if (place.vma === o.get(migrate + MIGRATE.VMA) || !collectedWhole(k, place.mm, addr, head)) continue;
    folio_get(k, SU.get, folio);
    yield* split_huge_pmd_address(k, place.vma, addr, true);
  }
  folio_get(k, SU.get, folio);
  yield* split_huge_pmd_address(k, o.get(migrate + MIGRATE.VMA), addr, true);
  const ret = folio_split_unmapped(k, folio);
  if (ret !== 0) return exit(k, SU.exit, ret, migrate, idx);
  const src = o.get(migrate + MIGRATE.SRC);
  const flags = wordLo(k, src, idx) & 63 & ~COMPOUND;
  m.step(OP.PFN_WRITE, SU.words, idx, nr, src);
  for (let i = 0; i < nr; i++)
    setWord(k, src, idx + i, migrateWordLo(k, head + i, flags, 'by-page'), migrateWordHi(k, head + i));
  return exit(k, SU.exit, 0, migrate, idx);
}
