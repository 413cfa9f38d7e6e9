import { OP } from '../../machine/ops.ts';
import { MIGRATE_VMA_SELECT_SYSTEM } from '../../machine/words/migrate-pfn.ts';
import type { Kernel } from '../kernel.ts';
import { MIGRATE, RANGE, WALK } from '../structs.ts';

/** Low half of word i of an array in the words bank. */
export const wordLo = (k: Kernel, arr: number, i: number): number => k.m.words.cells[(arr + i) * 2] as number;
/** High half of word i. */
export const wordHi = (k: Kernel, arr: number, i: number): number => k.m.words.cells[(arr + i) * 2 + 1] as number;

/** Writes word i of an array as a step of its own. */
export function putWord(k: Kernel, site: number, arr: number, i: number, lo: number, hi: number): void {
  k.m.step(OP.PFN_WRITE, site, i, 1, arr);
  setWord(k, arr, i, lo, hi);
}

/** Writes word i within the current step. */
export function setWord(k: Kernel, arr: number, i: number, lo: number, hi: number): void {
  const w = k.m.words;
  w.set((arr + i) * 2, lo);
  w.set((arr + i) * 2 + 1, hi);
}

/** Entries [i, i + n) keep their in/out flags and get `hi` on top, in one step. */
export function fillWords(k: Kernel, site: number, arr: number, i: number, n: number, hi: number): void {
  k.m.step(OP.PFN_WRITE, site, i, n, arr);
  for (let j = i; j < i + n; j++) setWord(k, arr, j, 0, (wordHi(k, arr, j) & k.enc.INOUT) | hi);
}

/** Words [i, i + n) of an array as they are now, low and high halves in turn. */
export function savedWords(k: Kernel, arr: number, i: number, n: number): Int32Array {
  return k.m.words.cells.slice((arr + i) * 2, (arr + i + n) * 2);
}

/** Puts saved words back, in one step. */
export function restoreWords(k: Kernel, site: number, arr: number, i: number, words: Int32Array): void {
  k.m.step(OP.PFN_WRITE, site, i, words.length / 2, arr);
  for (let j = 0; j < words.length / 2; j++) setWord(k, arr, i + j, words[2 * j] as number, words[2 * j + 1] as number);
}

/** Object fields of the walk and its range, read often. */
export const walkRange = (k: Kernel, walk: number): number => k.m.obj.get(walk + WALK.RANGE);
export const walkPfns = (k: Kernel, walk: number): number => k.m.obj.get(walkRange(k, walk) + RANGE.HMM_PFNS);
export const pfnIndex = (k: Kernel, walk: number, page: number): number =>
  page - k.m.obj.get(walkRange(k, walk) + RANGE.START);
export const walkMigrate = (k: Kernel, walk: number): number => k.m.obj.get(walkRange(k, walk) + RANGE.MIGRATE);

/**
 * hmm_select_migrate() (include/linux/migrate.h, series v2): what to collect, as MIGRATE_VMA_* bits;
 * 0 = a plain walk. In v2 REQ_MIGRATE forces SYSTEM, whatever the caller selected.
 */
export function hmm_select_migrate(k: Kernel, range: number): number {
  const o = k.m.obj;
  // Mend of F-24: what could not be finished without CONFIG_DEVICE_MIGRATION is not begun.
  if (k.config.deviceMigration === false && k.fixes.has('F-24')) return 0;
  const migrate = o.get(range + RANGE.MIGRATE);
  let minfo = migrate !== 0 ? o.get(migrate + MIGRATE.FLAGS) : 0;
  if ((o.get(range + RANGE.DEFAULT_FLAGS) & k.enc.MIGRATE) !== 0) minfo |= MIGRATE_VMA_SELECT_SYSTEM;
  return minfo;
}

/**
 * Mend of F-14: a migration entry of somebody else that is required is waited for on the fault path. Not at once:
 * two walks that wait for each other's folios would never end, so what is collected goes back first. Without a
 * notifier (migrate_vma_setup) the page is passed over, as collectors always did.
 */
export const waitsLater = (k: Kernel, range: number): boolean =>
  k.fixes.has('F-14') && k.m.obj.get(range + RANGE.NOTIFIER) !== 0;

/** What a page's request needs beyond what is mapped. */
export const NEED = { FAULT: 1, WRITE_FAULT: 2 } as const;

/**
 * hmm_pte_need_fault() (mm/hmm.c): `pfnReq` and `cpuFlags` are high halves of hmm words.
 * Gives NEED bits.
 */
export function hmm_pte_need_fault(k: Kernel, range: number, pfnReq: number, cpuFlags: number): number {
  const o = k.m.obj;
  const enc = k.enc;
  const req = (pfnReq & o.get(range + RANGE.PFN_FLAGS_MASK)) | o.get(range + RANGE.DEFAULT_FLAGS);
  if ((req & enc.VALID) === 0) return 0;
  if ((req & enc.WRITE) !== 0 && (cpuFlags & enc.WRITE) === 0) return NEED.FAULT | NEED.WRITE_FAULT;
  return (cpuFlags & enc.VALID) === 0 ? NEED.FAULT : 0;
}

/** hmm_range_need_fault(): or over `n` entries from `i`, with the short cut for plain snapshots. */
export function hmm_range_need_fault(k: Kernel, range: number, i: number, n: number, cpuFlags: number): number {
  const o = k.m.obj;
  const enc = k.enc;
  if (((o.get(range + RANGE.DEFAULT_FLAGS) | o.get(range + RANGE.PFN_FLAGS_MASK)) & enc.VALID) === 0) return 0;
  const arr = o.get(range + RANGE.HMM_PFNS);
  let need = 0;
  for (let j = i; j < i + n && need !== 3; j++) need |= hmm_pte_need_fault(k, range, wordHi(k, arr, j), cpuFlags);
  return need;
}
