import { F, MM, V, VM, VMA_KIND } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { pteHi, pteLo, pte_none } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { folio_get, folio_lock, folio_mark_dirty, folio_put, folio_trylock, folio_unlock, queueLru } from './folio.ts';
import { allocZeroed, folio_add_lru_vma } from './memory-anon.ts';
import { copyPage } from './memory-wp.ts';
import { filePages, filemap_add, filemap_get } from './page-cache.ts';
import { pte_alloc, pte_offset_map_lock, pte_unmap_unlock, ptlOf } from './pgtable.ts';
import { anon_vma_prepare, folio_add_file_rmap_pte, folio_add_new_anon_rmap } from './rmap.ts';
import {
  FAULT_FLAG_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_LOCKED,
  VM_FAULT_MAJOR,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  type VmFault,
  add_mm_counter,
} from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const D = sites('do_fault', {
  noFile: 'a special mapping without a page: SIGBUS',
});
const R = sites('do_read_fault', {
  enter: 'a read at {a:page address} of a file',
  unlock: 'unlock the page',
  put: 'the page could not be mapped: let it go',
  exit: '',
});
const C = sites('do_cow_fault', {
  enter: 'a write at {a:page address} to a private mapping of a file',
  alloc: 'allocate the private copy',
  copy: 'copy the page of the file',
  unlock: 'unlock the page of the file',
  put: 'let the page of the file go',
  putNew: 'the copy could not be used: give it back',
  exit: '',
});
const W = sites('do_shared_fault', {
  enter: 'a write at {a:page address} to a shared mapping of a file',
  dirty: 'the page of the file is dirty from now on',
  unlock: 'unlock the page',
  put: 'the page could not be mapped: let it go',
  exit: '',
});
const A = sites('do_fault_around', {
  enter: 'map what the cache has of the 64 KiB around {a:page address}',
  lock: 'take the PTE lock',
  trylock: 'try to lock the cached page',
  get: 'the mapping refers to the page',
  rmap: 'the page is mapped once more',
  set: 'map the cached page',
  unlockFolio: 'unlock the cached page',
  unlock: 'drop the PTE lock',
  exit: 'VM_FAULT bits {a:hex ret}',
});
const FIN = sites('finish_fault', {
  enter: 'map the page at {a:page address}',
  table: 'the PTE table is allocated if there is none',
  lock: 'take the PTE lock',
  raced: 'somebody has filled the PTE meanwhile',
  rmapAnon: 'the private copy is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  rmapFile: 'the page of the file is mapped once more',
  set: 'map the page',
  unlock: 'drop the PTE lock',
  exit: '',
});
const SH = sites('shmem_fault', {
  enter: 'page {b:int index} of a tmpfs file',
  beyond: 'beyond the end of the file: SIGBUS',
  alloc: 'not in the page cache: allocate a page filled with zeros',
  add: 'put it into the page cache',
  lru: 'queue {a:folio} for the LRU list',
  get: 'the fault refers to the cached page',
  lock: 'lock the page',
  exit: 'VM_FAULT bits {a:hex ret}',
});
const FM = sites('filemap_fault', {
  enter: 'page {b:int index} of a file',
  beyond: 'beyond the end of the file: SIGBUS',
  alloc: 'not in the page cache: read it from the disk',
  add: 'put it into the page cache',
  lru: 'queue {a:folio} for the LRU list',
  get: 'the fault refers to the cached page',
  lock: 'lock the page',
  exit: 'VM_FAULT bits {a:hex ret}',
});
/** Pages that one read fault tries to map (fault_around_bytes, 64 KiB). */
const FAULT_AROUND_PAGES = 16;

/** do_fault() (mm/memory.c): first touch of a page of a file. @returns VM_FAULT_* bits. */
export function* do_fault(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  if (vmaGet(m, vmf.vma, V.FILE) === 0) {
    at(k, D.noFile, vmf.page);
    return VM_FAULT_SIGBUS;
  }
  if ((vmf.flags & FAULT_FLAG_WRITE) === 0) return yield* do_read_fault(k, vmf);
  if ((vmaGet(m, vmf.vma, V.FLAGS) & VM.SHARED) === 0) return yield* do_cow_fault(k, vmf);
  return yield* do_shared_fault(k, vmf);
}

/** File page of the faulting address (linear_page_index). */
const fileIndex = (k: Kernel, vma: number, page: number): number =>
  vmaGet(k.m, vma, V.PGOFF) + page - vmaGet(k.m, vma, V.START);

function* do_read_fault(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, R.enter, vmf.page, vmf.flags);
  const around = yield* do_fault_around(k, vmf);
  if (around !== 0) return exit(k, R.exit, around, vmf.page);
  const got = yield* __do_fault(k, vmf);
  if ((got.ret & VM_FAULT_ERROR) !== 0) return exit(k, R.exit, got.ret, vmf.page);
  const ret = got.ret | (yield* finish_fault(k, vmf, got.pfn));
  const f = k.m.folioOf(got.pfn);
  if (k.concurrent) yield YIELD.OTHER;
  folio_unlock(k, R.unlock, f);
  if ((ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) !== 0) folio_put(k, R.put, f);
  return exit(k, R.exit, ret, vmf.page);
}

function* do_cow_fault(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  enter(k, C.enter, vmf.page, vmf.flags);
  anon_vma_prepare(m, vmf.vma);
  const copy = allocZeroed(k, C.alloc, 0);
  const got = yield* __do_fault(k, vmf);
  if ((got.ret & VM_FAULT_ERROR) !== 0) {
    folio_put(k, C.putNew, copy);
    return exit(k, C.exit, got.ret, vmf.page);
  }
  const f = m.folioOf(got.pfn);
  copyPage(k, C.copy, got.pfn, m.f(copy, F.PFN));
  const ret = got.ret | (yield* finish_fault(k, vmf, m.f(copy, F.PFN)));
  if (k.concurrent) yield YIELD.OTHER;
  folio_unlock(k, C.unlock, f);
  folio_put(k, C.put, f);
  if ((ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) !== 0) folio_put(k, C.putNew, copy);
  return exit(k, C.exit, ret, vmf.page);
}

function* do_shared_fault(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, W.enter, vmf.page, vmf.flags);
  const got = yield* __do_fault(k, vmf);
  if ((got.ret & VM_FAULT_ERROR) !== 0) return exit(k, W.exit, got.ret, vmf.page);
  const f = k.m.folioOf(got.pfn);
  const ret = got.ret | (yield* finish_fault(k, vmf, got.pfn));
  if ((ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) !== 0) {
    folio_unlock(k, W.unlock, f);
    folio_put(k, W.put, f);
    return exit(k, W.exit, ret, vmf.page);
  }
  if (k.concurrent) yield YIELD.OTHER;
  folio_mark_dirty(k, W.dirty, f);
  folio_unlock(k, W.unlock, f);
  return exit(k, W.exit, ret, vmf.page);
}

/** vm_ops->map_pages, filemap_map_pages(): maps the neighbours that the cache has. @returns 0 or NOPAGE. */
function* do_fault_around(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { vma, page } = vmf;
  enter(k, A.enter, page);
  const from = Math.max(page & ~(FAULT_AROUND_PAGES - 1), vmaGet(m, vma, V.START));
  const to = Math.min((page & ~(FAULT_AROUND_PAGES - 1)) + FAULT_AROUND_PAGES, vmaGet(m, vma, V.END));
  const file = vmaGet(m, vma, V.FILE) - 1;
  yield* pte_alloc(k, A.enter, vmf.mm, vmf.pmd);
  const first = yield* pte_offset_map_lock(k, A.lock, vmf.pmd, page);
  if (first === 0) return exit(k, A.exit, VM_FAULT_NOPAGE, page);
  let ret = 0;
  for (let p = from; p < to; p++) {
    const pte = first + (p - page);
    const index = fileIndex(k, vma, p);
    const f = filemap_get(m, file, index);
    if (f === 0 || !pte_none(entryLo(m, pte), entryHi(m, pte))) continue;
    if (!folio_trylock(k, A.trylock, f)) continue;
    folio_get(k, A.get, f);
    setFileEntry(k, A.rmap, A.set, vmf, pte, m.f(f, F.PFN) + index - m.f(f, F.INDEX), p);
    folio_unlock(k, A.unlockFolio, f);
    if (p === page) ret = VM_FAULT_NOPAGE;
  }
  pte_unmap_unlock(k, A.unlock, ptlOf(first));
  return exit(k, A.exit, ret, page);
}

function setFileEntry(
  k: Kernel,
  rmap: number,
  set: number,
  vmf: VmFault,
  pte: number,
  pfn: number,
  page: number,
): void {
  const m = k.m;
  const prot = vm_page_prot(m, vmf.vma);
  const write = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  add_mm_counter(k, vmf.mm, MM.FILEPAGES, 1);
  folio_add_file_rmap_pte(k, rmap, pfn, page);
  const lo = pteLo(pfn, prot);
  const hi = pteHi(pfn, vm_page_prot_hi(m, vmf.vma), prot);
  set_pte_settled(k, set, pte, write ? maybe_mkwrite_dirty(m, vmf.vma, lo) : lo, hi);
}

/** finish_fault() (mm/memory.c): maps the page that do_fault() has, a private copy or a page of the file. */
function* finish_fault(k: Kernel, vmf: VmFault, pfn: number): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  enter(k, FIN.enter, page, pfn);
  const f = m.folioOf(pfn);
  const copy = (vmf.flags & FAULT_FLAG_WRITE) !== 0 && (vmaGet(m, vma, V.FLAGS) & VM.SHARED) === 0;
  yield* pte_alloc(k, FIN.table, mm, vmf.pmd);
  const pte = yield* pte_offset_map_lock(k, FIN.lock, vmf.pmd, page);
  if (pte === 0) return exit(k, FIN.exit, VM_FAULT_NOPAGE, page);
  if (!pte_none(entryLo(m, pte), entryHi(m, pte))) {
    at(k, FIN.raced, page);
    pte_unmap_unlock(k, FIN.unlock, ptlOf(pte));
    return exit(k, FIN.exit, VM_FAULT_NOPAGE, page);
  }
  if (copy) {
    const prot = vm_page_prot(m, vma);
    add_mm_counter(k, mm, MM.ANONPAGES, 1);
    folio_add_new_anon_rmap(k, FIN.rmapAnon, f, vma, page);
    folio_add_lru_vma(k, FIN.lru, f, vma);
    const lo = maybe_mkwrite_dirty(m, vma, pteLo(pfn, prot));
    set_pte_settled(k, FIN.set, pte, lo, pteHi(pfn, vm_page_prot_hi(m, vma), prot));
  } else setFileEntry(k, FIN.rmapFile, FIN.set, vmf, pte, pfn, page);
  pte_unmap_unlock(k, FIN.unlock, ptlOf(pte));
  return exit(k, FIN.exit, 0, page);
}

/** __do_fault(): the file system gives the page, locked and with a reference for the mapping. */
function* __do_fault(k: Kernel, vmf: VmFault): Run<{ readonly ret: number; readonly pfn: number }> {
  const m = k.m;
  const file = vmaGet(m, vmf.vma, V.FILE) - 1;
  const index = fileIndex(k, vmf.vma, vmf.page);
  const shmem = vmaGet(m, vmf.vma, V.KIND) === VMA_KIND.SHMEM;
  const s = shmem ? SH : FM;
  enter(k, s.enter, vmf.page, index);
  if (index < 0 || index >= filePages(m, file)) {
    at(k, s.beyond, vmf.page);
    return { ret: exit(k, s.exit, VM_FAULT_SIGBUS, vmf.page), pfn: 0 };
  }
  let ret: number = VM_FAULT_LOCKED;
  if (k.concurrent) yield YIELD.OTHER;
  let f = filemap_get(m, file, index);
  if (f === 0) {
    f = allocZeroed(k, s.alloc, 0);
    at(k, s.add, f, index);
    filemap_add(m, file, index, f);
    at(k, s.lru, f);
    queueLru(k, f);
    // The new page's first reference is the fault's own.
    if (!shmem) ret |= VM_FAULT_MAJOR;
  } else folio_get(k, s.get, f);
  yield* folio_lock(k, s.lock, f);
  return { ret: exit(k, s.exit, ret, vmf.page), pfn: m.f(f, F.PFN) + index - m.f(f, F.INDEX) };
}
