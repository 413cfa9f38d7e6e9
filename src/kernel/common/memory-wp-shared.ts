import { PG } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { folioHas, folio_get, folio_lock, folio_mark_dirty, folio_put, folio_unlock } from './folio.ts';
import { wp_page_reuse } from './memory-wp.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptlOf } from './pgtable.ts';
import type { VmFault } from './vm-fault.ts';

const WS = sites('wp_page_shared', {
  enter: 'first write to the shared page at {a:page address}',
  special: 'no page of the kernel behind it: only make it writable',
  get: 'keep the page while the lock is dropped',
  unlock: 'drop the PTE lock',
  lockFolio: 'tell the file system and lock the page (page_mkwrite)',
  lock: 'take the PTE lock again',
  raced: 'the PTE has changed meanwhile',
  dirty: 'the page of the file is dirty from now on',
  unlockFolio: 'unlock the page',
  put: 'let the page go',
  exit: '',
});

/**
 * wp_page_shared() (mm/memory.c): a write to a read-only PTE of a shared mapping. The file system is asked first
 * (page_mkwrite), then the PTE becomes writable. The PTE lock is held on entry and dropped.
 * @param pfn page of the PTE, -1 for a mapping without one. @returns 0.
 */
export function* wp_page_shared(k: Kernel, vmf: VmFault, pte: number, pfn: number): Run<number> {
  const m = k.m;
  enter(k, WS.enter, vmf.page, pfn);
  if (pfn < 0) {
    at(k, WS.special, vmf.page);
    return exit(k, WS.exit, wp_page_reuse(k, vmf, pte), vmf.page);
  }
  const f = m.folioOf(pfn);
  folio_get(k, WS.get, f);
  if (!folioHas(m, f, PG.SHMEM)) {
    pte_unmap_unlock(k, WS.unlock, ptlOf(pte));
    yield* folio_lock(k, WS.lockFolio, f);
    const again = yield* pte_offset_map_lock(k, WS.lock, vmf.pmd, vmf.page);
    const same = again !== 0 && entryLo(m, again) === vmf.origLo && entryHi(m, again) === vmf.origHi;
    if (!same) {
      at(k, WS.raced, vmf.page);
      if (again !== 0) pte_unmap_unlock(k, WS.unlock, ptlOf(again));
      folio_unlock(k, WS.unlockFolio, f);
      folio_put(k, WS.put, f);
      return exit(k, WS.exit, 0, vmf.page);
    }
    wp_page_reuse(k, vmf, again);
    folio_mark_dirty(k, WS.dirty, f);
    folio_unlock(k, WS.unlockFolio, f);
  } else {
    wp_page_reuse(k, vmf, pte);
    yield* folio_lock(k, WS.lockFolio, f);
    folio_mark_dirty(k, WS.dirty, f);
    folio_unlock(k, WS.unlockFolio, f);
  }
  folio_put(k, WS.put, f);
  return exit(k, WS.exit, 0, vmf.page);
}
