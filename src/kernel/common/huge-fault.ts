import { F, G, MM, PG, V, VM, ZONE } from '../../machine/layout.ts';
import { HPAGE_PMD_NR, HPAGE_PMD_ORDER, entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PSE,
  _PAGE_SPECIAL,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmd_none,
} from '../../machine/words/pte.ts';
import { swpPfn } from '../../machine/words/swp.ts';
import { migrate_to_ram } from '../drivers/migrate-to-ram.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { folio_get, folio_put, folio_trylock, folio_unlock, setFlag } from './folio.ts';
import { __split_huge_pmd } from './huge-split.ts';
import { allocZeroed, folio_add_lru_vma } from './memory-anon.ts';
import { numaRestoredLo } from './memory-numa.ts';
import { pmd_lock, set_pmd_at, spin_unlock } from './pgtable.ts';
import { anon_vma_prepare, folio_add_new_anon_rmap } from './rmap.ts';
import { FAULT_FLAG_WRITE, type VmFault, add_mm_counter, haddr } from './vm-fault.ts';
import { maybe_mkwrite_dirty, set_pmd_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('do_huge_pmd_anonymous_page', {
  enter: 'nothing is mapped in the 2 MiB at {a:page haddr}',
  lock: 'a read: take the PMD lock',
  zero: 'map the huge zero page, read-only',
  raced: 'somebody has filled the PMD meanwhile',
  unlock: 'drop the PMD lock',
  exit: '',
});
const D = sites('__do_huge_pmd_anonymous_page', {
  enter: 'a write (or no huge zero page): map a huge page of its own',
  alloc: 'allocate a huge page filled with zeros',
  lock: 'take the PMD lock',
  raced: 'somebody has filled the PMD meanwhile',
  release: 'the huge page is not needed',
  rmap: 'the huge page is this process’s own',
  lru: 'queue {a:folio} for the LRU list',
  set: 'map the huge page',
  unlock: 'drop the PMD lock',
  exit: '',
});
const DP = sites('do_huge_pmd_device_private', {
  enter: 'the 2 MiB at {a:page haddr} are in device-private memory',
  lock: 'take the PMD lock',
  changed: 'the PMD has changed meanwhile: fault again',
  trylock: 'try to lock the device folio',
  busy: 'somebody has it locked: return without progress, the access repeats',
  get: 'keep the device folio while its driver works',
  unlock: 'drop the PMD lock',
  toRam: 'ask the driver to bring the folio back (migrate_to_ram)',
  unlockFolio: 'unlock the device folio',
  put: 'let the device folio go',
  exit: 'VM_FAULT bits {a:hex ret}',
});
const A = sites('huge_pmd_set_accessed', {
  enter: 'the huge page at {a:page haddr} allows the access',
  lock: 'take the PMD lock',
  set: 'mark it accessed and dirty',
  spurious: 'nothing to do',
  unlock: 'drop the PMD lock',
  exit: '',
});
const N = sites('do_huge_pmd_numa_page', {
  enter: 'a NUMA hinting fault on the huge page at {a:page haddr}',
  lock: 'take the PMD lock',
  changed: 'the PMD has changed meanwhile: fault again',
  restore: 'the huge page stays on its node: give the access back',
  unlock: 'drop the PMD lock',
  exit: '',
});

const NO_THP = VM.NOHUGEPAGE | VM.HUGETLB | VM.IO | VM.PFNMAP | VM.MIXEDMAP | VM.DONTEXPAND;

/** thp_vma_allowable_order() for a page fault: the VMA wants huge pages and covers the aligned 2 MiB. */
export function thp_vma_allowable(k: Kernel, vma: number, page: number): boolean {
  const flags = vmaGet(k.m, vma, V.FLAGS);
  if (k.config.thp === 'never' || (flags & NO_THP) !== 0) return false;
  if (k.config.thp === 'madvise' && (flags & VM.HUGEPAGE) === 0) return false;
  const h = haddr(page);
  return h >= vmaGet(k.m, vma, V.START) && h + HPAGE_PMD_NR <= vmaGet(k.m, vma, V.END);
}

/** The PMD entry number's word still is what the fault began with. */
export const pmdSame = (k: Kernel, vmf: VmFault): boolean =>
  entryLo(k.m, vmf.pmd) === vmf.origPmdLo && entryHi(k.m, vmf.pmd) === vmf.origPmdHi;

const pmdNone = (k: Kernel, pmd: number): boolean => pmd_none(entryLo(k.m, pmd), entryHi(k.m, pmd));

/** The huge zero page's first pfn; it is allocated when first needed (mm_get_huge_zero_folio). */
function hugeZeroPfn(k: Kernel): number {
  const m = k.m;
  const have = m.scalar.get(G.HUGE_ZERO_PFN);
  if (have !== 0) return have;
  const f = m.newFolio(ZONE.SYSTEM, HPAGE_PMD_ORDER);
  setFlag(m, f, PG.ZERO | PG.UPTODATE);
  m.scalar.set(G.HUGE_ZERO_PFN, m.f(f, F.PFN));
  return m.f(f, F.PFN);
}

/**
 * do_huge_pmd_anonymous_page() (mm/huge_memory.c): first touch of an empty 2 MiB. A read maps the huge zero page,
 * a write a huge page. No notifier event; memory never runs out. @returns 0.
 */
export function* do_huge_pmd_anonymous_page(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { mm, vma, page } = vmf;
  enter(k, S.enter, haddr(page), vmf.flags);
  anon_vma_prepare(m, vma);
  if ((vmf.flags & FAULT_FLAG_WRITE) !== 0 || !k.config.hugeZeroPage)
    return exit(k, S.exit, yield* __do_huge_pmd_anonymous_page(k, vmf), page);
  const ptl = yield* pmd_lock(k, S.lock, vmf.pmd);
  if (pmdNone(k, vmf.pmd)) {
    const pfn = hugeZeroPfn(k);
    const prot = vm_page_prot(m, vma) | _PAGE_PSE | _PAGE_SPECIAL;
    set_pmd_at(k, S.zero, vmf.pmd, pmdLeafLo(pfn, prot), pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  } else at(k, S.raced, page, mm);
  spin_unlock(k, S.unlock, ptl);
  return exit(k, S.exit, 0, page);
}

function* __do_huge_pmd_anonymous_page(k: Kernel, vmf: VmFault): Run<number> {
  enter(k, D.enter, haddr(vmf.page), vmf.flags);
  const f = allocZeroed(k, D.alloc, HPAGE_PMD_ORDER);
  const ptl = yield* pmd_lock(k, D.lock, vmf.pmd);
  if (pmdNone(k, vmf.pmd)) {
    map_anon_folio_pmd(k, D, f, vmf);
    spin_unlock(k, D.unlock, ptl);
  } else {
    at(k, D.raced, vmf.page);
    spin_unlock(k, D.unlock, ptl);
    folio_put(k, D.release, f);
  }
  return exit(k, D.exit, 0, vmf.page);
}

/** map_anon_folio_pmd(): maps a fresh huge page, writable if the VMA is; the PMD lock is held. */
export function map_anon_folio_pmd(
  k: Kernel,
  site: { readonly rmap: number; readonly lru: number; readonly set: number },
  f: number,
  vmf: VmFault,
): void {
  const m = k.m;
  const { mm, vma, pmd } = vmf;
  const pfn = m.f(f, F.PFN);
  const prot = vm_page_prot(m, vma) | _PAGE_PSE;
  folio_add_new_anon_rmap(k, site.rmap, f, vma, haddr(vmf.page));
  folio_add_lru_vma(k, site.lru, f, vma);
  const lo = maybe_mkwrite_dirty(m, vma, pmdLeafLo(pfn, prot));
  set_pmd_settled(k, site.set, pmd, lo, pmdLeafHi(pfn, vm_page_prot_hi(m, vma), prot));
  add_mm_counter(k, mm, MM.ANONPAGES, HPAGE_PMD_NR);
}

/**
 * do_huge_pmd_device_private() (mm/huge_memory.c): CPU access to a device-private huge page; the driver gets the
 * whole folio. @returns the driver's VM_FAULT_* bits, 0 without progress when the folio is locked (v6.19).
 */
export function* do_huge_pmd_device_private(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  enter(k, DP.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, DP.lock, vmf.pmd);
  if (!pmdSame(k, vmf)) {
    at(k, DP.changed, vmf.page);
    spin_unlock(k, DP.unlock, ptl);
    return exit(k, DP.exit, 0, vmf.page);
  }
  const pfn = swpPfn(vmf.origPmdLo, vmf.origPmdHi);
  const f = m.folioOf(pfn);
  if (!folio_trylock(k, DP.trylock, f)) {
    at(k, DP.busy, vmf.page);
    spin_unlock(k, DP.unlock, ptl);
    return exit(k, DP.exit, 0, vmf.page);
  }
  folio_get(k, DP.get, f);
  spin_unlock(k, DP.unlock, ptl);
  at(k, DP.toRam, vmf.page);
  const ret = yield* migrate_to_ram(k, vmf.vma, vmf.page, pfn, false);
  if (k.concurrent) yield YIELD.OTHER;
  folio_unlock(k, DP.unlockFolio, f);
  folio_put(k, DP.put, f);
  return exit(k, DP.exit, ret, vmf.page);
}

/** huge_pmd_set_accessed() (mm/huge_memory.c): x86 writes the access flags only for a write fault. */
export function* huge_pmd_set_accessed(k: Kernel, vmf: VmFault): Run<void> {
  const { pmd, origPmdLo, origPmdHi } = vmf;
  enter(k, A.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, A.lock, pmd);
  const lo = origPmdLo | _PAGE_ACCESSED | _PAGE_DIRTY;
  if (pmdSame(k, vmf) && (vmf.flags & FAULT_FLAG_WRITE) !== 0 && lo !== origPmdLo)
    set_pmd_settled(k, A.set, pmd, lo, origPmdHi);
  else at(k, A.spurious, vmf.page);
  spin_unlock(k, A.unlock, ptl);
  exit(k, A.exit, 0, vmf.page);
}

/** do_huge_pmd_numa_page() (mm/huge_memory.c) for a machine with one node: the PMD becomes accessible again. */
export function* do_huge_pmd_numa_page(k: Kernel, vmf: VmFault): Run<number> {
  const m = k.m;
  const { vma, pmd, origPmdLo, origPmdHi } = vmf;
  enter(k, N.enter, haddr(vmf.page), vmf.flags);
  const ptl = yield* pmd_lock(k, N.lock, pmd);
  if (pmdSame(k, vmf)) {
    const pfn = pmdPfn(origPmdLo, origPmdHi);
    const flags = numaRestoredLo(k, vma, origPmdLo, origPmdHi, pfn) | _PAGE_PSE;
    set_pmd_settled(k, N.restore, pmd, pmdLeafLo(pfn, flags), pmdLeafHi(pfn, vm_page_prot_hi(m, vma), flags));
  } else at(k, N.changed, vmf.page);
  spin_unlock(k, N.unlock, ptl);
  return exit(k, N.exit, 0, vmf.page);
}
