import { T, T_STRIDE, V, V_STRIDE } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { pmd_none, pmd_trans_huge, pte_none } from '../../machine/words/pte.ts';
import { is_swap_pmd } from '../../machine/words/swp.ts';
import { EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { split_huge_pmd } from './huge-split.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { unmapVmas } from './munmap.ts';
import {
  flush_tlb_range,
  pmd_alloc,
  pmd_lock,
  pmd_populate,
  pte_alloc,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_get_and_clear,
  ptlOf,
  set_pmd_at,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';
import { mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import { copyVma, isolateVmas } from './vma-split.ts';

const S = sites('mremap', {
  enter: 'move [{a:page start}, {b:page end}) to {c:page to}',
  lock: 'take the mmap lock for writing',
  fault: 'the old range is not one mapping: -EFAULT',
  vma: 'vma {a:vma} is the new place; its pages keep the index they had',
  keep: 'the old VMA stays, empty (MREMAP_DONTUNMAP)',
  unlock: 'drop the mmap lock',
  exit: '',
});
const M = sites('move_page_tables', {
  enter: 'move the entries of [{a:page start}, {b:page end}) to {c:page to}',
  start: 'tell the devices (UNMAP)',
  split: 'the two places lie differently in their 2 MiB: split the PMD at {a:page addr}',
  flush: 'flush the TLB of the old place',
  end: 'the event ends',
  exit: '',
});
const H = sites('move_huge_pmd', {
  lock: 'take the lock of the old PMD',
  newLock: 'take the lock of the new PMD',
  clear: 'take the huge entry from the old place',
  set: 'and put it into the new one',
  unlock: 'unlock',
});
const N = sites('move_normal_pmd', {
  clear: 'take the whole PTE table from the old place',
  set: 'and hang it into the new one',
});
const P = sites('move_ptes', {
  alloc: 'a PTE table at the new place',
  lock: 'take the lock of the old PTE table',
  newLock: 'take the lock of the new PTE table',
  clear: 'take the entry from the old place',
  set: 'and put it into the new one',
  unlock: 'unlock',
});

/**
 * mremap(MREMAP_MAYMOVE | MREMAP_FIXED) (mm/mremap.c) of a range inside one VMA to a place that is unmapped first.
 * @param keepOld MREMAP_DONTUNMAP. @returns 0 or -EFAULT.
 */
export function* mremap(k: Kernel, mm: number, start: number, end: number, to: number, keepOld: boolean): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, to);
  yield* mmap_write_lock(k, S.lock, mm);
  yield* unmapVmas(k, mm, to, to + end - start);
  const [old = 0, ...more] = isolateVmas(m, mm, start, end);
  let ret = 0;
  if (old === 0 || more.length > 0 || vmaGet(m, old, V.START) !== start || vmaGet(m, old, V.END) !== end) {
    at(k, S.fault, start);
    ret = -EFAULT;
  } else {
    const moved = copyVma(m, old, mm);
    at(k, S.vma, moved);
    m.vma.set(moved * V_STRIDE + V.START, to);
    m.vma.set(moved * V_STRIDE + V.END, to + end - start);
    m.vma.set(moved * V_STRIDE + V.MOVED, vmaGet(m, old, V.MOVED) + to - start);
    yield* move_page_tables(k, old, start, end, to);
    if (keepOld) {
      at(k, S.keep, old);
      m.vma.set(old * V_STRIDE + V.ANON_VMA, 0);
    } else yield* unmapVmas(k, mm, start, end);
  }
  mmap_write_unlock(k, S.unlock, mm);
  return exit(k, S.exit, ret, to);
}

function* move_page_tables(k: Kernel, vma: number, start: number, end: number, to: number): Run<void> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  enter(k, M.enter, start, end, to);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.UNMAP, mm, start, end);
  yield* mmu_notifier_invalidate_range_start(k, M.start, range);
  for (let addr = start; addr < end; ) {
    const there = to + addr - start;
    const extent = Math.min(end - addr, 512 - (addr & 511), 512 - (there & 511));
    const pmd = findEntry(m, mm, addr, 2);
    if (pmd !== 0 && !pmd_none(entryLo(m, pmd), entryHi(m, pmd))) yield* moveExtent(k, vma, pmd, addr, there, extent);
    addr += extent;
  }
  flush_tlb_range(k, M.flush, start, end);
  yield* mmu_notifier_invalidate_range_end(k, M.end, range);
  exit(k, M.exit);
}

function* moveExtent(k: Kernel, vma: number, pmd: number, addr: number, there: number, extent: number): Run<void> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  const newPmd = pmd_alloc(m, mm, there);
  const empty = pmd_none(entryLo(m, newPmd), entryHi(m, newPmd));
  const huge = is_swap_pmd(entryLo(m, pmd), entryHi(m, pmd)) || pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd));
  if (extent === HPAGE_PMD_NR && empty) {
    if (huge) yield* move_huge_pmd(k, pmd, newPmd);
    else move_normal_pmd(k, pmd, newPmd, there);
    return;
  }
  if (huge) {
    at(k, M.split, addr);
    yield* split_huge_pmd(k, vma, pmd, addr);
  }
  yield* pte_alloc(k, P.alloc, mm, newPmd);
  yield* move_ptes(k, pmd, newPmd, addr, there, extent);
}

function* move_huge_pmd(k: Kernel, pmd: number, newPmd: number): Run<void> {
  const m = k.m;
  const ptl = yield* pmd_lock(k, H.lock, pmd);
  const newPtl = ptlOf(newPmd) === ptl ? 0 : yield* pmd_lock(k, H.newLock, newPmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  set_pmd_at(k, H.clear, pmd, 0, 0);
  set_pmd_at(k, H.set, newPmd, lo, hi);
  if (newPtl !== 0) spin_unlock(k, H.unlock, newPtl);
  spin_unlock(k, H.unlock, ptl);
}

function move_normal_pmd(k: Kernel, pmd: number, newPmd: number, there: number): void {
  const m = k.m;
  const table = childTable(m, pmd);
  set_pmd_at(k, N.clear, pmd, 0, 0);
  m.table.set(table * T_STRIDE + T.BASE, there);
  pmd_populate(k, N.set, newPmd, table);
}

function* move_ptes(k: Kernel, pmd: number, newPmd: number, addr: number, there: number, n: number): Run<void> {
  const m = k.m;
  const pte = yield* pte_offset_map_lock(k, P.lock, pmd, addr);
  const sameTable = pmd === newPmd;
  const newPte = sameTable ? pte + (there - addr) : yield* pte_offset_map_lock(k, P.newLock, newPmd, there);
  for (let i = 0; i < n; i++) {
    const lo = entryLo(m, pte + i);
    const hi = entryHi(m, pte + i);
    if (pte_none(lo, hi)) continue;
    ptep_get_and_clear(k, P.clear, pte + i);
    set_pte_at(k, P.set, newPte + i, lo, hi);
  }
  if (!sameTable) pte_unmap_unlock(k, P.unlock, ptlOf(newPte));
  pte_unmap_unlock(k, P.unlock, ptlOf(pte));
}
