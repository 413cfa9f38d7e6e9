import { AV, AV_STRIDE } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { type Kernel, type Run, YIELD, block, unblock } from '../kernel.ts';

/*
 * The anon_vma lock (mm/rmap.c, an rwsem): whoever adds or removes mappings wholesale holds it for writing, an rmap walk
 * for reading.
 */

/** anon_vma_lock_write(): waits for readers and writers; readers that come later queue behind. */
export function* anon_vma_lock_write(k: Kernel, site: number, av: number): Run<void> {
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  const cell = av * AV_STRIDE;
  while (m.anonVma.get(cell + AV.WRITER) !== 0 || m.anonVma.get(cell + AV.READERS) !== 0) {
    m.anonVma.set(cell + AV.QUEUED, m.actor + 1);
    block(k, site, WAIT.ANON_VMA, av);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.LOCK_ANON_VMA, site, av, 1, 0);
  m.anonVma.set(cell + AV.QUEUED, 0);
  m.anonVma.set(cell + AV.WRITER, m.actor + 1);
}

/** anon_vma_unlock_write(). */
export function anon_vma_unlock_write(k: Kernel, site: number, av: number): void {
  k.m.step(OP.UNLOCK_ANON_VMA, site, av, 1, 0);
  k.m.anonVma.set(av * AV_STRIDE + AV.WRITER, 0);
}

/** anon_vma_lock_read(): waits while somebody holds the lock for writing, or waits to do so. */
export function* anon_vma_lock_read(k: Kernel, site: number, av: number): Run<void> {
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  const cell = av * AV_STRIDE;
  while (m.anonVma.get(cell + AV.WRITER) !== 0 || m.anonVma.get(cell + AV.QUEUED) !== 0) {
    block(k, site, WAIT.ANON_VMA, av);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  m.step(OP.LOCK_ANON_VMA, site, av, 0, 0);
  m.anonVma.add(cell + AV.READERS, 1);
}

/** anon_vma_unlock_read(). */
export function anon_vma_unlock_read(k: Kernel, site: number, av: number): void {
  k.m.step(OP.UNLOCK_ANON_VMA, site, av, 0, 0);
  k.m.anonVma.add(av * AV_STRIDE + AV.READERS, -1);
}
