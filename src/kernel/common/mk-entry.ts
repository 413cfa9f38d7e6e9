import { V, VM, VMA_KIND } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_NX_HI,
  _PAGE_PRESENT,
  _PAGE_PROTNONE,
  _PAGE_PSE,
  _PAGE_RW,
  _PAGE_SAVED_DIRTY_HI,
  _PAGE_SOFT_DIRTY,
  _PAGE_SPECIAL,
  _PAGE_UFFD_WP,
  _PAGE_USER,
  pmdLeafHi,
  pmdLeafLo,
  pteHi,
  pteLo,
} from '../../machine/words/pte.ts';

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

/** vma->vm_page_prot as far as the model needs it: P or PROTNONE, US, NX. */
function protLo(m: Machine, vma: number): number {
  const flags = vmaGet(m, vma, V.FLAGS);
  return (flags & (VM.READ | VM.WRITE | VM.EXEC)) === 0 ? _PAGE_PROTNONE : _PAGE_PRESENT | _PAGE_USER;
}

function protHi(m: Machine, vma: number): number {
  return (vmaGet(m, vma, V.FLAGS) & VM.EXEC) !== 0 ? 0 : _PAGE_NX_HI;
}

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
  return pteHi(pfn, protHi(m, vma) | (b.dirty && !b.write ? _PAGE_SAVED_DIRTY_HI : 0), protLo(m, vma));
}

/** Low half of a huge PMD entry. */
export function mkPmdLo(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pmdLeafLo(pfn, protLo(m, vma) | _PAGE_PSE | bitsLo(b));
}

export function mkPmdHi(m: Machine, vma: number, pfn: number, b: EntryBits): number {
  return pmdLeafHi(pfn, protHi(m, vma) | (b.dirty && !b.write ? _PAGE_SAVED_DIRTY_HI : 0), protLo(m, vma));
}

/** A VMA that is shared and writable without write notification maps its pages writable at once (shmem, not a disk file system). */
export function protWritable(m: Machine, vma: number): boolean {
  const flags = vmaGet(m, vma, V.FLAGS);
  return (flags & (VM.SHARED | VM.WRITE)) === (VM.SHARED | VM.WRITE) && vmaGet(m, vma, V.KIND) === VMA_KIND.SHMEM;
}
