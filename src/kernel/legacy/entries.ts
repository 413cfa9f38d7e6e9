import { HMM_PFN_2016, hmm2016Hi, hmm2016Lo, hmm2016PfnOf } from '../../machine/words/hmm-pfn-2016.ts';
import type { Kernel } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { putWord, wordHi, wordLo } from '../unified/pfns.ts';

/*
 * pfns[] of struct hmm_migrate: one array of 2016 words for sources and, from alloc_and_copy() on, for destinations.
 * With H-13 mended the sources are kept apart, as struct migrate_vma has done since 2017.
 */

const pfnsOf = (k: Kernel, migrate: number): number => k.m.obj.get(migrate + HMM_MIGRATE.PFNS);

/** hmm_pfn_to_page() of entry i: the page frame, -1 when the entry is not VALID. */
export function pageOf(k: Kernel, migrate: number, i: number): number {
  return framed(k, pfnsOf(k, migrate), i);
}

/** The source of entry i as the mended code remembers it, -1 for none. */
export function sourceOf(k: Kernel, migrate: number, i: number): number {
  return framed(k, k.m.obj.get(migrate + HMM_MIGRATE.SRC), i);
}

function framed(k: Kernel, arr: number, i: number): number {
  const lo = wordLo(k, arr, i);
  return (lo & HMM_PFN_2016.VALID) === 0 ? -1 : hmm2016PfnOf(lo, wordHi(k, arr, i));
}

/** True when entry i has the flag. */
export function entryHas(k: Kernel, migrate: number, i: number, flag: number): boolean {
  return (wordLo(k, pfnsOf(k, migrate), i) & flag) !== 0;
}

/** Entry i becomes VALID with a page frame and flags of HMM_PFN_2016. */
export function storeEntry(k: Kernel, site: number, migrate: number, i: number, pfn: number, flags: number): void {
  putWord(k, site, pfnsOf(k, migrate), i, hmm2016Lo(pfn, HMM_PFN_2016.VALID | flags), hmm2016Hi(pfn));
}

/** Sets and clears flags of entry i; nothing is written when it has them so already. */
export function changeEntry(k: Kernel, site: number, migrate: number, i: number, set: number, clear: number): void {
  const arr = pfnsOf(k, migrate);
  const lo = wordLo(k, arr, i);
  const neu = (lo | set) & ~clear;
  if (neu !== lo) putWord(k, site, arr, i, neu, wordHi(k, arr, i));
}

/** Entry i becomes 0. */
export function clearEntry(k: Kernel, site: number, migrate: number, i: number): void {
  putWord(k, site, pfnsOf(k, migrate), i, 0, 0);
}

/** Copies what still migrates into the array of sources (H-13 mended). */
export function rememberSources(k: Kernel, site: number, migrate: number): void {
  const o = k.m.obj;
  const n = o.get(migrate + HMM_MIGRATE.END) - o.get(migrate + HMM_MIGRATE.START);
  const src = k.m.newWords(n);
  o.set(migrate + HMM_MIGRATE.SRC, src);
  const pfns = pfnsOf(k, migrate);
  for (let i = 0; i < n; i++) {
    if (pageOf(k, migrate, i) < 0 || !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) continue;
    putWord(k, site, src, i, wordLo(k, pfns, i), wordHi(k, pfns, i));
  }
}

/** migrate->npages, unsigned in C: a count below 0 has wrapped and is not 0 any more. */
export function addPages(k: Kernel, migrate: number, by: number): void {
  k.m.obj.add(migrate + HMM_MIGRATE.NPAGES, by);
}
