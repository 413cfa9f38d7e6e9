import { F, G, MM, P, PG, V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { _PAGE_DIRTY, _PAGE_RW, _PAGE_SPECIAL, pteHi, pteLo, pte_none } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { folio_alloc, folio_put, queueLru, setFlag } from './folio.ts';
import { pte_alloc, pte_offset_map_lock, pte_unmap_unlock, ptlOf } from './pgtable.ts';
import { anon_vma_prepare, folio_add_new_anon_rmap } from './rmap.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_SIGBUS, type VmFault, add_mm_counter } from './vm-fault.ts';
import { set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('do_anonymous_page', {
  enter: 'nothing is mapped at {a:page address}: anonymous memory',
  shared: 'a shared mapping without a file: SIGBUS',
  table: 'the PTE table is allocated if there is none',
  alloc: 'a write: allocate a page filled with zeros',
  lock: 'take the PTE lock',
  raced: 'somebody has filled the PTE meanwhile',
  zero: 'a read: map the zero page, read-only',
  release: 'the new page is not needed',
  rmap: 'the page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the new page',
  unlock: 'drop the PTE lock',
  exit: '',
});

/** folio_add_lru_vma(): queues a fresh folio for the LRU; in a VM_LOCKED VMA it is mlocked at once. */
export function folio_add_lru_vma(k: Kernel, site: number, f: number, vma: number): void {
  at(k, site, f);
  if ((vmaGet(k.m, vma, V.FLAGS) & VM.LOCKED) !== 0) setFlag(k.m, f, PG.MLOCKED | PG.UNEVICTABLE);
  queueLru(k, f);
}

/** A fresh, zeroed, uptodate page of the given order (vma_alloc_zeroed_movable_folio and the like). */
export function allocZeroed(k: Kernel, site: number, order: number): number {
  const f = folio_alloc(k, site, order);
  const pfn = k.m.f(f, F.PFN);
  for (let i = 0; i < 1 << order; i++) k.m.pageSet(pfn + i, P.DATA, 0);
  setFlag(k.m, f, PG.UPTODATE);
  return f;
}

/**
 * do_anonymous_page() (mm/memory.c): first touch of anonymous memory. A read maps the zero page, a write
 * a page of its own. No notifier event: nothing was mapped. @returns 0 or VM_FAULT_SIGBUS.
 */
export function* do_anonymous_page(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  enter(k, S.enter, page, vmf.flags);
  if ((vmaGet(m, vma, V.FLAGS) & VM.SHARED) !== 0) {
    at(k, S.shared, page);
    return exit(k, S.exit, VM_FAULT_SIGBUS, page);
  }
  yield* pte_alloc(k, S.table, mm, vmf.pmd);
  const prot = vm_page_prot(m, vma);
  const protHi = vm_page_prot_hi(m, vma);

  if ((vmf.flags & FAULT_FLAG_WRITE) === 0) {
    const pte = yield* pte_offset_map_lock(k, S.lock, vmf.pmd, page);
    if (pte === 0) return exit(k, S.exit, 0, page);
    if (!pte_none(entryLo(m, pte), entryHi(m, pte))) at(k, S.raced, page);
    else {
      const pfn = m.scalar.get(G.ZERO_PFN);
      set_pte_settled(k, S.zero, pte, pteLo(pfn, prot | _PAGE_SPECIAL), pteHi(pfn, protHi, prot));
    }
    pte_unmap_unlock(k, S.unlock, ptlOf(pte));
    return exit(k, S.exit, 0, page);
  }

  anon_vma_prepare(m, vma);
  const f = allocZeroed(k, S.alloc, 0);
  const pte = yield* pte_offset_map_lock(k, S.lock, vmf.pmd, page);
  if (pte === 0 || !pte_none(entryLo(m, pte), entryHi(m, pte))) {
    at(k, S.raced, page);
    if (pte !== 0) pte_unmap_unlock(k, S.unlock, ptlOf(pte));
    folio_put(k, S.release, f);
    return exit(k, S.exit, 0, page);
  }
  add_mm_counter(k, mm, MM.ANONPAGES, 1);
  folio_add_new_anon_rmap(k, S.rmap, f, vma, page);
  folio_add_lru_vma(k, S.lru, f, vma);
  const write = (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0 ? _PAGE_RW | _PAGE_DIRTY : 0;
  const pfn = m.f(f, F.PFN);
  set_pte_settled(k, S.set, pte, pteLo(pfn, prot | write), pteHi(pfn, protHi, prot));
  pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  return exit(k, S.exit, 0, page);
}
