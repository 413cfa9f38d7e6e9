import { V, VM, VMA_KIND } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_NX_HI,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_RW,
  _PAGE_USER,
  settleDirtyHi,
  settleDirtyLo,
} from '../../machine/words/pte.ts';
import type { Kernel } from '../kernel.ts';
import { FILE_KIND, fileKind } from './page-cache.ts';
import { set_pmd_at, set_pte_at } from './pgtable.ts';

/** vma_is_anonymous(). */
export const vma_is_anonymous = (m: Machine, vma: number): boolean => vmaGet(m, vma, V.KIND) === VMA_KIND.ANON;

/** vma_is_accessible(): not PROT_NONE. */
export const vma_is_accessible = (m: Machine, vma: number): boolean =>
  (vmaGet(m, vma, V.FLAGS) & (VM.READ | VM.WRITE | VM.EXEC)) !== 0;

/**
 * vma_wants_writenotify(): the file system wants to hear of the first write to a shared page, so that
 * a read fault maps it read-only. tmpfs does not.
 */
function vma_wants_writenotify(m: Machine, vma: number): boolean {
  const file = vmaGet(m, vma, V.FILE);
  return file !== 0 && fileKind(m, file - 1) === FILE_KIND.REGULAR;
}

/** vma->vm_page_prot, bits 0..31: the flags of a fresh entry. x86 sets A in all of them. */
export function vm_page_prot(m: Machine, vma: number): number {
  const flags = vmaGet(m, vma, V.FLAGS);
  if (!vma_is_accessible(m, vma)) return _PAGE_PROTNONE | _PAGE_ACCESSED;
  const shared = VM.SHARED | VM.WRITE;
  const write = (flags & shared) === shared && !vma_wants_writenotify(m, vma);
  return _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | (write ? _PAGE_RW : 0);
}

/** vma->vm_page_prot, bits 32..63: NX unless the VMA is executable (PROTNONE entries do without). */
export function vm_page_prot_hi(m: Machine, vma: number): number {
  return vma_is_accessible(m, vma) && (vmaGet(m, vma, V.FLAGS) & VM.EXEC) === 0 ? _PAGE_NX_HI : 0;
}

/** maybe_mkwrite(pte_mkdirty(pte)) on bits 0..31: writable only if the VMA is. */
export function maybe_mkwrite_dirty(m: Machine, vma: number, lo: number): number {
  return lo | _PAGE_DIRTY | ((vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0 ? _PAGE_RW : 0);
}

/** set_pte_at() of an entry whose RW or D was just changed: D moves to where x86 keeps it. */
export function set_pte_settled(k: Kernel, site: number, pte: number, lo: number, hi: number): void {
  set_pte_at(k, site, pte, settleDirtyLo(lo, hi), settleDirtyHi(lo, hi));
}

/** set_pmd_at() of an entry whose RW or D was just changed. */
export function set_pmd_settled(k: Kernel, site: number, pmd: number, lo: number, hi: number): void {
  set_pmd_at(k, site, pmd, settleDirtyLo(lo, hi), settleDirtyHi(lo, hi));
}
