import { defineLayout, type Field, flag, kernelNamed, type Layout } from './field.ts';

/*
 * x86-64 page-table entries that are not swap entries (arch/x86/include/asm/pgtable_types.h). A leaf above the PTE
 * level has PSE set, which moves PAT from bit 7 to bit 12 and leaves fewer frame bits. When P is clear but the entry
 * is neither empty nor a swap entry (PROTNONE, or a huge entry invalidated for a split), the frame is stored inverted.
 */

const LOW_FLAGS = kernelNamed('_PAGE_', [
  flag(1, 'RW', 'writable', 'read-only'),
  flag(2, 'USER', 'user space may use it', 'kernel only'),
  flag(3, 'PWT', 'cache write-through', 'cache as usual'),
  flag(4, 'PCD', 'cache disabled', 'cache as usual'),
  flag(5, 'ACCESSED', 'accessed: the processor has used it ("young")', 'not accessed since this was cleared ("old")'),
  flag(6, 'DIRTY', 'written through this mapping', 'not written through this mapping'),
]);

const SOFT_FLAGS = kernelNamed('_PAGE_', [
  flag(9, 'SPECIAL', 'no normal page behind it, or the zero page', 'a normal page'),
  flag(10, 'UFFD_WP', 'write-protected for userfaultfd', 'no userfaultfd protection'),
  flag(11, 'SOFT_DIRTY', 'written since soft-dirty was last cleared', 'not written since soft-dirty was last cleared'),
]);

const HIGH_FLAGS = kernelNamed('_PAGE_', [
  flag(57, 'SOFTW4', 'free for software; DEVMAP in older kernels', 'free for software'),
  flag(58, 'SAVED_DIRTY', 'dirty, kept here because a read-only dirty entry would be a shadow stack', 'no saved dirty'),
  flag(63, 'NX', 'no instruction may be fetched', 'executable'),
]);

function pageFlag(bit: number, name: string, doc: string, clear: string): Field {
  return { ...flag(bit, name, doc, clear), kernel: `_PAGE_${name}` };
}

const PKEY: Field = { name: 'PKEY', bit: 59, width: 4, doc: 'memory protection key' };
const PRESENT = pageFlag(0, 'PRESENT', 'the processor may use the entry', 'the processor faults on this entry');
const GLOBAL = pageFlag(8, 'GLOBAL', 'stays in the TLB across address spaces', 'flushed with its address space');
const PROTNONE = pageFlag(8, 'PROTNONE', 'present for the kernel, no access for user space', 'not PROTNONE');
const PSE = pageFlag(7, 'PSE', 'a huge page, not a table', 'a table');

function pfnField(bit: number, inverted: boolean): Field {
  const doc = inverted
    ? 'page frame number, stored inverted so that it never points at memory (L1TF)'
    : 'page frame number';
  return { name: 'pfn', bit, width: 52 - bit, doc, hex: true, shift: bit - 12, inverted };
}

function entryLayout(id: string, title: string, fields: readonly Field[]): Layout {
  return defineLayout(id, title, [PRESENT, ...LOW_FLAGS, ...SOFT_FLAGS, ...HIGH_FLAGS, PKEY, ...fields]);
}

const PAT = pageFlag(7, 'PAT', 'memory type from the page attribute table', 'default memory type');
const PAT_LARGE = pageFlag(12, 'PAT_LARGE', 'memory type from the page attribute table', 'default memory type');

/** A present PTE. */
export const PTE_LAYOUT = entryLayout('pte', 'page-table entry', [PAT, GLOBAL, pfnField(12, false)]);

/** A PROTNONE PTE. */
export const PTE_PROTNONE_LAYOUT = entryLayout('pte-protnone', 'protnone page-table entry', [
  PAT,
  PROTNONE,
  pfnField(12, true),
]);

/** A 2 MiB page in a PMD. */
export const PMD_LEAF_LAYOUT = entryLayout('pmd-leaf', 'huge PMD', [PSE, GLOBAL, PAT_LARGE, pfnField(21, false)]);

/** A 2 MiB page in a PMD whose P bit is clear: PROTNONE, or invalidated while it is split. */
export const PMD_LEAF_INVERTED_LAYOUT = entryLayout('pmd-leaf-inverted', 'huge PMD, not usable by the processor', [
  PSE,
  PROTNONE,
  PAT_LARGE,
  pfnField(21, true),
]);

/** A 1 GiB page in a PUD. */
export const PUD_LEAF_LAYOUT = entryLayout('pud-leaf', 'huge PUD', [PSE, GLOBAL, PAT_LARGE, pfnField(30, false)]);

/** A 1 GiB page in a PUD whose P bit is clear. */
export const PUD_LEAF_INVERTED_LAYOUT = entryLayout('pud-leaf-inverted', 'huge PUD, not usable by the processor', [
  PSE,
  PROTNONE,
  PAT_LARGE,
  pfnField(30, true),
]);

/** An entry that points to the next lower table. */
export const TABLE_LAYOUT = defineLayout('table', 'pointer to a page table', [
  PRESENT,
  ...LOW_FLAGS.filter((f) => f.name !== 'DIRTY'),
  flag(6, 'DIRTY', 'no meaning to the processor; the kernel sets it in user tables', 'no meaning here'),
  PSE,
  { name: 'pfn', bit: 12, width: 40, doc: 'page frame of the table', hex: true },
  flag(63, 'NX', 'no instruction may be fetched below here', 'does not forbid execution'),
]);

/** An empty entry: nothing but the bits a processor erratum may leave behind. */
export const NONE_LAYOUT = defineLayout('none', 'empty entry', [
  flag(5, 'ACCESSED', 'stray, left by a processor erratum; ignored', 'clear'),
  flag(6, 'DIRTY', 'stray, left by a processor erratum; ignored', 'clear'),
]);
