import { entryHi, entryLo } from '../../machine/page-table.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import {
  pmd_none,
  ptePfn,
  pte_none,
  pte_present,
  pte_soft_dirty,
  pte_special,
  pte_write,
} from '../../machine/words/pte.ts';
import {
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  SWP_MIGRATION_WRITE,
  _PAGE_SWP_SOFT_DIRTY,
  is_device_private_entry,
  is_writable_device_private_entry,
  swpHi,
  swpLo,
  swpPfn,
} from '../../machine/words/swp.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  folio_get,
  folio_put,
  folio_test_anon,
  folio_test_large,
  folio_trylock,
  is_zero_pfn,
  is_zone_device_pfn,
} from '../common/folio.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from '../common/mmu_notifier.ts';
import { split_huge_pmd } from '../common/huge-split.ts';
import { oops } from '../common/oops.ts';
import { type MmWalkOps, walk_page_range } from '../common/pagewalk.ts';
import {
  flush_tlb_range,
  pmdIsTable,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pte_at,
} from '../common/pgtable.ts';
import { folio_remove_rmap_pte } from '../common/rmap.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { HMM_MIGRATE, MMU_NOTIFY } from '../structs.ts';
import { addPages, changeEntry, storeEntry } from './entries.ts';

const S = sites('hmm_migrate_collect', {
  enter: 'collect [{b:page start}, {c:page end})',
  start: 'tell the mirrors, without saying why or by whom',
  end: 'the event ends',
  exit: '',
});
const C = sites('hmm_collect_walk_pmd', {
  enter: 'one PMD entry, pages [{a:page start}, {b:page end})',
  again: 'read the PMD without a lock: {a:pmd}',
  none: 'the PMD is none: nothing is written for these entries',
  split: 'no table: split the PMD, whatever it is; a compound page stays compound',
  vanished: 'the table has vanished: look at the PMD again',
  lock: 'map and lock the PTE table',
  clear: 'page {a:page addr}: take the PTE away first, then look at it',
  putBack: 'nothing to migrate: put the PTE back',
  special: 'the zero page or a special page is no page to migrate: put the PTE back',
  noPage: 'no struct page stands behind this page frame',
  compound: 'page {a:page addr} is part of a compound page: skip it',
  lost: 'page {b:page addr}: its PTE is not put back, the mapping is lost',
  entry: 'entry {a:int i}: a page to migrate',
  get: 'hold the page',
  trylock: 'lock the page without waiting',
  busy: 'somebody else has the page lock: put the PTE back, the entry stays without LOCKED',
  leave: 'somebody else has the page lock: put the PTE back and leave the page',
  drop: 'drop the reference again',
  locked: 'entry {a:int i}: LOCKED',
  install: 'write the migration entry',
  rmap: 'one mapping less',
  put: 'the reference of the mapping goes; the one just taken stays',
  unlock: 'unmap and unlock',
  flush: 'flush the TLB for [{a:page start}, {b:page end}), after the lock is gone',
  exit: '',
});

const OPS: MmWalkOps = {
  MM: HMM_MIGRATE.MM,
  VMA: HMM_MIGRATE.WALK_VMA,
  *pte_hole() {
    return 0;
  },
  pmd_entry: hmm_collect_walk_pmd,
};

/**
 * hmm_migrate_collect() (HMM v13): phase 1. Every page that can be locked at once gets a migration entry under the PTE
 * lock; npages counts the entries of pfns[] that name a page.
 */
export function* hmm_migrate_collect(k: Kernel, migrate: number): Run<void> {
  const o = k.m.obj;
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  enter(k, S.enter, migrate, start, end);
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, o.get(migrate + HMM_MIGRATE.MM), start, end);
  yield* mmu_notifier_invalidate_range_start(k, S.start, event);
  yield* walk_page_range(k, start, end, OPS, migrate);
  yield* mmu_notifier_invalidate_range_end(k, S.end, event);
  exit(k, S.exit, 0, o.get(migrate + HMM_MIGRATE.NPAGES));
}

function* hmm_collect_walk_pmd(k: Kernel, pmdp: number, start: number, end: number, migrate: number): Run<number> {
  const m = k.m;
  enter(k, C.enter, start, end, migrate);
  const vma = m.obj.get(migrate + HMM_MIGRATE.VMA);
  let ptep = 0;
  while (ptep === 0) {
    at(k, C.again, pmdp);
    if (pmd_none(entryLo(m, pmdp), entryHi(m, pmdp))) {
      at(k, C.none);
      return exit(k, C.exit, 0, migrate);
    }
    if (!pmdIsTable(m, pmdp)) {
      at(k, C.split);
      yield* split_huge_pmd(k, vma, pmdp, start);
    }
    ptep = yield* pte_offset_map_lock(k, C.lock, pmdp, start);
    if (ptep === 0) at(k, C.vanished);
  }
  const ptl = ptlOf(ptep);
  const page = new PageOfTable(k, migrate, vma);
  for (let addr = start; addr < end; addr++, ptep++) {
    at(k, C.clear, addr);
    // What follows would read the struct page of a frame that has none.
    if (page.hasNoPage(ptep)) yield* oops(k, C.noPage);
    page.collect(ptep, addr);
  }
  pte_unmap_unlock(k, C.unlock, ptl);
  if (page.unmapped > 0) flush_tlb_range(k, C.flush, start, end);
  return exit(k, C.exit, 0, migrate);
}

/** The body of the loop over one table's pages; PTE lock held throughout. */
class PageOfTable {
  /** PTEs that became migration entries */
  unmapped = 0;
  private lost = false;
  private readonly k: Kernel;
  private readonly migrate: number;
  private readonly vma: number;

  constructor(k: Kernel, migrate: number, vma: number) {
    this.k = k;
    this.migrate = migrate;
    this.vma = vma;
  }

  hasNoPage(ptep: number): boolean {
    const { k } = this;
    const lo = entryLo(k.m, ptep);
    const hi = entryHi(k.m, ptep);
    if (!pte_present(lo, hi) || this.leavesOut(lo, hi)) return false;
    return k.m.folioOf(ptePfn(lo, hi)) === 0;
  }

  /** H-02 mended: the zero page and special pages are told apart, as vm_normal_page() does. */
  private leavesOut(lo: number, hi: number): boolean {
    const { k } = this;
    return k.fixes.has('H-02') && (is_zero_pfn(k.m, ptePfn(lo, hi)) || pte_special(lo, hi));
  }

  collect(ptep: number, addr: number): void {
    const { k, migrate } = this;
    const m = k.m;
    const lo = entryLo(m, ptep);
    const hi = entryHi(m, ptep);
    ptep_get_and_clear(k, C.clear, ptep);
    if (pte_none(lo, hi)) return;
    let pfn: number;
    let write: boolean;
    let flags: number;
    if (!pte_present(lo, hi)) {
      if (!is_device_private_entry(lo, hi)) {
        set_pte_at(k, C.putBack, ptep, lo, hi);
        return;
      }
      pfn = swpPfn(lo, hi);
      write = is_writable_device_private_entry(lo, hi);
      flags = HMM_PFN_2016.DEVICE | HMM_PFN_2016.UNADDRESSABLE;
    } else {
      if (this.leavesOut(lo, hi)) {
        set_pte_at(k, C.special, ptep, lo, hi);
        return;
      }
      pfn = ptePfn(lo, hi);
      write = pte_write(lo, hi);
      flags = is_zone_device_pfn(pfn) ? HMM_PFN_2016.DEVICE : 0;
    }
    const folio = m.folioOf(pfn);
    if (folio_test_large(m, folio)) {
      this.skipCompound(ptep, addr, lo, hi);
      return;
    }
    const i = addr - m.obj.get(migrate + HMM_MIGRATE.START);
    const word = flags | HMM_PFN_2016.MIGRATE | (write ? HMM_PFN_2016.WRITE : 0);
    if (k.fixes.has('H-03')) {
      folio_get(k, C.get, folio);
      if (!folio_trylock(k, C.trylock, folio)) {
        folio_put(k, C.drop, folio);
        set_pte_at(k, C.leave, ptep, lo, hi);
        return;
      }
      storeEntry(k, C.entry, migrate, i, pfn, word);
      addPages(k, migrate, 1);
    } else {
      // H-03: the entry is made before it is known whether the lock can be had.
      storeEntry(k, C.entry, migrate, i, pfn, word);
      addPages(k, migrate, 1);
      folio_get(k, C.get, folio);
      if (!folio_trylock(k, C.trylock, folio)) {
        set_pte_at(k, C.busy, ptep, lo, hi);
        return;
      }
    }
    changeEntry(k, C.locked, migrate, i, HMM_PFN_2016.LOCKED, 0);
    this.replace(ptep, pfn, write, this.softDirty(lo, hi));
    this.unmapped++;
  }

  /** H-01: the PTE has been cleared already, and nobody puts it back. */
  private skipCompound(ptep: number, addr: number, lo: number, hi: number): void {
    const { k } = this;
    if (k.fixes.has('H-01')) {
      set_pte_at(k, C.compound, ptep, lo, hi);
      return;
    }
    at(k, C.compound, addr);
    if (!this.lost) finding(k, C.lost, RULE.MAPPING_LOST, addr);
    this.lost = true;
  }

  /** H-04: the bit of a present PTE is tested in a device entry, too, where it belongs to the page frame. */
  private softDirty(lo: number, hi: number): boolean {
    if (!pte_present(lo, hi) && this.k.fixes.has('H-04')) return (lo & _PAGE_SWP_SOFT_DIRTY) !== 0;
    return pte_soft_dirty(lo, hi);
  }

  /** The migration entry takes the PTE's place. It says nothing of young and dirty; the page is not marked dirty. */
  private replace(ptep: number, pfn: number, write: boolean, softDirty: boolean): void {
    const { k } = this;
    const m = k.m;
    const folio = m.folioOf(pfn);
    // AnonExclusive is younger than this code. The machine has it, so it goes through the entry as it does elsewhere.
    const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, pfn);
    const type = write ? SWP_MIGRATION_WRITE : exclusive ? SWP_MIGRATION_READ_EXCLUSIVE : SWP_MIGRATION_READ;
    set_pte_at(k, C.install, ptep, swpLo(type, pfn, softDirty ? _PAGE_SWP_SOFT_DIRTY : 0), swpHi(type, pfn, 0, 0));
    if (exclusive) ClearPageAnonExclusive(m, pfn);
    folio_remove_rmap_pte(k, C.rmap, pfn, this.vma);
    folio_put(k, C.put, folio);
  }
}
