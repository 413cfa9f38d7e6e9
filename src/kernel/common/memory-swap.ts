import { F, MM, P, PG, SW, V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { _PAGE_DIRTY, _PAGE_RW, _PAGE_SOFT_DIRTY, _PAGE_UFFD_WP, pteHi, pteLo } from '../../machine/words/pte.ts';
import {
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  _PAGE_SWP_EXCLUSIVE,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_hwpoison_entry,
  is_migration_entry,
  is_plain_swap,
  is_pte_marker,
  pteMarkerBits,
  swpOffset,
  swpPfn,
} from '../../machine/words/swp.ts';
import { migrate_to_ram } from '../drivers/migrate-to-ram.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import {
  folioHas,
  folio_get,
  folio_lock,
  folio_put,
  folio_trylock,
  folio_unlock,
  folio_wait_locked,
  lru_add_drain,
} from './folio.ts';
import { remove_device_exclusive_entry } from './memory-exclusive.ts';
import { allocZeroed, folio_add_lru_vma } from './memory-anon.ts';
import { do_wp_page } from './memory-wp.ts';
import { migration_entry_wait } from './migrate.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptep_get_and_clear, ptlOf } from './pgtable.ts';
import { anon_vma_prepare, folio_add_anon_rmap_pte, folio_add_new_anon_rmap } from './rmap.ts';
import { folio_free_swap, swapCacheAdd, swapGet, swap_free } from './swapfile.ts';
import {
  FAULT_FLAG_WRITE,
  VM_FAULT_HWPOISON,
  VM_FAULT_MAJOR,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
  type VmFault,
  add_mm_counter,
} from './vm-fault.ts';
import { set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('do_swap_page', {
  enter: 'the PTE of {a:page address} is a swap entry',
  migration: 'the page is under migration: wait for the end of it, then fault again',
  deviceExclusive: 'a device has the page for itself: take it back',
  devicePrivate: 'the page is in device-private memory: take the PTE lock',
  changed: 'the PTE has changed meanwhile: fault again',
  trylock: 'try to lock the device page',
  busy: 'somebody has the device page locked: return without progress, the access repeats',
  wait: 'sleep until the device page is unlocked',
  getDevice: 'keep the device page while its driver works',
  unlockPte: 'drop the PTE lock',
  toRam: 'ask the driver to bring the page back (migrate_to_ram)',
  unlockDevice: 'unlock the device page',
  putDevice: 'let the device page go',
  hwpoison: 'the page has failed in hardware: HWPOISON',
  marker: 'a marker, no page',
  bad: 'an entry nobody knows: SIGBUS',
  cached: 'the swap cache has the page',
  alloc: 'allocate a page and read slot {b:int} into it',
  cacheAdd: 'other entries use the slot too: put the page into the swap cache',
  lockFolio: 'lock the folio',
  drain: 'a per-CPU LRU batch may hold a reference: drain it',
  lock: 'take the PTE lock',
  free: 'slot {a:int}: one entry less uses it ({b:int} left)',
  freeSwap: 'this process is likely to be the only user: drop the swap-cache copy',
  rmap: 'the page is mapped again',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the page; writable at once if it is this process’s alone',
  unlockFolio: 'unlock the folio',
  wp: 'the write has still to be granted: handle it as a write to a read-only page',
  exit: 'VM_FAULT bits {a:hex ret}',
});
const K = sites('handle_pte_marker', {
  enter: 'the marker of {a:page address} has bits {b:hex marker}',
  poisoned: 'marked as failed memory: HWPOISON',
  guard: 'a guard page: SIGSEGV',
  lock: 'take the PTE lock',
  clear: 'a userfaultfd mark that nobody watches any more: clear it and fault again',
  unlock: 'drop the PTE lock',
  exit: '',
});

/**
 * do_swap_page() (mm/memory.c): a fault on an entry that is neither none nor present. No lock is held.
 * @returns VM_FAULT_* bits; MAJOR when the page had to be read from swap.
 */
export function* do_swap_page(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, S.enter, vmf.page, vmf.flags);
  const ret = yield* swapEntryFault(k, vmf);
  return exit(k, S.exit, ret, vmf.page);
}

function* swapEntryFault(k: Kernel, vmf: VmFault): Run<number> {
  const { origLo: lo, origHi: hi, page } = vmf;
  if (is_plain_swap(lo, hi)) return yield* swapIn(k, vmf, swpOffset(lo, hi));
  if (is_migration_entry(lo, hi)) {
    at(k, S.migration, page);
    yield* migration_entry_wait(k, vmf.pmd, page);
    return 0;
  }
  if (is_device_exclusive_entry(lo, hi)) {
    at(k, S.deviceExclusive, page);
    return yield* remove_device_exclusive_entry(k, vmf);
  }
  if (is_device_private_entry(lo, hi)) return yield* devicePrivateFault(k, vmf);
  if (is_hwpoison_entry(lo, hi)) {
    at(k, S.hwpoison, page);
    return VM_FAULT_HWPOISON;
  }
  if (is_pte_marker(lo, hi)) {
    at(k, S.marker, page);
    return yield* handle_pte_marker(k, vmf);
  }
  at(k, S.bad, page);
  return VM_FAULT_SIGBUS;
}

/** The PTE under its lock if it still is what the fault began with; else 0, and nothing is locked. */
function* lockSame(k: Kernel, site: number, vmf: VmFault): Run<number> {
  const m = k.m;
  const pte = yield* pte_offset_map_lock(k, site, vmf.pmd, vmf.page);
  if (pte === 0 || (entryLo(m, pte) === vmf.origLo && entryHi(m, pte) === vmf.origHi)) return pte;
  at(k, S.changed, vmf.page);
  pte_unmap_unlock(k, S.unlockPte, ptlOf(pte));
  return 0;
}

/** CPU access to device-private memory: the driver migrates the page back, with the page locked and held. */
function* devicePrivateFault(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const pfn = swpPfn(vmf.origLo, vmf.origHi);
  const pte = yield* lockSame(k, S.devicePrivate, vmf);
  if (pte === 0) return 0;
  const f = m.folioOf(pfn);
  if (!folio_trylock(k, S.trylock, f)) {
    at(k, S.busy, vmf.page);
    pte_unmap_unlock(k, S.unlockPte, ptlOf(pte));
    // N-02: up to v6.19 the access repeats until the lock is free; later kernels sleep as on a migration entry.
    if (k.fixes.has('N-02')) yield* folio_wait_locked(k, S.wait, f);
    return 0;
  }
  folio_get(k, S.getDevice, f);
  pte_unmap_unlock(k, S.unlockPte, ptlOf(pte));
  at(k, S.toRam, vmf.page);
  const ret = yield* migrate_to_ram(k, vmf.vma, vmf.page, pfn, true);
  // The migration may have split the folio: lock and reference are then those of the page's new folio.
  if (k.concurrent) yield YIELD.OTHER;
  const after = m.folioOf(pfn);
  folio_unlock(k, S.unlockDevice, after);
  folio_put(k, S.putDevice, after);
  return ret;
}

function* handle_pte_marker(k: Kernel, vmf: VmFault): Run<number> {
  const bits = pteMarkerBits(vmf.origLo, vmf.origHi);
  enter(k, K.enter, vmf.page, bits);
  if ((bits & PTE_MARKER_POISONED) !== 0) {
    at(k, K.poisoned, vmf.page);
    return exit(k, K.exit, VM_FAULT_HWPOISON, vmf.page);
  }
  if ((bits & PTE_MARKER_GUARD) !== 0) {
    at(k, K.guard, vmf.page);
    return exit(k, K.exit, VM_FAULT_SIGSEGV, vmf.page);
  }
  const pte = yield* lockSame(k, K.lock, vmf);
  if (pte === 0) return exit(k, K.exit, 0, vmf.page);
  ptep_get_and_clear(k, K.clear, pte);
  pte_unmap_unlock(k, K.unlock, ptlOf(pte));
  return exit(k, K.exit, 0, vmf.page);
}

/** A slot of a swap file (synchronous, like a RAM disk: no readahead, the cache is skipped for a sole user). */
function* swapIn(k: Kernel, vmf: VmFault, slot: number): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  const write = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  let ret = 0;
  if (k.concurrent) yield YIELD.OTHER;
  let f = swapGet(m, slot, SW.FOLIO);
  if (f !== 0) folio_get(k, S.cached, f);
  else {
    f = allocZeroed(k, S.alloc, 0);
    m.pageSet(m.f(f, F.PFN), P.DATA, swapGet(m, slot, SW.DATA));
    // N-01: later kernels read every slot through the swap cache.
    if (swapGet(m, slot, SW.COUNT) > 1 || k.fixes.has('N-01')) {
      at(k, S.cacheAdd, f, slot);
      swapCacheAdd(m, slot, f);
      folio_add_lru_vma(k, S.lru, f, vma);
    }
    ret = VM_FAULT_MAJOR;
  }
  const cached = folioHas(m, f, PG.SWAPCACHE);
  yield* folio_lock(k, S.lockFolio, f);
  if (cached && write && !folioHas(m, f, PG.LRU)) lru_add_drain(k, S.drain);

  const pte = yield* lockSame(k, S.lock, vmf);
  if (pte === 0) {
    folio_unlock(k, S.unlockFolio, f);
    folio_put(k, S.unlockFolio, f);
    return 0;
  }
  anon_vma_prepare(m, vma);
  let exclusive = !cached || (vmf.origLo & _PAGE_SWP_EXCLUSIVE) !== 0;
  swap_free(k, S.free, slot);
  if (cached && shouldFreeSwap(k, vmf, f)) {
    at(k, S.freeSwap, f);
    folio_free_swap(k, S.freeSwap, f);
  }
  add_mm_counter(k, mm, MM.ANONPAGES, 1);
  add_mm_counter(k, mm, MM.SWAPENTS, -1);

  const prot = vm_page_prot(m, vma);
  const pfn = m.f(f, F.PFN);
  let lo = pteLo(pfn, prot);
  if ((vmf.origLo & _PAGE_SWP_SOFT_DIRTY) !== 0) lo |= _PAGE_SOFT_DIRTY;
  const uffdWp = (vmf.origLo & _PAGE_SWP_UFFD_WP) !== 0;
  if (uffdWp) lo |= _PAGE_UFFD_WP;
  if (exclusive || m.f(f, F.REF) === 1) {
    exclusive = true;
    if ((vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0 && !uffdWp) {
      lo |= _PAGE_RW;
      if (write) {
        lo |= _PAGE_DIRTY;
        vmf.flags &= ~FAULT_FLAG_WRITE;
      }
    }
  }
  if (!cached) {
    folio_add_new_anon_rmap(k, S.rmap, f, vma, page);
    folio_add_lru_vma(k, S.lru, f, vma);
  } else folio_add_anon_rmap_pte(k, S.rmap, pfn, vma, page, exclusive);
  const hi = pteHi(pfn, vm_page_prot_hi(m, vma), prot);
  set_pte_settled(k, S.set, pte, lo, hi);
  folio_unlock(k, S.unlockFolio, f);
  if ((vmf.flags & FAULT_FLAG_WRITE) !== 0) {
    at(k, S.wp, page);
    vmf.origLo = entryLo(m, pte);
    vmf.origHi = entryHi(m, pte);
    return ret | (yield* do_wp_page(k, vmf, pte));
  }
  pte_unmap_unlock(k, S.unlockPte, ptlOf(pte));
  return ret;
}

/** should_try_to_free_swap(): mlocked memory, or a write by what looks like the only user; with N-01 always on a fast device. */
function shouldFreeSwap(k: Kernel, vmf: VmFault, f: number): boolean {
  const m = k.m;
  if (k.fixes.has('N-01')) return true;
  if ((vmaGet(m, vmf.vma, V.FLAGS) & VM.LOCKED) !== 0 || folioHas(m, f, PG.MLOCKED)) return true;
  return (vmf.flags & FAULT_FLAG_WRITE) !== 0 && m.f(f, F.REF) === 2;
}
