import { PG, V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  _PAGE_SOFT_DIRTY,
  _PAGE_UFFD_WP,
  pteHi,
  pteLo,
} from '../../machine/words/pte.ts';
import { _PAGE_SWP_SOFT_DIRTY, _PAGE_SWP_UFFD_WP, swpPfn } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, folioHas, folio_get, folio_lock, folio_put, folio_unlock } from './folio.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptlOf } from './pgtable.ts';
import type { VmFault } from './vm-fault.ts';
import { set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('remove_device_exclusive_entry', {
  enter: 'the CPU takes {a:page address} back from a device',
  get: 'keep the page while its lock is waited for',
  lockFolio: 'lock the folio',
  start: 'tell the devices (CLEAR, one page)',
  lock: 'take the PTE lock',
  raced: 'the entry has changed meanwhile',
  restore: 'map the page again',
  unlock: 'drop the PTE lock',
  unlockFolio: 'unlock the folio',
  put: 'let the page go',
  end: 'the CLEAR event ends',
  exit: '',
});

/**
 * remove_device_exclusive_entry() (mm/memory.c): ends a device's exclusive access to a system page. The page
 * stayed mapped in the counts (as since v6.15), so only the entry changes. @returns 0.
 */
export function* remove_device_exclusive_entry(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { mm, vma, page, origLo, origHi } = vmf;
  const pfn = swpPfn(origLo, origHi);
  const f = m.folioOf(pfn);
  enter(k, S.enter, page, pfn);
  folio_get(k, S.get, f);
  yield* folio_lock(k, S.lockFolio, f);
  const range = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, mm, page, page + 1);
  yield* mmu_notifier_invalidate_range_start(k, S.start, range);
  const pte = yield* pte_offset_map_lock(k, S.lock, vmf.pmd, page);
  if (pte !== 0) {
    if (entryLo(m, pte) !== origLo || entryHi(m, pte) !== origHi) at(k, S.raced, page);
    else {
      let flags = vm_page_prot(m, vma) & ~_PAGE_ACCESSED;
      if ((origLo & _PAGE_SWP_SOFT_DIRTY) !== 0) flags |= _PAGE_SOFT_DIRTY;
      const uffdWp = (origLo & _PAGE_SWP_UFFD_WP) !== 0;
      if (uffdWp) flags |= _PAGE_UFFD_WP;
      if ((vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0 && !uffdWp && PageAnonExclusive(m, pfn)) {
        flags |= _PAGE_RW;
        if (folioHas(m, f, PG.DIRTY)) flags |= _PAGE_DIRTY;
      }
      set_pte_settled(k, S.restore, pte, pteLo(pfn, flags), pteHi(pfn, vm_page_prot_hi(m, vma), flags));
    }
    pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  }
  if (k.concurrent) yield YIELD.OTHER;
  folio_unlock(k, S.unlockFolio, f);
  folio_put(k, S.put, f);
  yield* mmu_notifier_invalidate_range_end(k, S.end, range);
  return exit(k, S.exit, 0, page);
}
