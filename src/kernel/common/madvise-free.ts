import { MM, V } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_SAVED_DIRTY_HI,
  pmd_none,
  pmd_trans_huge,
  pte_none,
  pte_present,
  pte_special,
} from '../../machine/words/pte.ts';
import { is_plain_swap, swpOffset } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { mmap_read_lock, mmap_read_unlock } from './mmap-lock.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import {
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
import { free_swap_and_cache } from './swapfile.ts';
import { add_mm_counter } from './vm-fault.ts';
import { vmasIn } from './vma-split.ts';

const S = sites('madvise_free', {
  enter: 'the contents of [{a:page start}, {b:page end}) may be dropped when memory is short',
  lock: 'take the mmap lock for reading',
  start: 'tell the devices (CLEAR)',
  end: 'the event ends',
  unlock: 'drop the mmap lock',
  exit: '',
});
const P = sites('madvise_free_pte_range', {
  huge: 'a huge page: the same for its PMD',
  invalidate: 'take the huge entry away while it changes',
  lock: 'take the page-table lock',
  notTable: 'neither a table nor a present huge page (device memory): nothing happens',
  swap: 'swap slot {a:int} is not needed any more ({b:int} left)',
  clean: 'not accessed and not dirty any more: reclaim may drop it',
  unlock: 'drop the page-table lock',
});

/** madvise(MADV_FREE) (mm/madvise.c). Device-private memory keeps its contents. @returns 0. */
export function* madvise_free(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, mm);
  yield* mmap_read_lock(k, S.lock, mm);
  for (const vma of vmasIn(m, mm, start, end)) {
    const from = Math.max(start, vmaGet(m, vma, V.START));
    const to = Math.min(end, vmaGet(m, vma, V.END));
    const range = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, mm, from, to);
    yield* mmu_notifier_invalidate_range_start(k, S.start, range);
    for (let addr = from; addr < to; ) {
      const next = Math.min(to, (addr | 511) + 1);
      if (k.concurrent) yield YIELD.OTHER;
      const pmd = findEntry(m, mm, addr, 2);
      if (pmd !== 0 && !pmd_none(entryLo(m, pmd), entryHi(m, pmd)))
        yield* madvise_free_pte_range(k, mm, pmd, addr, next);
      addr = next;
    }
    yield* mmu_notifier_invalidate_range_end(k, S.end, range);
  }
  mmap_read_unlock(k, S.unlock, mm);
  return exit(k, S.exit, 0, start);
}

function* madvise_free_pte_range(k: Kernel, mm: number, pmd: number, start: number, end: number): Run<void> {
  const m = k.m;
  if (pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd))) {
    at(k, P.huge, start);
    const ptl = yield* pmd_lock(k, P.lock, pmd);
    const lo = entryLo(m, pmd);
    const hi = entryHi(m, pmd);
    const huge = pmd_trans_huge(lo, hi);
    if (huge) {
      pmdp_invalidate(k, P.invalidate, pmd);
      set_pmd_at(k, P.clean, pmd, lo & ~(_PAGE_ACCESSED | _PAGE_DIRTY), hi & ~_PAGE_SAVED_DIRTY_HI);
    }
    spin_unlock(k, P.unlock, ptl);
    if (huge) return;
  }
  const first = yield* pte_offset_map_lock(k, P.lock, pmd, start);
  if (first === 0) {
    at(k, P.notTable, start);
    return;
  }
  for (let pte = first; pte < first + (end - start); pte++) {
    const lo = entryLo(m, pte);
    const hi = entryHi(m, pte);
    if (pte_none(lo, hi)) continue;
    if (is_plain_swap(lo, hi)) {
      ptep_get_and_clear(k, P.swap, pte);
      add_mm_counter(k, mm, MM.SWAPENTS, -1);
      free_swap_and_cache(k, P.swap, swpOffset(lo, hi));
    } else if (pte_present(lo, hi) && !pte_special(lo, hi))
      set_pte_at(k, P.clean, pte, lo & ~(_PAGE_ACCESSED | _PAGE_DIRTY), hi & ~_PAGE_SAVED_DIRTY_HI);
  }
  pte_unmap_unlock(k, P.unlock, ptlOf(first));
}
