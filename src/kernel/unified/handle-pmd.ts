import { F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryPage } from '../../machine/page-table.ts';
import { pmdPfn, pmd_protnone, pte_write } from '../../machine/words/pte.ts';
import { is_device_private_entry, is_writable_device_private_entry, swpPfn } from '../../machine/words/swp.ts';
import { spin_unlock } from '../common/pgtable.ts';
import { EFAULT } from '../errno.ts';
import { hmmDeviceBit } from '../common/migrate-pfn.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { RANGE, WALK } from '../structs.ts';
import { hmm_vma_fault } from './fault.ts';
import { hmm_pfns_fill } from './hole.ts';
import { fillWords, hmm_range_need_fault, pfnIndex, setWord, walkPfns, walkRange, wordHi } from './pfns.ts';

const S = sites('hmm_vma_handle_pmd', {
  enter: 'report a present huge PMD for [{a:page addr}, {b:page end})',
  required: 'what is mapped does not satisfy the request: fault',
  unlock: 'no lock may be held across a fault',
  report: 'report {b:int} pages of the huge mapping',
  exit: '',
});

const B = sites('hmm_vma_handle_absent_pmd', {
  enter: 'a PMD that is not present, pages [{a:page start}, {b:page end})',
  own: 'a device-private folio of the asking device: report it',
  report: 'report {b:int} pages of the device folio',
  foreign: 'device memory of somebody else, and a page is required: fault it back',
  unlock: 'no lock may be held across a fault',
  required: 'a page is required and cannot be had: -EFAULT',
  foreignSkip: 'device memory of somebody else that nobody requires: report nothing',
  fill: 'nobody requires a page: fill ERROR',
  exit: '',
});

/** hmm_vma_handle_pmd() (mm/hmm.c, series v2). @returns 0, or the fault's -EBUSY, -EFAULT, -EPERM with the lock dropped. */
export function* hmm_vma_handle_pmd(
  k: Kernel,
  walk: number,
  addr: number,
  end: number,
  pmdp: number,
  lo: number,
  hi: number,
): Run<number> {
  const enc = k.enc;
  enter(k, S.enter, addr, end, walk);
  let cpuFlags = 0;
  if (!pmd_protnone(lo, hi)) cpuFlags = enc.VALID | (pte_write(lo, hi) ? enc.WRITE : 0) | enc.orderBits(9);
  const i = pfnIndex(k, walk, addr);
  const n = end - addr;
  const required = hmm_range_need_fault(k, walkRange(k, walk), i, n, cpuFlags);
  if (required !== 0) {
    at(k, S.required);
    dropPmdLock(k, S.unlock, walk);
    const r = yield* hmm_vma_fault(k, addr, end, required, walk);
    return exit(k, S.exit, r, walk, addr);
  }
  reportRun(k, S.report, walkPfns(k, walk), i, n, pmdPfn(lo, hi) + (addr - entryPage(k.m, pmdp)), cpuFlags);
  return exit(k, S.exit, 0, walk, addr);
}

/**
 * hmm_vma_handle_absent_pmd() (series v2). @returns 0, the fault's result with the lock dropped, or
 * -EFAULT with the PMD lock still held (R-07 is what the caller makes of that).
 */
export function* hmm_vma_handle_absent_pmd(
  k: Kernel,
  walk: number,
  start: number,
  end: number,
  pmdp: number,
  lo: number,
  hi: number,
): Run<number> {
  const enc = k.enc;
  const m = k.m;
  enter(k, B.enter, start, end, walk);
  const range = walkRange(k, walk);
  const i = pfnIndex(k, walk, start);
  const n = end - start;
  const device = is_device_private_entry(lo, hi);
  if (device) {
    const pfn = swpPfn(lo, hi);
    if (m.f(m.folioOf(pfn), F.OWNER) === m.obj.get(range + RANGE.OWNER)) {
      at(k, B.own);
      // F-36: v2 counts from the folio's head even when the range begins inside the PMD.
      const first = k.fixes.has('F-36') ? pfn + (start - entryPage(m, pmdp)) : pfn;
      reportRun(
        k,
        B.report,
        walkPfns(k, walk),
        i,
        n,
        first,
        // D-09: the first posting of the device-private series forgot the bit here.
        enc.VALID |
          enc.orderBits(9) |
          (k.fixes.has('D-09') ? hmmDeviceBit(k) : 0) |
          (is_writable_device_private_entry(lo, hi) ? enc.WRITE : 0),
      );
      return exit(k, B.exit, 0, walk, start);
    }
  }
  const required = hmm_range_need_fault(k, range, i, n, 0);
  if (required !== 0) {
    if (device) {
      at(k, B.foreign);
      dropPmdLock(k, B.unlock, walk);
      const r = yield* hmm_vma_fault(k, start, end, required, walk);
      return exit(k, B.exit, r, walk, start);
    }
    at(k, B.required);
    return exit(k, B.exit, -EFAULT, walk, start);
  }
  // Mend of M-03: device memory of somebody else is reported as at PTE level, as nothing.
  if (device && k.fixes.has('M-03')) {
    fillWords(k, B.foreignSkip, walkPfns(k, walk), i, n, 0);
    return exit(k, B.exit, 0, walk, start);
  }
  at(k, B.fill);
  hmm_pfns_fill(k, start, end, walk, enc.ERROR);
  return exit(k, B.exit, 0, walk, start);
}

function dropPmdLock(k: Kernel, site: number, walk: number): void {
  if (k.m.obj.get(walk + WALK.PMDLOCKED) === 0) return;
  spin_unlock(k, site, k.m.obj.get(walk + WALK.PTL));
  k.m.obj.set(walk + WALK.PMDLOCKED, 0);
}

function reportRun(k: Kernel, site: number, arr: number, i: number, n: number, pfn: number, flags: number): void {
  k.m.step(OP.PFN_WRITE, site, i, n, arr);
  for (let j = 0; j < n; j++) setWord(k, arr, i + j, pfn + j, (wordHi(k, arr, i + j) & k.enc.INOUT) | flags);
}
