import { F, MM, P, PG, SW, SW_STRIDE, V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, entryPage } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_RW,
  ptePfn,
  pte_present,
  pte_special,
  settleDirtyHi,
  settleDirtyLo,
} from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_MIGRATION_READ,
  _PAGE_SWP_EXCLUSIVE,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_migration_entry,
  is_plain_swap,
  is_pte_marker,
  swpDirty,
  swpHi,
  swpLo,
  swpOffset,
  swpPfn,
  swpYoung,
} from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, at } from '../kernel.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  folioHas,
  folio_alloc,
  folio_get,
  folio_maybe_dma_pinned,
  folio_test_anon,
  queueLru,
  setFlag,
} from './folio.ts';
import { PLAIN, mkPteHi, mkPteLo } from './mk-entry.ts';
import { set_pte_at } from './pgtable.ts';
import { folio_add_new_anon_rmap } from './rmap.ts';
import { add_mm_counter } from './vm-fault.ts';

const P_COPY = sites('copy_present_pte', {
  get: 'the child’s mapping holds a reference',
  rmap: 'the page is mapped once more and is nobody’s own any more',
  pinned: 'the page may be pinned: the child gets a copy at once, the parent keeps its own',
  protect: 'the parent may only read it from now on',
  set: 'the child has the same entry, read-only',
});
const N = sites('copy_nonpresent_pte', {
  get: 'the child’s entry holds a reference',
  rmap: 'the page is mapped once more and is nobody’s own any more',
  swap: 'swap slot {a:int} has one entry more',
  restore: 'a device had the page for itself: that ends before it is shared',
  protect: 'the parent may only read it from now on',
  set: 'the child has the same entry',
});

/** copy_present_pte() and copy_nonpresent_pte() (mm/memory.c) for one entry; both PTE tables are locked. */
export function copyPte(k: Kernel, dstVma: number, srcVma: number, dst: number, src: number): void {
  const m = k.m;
  if (is_device_exclusive_entry(entryLo(m, src), entryHi(m, src))) restoreExclusive(k, srcVma, src);
  const lo = entryLo(m, src);
  const hi = entryHi(m, src);
  if (pte_present(lo, hi)) copyPresent(k, dstVma, srcVma, dst, src);
  else copyNonpresent(k, dstVma, dst, src);
}

/** restore_exclusive_pte(): the folio stayed mapped in the counts, so only the entry changes. */
function restoreExclusive(k: Kernel, vma: number, pte: number): void {
  const m = k.m;
  const pfn = swpPfn(entryLo(m, pte), entryHi(m, pte));
  const write = (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0 && PageAnonExclusive(m, pfn);
  const bits = { ...PLAIN, write, dirty: write && folioHas(m, m.folioOf(pfn), PG.DIRTY) };
  set_pte_at(k, N.restore, pte, mkPteLo(m, vma, pfn, bits), mkPteHi(m, vma, pfn, bits));
}

function copyPresent(k: Kernel, dstVma: number, srcVma: number, dst: number, src: number): void {
  const m = k.m;
  let lo = entryLo(m, src);
  let hi = entryHi(m, src);
  const pfn = ptePfn(lo, hi);
  const f = pte_special(lo, hi) ? 0 : m.folioOf(pfn);
  const anon = f !== 0 && folio_test_anon(m, f);
  const mm = vmaGet(m, dstVma, V.MM);
  if (anon && folio_maybe_dma_pinned(m, f) && PageAnonExclusive(m, pfn)) {
    copyPinned(k, dstVma, dst, pfn);
    return;
  }
  if (f !== 0) {
    folio_get(k, P_COPY.get, f);
    m.step(OP.FOLIO_ADD_RMAP, P_COPY.rmap, f, entryPage(m, src), 0);
    m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
    if (anon) ClearPageAnonExclusive(m, pfn);
    add_mm_counter(k, mm, anon ? MM.ANONPAGES : MM.FILEPAGES, 1);
  }
  const cow = (vmaGet(m, srcVma, V.FLAGS) & VM.SHARED) === 0;
  if (cow && (lo & _PAGE_RW) !== 0) {
    const plain = lo & ~_PAGE_RW;
    lo = settleDirtyLo(plain, hi);
    hi = settleDirtyHi(plain, hi);
    set_pte_at(k, P_COPY.protect, src, lo, hi);
  }
  set_pte_at(k, P_COPY.set, dst, lo & ~_PAGE_ACCESSED, hi);
}

/** copy_present_page(): a page that may be pinned stays its owner's own; the child gets a copy. */
function copyPinned(k: Kernel, vma: number, dst: number, pfn: number): void {
  const m = k.m;
  at(k, P_COPY.pinned, pfn);
  const f = folio_alloc(k, P_COPY.pinned, 0);
  const to = m.f(f, F.PFN);
  m.step(OP.COPY_PAGE, P_COPY.pinned, pfn, to, 0);
  m.pageSet(to, P.DATA, m.pageGet(pfn, P.DATA));
  setFlag(m, f, PG.UPTODATE);
  folio_add_new_anon_rmap(k, P_COPY.rmap, f, vma, entryPage(m, dst));
  queueLru(k, f);
  add_mm_counter(k, vmaGet(m, vma, V.MM), MM.ANONPAGES, 1);
  const bits = { ...PLAIN, write: (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0, dirty: true };
  set_pte_at(k, P_COPY.set, dst, mkPteLo(m, vma, to, bits), mkPteHi(m, vma, to, bits));
}

function copyNonpresent(k: Kernel, dstVma: number, dst: number, src: number): void {
  const m = k.m;
  let lo = entryLo(m, src);
  let hi = entryHi(m, src);
  const mm = vmaGet(m, dstVma, V.MM);
  const change = (newLo: number, newHi: number): void => {
    if (newLo === lo && newHi === hi) return;
    [lo, hi] = [newLo, newHi];
    set_pte_at(k, N.protect, src, lo, hi);
  };
  if (is_plain_swap(lo, hi)) {
    const slot = swpOffset(lo, hi);
    const cell = slot * SW_STRIDE + SW.COUNT;
    at(k, N.swap, slot);
    m.swap.set(cell, m.swap.get(cell) + 1);
    add_mm_counter(k, mm, MM.SWAPENTS, 1);
    change(lo & ~_PAGE_SWP_EXCLUSIVE, hi);
  } else if (is_migration_entry(lo, hi)) {
    const pfn = swpPfn(lo, hi);
    add_mm_counter(k, mm, folio_test_anon(m, m.folioOf(pfn)) ? MM.ANONPAGES : MM.FILEPAGES, 1);
    const aged = swpHi(SWP_MIGRATION_READ, pfn, swpYoung(lo, hi) ? 1 : 0, swpDirty(lo, hi) ? 1 : 0);
    change(swpLo(SWP_MIGRATION_READ, pfn, lo & 0xfff), aged);
  } else if (is_device_private_entry(lo, hi)) {
    const pfn = swpPfn(lo, hi);
    const f = m.folioOf(pfn);
    folio_get(k, N.get, f);
    m.step(OP.FOLIO_ADD_RMAP, N.rmap, f, entryPage(m, src), 0);
    m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
    ClearPageAnonExclusive(m, pfn);
    add_mm_counter(k, mm, MM.ANONPAGES, 1);
    change(swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0));
  } else if (!is_pte_marker(lo, hi)) return;
  set_pte_at(k, N.set, dst, lo, hi);
}
