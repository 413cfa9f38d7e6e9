import { D, D_STRIDE, V, VM } from '../../machine/layout.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { EBUSY, EINVAL, ENOENT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { dmirror_do_read, dmirror_do_write, dmirror_fault } from './mirror-fault.ts';
import {
  countMigrated,
  dmirror_devmem_fault_alloc_and_copy,
  dmirror_migrate_alloc_and_copy,
  dmirror_migrate_finalize_and_map,
  newMigrateVma,
} from './test_hmm.ts';

/*
 * The ioctls of lib/test_hmm.c's device file. The driver's mutex around its page table is left out: between two
 * points where somebody else could run it is never held.
 */

const IOCTL = sites('ioctl', {
  enter: 'ioctl {a:int nr} on [{b:page start}, {c:page end})',
  notOpen: 'the process has not opened device {a:device}: there is no file to ask (-EINVAL)',
  exit: '',
});
const READ = sites('dmirror_read', {
  enter: 'read until every page was there',
  fault: 'the rest has to be mirrored first, from {a:page start} on',
  stuck: '{b:page} is never there, however often it is mirrored',
  exit: '',
});
const WRITE = sites('dmirror_write', {
  enter: 'write until every page was there',
  fault: 'the rest has to be mirrored for writing first, from {a:page start} on',
  stuck: '{b:page} is never there, however often it is mirrored',
  exit: '',
});
const DEV = sites('dmirror_migrate_to_device', {
  enter: 'move [{a:page start}, {b:page end}) to the device',
  lock: 'mmap lock for reading',
  invalid: 'no VMA there, or one that cannot be read (-EINVAL)',
  window: 'the next window: [{a:page addr}, {b:page next})',
  unlock: 'mmap lock released',
  exit: '',
});
const SYS = sites('dmirror_migrate_to_system', {
  enter: 'bring [{a:page start}, {b:page end}) back to system memory',
  lock: 'mmap lock for reading',
  invalid: 'no VMA there (-EINVAL)',
  unlock: 'mmap lock released',
  exit: '',
});

/** Pages per window of the driver's ioctls. */
const WINDOW = 512;

/** Rounds of read() or write() without a page more, after which the model ends the loop. */
const MAX_FUTILE = 16;

/** What the WRITE ioctl stores in the first word of page i of its range. */
const writtenWord = (i: number): number => 0x2000 + i;

export type IoctlName = 'read' | 'write' | 'to-dev' | 'to-sys';
const NUMBER: Readonly<Record<IoctlName, number>> = { read: 0, write: 1, 'to-dev': 2, 'to-sys': 3 };

/** What an ioctl gives its caller. */
export interface IoctlOutcome {
  readonly ret: number;
  readonly cpages: number;
  readonly faults: number;
}

/** A stock ioctl of the test driver; one that fails does not write its counts back to the caller. */
export function* testHmmIoctl(
  k: Kernel,
  name: IoctlName,
  mm: number,
  start: number,
  end: number,
  device: number,
): Run<IoctlOutcome> {
  enter(k, IOCTL.enter, NUMBER[name], start, end);
  if (k.m.device.get(device * D_STRIDE + D.OPEN) === 0) {
    at(k, IOCTL.notOpen, device);
    exit(k, IOCTL.exit, -EINVAL);
    return { ret: -EINVAL, cpages: 0, faults: 0 };
  }
  const outcome = yield* serve(k, name, mm, start, end, device);
  exit(k, IOCTL.exit, outcome.ret, outcome.cpages, outcome.faults);
  return outcome;
}

function serve(k: Kernel, name: IoctlName, mm: number, start: number, end: number, device: number): Run<IoctlOutcome> {
  if (name === 'to-dev') return toDevice(k, mm, start, end, device);
  if (name === 'to-sys') return toSystem(k, mm, start, end, device);
  return mirror(k, name === 'write' ? WRITE : READ, mm, start, end, device, name === 'write');
}

/** dmirror_read() and dmirror_write(): go on until the whole range was accessed, faulting in what is missing. */
function* mirror(
  k: Kernel,
  S: typeof READ,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<IoctlOutcome> {
  enter(k, S.enter, start, end, device);
  let faults = 0;
  let from = start;
  for (let futile = 0; ; futile++) {
    const before = from;
    from = write
      ? dmirror_do_write(k, from, end, device, (page) => writtenWord(page - start))
      : dmirror_do_read(k, from, end, device);
    if (from === end) break;
    if (from > before) futile = 0;
    // The real driver has no limit here: it would go on for ever.
    if (futile > MAX_FUTILE) {
      finding(k, S.stuck, RULE.LIVELOCK, from);
      exit(k, S.exit, -EBUSY);
      return { ret: -EBUSY, cpages: from - start, faults };
    }
    at(k, S.fault, from);
    const ret = yield* dmirror_fault(k, mm, from, end, device, write);
    if (ret !== 0) {
      exit(k, S.exit, ret);
      return { ret, cpages: from - start, faults };
    }
    faults++;
  }
  exit(k, S.exit, 0);
  return { ret: 0, cpages: end - start, faults };
}

/** dmirror_migrate_to_device(): windows of 512 pages, cut at VMA ends; then the device reads everything back. */
function* toDevice(k: Kernel, mm: number, start: number, end: number, device: number): Run<IoctlOutcome> {
  const m = k.m;
  enter(k, DEV.enter, start, end, device);
  yield* mmap_read_lock(k, DEV.lock, mm);
  let ret = 0;
  let migrate = 0;
  for (let addr = start; addr < end; ) {
    const vma = vma_lookup(m, mm, addr);
    if (vma === 0 || (vmaGet(m, vma, V.FLAGS) & VM.READ) === 0) {
      at(k, DEV.invalid);
      ret = -EINVAL;
      break;
    }
    const next = Math.min(end, addr + WINDOW, vmaGet(m, vma, V.END));
    at(k, DEV.window, addr, next);
    migrate = nextWindow(
      k,
      migrate,
      vma,
      addr,
      next,
      start,
      end,
      device,
      MIGRATE_VMA_SELECT_SYSTEM | MIGRATE_VMA_SELECT_COMPOUND,
    );
    ret = yield* migrate_vma_setup(k, migrate);
    if (ret !== 0) break;
    dmirror_migrate_alloc_and_copy(k, migrate, device);
    yield* migrate_vma_pages(k, migrate);
    dmirror_migrate_finalize_and_map(k, migrate, device);
    yield* migrate_vma_finalize(k, migrate);
    addr = next;
  }
  mmap_read_unlock(k, DEV.unlock, mm);
  if (ret !== 0) {
    exit(k, DEV.exit, ret, migrate);
    return { ret, cpages: 0, faults: 0 };
  }
  const to = dmirror_do_read(k, start, end, device);
  ret = to === end ? 0 : -ENOENT;
  exit(k, DEV.exit, ret, migrate);
  return { ret, cpages: to - start, faults: 0 };
}

/** dmirror_migrate_to_system(): windows of 512 pages, cut at VMA ends. */
function* toSystem(k: Kernel, mm: number, start: number, end: number, device: number): Run<IoctlOutcome> {
  const m = k.m;
  enter(k, SYS.enter, start, end);
  yield* mmap_read_lock(k, SYS.lock, mm);
  const kind =
    m.device.get(device * D_STRIDE + D.KIND) === 0
      ? MIGRATE_VMA_SELECT_DEVICE_PRIVATE
      : MIGRATE_VMA_SELECT_DEVICE_COHERENT;
  let ret = 0;
  let cpages = 0;
  let migrate = 0;
  for (let addr = start; addr < end; ) {
    const vma = vma_lookup(m, mm, addr);
    if (vma === 0) {
      at(k, SYS.invalid);
      ret = -EINVAL;
      break;
    }
    const next = Math.min(end, addr + WINDOW, vmaGet(m, vma, V.END));
    migrate = nextWindow(k, migrate, vma, addr, next, start, end, device, kind | MIGRATE_VMA_SELECT_COMPOUND);
    ret = yield* migrate_vma_setup(k, migrate);
    if (ret !== 0) break;
    dmirror_devmem_fault_alloc_and_copy(k, migrate, device);
    yield* migrate_vma_pages(k, migrate);
    cpages += countMigrated(k, migrate);
    yield* migrate_vma_finalize(k, migrate);
    addr = next;
  }
  mmap_read_unlock(k, SYS.unlock, mm);
  exit(k, SYS.exit, ret, migrate);
  return { ret, cpages, faults: 0 };
}

/** The driver has one struct migrate_vma and one pair of arrays for all windows; what it does not set anew stays. */
function nextWindow(
  k: Kernel,
  migrate: number,
  vma: number,
  addr: number,
  next: number,
  start: number,
  end: number,
  device: number,
  flags: number,
): number {
  const o = k.m.obj;
  const args = migrate !== 0 ? migrate : newMigrateVma(k, vma, start, Math.min(end, start + WINDOW), device, flags);
  o.set(args + MIGRATE.VMA, vma);
  o.set(args + MIGRATE.START, addr);
  o.set(args + MIGRATE.END, next);
  return args;
}
