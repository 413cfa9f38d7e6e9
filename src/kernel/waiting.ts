import { A, AV, AV_STRIDE, D, D_STRIDE, F, F_STRIDE, MM, MM_STRIDE, PG, T, T_STRIDE } from '../machine/layout.ts';
import type { Bank } from '../machine/bank.ts';
import type { Machine } from '../machine/machine.ts';
import { WAIT } from '../machine/ops.ts';

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
      return isBusy(m.mm, id * MM_STRIDE, MM, actor);
    case WAIT.ANON_VMA:
      return isBusy(m.anonVma, id * AV_STRIDE, AV, actor);
    case WAIT.NOTIFIER:
      return m.device.get(id * D_STRIDE + D.ACTIVE) > 0;
    case WAIT.DEAD:
      return true;
    default:
      return false;
  }
}

/** The one that is queued for writing waits for the readers; everybody else waits for it, too. */
function isBusy(
  bank: Bank,
  o: number,
  cell: { readonly WRITER: number; readonly READERS: number; readonly QUEUED: number },
  actor: number,
): boolean {
  if (bank.get(o + cell.WRITER) !== 0) return true;
  const queued = bank.get(o + cell.QUEUED);
  return queued === actor + 1 ? bank.get(o + cell.READERS) !== 0 : queued !== 0;
}
