import {
  ptePfn,
  pteHi,
  pteLo,
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_RW,
  pte_dirty,
  pte_uffd_wp,
  _PAGE_UFFD_WP,
  pte_soft_dirty,
  _PAGE_SOFT_DIRTY,
} from '../../machine/words/pte.ts';
import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { sites } from '../functions.ts';
import { type Kernel, enter, exit } from '../kernel.ts';
import { PageAnonExclusive } from './folio.ts';
import { pte_unmap_unlock, ptlOf } from './pgtable.ts';
import type { VmFault } from './vm-fault.ts';
import { set_pte_settled, vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

const S = sites('do_numa_page', {
  enter: 'a NUMA hinting fault at {a:page address}',
  restore: 'the page stays on its node: give the access back',
  unlock: 'drop the PTE lock',
  exit: '',
});

/**
 * The entry that ends a hinting fault: the VMA's protection, accessed, with the old software bits, and
 * writable where can_change_pte_writable() allows it (private: an exclusive anonymous page).
 */
export function numaRestoredLo(k: Kernel, vma: number, lo: number, hi: number, pfn: number): number {
  const m = k.m;
  let flags = vm_page_prot(m, vma) | _PAGE_ACCESSED;
  if (pte_dirty(lo, hi)) flags |= _PAGE_DIRTY;
  if (pte_soft_dirty(lo, hi)) flags |= _PAGE_SOFT_DIRTY;
  if (pte_uffd_wp(lo, hi)) return flags | _PAGE_UFFD_WP;
  const vmFlags = vmaGet(m, vma, V.FLAGS);
  const own = (vmFlags & VM.SHARED) !== 0 ? pte_dirty(lo, hi) : PageAnonExclusive(m, pfn);
  return (vmFlags & VM.WRITE) !== 0 && own ? flags | _PAGE_RW : flags;
}

/**
 * do_numa_page() (mm/memory.c) for a machine with one node: the page stays, the PTE becomes accessible
 * again. The PTE lock is held on entry and dropped. @returns 0.
 */
export function do_numa_page(k: Kernel, vmf: VmFault, pte: number): number {
  enter(k, S.enter, vmf.page, vmf.flags);
  const pfn = ptePfn(vmf.origLo, vmf.origHi);
  const flags = numaRestoredLo(k, vmf.vma, vmf.origLo, vmf.origHi, pfn);
  set_pte_settled(k, S.restore, pte, pteLo(pfn, flags), pteHi(pfn, vm_page_prot_hi(k.m, vmf.vma), flags));
  pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  return exit(k, S.exit, 0, vmf.page);
}
