import { D, D_STRIDE } from '../../machine/layout.ts';
import { make_device_exclusive } from '../common/device-exclusive.ts';
import { folio_put, folio_unlock } from '../common/folio.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { EPERM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { devicePteIndex, setDevicePte } from './dmirror.ts';

const S = sites('dmirror_exclusive', {
  enter: 'the device wants [{a:page start}, {b:page end}) for itself',
  lock: 'mmap lock for reading',
  map: 'the device maps the page for atomic access',
  unlockFolio: 'unlock the folio',
  put: 'the device holds no reference',
  unlock: 'mmap lock released',
  exit: '',
});
const C = sites('dmirror_check_atomic', {
  enter: 'does the device still have any of [{a:page start}, {b:page end}) for itself?',
  left: '{a:page addr} is still its own: -EPERM',
  exit: '',
});

/** dmirror_exclusive() (lib/test_hmm.c): make_device_exclusive() for every page. @returns 0 or an errno. */
export function* dmirror_exclusive(k: Kernel, mm: number, start: number, end: number, device: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, device);
  yield* mmap_read_lock(k, S.lock, mm);
  let ret = 0;
  for (let page = start; page < end && ret === 0; page++) {
    const pfn = yield* make_device_exclusive(k, mm, page, device + 1);
    if (pfn < 0) ret = pfn;
    else {
      setDevicePte(m, S.map, device, page, pfn, true);
      const f = m.folioOf(pfn);
      folio_unlock(k, S.unlockFolio, f);
      folio_put(k, S.put, f);
    }
  }
  mmap_read_unlock(k, S.unlock, mm);
  return exit(k, S.exit, ret, start);
}

/**
 * dmirror_check_atomic() (lib/test_hmm.c). Every access of a CPU ends the device's and drops its mapping, so what the
 * device still maps here it has for itself. @returns 0 or -EPERM.
 */
export function dmirror_check_atomic(k: Kernel, start: number, end: number, device: number): number {
  const m = k.m;
  enter(k, C.enter, start, end, device);
  for (let page = start; page < end; page++) {
    const i = devicePteIndex(m, device, page);
    if (i < 0 || m.ints.get(i) === 0 || m.device.get(device * D_STRIDE + D.OPEN) === 0) continue;
    at(k, C.left, page);
    return exit(k, C.exit, -EPERM, start);
  }
  return exit(k, C.exit, 0, start);
}
