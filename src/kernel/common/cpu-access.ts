import { P, PG, V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo, findEntry, setEntry } from '../../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import {
  _PAGE_ACCESSED,
  _PAGE_DIRTY,
  _PAGE_PRESENT,
  pmdPfn,
  pmd_trans_huge,
  ptePfn,
  pte_write,
} from '../../machine/words/pte.ts';
import { is_device_private_entry, swpPfn } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { Progress } from '../unified/progress.ts';
import { folioHas, folio_wait_locked } from './folio.ts';
import { mmap_read_lock, mmap_read_unlock } from './mmap-lock.ts';
import { FAULT_FLAG_USER, FAULT_FLAG_WRITE, VM_FAULT_ERROR, VM_FAULT_SIGSEGV, handle_mm_fault } from './memory.ts';
import { vma_is_accessible } from './vm-prot.ts';

const S = sites('cpu_access', {
  enter: 'a CPU touches {a:page address} (write = {b:bool})',
  done: 'the tables allow it: the processor marks the entry accessed (and dirty)',
  fault: 'the tables do not allow it: page fault',
  spin: 'the fault made no progress, the device page is locked: again and again until it is unlocked',
  livelock: 'the fault made no progress and never will',
  exit: '',
});
const X = sites('exc_page_fault', {
  enter: 'page fault at {a:page address} (write = {b:bool})',
  lock: 'take the mmap lock for reading',
  noVma: 'no VMA there: SIGSEGV',
  denied: 'the VMA forbids it: SIGSEGV',
  handle: 'run the fault handler',
  failed: 'the handler failed ({a:hex fault})',
  unlock: 'drop the mmap lock',
  exit: '',
});

/** What an access that ends in a signal gives (the measuring program's own marks for them). */
export const ACCESS_SIGSEGV = 0xdead000b | 0;
export const ACCESS_SIGBUS = 0xdead0007 | 0;

/**
 * What one load (or store) of a CPU does: a walk by the processor, faults until the access is allowed, then A (and D)
 * in the entry. The TLB is not modelled: every access walks.
 * @param value what a store writes into the page's first word; the same word again when left out.
 * @returns 0, ACCESS_SIGSEGV or ACCESS_SIGBUS.
 */
export function* cpu_access(k: Kernel, mm: number, page: number, write: boolean, value?: number): Run<number> {
  enter(k, S.enter, page, write ? 1 : 0, mm);
  const progress = new Progress(k);
  for (;;) {
    if (k.concurrent) yield YIELD.OTHER;
    const pfn = hardwareWalk(k, mm, page, write);
    if (pfn >= 0) {
      if (write && value !== undefined) k.m.pageSet(pfn, P.DATA, value);
      return exit(k, S.exit, 0, page);
    }
    at(k, S.fault, page);
    const signal = yield* exc_page_fault(k, mm, page, write);
    if (signal !== 0) return exit(k, S.exit, signal, page);
    if (!progress.stuck(page)) continue;
    const busy = lockedDeviceFolio(k, mm, page);
    if (busy === 0) {
      yield* progress.forever(S.livelock, page);
      continue;
    }
    // v6.19 spins here: fault, trylock refused, fault again. The model waits, which comes to the same.
    at(k, S.spin, page, busy);
    yield* folio_wait_locked(k, S.spin, busy);
  }
}

/** The device folio behind the page's entry while somebody has it locked, else 0. */
function lockedDeviceFolio(k: Kernel, mm: number, page: number): number {
  const m = k.m;
  const e = findEntry(m, mm, page, 1) || findEntry(m, mm, page, 2);
  if (e === 0 || !is_device_private_entry(entryLo(m, e), entryHi(m, e))) return 0;
  const f = m.folioOf(swpPfn(entryLo(m, e), entryHi(m, e)));
  return folioHas(m, f, PG.LOCKED) ? f : 0;
}

/** The processor's walk: the pfn of the page if the tables allow the access, else -1. Sets A and D. */
function hardwareWalk(k: Kernel, mm: number, page: number, write: boolean): number {
  const m = k.m;
  const pmd = findEntry(m, mm, page, 2);
  if (pmd === 0) return -1;
  const huge = pmd_trans_huge(entryLo(m, pmd), entryHi(m, pmd));
  const e = huge ? pmd : findEntry(m, mm, page, 1);
  if (e === 0) return -1;
  const lo = entryLo(m, e);
  const hi = entryHi(m, e);
  if ((lo & _PAGE_PRESENT) === 0 || (write && !pte_write(lo, hi))) return -1;
  const pfn = huge ? pmdPfn(lo, hi) + (page & 511) : ptePfn(lo, hi);
  m.step(OP.CPU_ACCESS, S.done, page, write ? 1 : 0, pfn);
  setEntry(m, e, lo | _PAGE_ACCESSED | (write ? _PAGE_DIRTY : 0), hi);
  return pfn;
}

/** exc_page_fault() → do_user_addr_fault() (arch/x86/mm/fault.c), with the mmap lock (no per-VMA lock). */
function* exc_page_fault(k: Kernel, mm: number, page: number, write: boolean): Run<number> {
  const m = k.m;
  enter(k, X.enter, page, write ? 1 : 0);
  yield* mmap_read_lock(k, X.lock, mm);
  const vma = vma_lookup(m, mm, page);
  let signal = 0;
  if (vma === 0) {
    at(k, X.noVma, page);
    signal = ACCESS_SIGSEGV;
  } else if (write ? (vmaGet(m, vma, V.FLAGS) & VM.WRITE) === 0 : !vma_is_accessible(m, vma)) {
    at(k, X.denied, page, vma);
    signal = ACCESS_SIGSEGV;
  } else {
    const fault = yield* handle_mm_fault(k, X.handle, vma, page, FAULT_FLAG_USER | (write ? FAULT_FLAG_WRITE : 0));
    if ((fault & VM_FAULT_ERROR) !== 0) {
      at(k, X.failed, fault);
      signal = (fault & VM_FAULT_SIGSEGV) !== 0 ? ACCESS_SIGSEGV : ACCESS_SIGBUS;
    }
  }
  mmap_read_unlock(k, X.unlock, mm);
  return exit(k, X.exit, signal, page);
}

/**
 * A CPU reads the first word of a page: cpu_access() and the word, or the mark of the signal.
 * Never returns when the fault handler cannot make progress: that is what a hung reader is.
 */
export function* read_first_word(k: Kernel, mm: number, page: number): Run<number> {
  const signal = yield* cpu_access(k, mm, page, false);
  if (signal !== 0) return signal;
  const m = k.m;
  const pmd = findEntry(m, mm, page, 2);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  if (pmd_trans_huge(lo, hi)) return m.pageGet(pmdPfn(lo, hi) + (page & 511), P.DATA);
  const pte = findEntry(m, mm, page, 1);
  return m.pageGet(ptePfn(entryLo(m, pte), entryHi(m, pte)), P.DATA);
}
