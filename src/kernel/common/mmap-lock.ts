import { MM, MM_STRIDE } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { type Kernel, type Run, YIELD, block, might_sleep, unblock } from '../kernel.ts';

/** mmap_read_lock(): waits while somebody holds the mm's mmap lock for writing. */
export function* mmap_read_lock(k: Kernel, site: number, mm: number): Run<void> {
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  while (m.mm.get(mm * MM_STRIDE + MM.WRITER) !== 0) {
    block(k, site, WAIT.MMAP, mm);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.LOCK_MMAP_READ, site, mm, 0, 0);
  m.mm.add(mm * MM_STRIDE + MM.READERS, 1);
}

/** mmap_read_unlock(). */
export function mmap_read_unlock(k: Kernel, site: number, mm: number): void {
  k.m.step(OP.UNLOCK_MMAP_READ, site, mm, 0, 0);
  k.m.mm.add(mm * MM_STRIDE + MM.READERS, -1);
}
