import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, might_sleep } from '../kernel.ts';
import { MMAP_LOCK, down_read_trylock, rwsem_down, rwsem_up } from './rwsem.ts';

/** mmap_read_lock(): waits while somebody holds the mm's mmap lock for writing, or waits to do so. */
export function mmap_read_lock(k: Kernel, site: number, mm: number): Run<void> {
  might_sleep(k, site);
  return rwsem_down(k, site, MMAP_LOCK, mm, false);
}

/** mmap_read_unlock(). */
export const mmap_read_unlock = (k: Kernel, site: number, mm: number): void => rwsem_up(k, site, MMAP_LOCK, mm, false);

/** mmap_read_trylock(): never waits. @returns whether the lock is held now. */
export const mmap_read_trylock = (k: Kernel, site: number, mm: number): Run<boolean> =>
  down_read_trylock(k, site, MMAP_LOCK, mm);

/** mmap_write_lock(): waits until no reader is left; readers that come later queue behind. */
export function mmap_write_lock(k: Kernel, site: number, mm: number): Run<void> {
  might_sleep(k, site);
  return rwsem_down(k, site, MMAP_LOCK, mm, true);
}

/** mmap_write_unlock(). */
export const mmap_write_unlock = (k: Kernel, site: number, mm: number): void => rwsem_up(k, site, MMAP_LOCK, mm, true);

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
