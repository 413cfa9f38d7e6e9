import { V, VM } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { is_device_private_entry, is_migration_entry, is_swap_pmd } from '../../machine/words/swp.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  pmd_none,
  pmd_protnone,
  pmd_trans_huge,
  pte_none,
  pte_present,
  pte_protnone,
  pte_write,
} from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit, finding, might_sleep } from '../kernel.ts';
import { RULE } from '../rules.ts';
import {
  do_huge_pmd_anonymous_page,
  do_huge_pmd_device_private,
  do_huge_pmd_numa_page,
  huge_pmd_set_accessed,
  thp_vma_allowable,
} from './huge-fault.ts';
import { wp_huge_pmd } from './huge-wp.ts';
import { hugetlb_fault } from './hugetlb-fault.ts';
import { do_anonymous_page } from './memory-anon.ts';
import { do_fault } from './memory-file.ts';
import { do_numa_page } from './memory-numa.ts';
import { do_swap_page } from './memory-swap.ts';
import { do_wp_page } from './memory-wp.ts';
import { pmd_migration_entry_wait } from './migrate.ts';
import { pmd_alloc, pte_offset_map, pte_spin_lock, pte_unmap, pte_unmap_unlock, ptlOf } from './pgtable.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_FALLBACK, type VmFault } from './vm-fault.ts';
import { set_pte_settled, vma_is_accessible, vma_is_anonymous } from './vm-prot.ts';

export {
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_USER,
  FAULT_FLAG_WRITE,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_MAJOR,
  VM_FAULT_SIGSEGV,
} from './vm-fault.ts';

const H = sites('handle_mm_fault', {
  enter: 'fault at {a:page address}, flags {b:hex flags}',
  hugetlb: 'a hugetlb VMA has a handler of its own',
  exit: 'VM_FAULT bits {a:hex ret}, page {b:page address}',
});
const M = sites('__handle_mm_fault', {
  enter: 'find or allocate the tables down to the PMD of {a:page address}',
  createHuge: 'the PMD is none and a huge page fits: map one',
  devicePrivate: 'the PMD is a device-private huge page',
  badEntry: 'the PMD is neither present, device-private nor under migration',
  migration: 'the PMD is under migration: wait for the end of it, then fault again',
  numa: 'the huge page is PROTNONE for NUMA balancing',
  wpHuge: 'a write to a read-only huge page',
  wpFallback: 'the huge page could not be made writable as a whole: go on with PTEs',
  accessed: 'the huge page is mapped and allows the access',
  exit: '',
});
const P = sites('handle_pte_fault', {
  enter: 'look at the PTE of {a:page address}',
  noTable: 'the PMD is none: no PTE yet',
  changed: 'the PMD has changed under us: fault again',
  map: 'map the PTE table and read the PTE without its lock',
  unmap: 'the PTE is none or not present: unmap the table',
  numa: 'the PTE is PROTNONE for NUMA balancing',
  lock: 'take the PTE lock',
  unlock: 'drop the PTE lock',
  recheck: 'somebody changed the PTE before the lock was ours: fault again',
  wp: 'a write to a read-only PTE',
  accessFlags: 'the write is allowed: mark the PTE accessed and dirty',
  spurious: 'the PTE allows the access already: nothing to do',
  exit: '',
});
const N = sites('do_pte_missing', {
  anon: 'nothing mapped, anonymous memory',
  file: 'nothing mapped, memory of a file',
});

/**
 * handle_mm_fault() (mm/memory.c): makes one access to a page possible. Locks: the mmap lock is held for
 * reading and never dropped (retry is not offered); no page-table lock may be held. May sleep.
 * @param flags FAULT_FLAG_*. @returns VM_FAULT_* bits; 0 also when the access has to be tried again.
 */
export function* handle_mm_fault(k: Kernel, site: number, vma: number, page: number, flags: number): Run<number> {
  const m = k.m;
  might_sleep(k, site);
  enter(k, H.enter, page, flags, vma);
  let ret: number;
  if ((vmaGet(m, vma, V.FLAGS) & VM.HUGETLB) !== 0) {
    at(k, H.hugetlb);
    ret = yield* hugetlb_fault(k, vma, page, flags);
  } else ret = yield* __handle_mm_fault(k, vma, page, flags);
  return exit(k, H.exit, ret, page);
}

function* __handle_mm_fault(k: Kernel, vma: number, page: number, flags: number): Run<number> {
  enter(k, M.enter, page, flags);
  const ret = yield* faultFromPmd(k, vma, page, flags);
  return exit(k, M.exit, ret, page);
}

function* faultFromPmd(k: Kernel, vma: number, page: number, flags: number): Run<number> {
  const m = k.m;
  const mm = vmaGet(m, vma, V.MM);
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = pmd_alloc(m, mm, page);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const vmf: VmFault = { mm, vma, page, flags, pmd, origPmdLo: lo, origPmdHi: hi, origLo: 0, origHi: 0 };

  if (pmd_none(lo, hi)) {
    if (thp_vma_allowable(k, vma, page) && vma_is_anonymous(m, vma)) {
      at(k, M.createHuge, page);
      return yield* do_huge_pmd_anonymous_page(k, vmf);
    }
    return yield* handle_pte_fault(k, vmf);
  }
  if (is_swap_pmd(lo, hi)) {
    if (is_device_private_entry(lo, hi)) {
      at(k, M.devicePrivate, page);
      return yield* do_huge_pmd_device_private(k, vmf);
    }
    if (!is_migration_entry(lo, hi)) {
      finding(k, M.badEntry, RULE.BUG, page);
      return 0;
    }
    at(k, M.migration, page);
    yield* pmd_migration_entry_wait(k, pmd);
    return 0;
  }
  if (pmd_trans_huge(lo, hi)) {
    if (pmd_protnone(lo, hi) && vma_is_accessible(m, vma)) {
      at(k, M.numa, page);
      return yield* do_huge_pmd_numa_page(k, vmf);
    }
    if ((flags & FAULT_FLAG_WRITE) === 0 || pte_write(lo, hi)) {
      at(k, M.accessed, page);
      yield* huge_pmd_set_accessed(k, vmf);
      return 0;
    }
    at(k, M.wpHuge, page);
    const ret = yield* wp_huge_pmd(k, vmf);
    if ((ret & VM_FAULT_FALLBACK) === 0) return ret;
    at(k, M.wpFallback, page);
  }
  return yield* handle_pte_fault(k, vmf);
}

/**
 * handle_pte_fault() (mm/memory.c): reads the PTE without its lock and hands the case to the function
 * that knows it; each of them looks again under the lock.
 */
function* handle_pte_fault(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, P.enter, vmf.page, vmf.flags);
  const ret = yield* faultFromPte(k, vmf);
  return exit(k, P.exit, ret, vmf.page);
}

function* faultFromPte(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { vma, page } = vmf;
  if (k.concurrent) yield YIELD.OTHER;
  if (pmd_none(entryLo(m, vmf.pmd), entryHi(m, vmf.pmd))) {
    at(k, P.noTable, page);
    return yield* do_pte_missing(k, vmf);
  }
  if (k.concurrent) yield YIELD.OTHER;
  const pte = pte_offset_map(k, P.map, vmf.pmd, page);
  if (pte === 0) {
    at(k, P.changed, page);
    return 0;
  }
  const lo = (vmf.origLo = entryLo(m, pte));
  const hi = (vmf.origHi = entryHi(m, pte));
  if (pte_none(lo, hi)) {
    pte_unmap(k, P.unmap);
    return yield* do_pte_missing(k, vmf);
  }
  if (!pte_present(lo, hi)) {
    pte_unmap(k, P.unmap);
    return yield* do_swap_page(k, vmf);
  }
  const ptl = yield* pte_spin_lock(k, P.lock, pte);
  if (entryLo(m, pte) !== lo || entryHi(m, pte) !== hi) {
    at(k, P.recheck, page);
    pte_unmap_unlock(k, P.unlock, ptl);
    return 0;
  }
  if (pte_protnone(lo, hi) && vma_is_accessible(m, vma)) {
    at(k, P.numa, page);
    return do_numa_page(k, vmf, pte);
  }
  let newLo = lo | _PAGE_ACCESSED;
  if ((vmf.flags & FAULT_FLAG_WRITE) !== 0) {
    if (!pte_write(lo, hi)) {
      at(k, P.wp, page);
      return yield* do_wp_page(k, vmf, pte);
    }
    newLo |= _PAGE_DIRTY;
  }
  // x86 writes access flags only on write faults; on a read the processor sets A by itself.
  if (newLo !== lo && (vmf.flags & FAULT_FLAG_WRITE) !== 0) set_pte_settled(k, P.accessFlags, pte, newLo, hi);
  else at(k, P.spurious, page);
  pte_unmap_unlock(k, P.unlock, ptlOf(pte));
  return 0;
}

function* do_pte_missing(k: Kernel, vmf: VmFault): Run<number> {
  if (vma_is_anonymous(k.m, vmf.vma)) {
    at(k, N.anon, vmf.page);
    return yield* do_anonymous_page(k, vmf);
  }
  at(k, N.file, vmf.page);
  return yield* do_fault(k, vmf);
}
