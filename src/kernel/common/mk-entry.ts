import type { Machine } from '../../machine/machine.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_SAVED_DIRTY_HI,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  _PAGE_UFFD_WP,
  pmdLeafHi,
  pmdLeafLo,
  pteHi,
  pteLo,
} from '../../machine/words/pte.ts';
import { vm_page_prot, vm_page_prot_hi } from './vm-prot.ts';

/** What a present entry says beside its page frame. */
export interface EntryBits {
  write: boolean;
  young: boolean;
  dirty: boolean;
  softDirty: boolean;
  uffdWp: boolean;
  special: boolean;
}

export const PLAIN: Readonly<EntryBits> = Object.freeze({
  write: false,
  young: false,
  dirty: false,
  softDirty: false,
  uffdWp: false,
  special: false,
});

/** vma->vm_page_prot without what EntryBits says: P or PROTNONE, US. */
const protLo = (m: Machine, vma: number): number => vm_page_prot(m, vma) & ~(_PAGE_ACCESSED | _PAGE_RW);

/** Low flags of a present entry; a dirty entry that is not writable keeps its dirt in SAVED_DIRTY. */
function bitsLo(b: EntryBits): number {
  return (
    (b.write ? _PAGE_RW | (b.dirty ? _PAGE_DIRTY : 0) : 0) |
    (b.young ? _PAGE_ACCESSED : 0) |
    (b.softDirty ? _PAGE_SOFT_DIRTY : 0) |
    (b.uffdWp ? _PAGE_UFFD_WP : 0) |
    (b.special ? _PAGE_SPECIAL : 0)
  );
}

/** Low half of a PTE for a page of the VMA (pfn_pte with vm_page_prot and the given bits). */
export function mkPteLo(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pteLo(pfn, protLo(m, vma) | bitsLo(b));
}

export function mkPteHi(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pteHi(pfn, vm_page_prot_hi(m, vma) | (b.dirty && !b.write ? _PAGE_SAVED_DIRTY_HI : 0), protLo(m, vma));
}

/** Low half of a huge PMD entry. */
export function mkPmdLo(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pmdLeafLo(pfn, protLo(m, vma) | _PAGE_PSE | bitsLo(b));
}

export function mkPmdHi(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pmdLeafHi(pfn, vm_page_prot_hi(m, vma) | (b.dirty && !b.write ? _PAGE_SAVED_DIRTY_HI : 0), protLo(m, vma));
}

/** A VMA that is shared and writable without write notification maps its pages writable at once (shmem, not a disk file system). */
export const protWritable = (m: Machine, vma: number): boolean => (vm_page_prot(m, vma) & _PAGE_RW) !== 0;
