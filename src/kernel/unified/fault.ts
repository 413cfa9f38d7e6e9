import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { FAULT_FLAG_REMOTE, FAULT_FLAG_WRITE, VM_FAULT_ERROR, handle_mm_fault } from '../common/memory.ts';
import { EBUSY, EFAULT, EPERM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { WALK } from '../structs.ts';
import { NEED } from './pfns.ts';

const S = sites('hmm_vma_fault', {
  enter: 'fault [{a:page addr}, {b:page end}) in, required_fault = {c:int required_fault}',
  last: 'after the fault the walk starts again at last = {a:page last}',
  noWrite: 'a write fault in a VMA without VM_WRITE: -EPERM',
  fault: 'run the fault handler on {a:page addr}',
  failed: 'the fault failed ({a:hex ret}): -EFAULT',
  exit: '',
});

/**
 * hmm_vma_fault() (mm/hmm.c): runs the page-fault handler on every page of the stretch, with one kind
 * of fault for all. No page-table lock may be held. @returns -EBUSY (walk again), -EFAULT, -EPERM.
 */
export function* hmm_vma_fault(k: Kernel, addr: number, end: number, required: number, walk: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, addr, end, required);
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
    const ret = yield* handle_mm_fault(k, S.fault, vma, page, flags);
    if ((ret & VM_FAULT_ERROR) !== 0) {
      at(k, S.failed, ret);
      return exit(k, S.exit, -EFAULT, walk);
    }
  }
  return exit(k, S.exit, -EBUSY, walk);
}
