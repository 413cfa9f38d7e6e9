import { F, V, VMA_KIND } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import {
  pmd_present,
  pmd_trans_huge,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_special,
  pte_write,
} from '../../machine/words/pte.ts';
import {
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_private_entry,
  is_writable_device_private_entry,
  swpPfn,
} from '../../machine/words/swp.ts';
import {
  PageAnonExclusive,
  folioHasMapping,
  folio_get,
  folio_mark_dirty,
  folio_put,
  folio_test_anon,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  is_device_coherent_pfn,
  is_zero_pfn,
  is_zone_device_pfn,
} from '../common/folio.ts';
import { migrationHi, migrationLo, migrationType } from '../common/migration-entry.ts';
import { migrateWordHi, migrateWordLo } from '../common/migrate-pfn.ts';
import {
  flush_tlb_range,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_clear_flush,
  ptep_get_and_clear,
  ptlOf,
  set_pte_at,
} from '../common/pgtable.ts';
import { folio_remove_rmap_pte, folio_try_share_anon_rmap_pte } from '../common/rmap.ts';
import { EAGAIN } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_split_folio } from '../unified/split.ts';
import { migrate_vma_collect_huge_pmd } from './collect-huge-pmd.ts';
import { migrate_vma_collect_skip, storeEntries } from './collect-hole.ts';

const S = sites('migrate_vma_collect_pmd', {
  enter: 'one PMD entry, pages [{a:page start}, {b:page end})',
  again: 'read the PMD without a lock: {a:pmd}',
  huge: 'it is no table: collect it as a whole, or split it',
  lock: 'map and lock the PTE table; the lock is kept over all of its pages',
  vanished: 'the table has vanished: look at the PMD again',
  none: 'entry {a:int i}: nothing mapped in anonymous memory, an empty page to migrate',
  zero: 'entry {a:int i}: the zero page, an empty page to migrate',
  skip: 'entry {a:int i}: not selected, or nothing that could migrate',
  noPage: 'entry {a:int i}: no page, or a page without a mapping',
  large: 'page {a:page addr}: a large folio, it has to be split first',
  unlockSplit: 'a split sleeps: unmap and unlock',
  splitFailed: 'the split failed ({a:errno ret}): the rest of the PMD is skipped',
  get: 'hold the folio',
  trylock: 'lock the folio without waiting (a page-table lock is held)',
  busy: 'somebody else has the folio lock: leave the page',
  clear: 'take the mapping away',
  share: 'make the exclusive page shareable',
  pinned: 'the page may be pinned for DMA: put the mapping back',
  dirty: 'the PTE was dirty: the folio is',
  install: 'write the migration entry',
  rmap: 'one mapping less',
  put: 'the reference of the mapping goes; the one just taken stays',
  src: 'the entry names the page: locked, unmapped here, ready for the next phase',
  flush: 'flush the TLB once for [{a:page start}, {b:page end}), the lock still held',
  unlock: 'unmap and unlock',
  exit: '',
});

/** What collectPage() says beside "done". */
const SPLIT_NEEDED = 1;

/**
 * migrate_vma_collect_pmd() (mm/migrate_device.c, v6.19): collects everything below one PMD entry. One PTE lock and
 * one range flush serve all pages of the table. @returns 0; whatever cannot migrate has an entry of 0.
 */
export function* migrate_vma_collect_pmd(
  k: Kernel,
  pmdp: number,
  start: number,
  end: number,
  migrate: number,
): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, migrate);
  const page = new PageOfTable(k, migrate);
  let addr = start;

  again: for (;;) {
    if (k.concurrent) yield YIELD.OTHER;
    at(k, S.again, pmdp);
    const lo = entryLo(m, pmdp);
    const hi = entryHi(m, pmdp);
    if (pmd_trans_huge(lo, hi) || !pmd_present(lo, hi)) {
      at(k, S.huge);
      const ret = yield* migrate_vma_collect_huge_pmd(k, pmdp, start, end, migrate);
      if (ret === -EAGAIN) continue;
      if (ret === 0) return exit(k, S.exit, 0, migrate);
    }
    let ptep = yield* pte_offset_map_lock(k, S.lock, pmdp, start);
    if (ptep === 0) {
      at(k, S.vanished);
      continue;
    }
    const ptl = ptlOf(ptep);
    ptep += addr - start;
    for (; addr < end; addr++, ptep++) {
      if (page.collect(ptep) !== SPLIT_NEEDED) continue;
      at(k, S.large, addr);
      // Mend of F-20: the reference is taken while the PTE lock still keeps the folio from being freed.
      const held = k.fixes.has('F-20');
      if (held) folio_get(k, S.get, page.large);
      pte_unmap_unlock(k, S.unlockSplit, ptl);
      const ret = yield* migrate_vma_split_folio(k, page.large, m.obj.get(migrate + MIGRATE.FAULT_PAGE), held);
      if (ret === 0) continue again;
      at(k, S.splitFailed, ret);
      if (page.unmapped > 0) flush_tlb_range(k, S.flush, start, end);
      return exit(k, S.exit, migrate_vma_collect_skip(k, addr, end, migrate), migrate);
    }
    if (page.unmapped > 0) flush_tlb_range(k, S.flush, start, end);
    pte_unmap_unlock(k, S.unlock, ptl);
    return exit(k, S.exit, 0, migrate);
  }
}

/** The body of the loop over one table's pages; PTE lock held throughout. */
class PageOfTable {
  /** present PTEs taken away so far */
  unmapped = 0;
  /** the folio that has to be split */
  large = 0;
  private readonly k: Kernel;
  private readonly migrate: number;
  private readonly flags: number;
  private readonly owner: number;
  private readonly anonVma: boolean;

  constructor(k: Kernel, migrate: number) {
    const o = k.m.obj;
    this.k = k;
    this.migrate = migrate;
    this.flags = o.get(migrate + MIGRATE.FLAGS);
    this.owner = o.get(migrate + MIGRATE.OWNER);
    this.anonVma = vmaGet(k.m, o.get(migrate + MIGRATE.VMA), V.KIND) === VMA_KIND.ANON;
  }

  /** Writes the page's entry of src[]; or writes nothing and gives SPLIT_NEEDED. */
  collect(ptep: number): number {
    const { k, migrate } = this;
    const m = k.m;
    const lo = entryLo(m, ptep);
    const hi = entryHi(m, ptep);

    if (pte_none(lo, hi)) {
      if (this.anonVma) storeEntries(k, S.none, migrate, 1, MIGRATE_PFN_MIGRATE, 0);
      else this.leave(S.skip);
      return 0;
    }
    if (!pte_present(lo, hi)) {
      if (!is_device_private_entry(lo, hi)) return this.leave(S.skip);
      const pfn = swpPfn(lo, hi);
      const folio = m.folioOf(pfn);
      if ((this.flags & MIGRATE_VMA_SELECT_DEVICE_PRIVATE) === 0 || m.f(folio, F.OWNER) !== this.owner)
        return this.leave(S.skip);
      if (folio_test_large(m, folio)) return this.needSplit(folio);
      return this.take(ptep, pfn, is_writable_device_private_entry(lo, hi));
    }
    const pfn = ptePfn(lo, hi);
    if (is_zero_pfn(m, pfn) && (this.flags & MIGRATE_VMA_SELECT_SYSTEM) !== 0) {
      storeEntries(k, S.zero, migrate, 1, MIGRATE_PFN_MIGRATE, 0);
      return 0;
    }
    if (is_zero_pfn(m, pfn) || pte_special(lo, hi)) return this.leave(S.noPage);
    const folio = m.folioOf(pfn);
    if (!is_zone_device_pfn(pfn)) {
      if ((this.flags & MIGRATE_VMA_SELECT_SYSTEM) === 0) return this.leave(S.skip);
    } else if (is_device_coherent_pfn(pfn)) {
      if ((this.flags & MIGRATE_VMA_SELECT_DEVICE_COHERENT) === 0 || m.f(folio, F.OWNER) !== this.owner)
        return this.leave(S.skip);
    }
    if (folio_test_large(m, folio)) return this.needSplit(folio);
    return this.take(ptep, pfn, pte_write(lo, hi));
  }

  private leave(site: number): number {
    storeEntries(this.k, site, this.migrate, 1, 0, 0);
    return 0;
  }

  private needSplit(folio: number): number {
    this.large = folio;
    return SPLIT_NEEDED;
  }

  /** Locks the page and replaces its PTE by a migration entry. */
  private take(ptep: number, pfn: number, writable: boolean): number {
    const { k } = this;
    const m = k.m;
    const lo = entryLo(m, ptep);
    const hi = entryHi(m, ptep);
    const present = pte_present(lo, hi);
    const folio = m.folioOf(pfn);
    if (!folioHasMapping(m, folio)) return this.leave(S.noPage);
    const faultPage = m.obj.get(this.migrate + MIGRATE.FAULT_PAGE);
    const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
    folio_get(k, S.get, folio);
    if (folio !== faultFolio && !folio_trylock(k, S.trylock, folio)) {
      folio_put(k, S.busy, folio);
      return this.leave(S.busy);
    }

    const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, pfn);
    if (exclusive) {
      ptep_clear_flush(k, S.clear, ptep);
      if (folio_try_share_anon_rmap_pte(k, S.share, pfn) !== 0) {
        set_pte_at(k, S.pinned, ptep, lo, hi);
        if (folio !== faultFolio) folio_unlock(k, S.pinned, folio);
        folio_put(k, S.pinned, folio);
        return this.leave(S.pinned);
      }
    } else ptep_get_and_clear(k, S.clear, ptep);

    // F-31: the test looks at a bit of the swap entry when the PTE is not present, and comes out true.
    if (pte_dirty(lo, hi) && (present || !k.fixes.has('F-31'))) folio_mark_dirty(k, S.dirty, folio);
    const type = migrationType(writable, exclusive);
    set_pte_at(k, S.install, ptep, migrationLo(type, pfn, lo, hi), migrationHi(type, pfn, lo, hi));
    folio_remove_rmap_pte(k, S.rmap, pfn, k.m.obj.get(this.migrate + MIGRATE.VMA));
    folio_put(k, S.put, folio);
    if (present) this.unmapped++;
    storeEntries(
      k,
      S.src,
      this.migrate,
      1,
      // D-04: device-private entries alone have a page of a device here, so that the bit was right from the start.
      migrateWordLo(k, pfn, MIGRATE_PFN_MIGRATE | (writable ? MIGRATE_PFN_WRITE : 0), 'by-page'),
      migrateWordHi(k, pfn),
    );
    return 0;
  }
}
