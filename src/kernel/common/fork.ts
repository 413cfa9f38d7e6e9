import { F, MM, V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_RW,
  pmdPfn,
  pmd_none,
  pmd_trans_huge,
  pte_none,
  settleDirtyHi,
  settleDirtyLo,
} from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_MIGRATION_READ,
  is_device_private_entry,
  is_migration_entry,
  is_swap_pmd,
  is_writable_device_private_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpPfn,
  swpYoung,
} from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { anon_vma_lock_write, anon_vma_unlock_write } from './anon-vma.ts';
import { copyPte } from './fork-pte.ts';
import { ClearPageAnonExclusive, folio_get, folio_maybe_dma_pinned, is_huge_zero_pfn } from './folio.ts';
import { split_huge_pmd } from './huge-split.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_alloc,
  pmd_lock,
  pte_alloc,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptlOf,
  set_pmd_at,
  spin_unlock,
} from './pgtable.ts';
import { add_mm_counter } from './vm-fault.ts';
import { mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import { copyVma, vmasIn } from './vma-split.ts';
import { OP } from '../../machine/ops.ts';

const S = sites('dup_mmap', {
  enter: 'fork(): the child gets the parent’s address space',
  lock: 'take the parent’s mmap lock for writing',
  vma: 'vma {a:vma} of the parent, vma {b:vma} of the child',
  lazy: 'nothing to copy: the child can fault these pages in from their file',
  unlock: 'drop the mmap lock',
  exit: '',
  flush: 'the parent may still write what it shares now through its TLB: flush all of it',
  anonVma: 'anon_vma lock for writing: the child’s VMA is linked to it',
  anonVmaUnlock: 'anon_vma lock released',
});
const C = sites('copy_page_range', {
  enter: 'copy the entries of [{a:page start}, {b:page end})',
  start: 'the parent loses its write permission: tell the devices (PROTECTION_PAGE)',
  end: 'the event ends',
  alloc: 'a PTE table for the child',
  dstLock: 'lock the child’s table',
  srcLock: 'lock the parent’s table',
  unlock: 'unlock it',
  exit: '',
});
const H = sites('copy_huge_pmd', {
  dstLock: 'lock the child’s PMD table',
  srcLock: 'lock the parent’s PMD table',
  pinned: 'the folio may be pinned: split the mapping and copy page by page',
  get: 'the child’s mapping holds a reference',
  rmap: 'the folio is mapped once more and is nobody’s own any more',
  protect: 'the parent may only read it from now on',
  set: 'the child maps the same folio, read-only',
  unlock: 'unlock it',
  table: 'the PMD of {a:page addr} is a table by now: copy page by page',
});

/** The part of fork() that this model needs: dup_mmap() (kernel/fork.c). @returns the child's mm. */
export function* dup_mmap(k: Kernel, mm: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, mm);
  yield* mmap_write_lock(k, S.lock, mm);
  const child = m.newMm();
  const vmas = vmasIn(m, mm, 0, 2 ** 30);
  for (const vma of vmas) {
    const copy = yield* copyLinked(k, vma, child);
    at(k, S.vma, vma, copy);
    if (vmaGet(m, vma, V.ANON_VMA) === 0) at(k, S.lazy, vma);
    else yield* copy_page_range(k, copy, vma);
  }
  // flush_tlb_mm(oldmm): as a range from the first VMA to the last.
  const [first, last] = [vmas[0], vmas.at(-1)];
  if (first !== undefined && last !== undefined)
    flush_tlb_range(k, S.flush, vmaGet(m, first, V.START), vmaGet(m, last, V.END));
  mmap_write_unlock(k, S.unlock, mm);
  exit(k, S.exit, 0, child);
  return child;
}

/** anon_vma_fork(): the child's VMA joins the parent's anon_vma, under its lock; alone nobody could hold it. */
function* copyLinked(k: Kernel, vma: number, child: number): Run<number> {
  const av = k.concurrent ? vmaGet(k.m, vma, V.ANON_VMA) : 0;
  if (av !== 0) yield* anon_vma_lock_write(k, S.anonVma, av);
  const copy = copyVma(k.m, vma, child);
  if (av !== 0) anon_vma_unlock_write(k, S.anonVmaUnlock, av);
  return copy;
}

function* copy_page_range(k: Kernel, dst: number, src: number): Run<void> {
  const m = k.m;
  const mm = vmaGet(m, src, V.MM);
  const start = vmaGet(m, src, V.START);
  const end = vmaGet(m, src, V.END);
  enter(k, C.enter, start, end, src);
  const cow = (vmaGet(m, src, V.FLAGS) & VM.SHARED) === 0;
  const range = cow ? mmu_notifier_range_init(k, MMU_NOTIFY.PROTECTION_PAGE, mm, start, end) : 0;
  if (range !== 0) yield* mmu_notifier_invalidate_range_start(k, C.start, range);
  for (let addr = start; addr < end; ) {
    const next = Math.min(end, (addr | 511) + 1);
    yield* copyPmd(k, dst, src, addr, next);
    addr = next;
  }
  if (range !== 0) yield* mmu_notifier_invalidate_range_end(k, C.end, range);
  exit(k, C.exit);
}

function* copyPmd(k: Kernel, dst: number, src: number, addr: number, end: number): Run<void> {
  const m = k.m;
  if (k.concurrent) yield YIELD.OTHER;
  const srcPmd = findEntry(m, vmaGet(m, src, V.MM), addr, 2);
  if (srcPmd === 0 || pmd_none(entryLo(m, srcPmd), entryHi(m, srcPmd))) return;
  const dstPmd = pmd_alloc(m, vmaGet(m, dst, V.MM), addr);
  const huge =
    is_swap_pmd(entryLo(m, srcPmd), entryHi(m, srcPmd)) || pmd_trans_huge(entryLo(m, srcPmd), entryHi(m, srcPmd));
  if (huge && (yield* copy_huge_pmd(k, dst, src, dstPmd, srcPmd, addr))) return;
  yield* pte_alloc(k, C.alloc, vmaGet(m, dst, V.MM), dstPmd);
  const dstPte = yield* pte_offset_map_lock(k, C.dstLock, dstPmd, addr);
  const srcPte = yield* pte_offset_map_lock(k, C.srcLock, srcPmd, addr);
  if (srcPte === 0) {
    pte_unmap_unlock(k, C.unlock, ptlOf(dstPte));
    return;
  }
  for (let i = 0; i < end - addr; i++)
    if (!pte_none(entryLo(m, srcPte + i), entryHi(m, srcPte + i))) copyPte(k, dst, src, dstPte + i, srcPte + i);
  pte_unmap_unlock(k, C.unlock, ptlOf(srcPte));
  pte_unmap_unlock(k, C.unlock, ptlOf(dstPte));
}

/** copy_huge_pmd() (mm/huge_memory.c). @returns false when the mapping was split, or is by now, and has to be copied page by page. */
function* copy_huge_pmd(
  k: Kernel,
  dst: number,
  src: number,
  dstPmd: number,
  srcPmd: number,
  addr: number,
): Run<boolean> {
  const m = k.m;
  const dstPtl = yield* pmd_lock(k, H.dstLock, dstPmd);
  const srcPtl = yield* pmd_lock(k, H.srcLock, srcPmd);
  const lo = entryLo(m, srcPmd);
  const hi = entryHi(m, srcPmd);
  const device = is_device_private_entry(lo, hi);
  const pfn = device ? swpPfn(lo, hi) : pmdPfn(lo, hi);
  const table = !device && !is_swap_pmd(lo, hi) && !pmd_trans_huge(lo, hi);
  let split = false;
  if (table) at(k, H.table, addr);
  else if (is_migration_entry(lo, hi)) {
    const [ro, roHi] = readOnlyMigration(lo, hi);
    if (ro !== lo || roHi !== hi) set_pmd_at(k, H.protect, srcPmd, ro, roHi);
    add_mm_counter(k, vmaGet(m, dst, V.MM), MM.ANONPAGES, 512);
    set_pmd_at(k, H.set, dstPmd, ro, roHi);
  } else if (is_huge_zero_pfn(m, pfn)) set_pmd_at(k, H.set, dstPmd, lo, hi);
  else {
    const f = m.folioOf(pfn);
    split = !device && folio_maybe_dma_pinned(m, f);
    if (!split) {
      folio_get(k, H.get, f);
      m.step(OP.FOLIO_ADD_RMAP, H.rmap, f, addr, 1);
      m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
      m.setF(f, F.ENTIRE, m.f(f, F.ENTIRE) + 1);
      ClearPageAnonExclusive(m, pfn);
      add_mm_counter(k, vmaGet(m, dst, V.MM), MM.ANONPAGES, 512);
      const [ro, roHi] = device ? readOnlyDevice(lo, hi) : readOnly(lo, hi);
      if (ro !== lo || roHi !== hi) set_pmd_at(k, H.protect, srcPmd, ro, roHi);
      set_pmd_at(k, H.set, dstPmd, ro, roHi);
    }
  }
  spin_unlock(k, H.unlock, srcPtl);
  spin_unlock(k, H.unlock, dstPtl);
  if (table) return false;
  if (!split) return true;
  at(k, H.pinned, addr);
  yield* split_huge_pmd(k, src, srcPmd, addr);
  return false;
}

/** pmd_wrprotect(): a dirty entry keeps its dirt in SAVED_DIRTY. */
function readOnly(lo: number, hi: number): readonly [lo: number, hi: number] {
  return [settleDirtyLo(lo & ~_PAGE_RW, hi), settleDirtyHi(lo & ~_PAGE_RW, hi)];
}

/** A writable (or exclusive) migration entry becomes a plain readable one, which both have. */
function readOnlyMigration(lo: number, hi: number): readonly [lo: number, hi: number] {
  const pfn = swpPfn(lo, hi);
  const aged = swpHi(SWP_MIGRATION_READ, pfn, swpYoung(lo, hi) ? 1 : 0, swpDirty(lo, hi) ? 1 : 0);
  return [swpLo(SWP_MIGRATION_READ, pfn, lo & 0xfff), aged];
}

function readOnlyDevice(lo: number, hi: number): readonly [lo: number, hi: number] {
  if (!is_writable_device_private_entry(lo, hi)) return [lo, hi];
  const pfn = swpPfn(lo, hi);
  return [swpLo(SWP_DEVICE_READ, pfn, lo & 0xfff), swpHi(SWP_DEVICE_READ, pfn, 0, 0)];
}
