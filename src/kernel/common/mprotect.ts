import { V, V_STRIDE, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { ENOMEM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { change_protection } from './change-protection.ts';
import { mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import { isolateVmas } from './vma-split.ts';

const S = sites('mprotect', {
  enter: 'new permissions for [{a:page start}, {b:page end})',
  lock: 'take the mmap lock for writing',
  gap: 'nothing is mapped there: -ENOMEM',
  flags: 'vma {a:vma} has its new permissions',
  unlock: 'drop the mmap lock',
  exit: '',
});

/**
 * mprotect() (mm/mprotect.c) with read, write and execute bits of VM. VMAs are cut at both ends and not merged again.
 * @returns 0 or -ENOMEM when a part of the range is not mapped.
 */
export function* mprotect(k: Kernel, mm: number, start: number, end: number, perms: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, mm);
  yield* mmap_write_lock(k, S.lock, mm);
  let ret = 0;
  let from = start;
  for (const vma of isolateVmas(m, mm, start, end)) {
    if (vmaGet(m, vma, V.START) !== from) break;
    const flags = (vmaGet(m, vma, V.FLAGS) & ~(VM.READ | VM.WRITE | VM.EXEC)) | perms;
    at(k, S.flags, vma);
    m.vma.set(vma * V_STRIDE + V.FLAGS, flags);
    from = vmaGet(m, vma, V.END);
    yield* change_protection(k, vma, vmaGet(m, vma, V.START), from, false);
  }
  if (from < end) {
    at(k, S.gap);
    ret = -ENOMEM;
  }
  mmap_write_unlock(k, S.unlock, mm);
  return exit(k, S.exit, ret, start);
}
