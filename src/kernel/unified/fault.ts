import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE, VM_FAULT_ERROR, handle_mm_fault } from '../common/memory.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { EBUSY, EFAULT, EPERM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { RANGE, WALK } from '../structs.ts';
import { assertHeld } from './assert.ts';
import { NEED, hmm_pte_need_fault, hmm_select_migrate, pfnIndex, walkPfns, walkRange, wordHi } from './pfns.ts';

const S = sites('hmm_vma_fault', {
  enter: 'fault [{a:page addr}, {b:page end}) in, required_fault = {c:int required_fault}',
  last: 'after the fault the walk starts again at last = {a:page last}',
  noWrite: 'a write fault in a VMA without VM_WRITE: -EPERM',
  fault: 'run the fault handler on {a:page addr}',
  failed: 'the fault failed ({a:hex ret}): -EFAULT',
  assert: 'no page-table lock is held: asserted',
  dropped: 'the fault handler drops the mmap lock',
  retaken: 'and takes it again',
  exit: '',
});

/**
 * hmm_vma_fault() (mm/hmm.c): runs the page-fault handler on every page of the stretch, with one kind
 * of fault for all. No page-table lock may be held. @returns -EBUSY (walk again), -EFAULT, -EPERM.
 */
export function* hmm_vma_fault(k: Kernel, addr: number, end: number, required: number, walk: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, addr, end, required);
  assertHeld(k, 'R-01', S.assert, walk, 'none');
  const vma = m.obj.get(walk + WALK.WALK_VMA);
  let flags: number = FAULT_FLAG_REMOTE;
  at(k, S.last, addr);
  m.obj.set(walk + WALK.LAST, addr);
  if ((required & NEED.WRITE_FAULT) !== 0) {
    if ((vmaGet(m, vma, V.FLAGS) & VM.WRITE) === 0) {
      at(k, S.noWrite);
      return exit(k, S.exit, -EPERM, walk);
    }
    flags |= FAULT_FLAG_WRITE;
  }
  for (let page = addr; page < end; page++) {
    const how = k.fixes.has('F-28') ? ownFault(k, walk, page, flags) : flags;
    if (how === NO_FAULT) continue;
    const ret = yield* handle_mm_fault(k, S.fault, vma, page, how);
    if ((ret & VM_FAULT_ERROR) !== 0) {
      at(k, S.failed, ret);
      return exit(k, S.exit, -EFAULT, walk);
    }
  }
  if (k.config.driver?.has('drops-mmap-lock') === true) yield* dropMmapLock(k, walk);
  return exit(k, S.exit, -EBUSY, walk);
}

const NO_FAULT = -1;

/** Mend of F-28: each page is faulted as it asked, or not at all. Gives fault flags, or NO_FAULT. */
function ownFault(k: Kernel, walk: number, page: number, flags: number): number {
  const range = walkRange(k, walk);
  const need = hmm_pte_need_fault(k, range, wordHi(k, walkPfns(k, walk), pfnIndex(k, walk, page)), 0);
  if (need === 0) return NO_FAULT;
  const write = (need & NEED.WRITE_FAULT) !== 0 ? FAULT_FLAG_WRITE : 0;
  // A write that the stretch's first page did not ask for comes up again when the walk gets there.
  return (flags & ~FAULT_FLAG_WRITE) | (flags & write);
}

/** The fault handler gave the mmap lock up and took it again (FAULT_FLAG_ALLOW_RETRY); see L-04. */
function* dropMmapLock(k: Kernel, walk: number): Run<void> {
  const o = k.m.obj;
  const range = walkRange(k, walk);
  if (o.get(range + RANGE.NOTIFIER) === 0) return;
  mmap_read_unlock(k, S.dropped, o.get(walk + WALK.MM));
  if (hmm_select_migrate(k, range) !== 0) finding(k, S.dropped, RULE.MMAP_LOCK_DROPPED);
  yield* mmap_read_lock(k, S.retaken, o.get(walk + WALK.MM));
}
