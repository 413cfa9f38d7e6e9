import { F, PG, V, VM } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { HPAGE_PMD_NR, entryHi, entryLo, entryPage, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_SAVED_DIRTY_HI,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  _PAGE_UFFD_WP,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmd_none,
  pmd_protnone,
  pmd_trans_huge,
  pteHi,
  pteLo,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_protnone,
  pte_soft_dirty,
  pte_special,
  pte_uffd_wp,
  pte_young,
  settleDirtyHi,
  settleDirtyLo,
} from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_MIGRATION_READ,
  SWP_MIGRATION_READ_EXCLUSIVE,
  is_swap_pmd,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpPfn,
  swpYoung,
} from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import {
  PageAnonExclusive,
  folioHas,
  folio_is_zone_device,
  folio_maybe_dma_pinned,
  folio_nr_pages,
  folio_test_anon,
  is_huge_zero_pfn,
  is_zero_pfn,
} from './folio.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { type EntryBits, mkPmdHi, mkPmdLo, mkPteHi, mkPteLo, protWritable } from './mk-entry.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_lock,
  pmdp_invalidate,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pmd_at,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';

const C = sites('change_protection', {
  enter: 'the entries of [{a:page start}, {b:page end}) follow their VMA',
  start: 'tell the devices (PROTECTION_VMA)',
  split: 'only a part of the 2 MiB at {a:page addr}: split the PMD first',
  end: 'the event ends',
  flush: 'flush the TLB',
  exit: '',
  again: 'the table at {a:page addr} has vanished: look at the PMD again',
});
const H = sites('change_huge_pmd', {
  lock: 'take the PMD lock',
  invalidate: 'take the huge entry away while it changes',
  set: 'write it with the new permissions',
  device: 'a writable entry of a device page becomes a readable one',
  unlock: 'drop the PMD lock',
  migration: 'a writable migration entry becomes a readable one',
  none: 'write it without any permission: the next access is noticed',
  keeps: 'the huge page at {a:page addr} keeps its rights: pinned, shared, or without them already',
});
const P = sites('change_pte_range', {
  lock: 'take the PTE lock',
  clear: 'take the entry away while it changes',
  set: 'write it with the new permissions',
  device: 'a writable entry of a device page becomes a readable one',
  migration: 'a writable migration entry becomes a readable one',
  unlock: 'drop the PTE lock',
  none: 'write it without any permission: the next access is noticed',
});

/**
 * change_protection() (mm/mprotect.c): the entries of a part of one VMA get the VMA's permissions, or (`numa`:
 * MM_CP_PROT_NUMA) none, so that the next access is noticed. The mmap lock is held.
 */
export function* change_protection(k: Kernel, vma: number, start: number, end: number, numa: boolean): Run<void> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  enter(k, C.enter, start, end, vma);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.PROTECTION_VMA, mm, start, end);
  yield* mmu_notifier_invalidate_range_start(k, C.start, range);
  for (let addr = start; addr < end; ) {
    const next = Math.min(end, (addr | 511) + 1);
    while (!(yield* change_pmd(k, vma, addr, next, numa))) at(k, C.again, addr);
    addr = next;
  }
  flush_tlb_range(k, C.flush, start, end);
  yield* mmu_notifier_invalidate_range_end(k, C.end, range);
  exit(k, C.exit);
}

/** change_pmd_range() for one PMD. @returns false when a table has vanished and the PMD has to be looked at again. */
function* change_pmd(k: Kernel, vma: number, addr: number, end: number, numa: boolean): Run<boolean> {
  const m = k.m;
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = findEntry(m, vmaGet(m, vma, V.MM), addr, 2);
  if (pmd === 0 || pmd_none(entryLo(m, pmd), entryHi(m, pmd))) return true;
  if (isHuge(m, pmd)) {
    if (end - addr !== HPAGE_PMD_NR) {
      at(k, C.split, addr);
      yield* __split_huge_pmd(k, vma, pmd, addr, false);
    } else if (yield* change_huge_pmd(k, vma, pmd, numa)) return true;
  }
  return yield* change_pte_range(k, vma, pmd, addr, end, numa);
}

const isHuge = (m: Machine, pmd: number): boolean =>
  is_swap_pmd(entryLo(m, pmd), entryHi(m, pmd)) || pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd));

/** can_change_pte_writable(): an exclusive anonymous page is writable again at once; a shared page if it is dirty. */
function mayWrite(k: Kernel, vma: number, pfn: number, dirty: boolean): boolean {
  const flags = vmaGet(k.m, vma, V.FLAGS);
  if ((flags & VM.WRITE) === 0) return false;
  if ((flags & VM.SHARED) !== 0) return protWritable(k.m, vma) || dirty;
  return !is_zero_pfn(k.m, pfn) && !is_huge_zero_pfn(k.m, pfn) && PageAnonExclusive(k.m, pfn);
}

function bitsOf(k: Kernel, vma: number, pfn: number, lo: number, hi: number): EntryBits {
  return {
    write: mayWrite(k, vma, pfn, pte_dirty(lo, hi)),
    young: pte_young(lo, hi),
    dirty: pte_dirty(lo, hi),
    softDirty: pte_soft_dirty(lo, hi),
    uffdWp: pte_uffd_wp(lo, hi),
    special: false,
  };
}

/** pte_modify() to PAGE_NONE: the frame and the software bits stay, nobody may access it, dirt moves to SAVED_DIRTY. */
function protNone(k: Kernel, site: number, entry: number, lo: number, hi: number, huge: boolean): void {
  const kept = lo & (_PAGE_DIRTY | _PAGE_SPECIAL | _PAGE_SOFT_DIRTY | _PAGE_UFFD_WP | (huge ? _PAGE_PSE : 0));
  const flags = kept | _PAGE_PROTNONE | _PAGE_ACCESSED;
  const flagsHi = hi & _PAGE_SAVED_DIRTY_HI;
  const newLo = settleDirtyLo(flags, flagsHi);
  const newHi = settleDirtyHi(flags, flagsHi);
  if (huge) set_pmd_at(k, site, entry, pmdLeafLo(pmdPfn(lo, hi), newLo), pmdLeafHi(pmdPfn(lo, hi), newHi, newLo));
  else set_pte_at(k, site, entry, pteLo(ptePfn(lo, hi), newLo), pteHi(ptePfn(lo, hi), newHi, newLo));
}

/** folio_can_map_prot_numa(): zero and device pages, pinned pages, dirty file pages and pages shared by COW keep their rights. */
function folio_can_map_prot_numa(k: Kernel, vma: number, f: number): boolean {
  const m = k.m;
  if (f === 0 || folio_is_zone_device(m, f) || folioHas(m, f, PG.ZERO)) return false;
  const shared = m.f(f, F.ENTIRE) > 1 || m.f(f, F.MAP) - m.f(f, F.ENTIRE) > folio_nr_pages(m, f);
  if ((vmaGet(m, vma, V.FLAGS) & VM.SHARED) === 0 && shared) return false;
  if (folio_maybe_dma_pinned(m, f)) return false;
  return folio_test_anon(m, f) || folioHas(m, f, PG.SHMEM) || !folioHas(m, f, PG.DIRTY);
}

/** The readable form of a writable migration entry; of anonymous memory it stays exclusive. */
function readableMigration(m: Machine, lo: number, hi: number): readonly [lo: number, hi: number] {
  const pfn = swpPfn(lo, hi);
  const type = folio_test_anon(m, m.folioOf(pfn)) ? SWP_MIGRATION_READ_EXCLUSIVE : SWP_MIGRATION_READ;
  return [swpLo(type, pfn, lo & 0xfff), swpHi(type, pfn, swpYoung(lo, hi) ? 1 : 0, swpDirty(lo, hi) ? 1 : 0)];
}

/** change_huge_pmd() (mm/huge_memory.c). @returns false when the PMD turned out not to be huge under its lock. */
function* change_huge_pmd(k: Kernel, vma: number, pmd: number, numa: boolean): Run<boolean> {
  const m = k.m;
  const ptl = yield* pmd_lock(k, H.lock, pmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const huge = isHuge(m, pmd);
  if (pmd_trans_huge(lo, hi)) {
    const pfn = pmdPfn(lo, hi);
    if (numa) {
      if (pmd_protnone(lo, hi) || !folio_can_map_prot_numa(k, vma, m.folioOf(pfn))) at(k, H.keeps, entryPage(m, pmd));
      else {
        pmdp_invalidate(k, H.invalidate, pmd);
        protNone(k, H.none, pmd, lo, hi, true);
      }
    } else {
      const hugetlb = (vmaGet(m, vma, V.FLAGS) & VM.HUGETLB) !== 0;
      const bits = bitsOf(k, vma, pfn, lo, hi);
      if (hugetlb) bits.write = false;
      pmdp_invalidate(k, H.invalidate, pmd);
      set_pmd_at(k, H.set, pmd, mkPmdLo(m, vma, pfn, bits), mkPmdHi(m, vma, pfn, bits));
    }
  } else if (is_writable_device_private_entry(lo, hi)) {
    const pfn = swpPfn(lo, hi);
    set_pmd_at(k, H.device, pmd, swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
  } else if (is_writable_migration_entry(lo, hi)) set_pmd_at(k, H.migration, pmd, ...readableMigration(m, lo, hi));
  spin_unlock(k, H.unlock, ptl);
  return huge;
}

/** change_pte_range() (mm/mprotect.c) within one table. @returns false when there is no table any more. */
function* change_pte_range(
  k: Kernel,
  vma: number,
  pmd: number,
  start: number,
  end: number,
  numa: boolean,
): Run<boolean> {
  const m = k.m;
  const first = yield* pte_offset_map_lock(k, P.lock, pmd, start);
  if (first === 0) return false;
  for (let pte = first; pte < first + (end - start); pte++) {
    const lo = entryLo(m, pte);
    const hi = entryHi(m, pte);
    if (pte_none(lo, hi)) continue;
    if (pte_present(lo, hi)) {
      const pfn = ptePfn(lo, hi);
      if (numa) {
        const f = pte_special(lo, hi) ? 0 : m.folioOf(pfn);
        if (pte_protnone(lo, hi) || !folio_can_map_prot_numa(k, vma, f)) continue;
        ptep_get_and_clear(k, P.clear, pte);
        protNone(k, P.none, pte, lo, hi, false);
        continue;
      }
      const bits = bitsOf(k, vma, pfn, lo, hi);
      bits.special = pte_special(lo, hi);
      ptep_get_and_clear(k, P.clear, pte);
      set_pte_at(k, P.set, pte, mkPteLo(m, vma, pfn, bits), mkPteHi(m, vma, pfn, bits));
    } else if (is_writable_device_private_entry(lo, hi)) {
      const pfn = swpPfn(lo, hi);
      set_pte_at(k, P.device, pte, swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
    } else if (is_writable_migration_entry(lo, hi)) set_pte_at(k, P.migration, pte, ...readableMigration(m, lo, hi));
  }
  pte_unmap_unlock(k, P.unlock, ptlOf(first));
  return true;
}
