import { maskHi, maskLo } from './field.ts';
import { PMD_LEAF_LAYOUT, PTE_LAYOUT, PTE_PROTNONE_LAYOUT } from './pte-layout.ts';

/*
 * Present x86-64 entries as the kernel tests and builds them (arch/x86/include/asm/pgtable.h, pgtable_64.h,
 * pgtable-invert.h, v6.19). Functions bear the kernel's names and take the two halves of the entry. `pfn` is a page
 * frame number below 2^32.
 */

export const _PAGE_PRESENT = maskLo(PTE_LAYOUT, 'PRESENT');
export const _PAGE_RW = maskLo(PTE_LAYOUT, 'RW');
export const _PAGE_USER = maskLo(PTE_LAYOUT, 'USER');
export const _PAGE_ACCESSED = maskLo(PTE_LAYOUT, 'ACCESSED');
export const _PAGE_DIRTY = maskLo(PTE_LAYOUT, 'DIRTY');
export const _PAGE_PSE = maskLo(PMD_LEAF_LAYOUT, 'PSE');
export const _PAGE_GLOBAL = maskLo(PTE_LAYOUT, 'GLOBAL');
export const _PAGE_PROTNONE = maskLo(PTE_PROTNONE_LAYOUT, 'PROTNONE');
export const _PAGE_SPECIAL = maskLo(PTE_LAYOUT, 'SPECIAL');
export const _PAGE_UFFD_WP = maskLo(PTE_LAYOUT, 'UFFD_WP');
export const _PAGE_SOFT_DIRTY = maskLo(PTE_LAYOUT, 'SOFT_DIRTY');
/** Within the high half. */
export const _PAGE_SAVED_DIRTY_HI = maskHi(PTE_LAYOUT, 'SAVED_DIRTY');
/** Within the high half. */
export const _PAGE_NX_HI = maskHi(PTE_LAYOUT, 'NX');

/** Flags of an entry that points to a table: P, RW, US, A, D. */
export const _PAGE_TABLE = _PAGE_PRESENT | _PAGE_RW | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY;
/** _PAGE_KNL_ERRATUM_MASK: bits a processor may set in an empty entry. */
const ERRATUM = _PAGE_ACCESSED | _PAGE_DIRTY;
/** pmd_flags_mask without the bits pmd_bad() ignores, and what must remain: _KERNPG_TABLE without A. */
const BAD_LO = 0xfff & ~(_PAGE_USER | _PAGE_ACCESSED);
const BAD_EXPECTED = _PAGE_PRESENT | _PAGE_RW | _PAGE_DIRTY;
const FLAGS_HI = 0xfff00000 | 0;
const PFN_HI = 0x000fffff;
const PMD_PFN_LO = 0xffe00000 | 0;

/** Bits 0..31 of a PTE, pfn_pte(): the frame is inverted if the flags lack P (PROTNONE). */
export function pteLo(pfn: number, flagsLo: number): number {
  return ((pfn ^ ((flagsLo & 1) - 1)) << 12) | flagsLo;
}

/** Bits 32..63 of a PTE. An entry whose low flags lack P (PROTNONE) must pass them, to have its frame inverted. */
export function pteHi(pfn: number, flagsHi: number, flagsLo: number = _PAGE_PRESENT): number {
  return (((pfn >>> 20) ^ ((flagsLo & 1) - 1)) & PFN_HI) | flagsHi;
}

/** pte_pfn(): the page frame; of a PROTNONE entry too, which stores it inverted. Not for empty or swap entries. */
export function ptePfn(lo: number, hi: number): number {
  const invert = (lo & 1) - 1;
  return ((lo ^ invert) >>> 12) + ((hi ^ invert) & PFN_HI) * 0x100000;
}

/** Empty, apart from what the A/D erratum may leave. */
export function pte_none(lo: number, hi: number): boolean {
  return ((lo & ~ERRATUM) | hi) === 0;
}

/** Present for the kernel: P, or PROTNONE. */
export function pte_present(lo: number, _hi: number): boolean {
  return (lo & (_PAGE_PRESENT | _PAGE_PROTNONE)) !== 0;
}

/** Writable. The modelled processor has no user shadow stacks, so only RW counts; see pte_shstk(). */
export function pte_write(lo: number, _hi: number): boolean {
  return (lo & _PAGE_RW) !== 0;
}

/** The shadow-stack form (RW clear, D set), which pte_write() accepts only on processors with X86_FEATURE_SHSTK. */
export function pte_shstk(lo: number, _hi: number): boolean {
  return (lo & (_PAGE_RW | _PAGE_DIRTY)) === _PAGE_DIRTY;
}

/** Accessed. */
export function pte_young(lo: number, _hi: number): boolean {
  return (lo & _PAGE_ACCESSED) !== 0;
}

/**
 * D or SAVED_DIRTY, with no look at P, as in the kernel. SAVED_DIRTY is the top bit of a swap entry's inverted offset,
 * so this is true for every swap entry with an ordinary offset; series v2 asks it of device-private entries.
 */
export function pte_dirty(lo: number, hi: number): boolean {
  return ((lo & _PAGE_DIRTY) | (hi & _PAGE_SAVED_DIRTY_HI)) !== 0;
}

/** No normal page behind it, or the zero page. */
export function pte_special(lo: number, _hi: number): boolean {
  return (lo & _PAGE_SPECIAL) !== 0;
}

/** PROTNONE and not P. */
export function pte_protnone(lo: number, _hi: number): boolean {
  return (lo & (_PAGE_PRESENT | _PAGE_PROTNONE)) === _PAGE_PROTNONE;
}

/** Soft-dirty bit of a present entry. */
export function pte_soft_dirty(lo: number, _hi: number): boolean {
  return (lo & _PAGE_SOFT_DIRTY) !== 0;
}

/** Userfaultfd write protection of a present entry. */
export function pte_uffd_wp(lo: number, _hi: number): boolean {
  return (lo & _PAGE_UFFD_WP) !== 0;
}

/**
 * Bits 0..31 after RW or D changed, as pte_wrprotect(), pte_mkwrite() and pte_mkdirty() leave them: a dirty entry has D
 * if writable and SAVED_DIRTY if not, since RW clear with D set would be a shadow stack.
 */
export function settleDirtyLo(lo: number, hi: number): number {
  return pte_dirty(lo, hi) && pte_write(lo, hi) ? lo | _PAGE_DIRTY : lo & ~_PAGE_DIRTY;
}

/** Bits 32..63 of the same; both halves are computed from the entry before settling. */
export function settleDirtyHi(lo: number, hi: number): number {
  return pte_dirty(lo, hi) && !pte_write(lo, hi) ? hi | _PAGE_SAVED_DIRTY_HI : hi & ~_PAGE_SAVED_DIRTY_HI;
}

/** pmd_none(): empty, apart from what the A/D erratum may leave. */
export function pmd_none(lo: number, hi: number): boolean {
  return ((lo & ~ERRATUM) | hi) === 0;
}

/** P, PROTNONE or PSE: a huge entry invalidated for a split has only PSE left and is still present. */
export function pmd_present(lo: number, _hi: number): boolean {
  return (lo & (_PAGE_PRESENT | _PAGE_PROTNONE | _PAGE_PSE)) !== 0;
}

/** A huge page (PSE); never true for a swap entry, which keeps PSE clear. */
export function pmd_trans_huge(lo: number, _hi: number): boolean {
  return (lo & _PAGE_PSE) !== 0;
}

/** A huge page of any sort. */
export function pmd_leaf(lo: number, _hi: number): boolean {
  return (lo & _PAGE_PSE) !== 0;
}

/** PROTNONE and not P. */
export function pmd_protnone(lo: number, _hi: number): boolean {
  return (lo & (_PAGE_PRESENT | _PAGE_PROTNONE)) === _PAGE_PROTNONE;
}

/** Not a plausible pointer to a table: other flags than the kernel's for tables (US and A do not matter). */
export function pmd_bad(lo: number, hi: number): boolean {
  return (lo & BAD_LO) !== BAD_EXPECTED || (hi & FLAGS_HI) !== 0;
}

/** Bits 0..31 of an entry for the table in page frame `pfn`, pmd_populate(). Serves PUD, P4D and PGD entries too. */
export function pmdTableLo(pfn: number): number {
  return (pfn << 12) | _PAGE_TABLE;
}

/** Bits 32..63 of an entry for the table in page frame `pfn`. */
export function pmdTableHi(pfn: number): number {
  return pfn >>> 20;
}

/** Bits 0..31 of a huge PMD, pfn_pmd(): `flagsLo` includes PSE; without P the frame is inverted. */
export function pmdLeafLo(pfn: number, flagsLo: number): number {
  return (((pfn ^ ((flagsLo & 1) - 1)) << 12) & PMD_PFN_LO) | flagsLo;
}

/** Bits 32..63 of a huge PMD; an entry whose low flags lack P must pass them, to have its frame inverted. */
export function pmdLeafHi(pfn: number, flagsHi: number, flagsLo: number = _PAGE_PRESENT): number {
  return pteHi(pfn, flagsHi, flagsLo);
}

/** pmd_pfn(): the first frame of a huge page (inverted or not), or the frame of the table. */
export function pmdPfn(lo: number, hi: number): number {
  const invert = (lo & 1) - 1;
  const frameLo = (lo ^ invert) & (lo & _PAGE_PSE ? PMD_PFN_LO : -1);
  return (frameLo >>> 12) + ((hi ^ invert) & PFN_HI) * 0x100000;
}
