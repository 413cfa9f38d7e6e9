import { D, D_STRIDE } from '../../machine/layout.ts';
import { OP, WAIT } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, block, enter, exit, might_sleep, unblock } from '../kernel.ts';
import { EVENT, MMU_NOTIFY } from '../structs.ts';
import { dmirror_interval_invalidate } from '../drivers/dmirror.ts';

/** Devices of the model: 0 and 1 device-private, 2 and 3 device-coherent. */
export const DEVICES = 4;

const START = sites('mmu_notifier_invalidate_range_start', {
  enter: 'event {a:event} for [{b:page start}, {c:page end}) begins',
  exit: '',
});

/** Fills a struct mmu_notifier_range; owner = device + 1 or 0. */
export function mmu_notifier_range_init(
  k: Kernel,
  kind: number,
  mm: number,
  start: number,
  end: number,
  owner = 0,
): number {
  const m = k.m;
  const r = m.newObj(EVENT.SIZE);
  m.obj.set(r + EVENT.KIND, kind);
  m.obj.set(r + EVENT.START, start);
  m.obj.set(r + EVENT.END, end);
  m.obj.set(r + EVENT.OWNER, owner);
  m.obj.set(r + EVENT.MM, mm);
  return r;
}

/** mmu_notifier_invalidate_range_start(): tells every device that mirrors the mm; may sleep. */
export function* mmu_notifier_invalidate_range_start(k: Kernel, site: number, range: number): Run<void> {
  const m = k.m;
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const o = m.obj;
  enter(k, START.enter, o.get(range + EVENT.KIND), o.get(range + EVENT.START), o.get(range + EVENT.END));
  m.step(OP.NOTIFIER_START, site, o.get(range + EVENT.KIND), o.get(range + EVENT.START), o.get(range + EVENT.END));
  const mm = o.get(range + EVENT.MM);
  for (let d = 0; d < DEVICES; d++) {
    const base = d * D_STRIDE;
    if (m.device.get(base + D.OPEN) === 0 || m.device.get(base + D.MM) !== mm) continue;
    if (!dmirror_interval_invalidate(k, d, range)) m.device.add(base + D.ACTIVE, 1);
  }
  exit(k, START.exit);
}

/** mmu_notifier_invalidate_range_end(): readers of the interval notifiers that waited may go on. */
export function* mmu_notifier_invalidate_range_end(k: Kernel, site: number, range: number): Run<void> {
  const m = k.m;
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const o = m.obj;
  const kind = o.get(range + EVENT.KIND);
  m.step(OP.NOTIFIER_END, site, kind, o.get(range + EVENT.START), o.get(range + EVENT.END));
  const mm = o.get(range + EVENT.MM);
  for (let d = 0; d < DEVICES; d++) {
    const base = d * D_STRIDE;
    if (m.device.get(base + D.OPEN) === 0 || m.device.get(base + D.MM) !== mm) continue;
    if (kind === MMU_NOTIFY.MIGRATE && o.get(range + EVENT.OWNER) === d + 1) continue;
    m.device.add(base + D.ACTIVE, -1);
  }
}

/** mmu_interval_read_begin(): waits while an invalidation runs, then gives the sequence. */
export function* mmu_interval_read_begin(k: Kernel, site: number, device: number): Run<number> {
  might_sleep(k, site);
  if (k.concurrent) yield YIELD.OTHER;
  const m = k.m;
  while (m.device.get(device * D_STRIDE + D.ACTIVE) > 0) {
    block(k, site, WAIT.NOTIFIER, device);
    yield YIELD.BLOCKED;
  }
  unblock(k);
  const seq = m.device.get(device * D_STRIDE + D.SEQ);
  m.step(OP.INTERVAL_READ_BEGIN, site, device, seq, 0);
  return seq;
}

/** True when the device's sequence is not `seq` any more; no step of its own. */
export const mmu_interval_moved = (k: Kernel, device: number, seq: number): boolean =>
  k.m.device.get(device * D_STRIDE + D.SEQ) !== seq;

/** mmu_interval_check_retry(): true when the sequence has moved on since `seq` was read. */
export function* mmu_interval_check_retry(k: Kernel, site: number, device: number, seq: number): Run<boolean> {
  if (k.concurrent) yield YIELD.OTHER;
  const retry = k.m.device.get(device * D_STRIDE + D.SEQ) !== seq;
  k.m.step(OP.INTERVAL_CHECK_RETRY, site, device, retry ? 1 : 0, 0);
  return retry;
}

/** mmu_interval_read_retry(): the driver's own check, under the lock that its callback takes, before it uses what it read. */
export function* mmu_interval_read_retry(k: Kernel, site: number, device: number, seq: number): Run<boolean> {
  if (k.concurrent) yield YIELD.OTHER;
  const retry = k.m.device.get(device * D_STRIDE + D.SEQ) !== seq;
  k.m.step(OP.INTERVAL_READ_RETRY, site, device, retry ? 1 : 0, 0);
  return retry;
}
