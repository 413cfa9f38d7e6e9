import { defineLayout, type Field, flag, kernelNamed, maskLo } from './field.ts';

/*
 * hmm_pfn_t of the 2016 postings (HMM v13, include/linux/hmm.h): one word per page with the flags at the bottom, used
 * for collecting and for the destination alike. Patch 16/18 of that series moved SPECIAL and UNADDRESSABLE up to make
 * room for LOCKED and MIGRATE. The order of bits 0..3 is inferred.
 */

const LOW: readonly Field[] = [
  flag(0, 'VALID', 'a page stands behind the entry', 'no page'),
  flag(1, 'READ', 'the page may be read', 'no reading asked or allowed'),
  flag(2, 'WRITE', 'the page may be written', 'not writable'),
  flag(3, 'ERROR', 'the address cannot be used', 'no error'),
  flag(4, 'EMPTY', 'the CPU entry is empty', 'the CPU entry is not empty'),
  flag(5, 'FAULT', 'to be faulted in', 'no fault asked'),
  flag(6, 'DEVICE', 'a page of device memory', 'a page of system memory'),
];

const pfn = (bit: number): Field => ({ name: 'pfn', bit, width: 64 - bit, doc: 'page frame number', hex: true });
const special = (bit: number) => flag(bit, 'SPECIAL', 'a special mapping, never VALID', 'a normal mapping');
const unaddressable = (bit: number) =>
  flag(bit, 'UNADDRESSABLE', 'device memory the CPU cannot address', 'the CPU can address it');

/** After patch 16/18: the layout the migration code uses. */
export const HMM_2016_LAYOUT = defineLayout('hmm-2016', 'hmm pfn of 2016', [
  ...kernelNamed('HMM_PFN_', [
    ...LOW,
    flag(7, 'LOCKED', 'the page is locked', 'the page is not locked'),
    special(8),
    flag(9, 'MIGRATE', 'to be migrated, or migrated', 'not migrating'),
    unaddressable(10),
  ]),
  pfn(11),
]);

/** Before patch 16/18. */
export const HMM_2016_EARLY_LAYOUT = defineLayout('hmm-2016-early', 'hmm pfn of 2016, before migration', [
  ...kernelNamed('HMM_PFN_', [...LOW, special(7), unaddressable(8)]),
  pfn(9),
]);

/** The flags after patch 16/18, all in the low half. */
export const HMM_PFN_2016 = Object.freeze({
  VALID: maskLo(HMM_2016_LAYOUT, 'VALID'),
  READ: maskLo(HMM_2016_LAYOUT, 'READ'),
  WRITE: maskLo(HMM_2016_LAYOUT, 'WRITE'),
  ERROR: maskLo(HMM_2016_LAYOUT, 'ERROR'),
  EMPTY: maskLo(HMM_2016_LAYOUT, 'EMPTY'),
  FAULT: maskLo(HMM_2016_LAYOUT, 'FAULT'),
  DEVICE: maskLo(HMM_2016_LAYOUT, 'DEVICE'),
  LOCKED: maskLo(HMM_2016_LAYOUT, 'LOCKED'),
  SPECIAL: maskLo(HMM_2016_LAYOUT, 'SPECIAL'),
  MIGRATE: maskLo(HMM_2016_LAYOUT, 'MIGRATE'),
  UNADDRESSABLE: maskLo(HMM_2016_LAYOUT, 'UNADDRESSABLE'),
  SHIFT: 11,
});

/** Bits 0..31 of an entry for page frame `pfn` (below 2^32) with flags of HMM_PFN_2016. */
export function hmm2016Lo(pfn: number, flags: number): number {
  return (pfn << 11) | flags;
}

/** Bits 32..63 of an entry for page frame `pfn` (below 2^32). */
export function hmm2016Hi(pfn: number): number {
  return pfn >>> 21;
}

/** The page frame number of an entry. Exact below 2^53. */
export function hmm2016PfnOf(lo: number, hi: number): number {
  return (lo >>> 11) + (hi >>> 0) * 0x200000;
}
