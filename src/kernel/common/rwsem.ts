import type { Bank } from '../../machine/bank.ts';
import { AV, AV_STRIDE, MM, MM_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { type Kernel, type Run, YIELD, at, block, unblock } from '../kernel.ts';

/*
 * struct rw_semaphore (kernel/locking/rwsem.c): many readers or one writer. Who waits to write is noted (QUEUED), and
 * readers that come later queue behind. Whether the caller may sleep is asked where the lock is taken.
 */

/** A kind of rw_semaphore: where its cells lie, what waiting for it is called, the ops of taking and releasing it. */
export interface RwSemaphore {
  readonly bank: (m: Machine) => Bank;
  readonly stride: number;
  readonly cell: { readonly WRITER: number; readonly READERS: number; readonly QUEUED: number };
  readonly wait: number;
  readonly read: readonly [down: number, up: number];
  readonly write: readonly [down: number, up: number];
}

/** mm_struct.mmap_lock */
export const MMAP_LOCK: RwSemaphore = {
  bank: (m) => m.mm,
  stride: MM_STRIDE,
  cell: MM,
  wait: WAIT.MMAP,
  read: [OP.LOCK_MMAP_READ, OP.UNLOCK_MMAP_READ],
  write: [OP.LOCK_MMAP_WRITE, OP.UNLOCK_MMAP_WRITE],
};

/** anon_vma.rwsem; operand b of its ops says whether it is for writing */
export const ANON_VMA_LOCK: RwSemaphore = {
  bank: (m) => m.anonVma,
  stride: AV_STRIDE,
  cell: AV,
  wait: WAIT.ANON_VMA,
  read: [OP.LOCK_ANON_VMA, OP.UNLOCK_ANON_VMA],
  write: [OP.LOCK_ANON_VMA, OP.UNLOCK_ANON_VMA],
};

/** True when the lock is not to be had: a writer waits for everybody, a reader for writers and for who is queued. */
export function isBusy(s: RwSemaphore, m: Machine, id: number, write: boolean): boolean {
  const [bank, o] = [s.bank(m), id * s.stride];
  return bank.get(o + s.cell.WRITER) !== 0 || bank.get(o + (write ? s.cell.READERS : s.cell.QUEUED)) !== 0;
}

/** down_read() and down_write(). */
export function* rwsem_down(k: Kernel, site: number, s: RwSemaphore, id: number, write: boolean): Run<void> {
  if (k.concurrent) yield YIELD.OTHER;
  while (isBusy(s, k.m, id, write)) {
    if (write) s.bank(k.m).set(id * s.stride + s.cell.QUEUED, k.m.actor + 1);
    block(k, site, s.wait, id);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  taken(k, site, s, id, write);
}

/** down_read_trylock(): never waits. @returns whether the lock is held now. */
export function* down_read_trylock(k: Kernel, site: number, s: RwSemaphore, id: number): Run<boolean> {
  if (k.concurrent) yield YIELD.OTHER;
  if (isBusy(s, k.m, id, false)) {
    at(k, site, id);
    return false;
  }
  taken(k, site, s, id, false);
  return true;
}

function taken({ m }: Kernel, site: number, s: RwSemaphore, id: number, write: boolean): void {
  const [bank, o] = [s.bank(m), id * s.stride];
  m.step((write ? s.write : s.read)[0], site, id, write ? 1 : 0, 0);
  if (write) {
    bank.set(o + s.cell.QUEUED, 0);
    bank.set(o + s.cell.WRITER, m.actor + 1);
  } else bank.add(o + s.cell.READERS, 1);
}

/** up_read() and up_write(). */
export function rwsem_up({ m }: Kernel, site: number, s: RwSemaphore, id: number, write: boolean): void {
  const [bank, o] = [s.bank(m), id * s.stride];
  m.step((write ? s.write : s.read)[1], site, id, write ? 1 : 0, 0);
  if (write) bank.set(o + s.cell.WRITER, 0);
  else bank.add(o + s.cell.READERS, -1);
}
