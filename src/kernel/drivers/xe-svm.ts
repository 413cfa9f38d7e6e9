import { V } from '../../machine/layout.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { vma_is_anonymous } from '../common/vm-prot.ts';
import { EBUSY, EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { drm_pagemap_migrate_to_devmem } from './drm-pagemap.ts';
import { mirrorPages } from './mirror-pages.ts';

const P = sites('__xe_svm_handle_pagefault', {
  enter: 'the GPU faults at {a:page addr}, write = {b:bool}',
  candidate: 'the range is [{a:page start}, {b:page end})',
  cold: '64 KiB at {a:page addr}: not every page has been touched, try a smaller range',
  noVma: 'no VMA there: -EFAULT',
  system: 'VRAM was not to be had: the range stays in system memory',
  mixed: 'half here, half there is not allowed: bring everything to system memory',
  map: 'mirror the range where it is now',
  exit: '',
});
const A = sites('xe_svm_alloc_vram', {
  enter: 'try to get [{a:page start}, {b:page end}) into VRAM',
  have: 'everything is there already',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released',
  evict: '-EBUSY: bring it all to system memory first, then try once more',
  exit: '',
});
const E = sites('drm_gpusvm_range_evict', {
  enter: 'fault [{a:page start}, {b:page end}) with owner NULL: device pages of anybody come home',
  exit: '',
});

/** Sizes of a range, largest first: 2 MiB, 64 KiB, 4 KiB. */
const SIZES = [512, 16, 1];

/** __xe_svm_handle_pagefault() over the pages [start, end), range by range. @returns 0 or an errno. */
export function* __xe_svm_handle_pagefault(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  for (let page = start; page < end; ) {
    enter(k, P.enter, page, write ? 1 : 0, device);
    const vma = vma_lookup(k.m, mm, page);
    if (vma === 0) {
      at(k, P.noVma, page);
      return exit(k, P.exit, -EFAULT, page);
    }
    const size = yield* rangeSize(k, mm, vma, page, end, device);
    const from = page & ~(size - 1);
    at(k, P.candidate, from, from + size);
    const ret = yield* serveRange(k, mm, vma, from, from + size, device, write);
    exit(k, P.exit, ret, page);
    if (ret !== 0) return ret;
    page = from + size;
  }
  return 0;
}

/** The largest range around a page that fits; 64 KiB only if the CPU has touched all of it. */
function* rangeSize(k: Kernel, mm: number, vma: number, page: number, end: number, device: number): Run<number> {
  for (const size of SIZES) {
    const from = page & ~(size - 1);
    if (from < vmaGet(k.m, vma, V.START) || from + size > Math.min(end, vmaGet(k.m, vma, V.END))) continue;
    if (size !== 16) return size;
    const seen: number[] = [];
    yield* mirrorPages(k, look(mm, from, from + size, device), seen);
    if (seen.every((s) => s !== 0)) return size;
    at(k, P.cold, from);
  }
  return 1;
}

const look = (mm: number, start: number, end: number, device: number) =>
  ({ mm, start, end, device, fault: false, write: false, lookOnly: true }) as const;

function* serveRange(
  k: Kernel,
  mm: number,
  vma: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  if (vma_is_anonymous(k.m, vma) && (yield* xe_svm_alloc_vram(k, mm, start, end, device)) !== 0) {
    at(k, P.system, start);
    const seen: number[] = [];
    yield* mirrorPages(k, look(mm, start, end, device), seen);
    if (seen.includes(1) && seen.some((s) => s !== 1)) {
      at(k, P.mixed, start);
      yield* drm_gpusvm_range_evict(k, mm, start, end, device);
    }
  }
  at(k, P.map, start);
  return yield* mirrorPages(k, { mm, start, end, device, fault: true, write });
}

/** xe_svm_alloc_vram(): one try, and one more after an eviction. @returns 0 or -EBUSY. */
function* xe_svm_alloc_vram(k: Kernel, mm: number, start: number, end: number, device: number): Run<number> {
  enter(k, A.enter, start, end, device);
  const seen: number[] = [];
  yield* mirrorPages(k, look(mm, start, end, device), seen);
  if (seen.every((s) => s === 1)) {
    at(k, A.have, start);
    return exit(k, A.exit, 0, start);
  }
  let ret = 0;
  for (let tries = 0; tries < 2; tries++) {
    yield* mmap_read_lock(k, A.lock, mm);
    ret = yield* drm_pagemap_migrate_to_devmem(k, mm, start, end, device);
    mmap_read_unlock(k, A.unlock, mm);
    if (ret !== -EBUSY || tries > 0) break;
    at(k, A.evict, start);
    yield* drm_gpusvm_range_evict(k, mm, start, end, device);
  }
  return exit(k, A.exit, ret, start);
}

/** drm_gpusvm_range_evict(): a fault walk whose owner matches no device. @returns 0 or an errno. */
function* drm_gpusvm_range_evict(k: Kernel, mm: number, start: number, end: number, device: number): Run<number> {
  enter(k, E.enter, start, end, device);
  const ret = yield* mirrorPages(k, { mm, start, end, device, fault: true, write: false, owner: 0, lookOnly: true });
  return exit(k, E.exit, ret, start);
}
