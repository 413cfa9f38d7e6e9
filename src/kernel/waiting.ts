import { A, D, D_STRIDE, F, F_STRIDE, PG, T, T_STRIDE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { WAIT } from '../machine/ops.ts';
import { ANON_VMA_LOCK, MMAP_LOCK, type RwSemaphore, isBusy } from './common/rwsem.ts';

/**
 * True while what an actor waits for (its WAIT cells) is still not to be had. An actor that waits for nothing, or
 * for something unknown here, is to be asked again.
 */
export function stillWaits(m: Machine, actor: number): boolean {
  const id = m.actorGet(actor, A.WAIT_ID);
  switch (m.actorGet(actor, A.WAIT)) {
    case WAIT.SPINLOCK:
      return m.table.get(id * T_STRIDE + T.LOCK) !== 0;
    case WAIT.FOLIO:
      return (m.folio.get(id * F_STRIDE + F.FLAGS) & PG.LOCKED) !== 0;
    case WAIT.MMAP:
      return waitsForRwsem(MMAP_LOCK, m, id, actor);
    case WAIT.ANON_VMA:
      return waitsForRwsem(ANON_VMA_LOCK, m, id, actor);
    case WAIT.NOTIFIER:
      return m.device.get(id * D_STRIDE + D.ACTIVE) > 0;
    case WAIT.DEAD:
      return true;
    default:
      return false;
  }
}

/** Who is queued waits to write, everybody else to read. */
const waitsForRwsem = (s: RwSemaphore, m: Machine, id: number, actor: number): boolean =>
  isBusy(s, m, id, s.bank(m).get(id * s.stride + s.cell.QUEUED) === actor + 1);
