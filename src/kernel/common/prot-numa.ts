import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { change_protection } from './change-protection.ts';
import { mmap_read_trylock, mmap_read_unlock } from './mmap-lock.ts';
import { vma_is_accessible } from './vm-prot.ts';
import { vmasIn } from './vma-split.ts';

const S = sites('task_numa_work', {
  enter: 'NUMA balancing looks who uses [{a:page start}, {b:page end})',
  trylock: 'the mmap lock for reading, if nobody else has it or wants it',
  busy: 'somebody else does: not now',
  skip: 'vma {a:vma} is left alone',
  scan: 'vma {a:vma}: take the access away from its pages',
  unlock: 'drop the mmap lock',
  exit: '',
});
const C = sites('change_prot_numa', {
  enter: 'the pages of [{a:page start}, {b:page end}) become PROT_NONE',
  exit: '',
});

const LEFT_ALONE = VM.HUGETLB | VM.MIXEDMAP | VM.IO | VM.PFNMAP;

/**
 * task_numa_work() (kernel/sched/fair.c, v6.19) over a range: the entries lose their access rights so that the next
 * access of each page is noticed. @returns 0, also when the mmap lock was not to be had.
 */
export function* task_numa_work(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const { m } = k;
  enter(k, S.enter, start, end, mm);
  if (!(yield* mmap_read_trylock(k, S.trylock, mm))) {
    at(k, S.busy, mm);
    return exit(k, S.exit, 0, start);
  }
  for (const vma of vmasIn(m, mm, start, end)) {
    const flags = vmaGet(m, vma, V.FLAGS);
    const readOnlyFile = vmaGet(m, vma, V.FILE) !== 0 && (flags & (VM.READ | VM.WRITE)) === VM.READ;
    if ((flags & LEFT_ALONE) !== 0 || readOnlyFile || !vma_is_accessible(m, vma)) {
      at(k, S.skip, vma);
      continue;
    }
    at(k, S.scan, vma);
    const from = Math.max(start, vmaGet(m, vma, V.START));
    const to = Math.min(end, vmaGet(m, vma, V.END));
    enter(k, C.enter, from, to);
    yield* change_protection(k, vma, from, to, true);
    exit(k, C.exit);
  }
  mmap_read_unlock(k, S.unlock, mm);
  return exit(k, S.exit, 0, start);
}
