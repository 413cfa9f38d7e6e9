import type { Kernel, Run } from '../kernel.ts';
import { ANON_VMA_LOCK, rwsem_down, rwsem_up } from './rwsem.ts';

/*
 * The anon_vma lock (mm/rmap.c): whoever adds or removes mappings wholesale holds it for writing, an rmap walk for
 * reading.
 */

/** anon_vma_lock_write(): waits for readers and writers; readers that come later queue behind. */
export const anon_vma_lock_write = (k: Kernel, site: number, av: number): Run<void> =>
  rwsem_down(k, site, ANON_VMA_LOCK, av, true);

/** anon_vma_unlock_write(). */
export const anon_vma_unlock_write = (k: Kernel, site: number, av: number): void =>
  rwsem_up(k, site, ANON_VMA_LOCK, av, true);

/** anon_vma_lock_read(): waits while somebody holds the lock for writing, or waits to do so. */
export const anon_vma_lock_read = (k: Kernel, site: number, av: number): Run<void> =>
  rwsem_down(k, site, ANON_VMA_LOCK, av, false);

/** anon_vma_unlock_read(). */
export const anon_vma_unlock_read = (k: Kernel, site: number, av: number): void =>
  rwsem_up(k, site, ANON_VMA_LOCK, av, false);
