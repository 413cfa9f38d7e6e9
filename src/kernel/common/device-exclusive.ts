import { PG } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vma_lookup } from '../../machine/vma.ts';
import { pmd_trans_huge, ptePfn, pte_dirty, pte_present } from '../../machine/words/pte.ts';
import { SWP_DEVICE_EXCLUSIVE, swpHi, swpLo } from '../../machine/words/swp.ts';
import { EBUSY } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { folioHas, folio_lock, folio_mark_dirty, folio_put, folio_unlock } from './folio.ts';
import { get_user_pages } from './gup.ts';
import { split_huge_pmd } from './huge-split.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptep_clear_flush, ptlOf, set_pte_at } from './pgtable.ts';

const S = sites('make_device_exclusive', {
  enter: 'the device wants {a:page addr} for itself (atomic access)',
  split: 'a huge page: split its mapping',
  lockFolio: 'lock the folio',
  start: 'tell the devices (EXCLUSIVE)',
  lock: 'take the PTE lock',
  changed: 'the entry has changed meanwhile: -EBUSY',
  clear: 'take the mapping away from the CPU',
  dirty: 'the entry was dirty: the folio is',
  set: 'a device-exclusive entry: every CPU access ends the device’s',
  unlock: 'drop the PTE lock',
  unlockFolio: 'unlock the folio',
  put: 'let the page go',
  end: 'the event ends',
  exit: '',
});

/**
 * make_device_exclusive() (mm/rmap.c, as since v6.15: the folio stays mapped in the counts). The mmap lock is held.
 * @param owner device + 1. @returns the page frame, its folio locked and referenced, or an errno.
 */
export function* make_device_exclusive(k: Kernel, mm: number, page: number, owner: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, page, owner);
  const pfn = yield* get_user_pages(k, mm, page, true);
  if (pfn < 0) return exit(k, S.exit, pfn, page);
  const pmd = findEntry(m, mm, page, 2);
  if (pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd))) {
    at(k, S.split, page);
    yield* split_huge_pmd(k, vma_lookup(m, mm, page), pmd, page);
  }
  const f = m.folioOf(pfn);
  yield* folio_lock(k, S.lockFolio, f);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.EXCLUSIVE, mm, page, page + 1, owner);
  yield* mmu_notifier_invalidate_range_start(k, S.start, range);
  const pte = yield* pte_offset_map_lock(k, S.lock, pmd, page);
  const lo = pte === 0 ? 0 : entryLo(m, pte);
  const hi = pte === 0 ? 0 : entryHi(m, pte);
  const same = pte !== 0 && pte_present(lo, hi) && ptePfn(lo, hi) === pfn;
  if (same) {
    ptep_clear_flush(k, S.clear, pte);
    if (pte_dirty(lo, hi) && !folioHas(m, f, PG.DIRTY)) folio_mark_dirty(k, S.dirty, f);
    set_pte_at(k, S.set, pte, swpLo(SWP_DEVICE_EXCLUSIVE, pfn, 0), swpHi(SWP_DEVICE_EXCLUSIVE, pfn, 0, 0));
  } else at(k, S.changed, page);
  if (pte !== 0) pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  yield* mmu_notifier_invalidate_range_end(k, S.end, range);
  if (same) return exit(k, S.exit, pfn, page);
  folio_unlock(k, S.unlockFolio, f);
  folio_put(k, S.put, f);
  return exit(k, S.exit, -EBUSY, page);
}
