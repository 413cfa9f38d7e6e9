import { V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import { pmdPfn, pmd_trans_huge, ptePfn, pte_present, pte_write } from '../../machine/words/pte.ts';
import { EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { folio_get, folio_pin, folio_unpin } from './folio.ts';
import { handle_mm_fault } from './memory.ts';
import { mmap_read_lock, mmap_read_unlock } from './mmap-lock.ts';
import { pmd_lock, pte_offset_map_lock, pte_unmap_unlock, ptlOf, spin_unlock } from './pgtable.ts';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE, VM_FAULT_ERROR } from './vm-fault.ts';

const S = sites('get_user_pages', {
  enter: 'a reference on the page at {a:page addr}, for writing = {b:bool}',
  noVma: 'no mapping that allows it: -EFAULT',
  follow: 'the tables allow it: no fault',
  faultin: 'the tables do not allow it: run the fault handler',
  failed: 'the handler failed: -EFAULT',
  get: 'take the reference',
  exit: '',
  lockPmd: 'look at the PMD under its lock',
  unlockPmd: 'release the PMD lock',
  lock: 'look at the PTE under its lock',
  unlock: 'release the PTE lock',
});
const P = sites('pin_user_pages', {
  enter: 'a device will write to [{a:page start}, {b:page end}): pin the pages',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released; the pins stay',
  dma: 'the device writes: the pages must not move',
  done: 'the device is done',
  unpin: 'the pin goes',
  exit: '',
});

/** Faults after which the model takes it for certain that no progress is made. */
const MOST_FAULTS = 16;

/**
 * get_user_pages() of one page (mm/gup.c): follow_page_mask(), else faultin_page() and again; the mmap lock is held.
 * @param pin FOLL_PIN: a pin instead of a plain reference
 * @returns the page frame, with a reference (or pin) on its folio, or -EFAULT.
 */
export function* get_user_pages(k: Kernel, mm: number, page: number, write: boolean, pin = false): Run<number> {
  const m = k.m;
  enter(k, S.enter, page, write ? 1 : 0);
  const vma = vma_lookup(m, mm, page);
  const needs = write ? VM.WRITE : VM.READ;
  if (vma === 0 || (vmaGet(m, vma, V.FLAGS) & needs) === 0) {
    at(k, S.noVma, page);
    return exit(k, S.exit, -EFAULT, page);
  }
  for (let tries = 0; tries < MOST_FAULTS; tries++) {
    const pfn = yield* follow_page_mask(k, mm, page, write, pin);
    if (pfn >= 0) return exit(k, S.exit, pfn, page);
    const flags = FAULT_FLAG_REMOTE | (write ? FAULT_FLAG_WRITE : 0);
    if (((yield* handle_mm_fault(k, S.faultin, vma, page, flags)) & VM_FAULT_ERROR) !== 0) break;
  }
  at(k, S.failed, page);
  return exit(k, S.exit, -EFAULT, page);
}

/** follow_page_mask(): the page frame that the tables map with the rights asked for, its folio held, else -1. */
function* follow_page_mask(k: Kernel, mm: number, page: number, write: boolean, pin: boolean): Run<number> {
  const m = k.m;
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = findEntry(m, mm, page, 2);
  if (pmd === 0) return -1;
  if (pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd))) {
    const ptl = yield* pmd_lock(k, S.lockPmd, pmd);
    const [lo, hi] = [entryLo(m, pmd), entryHi(m, pmd)];
    const fits = pmd_trans_huge(lo, hi) && pte_present(lo, hi) && (!write || pte_write(lo, hi));
    const pfn = fits ? pmdPfn(lo, hi) + (page & 511) : -1;
    if (fits) grab(k, page, pfn, pin);
    spin_unlock(k, S.unlockPmd, ptl);
    return pfn;
  }
  const pte = yield* pte_offset_map_lock(k, S.lock, pmd, page);
  if (pte === 0) return -1;
  const [lo, hi] = [entryLo(m, pte), entryHi(m, pte)];
  const fits = pte_present(lo, hi) && (!write || pte_write(lo, hi));
  if (fits) grab(k, page, ptePfn(lo, hi), pin);
  pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  return fits ? ptePfn(lo, hi) : -1;
}

/** try_grab_folio(): a reference, or with FOLL_PIN a pin. */
function grab(k: Kernel, page: number, pfn: number, pin: boolean): void {
  at(k, S.follow, page);
  const f = k.m.folioOf(pfn);
  if (pin) folio_pin(k, S.get, f);
  else folio_get(k, S.get, f);
}

/**
 * pin_user_pages(FOLL_WRITE), a while of DMA, unpin_user_pages() (mm/gup.c): what O_DIRECT or RDMA does with a buffer.
 * Pages that cannot be had are left out, as after a short return. @returns 0, or -EFAULT when not all pages were pinned.
 */
export function* pin_user_pages(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const m = k.m;
  enter(k, P.enter, start, end, mm);
  const pinned: number[] = [];
  let ret = 0;
  yield* mmap_read_lock(k, P.lock, mm);
  for (let page = start; page < end && ret === 0; page++) {
    const pfn = yield* get_user_pages(k, mm, page, true, true);
    if (pfn < 0) ret = pfn;
    else pinned.push(pfn);
  }
  mmap_read_unlock(k, P.unlock, mm);
  m.step(OP.SLEEP, P.dma, m.actor, 0, 0);
  yield YIELD.SLEEP;
  m.step(OP.WAKE, P.done, m.actor, 0, 0);
  for (const pfn of pinned) {
    if (k.concurrent) yield YIELD.OTHER;
    folio_unpin(k, P.unpin, m.folioOf(pfn));
  }
  return exit(k, P.exit, ret, start);
}
