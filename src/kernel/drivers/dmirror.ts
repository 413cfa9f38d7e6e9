import { D, D_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { type Kernel, enter, exit } from '../kernel.ts';
import { EVENT, MMU_NOTIFY } from '../structs.ts';

const CB = sites('dmirror_interval_invalidate', {
  own: 'the event is this device’s own migration: ignored',
  update: 'the mirror of [{b:page start}, {c:page end}) is dropped, the sequence moves on',
});
const UPDATE = sites('dmirror_do_update', {
  enter: 'start={a:page start} end={b:page end}',
  erase: 'drop the device mapping of {b:page}',
  exit: '',
});

/** Writes one entry of the device's own page table: pfn of the mirrored memory, or 0 to drop it. */
export function setDevicePte(
  m: Machine,
  site: number,
  device: number,
  page: number,
  pfn: number,
  write: boolean,
): void {
  const i = devicePteIndex(m, device, page);
  if (i < 0) return;
  const value = pfn === 0 ? 0 : (pfn + 1) | (write ? DPT_WRITE : 0);
  if (m.ints.get(i) === value) return;
  m.step(OP.DEVICE_PTE, site, device, page, pfn);
  m.ints.set(i, value);
}

/** Bit of a device page-table entry that allows writing. */
export const DPT_WRITE = 1 << 30;

/** Cell of a page's device entry, -1 outside the window the scenario opened. */
export function devicePteIndex(m: Machine, device: number, page: number): number {
  const base = m.device.get(device * D_STRIDE + D.DPT);
  const i = page - m.device.get(device * D_STRIDE + D.WINDOW_START);
  return base === 0 || i < 0 || i >= m.device.get(device * D_STRIDE + D.WINDOW_PAGES) ? -1 : base + i;
}

/**
 * dmirror_interval_invalidate() (lib/test_hmm.c): ignores its own MIGRATE events, else drops the
 * mirrored entries of the range and moves the sequence on. Gives true when the event was ignored.
 */
export function dmirror_interval_invalidate(k: Kernel, device: number, range: number): boolean {
  const m = k.m;
  const kind = m.obj.get(range + EVENT.KIND);
  const start = m.obj.get(range + EVENT.START);
  const end = m.obj.get(range + EVENT.END);
  const own = kind === MMU_NOTIFY.MIGRATE && m.obj.get(range + EVENT.OWNER) === device + 1;
  m.step(OP.INVALIDATE_CB, own ? CB.own : CB.update, device, range, own ? 1 : 0);
  if (own) {
    // RFC-3: the sequence has to move on all the same. RFC-2: a driver that does not filter does it anyway.
    if (k.fixes.has('RFC-3') || k.config.driver?.has('obeys-own-events') === true)
      m.device.add(device * D_STRIDE + D.SEQ, 1);
    return true;
  }
  m.device.add(device * D_STRIDE + D.SEQ, 1);
  enter(k, UPDATE.enter, start, end);
  const first = m.device.get(device * D_STRIDE + D.WINDOW_START);
  const last = first + m.device.get(device * D_STRIDE + D.WINDOW_PAGES);
  for (let p = Math.max(start, first); p < Math.min(end, last); p++) setDevicePte(m, UPDATE.erase, device, p, 0, false);
  exit(k, UPDATE.exit);
  return false;
}
