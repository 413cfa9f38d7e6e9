import { MM, MM_STRIDE } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, block, enter, exit, might_sleep, unblock } from '../kernel.ts';

/** mmap_read_lock(): waits while somebody holds the mm's mmap lock for writing, or waits to do so. */
export function* mmap_read_lock(k: Kernel, site: number, mm: number): Run<void> {
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  const cell = mm * MM_STRIDE;
  while (m.mm.get(cell + MM.WRITER) !== 0 || m.mm.get(cell + MM.QUEUED) !== 0) {
    block(k, site, WAIT.MMAP, mm);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.LOCK_MMAP_READ, site, mm, 0, 0);
  m.mm.add(cell + MM.READERS, 1);
}

/** mmap_read_unlock(). */
export function mmap_read_unlock(k: Kernel, site: number, mm: number): void {
  k.m.step(OP.UNLOCK_MMAP_READ, site, mm, 0, 0);
  k.m.mm.add(mm * MM_STRIDE + MM.READERS, -1);
}

/** mmap_read_trylock(): never waits. @returns whether the lock is held now. */
export function* mmap_read_trylock(k: Kernel, site: number, mm: number): Run<boolean> {
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  const cell = mm * MM_STRIDE;
  if (m.mm.get(cell + MM.WRITER) !== 0 || m.mm.get(cell + MM.QUEUED) !== 0) {
    at(k, site, mm);
    return false;
  }
  m.step(OP.LOCK_MMAP_READ, site, mm, 0, 0);
  m.mm.add(cell + MM.READERS, 1);
  return true;
}

/** mmap_write_lock(): waits until no reader is left; readers that come later queue behind. */
export function* mmap_write_lock(k: Kernel, site: number, mm: number): Run<void> {
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  const cell = mm * MM_STRIDE;
  while (m.mm.get(cell + MM.READERS) !== 0 || m.mm.get(cell + MM.WRITER) !== 0) {
    m.mm.set(cell + MM.QUEUED, m.actor + 1);
    block(k, site, WAIT.MMAP, mm);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.LOCK_MMAP_WRITE, site, mm, 0, 0);
  m.mm.set(cell + MM.QUEUED, 0);
  m.mm.set(cell + MM.WRITER, m.actor + 1);
}

/** mmap_write_unlock(). */
export function mmap_write_unlock(k: Kernel, site: number, mm: number): void {
  k.m.step(OP.UNLOCK_MMAP_WRITE, site, mm, 0, 0);
  k.m.mm.set(mm * MM_STRIDE + MM.WRITER, 0);
}

const W = sites('mmap_write', {
  enter: 'something that changes the address space',
  lock: 'queue for the mmap lock: from now on readers wait behind',
  held: 'the mmap lock is held for writing',
  unlock: 'let it go',
  exit: '',
});

/** Any system call that takes the mmap lock for writing, without the change it makes. */
export function* mmap_write(k: Kernel, mm: number): Run<void> {
  enter(k, W.enter, mm);
  yield* mmap_write_lock(k, W.lock, mm);
  at(k, W.held);
  mmap_write_unlock(k, W.unlock, mm);
  exit(k, W.exit);
}
