import { D, D_STRIDE } from '../../machine/layout.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { dmirror_check_atomic, dmirror_exclusive } from './dmirror-exclusive.ts';
import { dmirror_device_remove_chunks } from './dmirror-release.ts';
import { dmirror_snapshot } from './dmirror-snapshot.ts';
import { type IoctlName, type IoctlOutcome, testHmmIoctl } from './ioctls.ts';
import { setDevicePte } from './dmirror.ts';
import { DEVICES } from '../common/mmu_notifier.ts';

const OPEN = sites('dmirror_fops_open', {
  enter: 'mm {b:int} opens device {a:device}',
  window: 'the device’s own page table is empty',
  drop: 'what another process had mirrored is forgotten',
  exit: '',
});

/** Every ioctl of the test driver's device file. */
export type DmirrorIoctl = IoctlName | 'snapshot' | 'exclusive' | 'check-exclusive' | 'release' | 'fail-alloc';

/** An ioctl of the test driver; `bytes` get what SNAPSHOT reports. */
export function* dmirrorIoctl(
  k: Kernel,
  name: DmirrorIoctl,
  mm: number,
  start: number,
  end: number,
  device: number,
  bytes: number[],
): Run<IoctlOutcome> {
  const plain = (ret: number): IoctlOutcome => ({ ret, cpages: ret === 0 ? end - start : 0, faults: 0 });
  switch (name) {
    case 'snapshot':
      return plain(yield* dmirror_snapshot(k, mm, start, end, device, bytes));
    case 'exclusive':
      return plain(yield* dmirror_exclusive(k, mm, start, end, device));
    case 'check-exclusive':
      return plain(dmirror_check_atomic(k, start, end, device));
    case 'release':
      return plain(yield* dmirror_device_remove_chunks(k, device));
    case 'fail-alloc':
      k.m.device.set(device * D_STRIDE + D.FAIL_ALLOC, 1);
      return plain(0);
    default:
      return yield* testHmmIoctl(k, name, mm, start, end, device);
  }
}

/**
 * dmirror_fops_open() (lib/test_hmm.c): the device mirrors this process from now on. The model has one open file for
 * each device, so another process's mirror ends.
 */
export function dmirror_fops_open(k: Kernel, device: number, mm: number): number {
  const m = k.m;
  const o = device * D_STRIDE;
  enter(k, OPEN.enter, device, mm);
  if (m.device.get(o + D.DPT) === 0) openWindow(k, device);
  else {
    const first = m.device.get(o + D.WINDOW_START);
    const last = first + m.device.get(o + D.WINDOW_PAGES);
    for (let page = first; page < last; page++) setDevicePte(m, OPEN.drop, device, page, 0, false);
  }
  m.device.set(o + D.OPEN, 1);
  m.device.set(o + D.MM, mm);
  return exit(k, OPEN.exit, 0, device);
}

/** A page table over the same pages as those of the other devices. */
function openWindow(k: Kernel, device: number): void {
  const m = k.m;
  for (let d = 0; d < DEVICES; d++) {
    const pages = m.device.get(d * D_STRIDE + D.WINDOW_PAGES);
    if (pages === 0) continue;
    at(k, OPEN.window, device);
    m.device.set(device * D_STRIDE + D.DPT, m.newInts(pages));
    m.device.set(device * D_STRIDE + D.WINDOW_START, m.device.get(d * D_STRIDE + D.WINDOW_START));
    m.device.set(device * D_STRIDE + D.WINDOW_PAGES, pages);
    return;
  }
}
