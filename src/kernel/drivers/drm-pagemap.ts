import { F, V } from '../../machine/layout.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { folio_nr_pages, is_zone_device_pfn } from '../common/folio.ts';
import { migrate_device_finalize, migrate_device_pages, migrate_device_range } from '../common/migrate-device-range.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migratePage } from '../common/migrate-words.ts';
import { VM_FAULT_SIGBUS } from '../common/vm-fault.ts';
import { vma_is_anonymous } from '../common/vm-prot.ts';
import { EBUSY } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { wordLo } from '../unified/pfns.ts';
import { copyPages, dmirror_devmem_alloc } from './dmirror-memory.ts';
import { framesInUse } from './dmirror-release.ts';
import { setDevicePte } from './dmirror.ts';
import { giveDst, newSystemDst } from './dst.ts';
import { newMigrateVma } from './test_hmm.ts';

const S = sites('drm_pagemap_migrate_to_devmem', {
  enter: 'move [{a:page start}, {b:page end}) to VRAM, all of it or nothing',
  vma: 'no anonymous VMA covers it: -EBUSY',
  setupFailed: 'setup failed',
  none: 'nothing was collected: -EBUSY',
  abort: 'only {a:int cpages} of {b:int npages} pages were collected: give everything back, -EBUSY',
  own: 'all of it is in VRAM already',
  mixed: 'some of it is in VRAM already: -EBUSY',
  alloc: 'entry {a:int i}: a VRAM page',
  copy: 'copy the data (an empty page is neither mapped nor copied)',
  dst: 'tell the core: dst[{a:int i}]',
  raced: 'only {a:int} of {b:int} pages made it: -EBUSY',
  exit: '',
});

/** drm_pagemap_migrate_to_devmem(), the mmap lock held. @returns 0, -EBUSY or an errno of setup. */
export function* drm_pagemap_migrate_to_devmem(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, S.enter, start, end, device);
  const vma = vma_lookup(m, mm, start);
  if (vma === 0 || !vma_is_anonymous(m, vma) || vmaGet(m, vma, V.END) < end) {
    at(k, S.vma, start);
    return exit(k, S.exit, -EBUSY, start);
  }
  const flags = MIGRATE_VMA_SELECT_SYSTEM | MIGRATE_VMA_SELECT_DEVICE_COHERENT | MIGRATE_VMA_SELECT_DEVICE_PRIVATE;
  const migrate = newMigrateVma(k, vma, start, end, device, flags);
  const ret = yield* migrate_vma_setup(k, migrate);
  if (ret !== 0) {
    at(k, S.setupFailed, ret);
    return exit(k, S.exit, ret, migrate);
  }
  const npages = end - start;
  const cpages = o.get(migrate + MIGRATE.CPAGES);
  const verdict = judge(k, migrate, npages);
  if (cpages === 0) at(k, S.none, start);
  else if (verdict === 'go') drm_pagemap_populate(k, migrate, device);
  yield* migrate_vma_pages(k, migrate);
  const moved = count(k, migrate, npages);
  yield* migrate_vma_finalize(k, migrate);
  if (verdict === 'own') return exit(k, S.exit, 0, migrate);
  if (verdict === 'stop' || moved < npages) {
    if (verdict === 'go') at(k, S.raced, moved, npages);
    return exit(k, S.exit, -EBUSY, migrate);
  }
  return exit(k, S.exit, 0, migrate);
}

/** All or nothing; and device pages are not moved within the device. */
function judge(k: Kernel, migrate: number, npages: number): 'go' | 'own' | 'stop' {
  const o = k.m.obj;
  const cpages = o.get(migrate + MIGRATE.CPAGES);
  if (cpages !== npages) {
    if (cpages > 0) at(k, S.abort, cpages, npages);
    return 'stop';
  }
  let own = 0;
  for (let i = 0; i < npages; i++) {
    const page = migratePage(k, o.get(migrate + MIGRATE.SRC), i);
    if (page >= 0 && is_zone_device_pfn(page)) own++;
  }
  if (own === 0) return 'go';
  at(k, own === npages ? S.own : S.mixed, own, npages);
  return own === npages ? 'own' : 'stop';
}

/** The driver's populate function: a VRAM page for each entry that migrates and is not in VRAM already. */
export function drm_pagemap_populate(k: Kernel, migrate: number, device: number): void {
  const m = k.m;
  const o = m.obj;
  const src = o.get(migrate + MIGRATE.SRC);
  const npages = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START);
  for (let i = 0; i < npages; i++) {
    const spage = migratePage(k, src, i);
    if ((wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0 || (spage >= 0 && is_zone_device_pfn(spage))) continue;
    const f = dmirror_devmem_alloc(k, S.alloc, device, 0);
    if (f === 0) continue;
    if (spage >= 0) copyPages(k, S.copy, m.f(f, F.PFN), spage, 1);
    giveDst(k, S.dst, o.get(migrate + MIGRATE.DST), i, m.f(f, F.PFN), wordLo(k, src, i) & MIGRATE_PFN_WRITE);
  }
}

function count(k: Kernel, migrate: number, npages: number): number {
  const src = k.m.obj.get(migrate + MIGRATE.SRC);
  let moved = 0;
  for (let i = 0; i < npages; i++) if ((wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) !== 0) moved++;
  return moved;
}

const R = sites('__drm_pagemap_migrate_to_ram', {
  enter: 'the CPU touched VRAM at {a:page addr}: bring its allocation home',
  range: 'the allocation within the VMA: [{a:page start}, {b:page end})',
  failed: 'setup failed: SIGBUS',
  alloc: 'entry {a:int i}: system memory of the same order',
  unmap: 'the GPU loses its mapping',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** Pages of the largest allocation the driver makes. */
const ALLOCATION = 512;

/**
 * __drm_pagemap_migrate_to_ram(): everything of the allocation, taken for the aligned 2 MiB, that the VMA covers.
 * The residency timeslice is left out: the model has no time. @returns VM_FAULT bits.
 */
export function* __drm_pagemap_migrate_to_ram(k: Kernel, vma: number, page: number, faultPfn: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, R.enter, page, faultPfn);
  const device = m.f(m.folioOf(faultPfn), F.OWNER) - 1;
  const start = Math.max(page & ~(ALLOCATION - 1), vmaGet(m, vma, V.START));
  const end = Math.min((page | (ALLOCATION - 1)) + 1, vmaGet(m, vma, V.END));
  at(k, R.range, start, end);
  const flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT;
  const migrate = newMigrateVma(k, vma, start, end, device, flags);
  o.set(migrate + MIGRATE.FAULT_PAGE, faultPfn + 1);
  if ((yield* migrate_vma_setup(k, migrate)) !== 0) {
    at(k, R.failed, page);
    return exit(k, R.exit, VM_FAULT_SIGBUS, migrate);
  }
  const src = o.get(migrate + MIGRATE.SRC);
  for (let i = 0; i < end - start; i++) {
    if (migratePage(k, src, i) < 0) continue;
    setDevicePte(m, R.unmap, device, start + i, 0, false);
    backToSystem(k, R, migrate, i);
  }
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, R.exit, 0, migrate);
}

/** drm_pagemap_migrate_populate_ram_pfn() for one entry: a system folio of the source's order. */
function backToSystem(k: Kernel, s: { alloc: number; copy: number; dst: number }, migrate: number, i: number): void {
  const m = k.m;
  const src = m.obj.get(migrate + MIGRATE.SRC);
  if ((wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) return;
  const spage = migratePage(k, src, i);
  const nr = folio_nr_pages(m, m.folioOf(spage));
  at(k, s.alloc, i);
  const f = newSystemDst(k, s.alloc, nr > 1 ? 9 : 0);
  copyPages(k, s.copy, m.f(f, F.PFN), spage, nr);
  const bits = (wordLo(k, src, i) & MIGRATE_PFN_WRITE) | (nr > 1 ? MIGRATE_PFN_COMPOUND : 0);
  giveDst(k, s.dst, m.obj.get(migrate + MIGRATE.DST), i, m.f(f, F.PFN), bits);
}

const E = sites('drm_pagemap_evict_to_ram', {
  enter: 'VRAM is needed: {a:int npages} pages have to leave',
  alloc: 'entry {a:int i}: system memory of the same order',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
  again: 'something is left: attempt {a:int}',
  exit: '',
});

/** Attempts to empty an allocation. */
const EVICT_TRIES = 3;

/** drm_pagemap_evict_to_ram(): by page frames, without the mmap lock. @returns 0 or -EBUSY when something is left. */
export function* drm_pagemap_evict_to_ram(k: Kernel, device: number): Run<number> {
  for (let tries = 0; tries < EVICT_TRIES; tries++) {
    const pfns = framesInUse(k, device);
    if (pfns.length === 0) return 0;
    enter(k, E.enter, pfns.length);
    if (tries > 0) at(k, E.again, tries);
    const migrate = yield* migrate_device_range(k, pfns);
    pfns.forEach((pfn, i) => {
      if (pfn >= 0 && migratePage(k, k.m.obj.get(migrate + MIGRATE.SRC), i) >= 0) backToSystem(k, E, migrate, i);
    });
    yield* migrate_device_pages(k, migrate);
    yield* migrate_device_finalize(k, migrate);
    exit(k, E.exit, 0, device);
  }
  return framesInUse(k, device).length === 0 ? 0 : -EBUSY;
}
