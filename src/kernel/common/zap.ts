import { MM, PG, T, T_STRIDE, V, VM, VMA_KIND } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { find_vma, vmaGet } from '../../machine/vma.ts';
import {
  pmdPfn,
  pmd_none,
  pmd_trans_huge,
  pte_dirty,
  pte_none,
  pte_present,
  pte_special,
  ptePfn,
} from '../../machine/words/pte.ts';
import {
  PTE_MARKER_POISONED,
  PTE_MARKER_UFFD_WP,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_hwpoison_entry,
  is_migration_entry,
  is_plain_swap,
  is_pte_marker,
  is_swap_pmd,
  pteMarkerBits,
  swpOffset,
  swpPfn,
} from '../../machine/words/swp.ts';
import { EINVAL, ENOMEM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { folioHas, folio_mark_dirty, folio_put, folio_test_anon, is_huge_zero_pfn } from './folio.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { mmap_read_lock, mmap_read_unlock } from './mmap-lock.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_lock,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pmd_at,
  spin_unlock,
} from './pgtable.ts';
import { folio_remove_rmap_pmd, folio_remove_rmap_pte } from './rmap.ts';
import { free_swap_and_cache } from './swapfile.ts';
import { add_mm_counter } from './vm-fault.ts';

const S = sites('madvise_dontneed', {
  enter: 'drop the memory of [{a:page start}, {b:page end})',
  lock: 'take the mmap lock for reading',
  gap: 'no VMA in [{a:page start}, {b:page end})',
  refused: 'a locked or special VMA, or a part of a hugetlb page: -EINVAL',
  unlock: 'drop the mmap lock',
  exit: '',
});
const R = sites('zap_page_range', {
  enter: 'unmap [{a:page start}, {b:page end}) of vma {c:vma}',
  start: 'tell the devices',
  end: 'the event ends',
  flush: 'flush the TLB of what was unmapped',
  free: 'now nobody can reach the pages any more: let them go',
  exit: '',
});
const M = sites('zap_pmd_range', {
  split: 'only a part of the 2 MiB at {a:page addr} goes: split the PMD first',
  none: 'nothing is mapped at {a:page addr}',
  reclaim: 'the whole PTE table is empty: free it',
});
const H = sites('zap_huge_pmd', {
  enter: 'the huge mapping at {a:page addr} goes',
  lock: 'take the PMD lock',
  clear: 'clear the PMD',
  rmap: 'the folio is mapped once less',
  putDevice: 'let the device folio go',
  unlock: 'drop the PMD lock',
  exit: '',
});
const P = sites('zap_pte_range', {
  enter: 'the PTEs of [{a:page addr}, {b:page end}) go',
  lock: 'take the PTE lock',
  none: 'the PMD points to no table any more',
  clear: 'clear the PTE',
  dirty: 'the PTE was dirty: so is the page of the file',
  rmap: 'the page is mapped once less',
  putDevice: 'let the page go',
  swap: 'swap slot {a:int}: one entry less uses it ({b:int} left)',
  unlock: 'drop the PTE lock',
  exit: '',
  rmapDevice: 'the device page is mapped once less',
  clearOther: 'and the entry that is no page goes',
});

/** struct mmu_gather: what has been unmapped and must outlive the TLB flush. */
interface MmuGather {
  start: number;
  end: number;
  readonly folios: number[];
}

/**
 * madvise(MADV_DONTNEED) (mm/madvise.c): unmaps the pages of [start, end), VMA by VMA, with the mmap lock held for
 * reading (the kernel may do with the VMA's own lock). @returns 0, -EINVAL for a locked or special VMA, -ENOMEM if
 * a part of the range has no VMA (the rest is dropped all the same).
 */
export function* madvise_dontneed(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, mm);
  yield* mmap_read_lock(k, S.lock, mm);
  let ret = 0;
  let from = start;
  while (from < end && ret !== -EINVAL) {
    const vma = find_vma(m, mm, from);
    const vmaStart = vma === 0 ? end : Math.min(end, vmaGet(m, vma, V.START));
    if (from < vmaStart) {
      at(k, S.gap, from, vmaStart);
      ret = -ENOMEM;
      from = vmaStart;
      continue;
    }
    const to = Math.min(end, vmaGet(m, vma, V.END));
    const flags = vmaGet(m, vma, V.FLAGS);
    const partHuge = (flags & VM.HUGETLB) !== 0 && ((from | to) & 511) !== 0;
    if ((flags & (VM.LOCKED | VM.PFNMAP)) !== 0 || partHuge) {
      at(k, S.refused, from, to);
      ret = -EINVAL;
    } else yield* zap_page_range(k, vma, from, to);
    from = to;
  }
  mmap_read_unlock(k, S.unlock, mm);
  return exit(k, S.exit, ret, start);
}

/** zap_page_range_single() (mm/memory.c): a part of one VMA, inside a CLEAR (or UNMAP) event; pages are freed after the flush. */
export function* zap_page_range(
  k: Kernel,
  vma: number,
  start: number,
  end: number,
  kind: number = MMU_NOTIFY.CLEAR,
): Run<void> {
  const mm = vmaGet(k.m, vma, V.MM);
  enter(k, R.enter, start, end, vma);
  const tlb: MmuGather = { start: end, end: start, folios: [] };
  const range = mmu_notifier_range_init(k, kind, mm, start, end);
  yield* mmu_notifier_invalidate_range_start(k, R.start, range);
  for (let addr = start; addr < end; ) {
    const next = Math.min(end, (addr | 511) + 1);
    yield* zap_pmd_range(k, tlb, vma, addr, next);
    addr = next;
  }
  yield* mmu_notifier_invalidate_range_end(k, R.end, range);
  if (k.concurrent) yield YIELD.OTHER;
  if (tlb.start < tlb.end) flush_tlb_range(k, R.flush, tlb.start, tlb.end);
  for (const f of tlb.folios) folio_put(k, R.free, f);
  exit(k, R.exit);
}

/** zap_pmd_range() for one PMD: [addr, end) lies in its 2 MiB. */
function* zap_pmd_range(k: Kernel, tlb: MmuGather, vma: number, addr: number, end: number): Run<void> {
  const m = k.m;
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = findEntry(m, vmaGet(m, vma, V.MM), addr, 2);
  if (pmd === 0) return;
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  if (is_swap_pmd(lo, hi) || pmd_trans_huge(lo, hi)) {
    if (end - addr !== HPAGE_PMD_NR) {
      at(k, M.split, addr, end);
      yield* __split_huge_pmd(k, vma, pmd, addr, false);
    } else if (yield* zap_huge_pmd(k, tlb, vma, pmd, addr)) return;
  }
  if (k.concurrent) yield YIELD.OTHER;
  if (pmd_none(entryLo(m, pmd), entryHi(m, pmd))) {
    at(k, M.none, addr, end);
    return;
  }
  yield* zap_pte_range(k, tlb, vma, pmd, addr, end);
}

const isHuge = (lo: number, hi: number): boolean => is_swap_pmd(lo, hi) || pmd_trans_huge(lo, hi);

/** zap_huge_pmd() (mm/huge_memory.c). @returns false when the PMD turned out not to be huge under its lock. */
function* zap_huge_pmd(k: Kernel, tlb: MmuGather, vma: number, pmd: number, addr: number): Run<boolean> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  enter(k, H.enter, addr);
  const ptl = yield* pmd_lock(k, H.lock, pmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  if (!isHuge(lo, hi)) {
    spin_unlock(k, H.unlock, ptl);
    exit(k, H.exit, 0);
    return false;
  }
  set_pmd_at(k, H.clear, pmd, 0, 0);
  const present = pmd_trans_huge(lo, hi);
  const pfn = present ? pmdPfn(lo, hi) : swpPfn(lo, hi);
  if (present) gather(tlb, addr, HPAGE_PMD_NR);
  if (!is_huge_zero_pfn(m, pfn)) {
    const f = m.folioOf(pfn);
    if (!folioHas(m, f, PG.HUGETLB))
      add_mm_counter(k, mm, folio_test_anon(m, f) ? MM.ANONPAGES : MM.FILEPAGES, -HPAGE_PMD_NR);
    if (present) folio_remove_rmap_pmd(k, H.rmap, f, vma);
    else if (is_device_private_entry(lo, hi)) {
      folio_remove_rmap_pmd(k, H.rmap, f, vma);
      folio_put(k, H.putDevice, f);
    }
    if (present) tlb.folios.push(f);
  }
  spin_unlock(k, H.unlock, ptl);
  exit(k, H.exit, 1);
  return true;
}

function gather(tlb: MmuGather, page: number, pages: number): void {
  tlb.start = Math.min(tlb.start, page);
  tlb.end = Math.max(tlb.end, page + pages);
}

/** zap_pte_range() (mm/memory.c) within one PTE table; an emptied table is freed when the whole of it was asked for. */
function* zap_pte_range(k: Kernel, tlb: MmuGather, vma: number, pmd: number, addr: number, end: number): Run<void> {
  const m = k.m;
  enter(k, P.enter, addr, end);
  const first = yield* pte_offset_map_lock(k, P.lock, pmd, addr);
  if (first === 0) {
    at(k, P.none, addr);
    exit(k, P.exit);
    return;
  }
  let left = 0;
  for (let page = addr; page < end; page++) {
    const pte = first + (page - addr);
    const lo = entryLo(m, pte);
    const hi = entryHi(m, pte);
    if (pte_none(lo, hi)) continue;
    if (pte_present(lo, hi)) zapPresent(k, tlb, vma, pte, page, lo, hi);
    else if (!zapNonpresent(k, vma, pte, lo, hi)) left++;
  }
  const empty = left === 0 && end - addr === HPAGE_PMD_NR;
  // PT_RECLAIM: the PMD lock is only tried, as the PTE lock is held.
  if (empty && m.table.get(ptlOf(pmd) * T_STRIDE + T.LOCK) === 0) {
    set_pmd_at(k, M.reclaim, pmd, 0, 0);
    m.table.set(ptlOf(first) * T_STRIDE + T.LIVE, 0);
    gather(tlb, addr, HPAGE_PMD_NR);
  }
  pte_unmap_unlock(k, P.unlock, ptlOf(first));
  exit(k, P.exit);
}

function zapPresent(k: Kernel, tlb: MmuGather, vma: number, pte: number, page: number, lo: number, hi: number): void {
  const m = k.m;
  ptep_get_and_clear(k, P.clear, pte);
  gather(tlb, page, 1);
  const pfn = ptePfn(lo, hi);
  const f = pte_special(lo, hi) ? 0 : m.folioOf(pfn);
  if (f === 0) return;
  const anon = folio_test_anon(m, f);
  add_mm_counter(k, vmaGet(m, vma, V.MM), anon ? MM.ANONPAGES : MM.FILEPAGES, -1);
  if (!anon && pte_dirty(lo, hi) && !folioHas(m, f, PG.DIRTY)) folio_mark_dirty(k, P.dirty, f);
  folio_remove_rmap_pte(k, P.rmap, pfn, vma);
  tlb.folios.push(f);
}

/** zap_nonpresent_ptes() for one entry. @returns whether the entry is gone: markers of guard pages stay. */
function zapNonpresent(k: Kernel, vma: number, pte: number, lo: number, hi: number): boolean {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  if (is_device_private_entry(lo, hi) || is_device_exclusive_entry(lo, hi)) {
    const pfn = swpPfn(lo, hi);
    const f = m.folioOf(pfn);
    add_mm_counter(k, mm, folio_test_anon(m, f) ? MM.ANONPAGES : MM.FILEPAGES, -1);
    folio_remove_rmap_pte(k, P.rmapDevice, pfn, vma);
    folio_put(k, P.putDevice, f);
  } else if (is_plain_swap(lo, hi)) {
    add_mm_counter(k, mm, MM.SWAPENTS, -1);
    free_swap_and_cache(k, P.swap, swpOffset(lo, hi));
  } else if (is_migration_entry(lo, hi)) {
    const anon = folio_test_anon(m, m.folioOf(swpPfn(lo, hi)));
    add_mm_counter(k, mm, anon ? MM.ANONPAGES : MM.FILEPAGES, -1);
  } else if (is_pte_marker(lo, hi)) {
    const poisoned = (pteMarkerBits(lo, hi) & PTE_MARKER_POISONED) !== 0;
    const uffdWpAnon = pteMarkerBits(lo, hi) === PTE_MARKER_UFFD_WP && vmaGet(m, vma, V.KIND) === VMA_KIND.ANON;
    if (!poisoned && !uffdWpAnon) return false;
  } else if (!is_hwpoison_entry(lo, hi)) return false;
  ptep_get_and_clear(k, P.clearOther, pte);
  return true;
}
