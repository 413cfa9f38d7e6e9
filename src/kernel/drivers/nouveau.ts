import { F, V } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { folio_nr_pages, takeAllocFailure } from '../common/folio.ts';
import { migrate_device_finalize, migrate_device_pages, migrate_device_range } from '../common/migrate-device-range.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migratePage } from '../common/migrate-words.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { VM_FAULT_OOM, VM_FAULT_SIGBUS } from '../common/vm-fault.ts';
import { vmasIn } from '../common/vma-split.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { wordLo } from '../unified/pfns.ts';
import { copyPages, dataPfn, dmirror_devmem_alloc } from './dmirror-memory.ts';
import { framesInUse } from './dmirror-release.ts';
import { setDevicePte } from './dmirror.ts';
import { giveDst, newSystemDst } from './dst.ts';
import { mirrorPages } from './mirror-pages.ts';
import { newMigrateVma } from './test_hmm.ts';

/** Pages that one migration covers. */
const WINDOW = 512;

const B = sites('nouveau_dmem_migrate_vma', {
  enter: 'user space asks for [{a:page start}, {b:page end}) on the GPU',
  lock: 'mmap lock for reading',
  window: 'the next window: [{a:page start}, {b:page end})',
  nothing: 'nothing was collected',
  map: 'the GPU maps {b:page addr}',
  unlock: 'mmap lock released',
  exit: '',
});
const C = sites('nouveau_dmem_migrate_copy_one', {
  alloc: 'entry {a:int i}: allocate VRAM, order {b:int}',
  failed: 'entry {a:int i}: none left, the entry is declined; there is no fallback to small pages',
  copy: 'copy the data',
  clear: 'an empty page: clear the destination',
  dst: 'tell the core: dst[{a:int i}]',
});

/** The SVM bind ioctl: nouveau_dmem_migrate_vma() over each VMA; its errors are ignored. @returns 0. */
export function* nouveau_dmem_migrate_vma(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
): Run<number> {
  const m = k.m;
  enter(k, B.enter, start, end, device);
  yield* mmap_read_lock(k, B.lock, mm);
  for (const vma of vmasIn(m, mm, start, end)) {
    const to = Math.min(end, vmaGet(m, vma, V.END));
    for (let addr = Math.max(start, vmaGet(m, vma, V.START)); addr < to; addr += WINDOW) {
      const next = Math.min(to, addr + WINDOW);
      at(k, B.window, addr, next);
      const flags = MIGRATE_VMA_SELECT_SYSTEM | MIGRATE_VMA_SELECT_COMPOUND;
      const migrate = newMigrateVma(k, vma, addr, next, device, flags);
      if ((yield* migrate_vma_setup(k, migrate)) !== 0) continue;
      if (m.obj.get(migrate + MIGRATE.CPAGES) === 0) at(k, B.nothing, addr);
      else yield* migrateChunk(k, migrate, device);
    }
  }
  mmap_read_unlock(k, B.unlock, mm);
  return exit(k, B.exit, 0, start);
}

function* migrateChunk(k: Kernel, migrate: number, device: number): Run<void> {
  const o = k.m.obj;
  const start = o.get(migrate + MIGRATE.START);
  const dst = o.get(migrate + MIGRATE.DST);
  nouveau_dmem_migrate_chunk(k, migrate, device);
  const frames = framesOf(k, dst, o.get(migrate + MIGRATE.END) - start);
  yield* migrate_vma_pages(k, migrate);
  // What the GPU maps was made before `pages`, and is not looked at again.
  frames.forEach((pfn, i) => setDevicePte(k.m, B.map, device, start + i, pfn, true));
  yield* migrate_vma_finalize(k, migrate);
}

/** The copy loop of nouveau_dmem_migrate_chunk(). */
export function nouveau_dmem_migrate_chunk(k: Kernel, migrate: number, device: number): void {
  const o = k.m.obj;
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const npages = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START);
  for (let i = 0; i < npages; ) i += nouveau_dmem_migrate_copy_one(k, src, dst, i, device);
}

/** The frames that dst[] names, page by page. */
function framesOf(k: Kernel, dst: number, npages: number): readonly number[] {
  const frames: number[] = [];
  for (let i = 0; i < npages; i++) {
    const pfn = migratePage(k, dst, i);
    const pages = (wordLo(k, dst, i) & MIGRATE_PFN_COMPOUND) !== 0 ? 512 : 1;
    for (let j = 0; j < pages && pfn >= 0; j++) frames[i + j] = dataPfn(k.m, pfn + j);
  }
  return frames;
}

/** nouveau_dmem_migrate_copy_one(). @returns pages that the entry stands for. */
function nouveau_dmem_migrate_copy_one(k: Kernel, src: number, dst: number, i: number, device: number): number {
  const m = k.m;
  const word = wordLo(k, src, i);
  if ((word & MIGRATE_PFN_MIGRATE) === 0) return 1;
  const large = (word & MIGRATE_PFN_COMPOUND) !== 0;
  const pages = large ? 512 : 1;
  at(k, C.alloc, i, large ? 9 : 0);
  const f = dmirror_devmem_alloc(k, C.alloc, device, large ? 9 : 0);
  if (f === 0) {
    at(k, C.failed, i);
    return pages;
  }
  const spage = migratePage(k, src, i);
  copyPages(k, spage >= 0 ? C.copy : C.clear, m.f(f, F.PFN), spage, pages);
  const write = word & MIGRATE_PFN_WRITE;
  giveDst(k, C.dst, dst, i, m.f(f, F.PFN), write | (large ? MIGRATE_PFN_COMPOUND : 0));
  return pages;
}

const FAULT = sites('nouveau_range_fault', {
  enter: 'the GPU faults at {a:page addr}, write = {b:bool}: mirror one page where it is',
  exit: '',
});

/** nouveau_range_fault(): each fault of the GPU mirrors one page; nothing migrates. @returns 0 or an errno. */
export function* nouveau_range_fault(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  for (let page = start; page < end; page++) {
    enter(k, FAULT.enter, page, write ? 1 : 0, device);
    const ret = yield* mirrorPages(k, { mm, start: page, end: page + 1, device, fault: true, write });
    exit(k, FAULT.exit, ret, page);
    if (ret !== 0) return ret;
  }
  return 0;
}

const R = sites('nouveau_dmem_migrate_to_ram', {
  enter: 'the CPU touched VRAM at {a:page addr}: bring it home',
  setupFailed: 'setup failed: SIGBUS',
  nothing: 'nothing was collected: the access is repeated',
  alloc: 'one folio of the same order, {b:int}',
  oom: 'no memory: finalize restores the device entry',
  unmap: 'the GPU loses its mapping',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** nouveau_dmem_migrate_to_ram(): the whole folio, or one page when the fault came through a PTE. @returns VM_FAULT bits. */
export function* nouveau_dmem_migrate_to_ram(
  k: Kernel,
  vma: number,
  page: number,
  faultPfn: number,
  pteFault: boolean,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, R.enter, page, faultPfn);
  const folio = m.folioOf(faultPfn);
  const device = m.f(folio, F.OWNER) - 1;
  const nr = pteFault ? 1 : folio_nr_pages(m, folio);
  const start = page & ~(nr - 1);
  // COMPOUND is always set; for one page it does nothing.
  const flags = MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_COMPOUND;
  const migrate = newMigrateVma(k, vma, start, start + nr, device, flags);
  o.set(migrate + MIGRATE.FAULT_PAGE, faultPfn + 1);
  if ((yield* migrate_vma_setup(k, migrate)) !== 0) {
    at(k, R.setupFailed, page);
    return exit(k, R.exit, VM_FAULT_SIGBUS, migrate);
  }
  if (o.get(migrate + MIGRATE.CPAGES) === 0) {
    at(k, R.nothing, page);
    return exit(k, R.exit, 0, migrate);
  }
  let ret = 0;
  const src = o.get(migrate + MIGRATE.SRC);
  const order = nr > 1 ? 9 : 0;
  at(k, R.alloc, page, order);
  if (takeAllocFailure(m, device)) {
    at(k, R.oom, page);
    ret = VM_FAULT_OOM;
  } else {
    const f = newSystemDst(k, R.alloc, order);
    for (let i = 0; i < nr; i++) setDevicePte(m, R.unmap, device, start + i, 0, false);
    copyPages(k, R.copy, m.f(f, F.PFN), migratePage(k, src, 0), nr);
    const write = wordLo(k, src, 0) & MIGRATE_PFN_WRITE;
    giveDst(k, R.dst, o.get(migrate + MIGRATE.DST), 0, m.f(f, F.PFN), write | (order > 0 ? MIGRATE_PFN_COMPOUND : 0));
  }
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, R.exit, ret, migrate);
}

const E = sites('nouveau_dmem_evict_chunk', {
  enter: 'the driver goes: {a:int npages} pages have to leave the GPU',
  alloc: 'system memory for entry {a:int i}, order {b:int}',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}], without COMPOUND also for a large folio',
  exit: '',
});

/** nouveau_dmem_evict_chunk(): by page frames, when the module is unloaded. @returns 0. */
export function* nouveau_dmem_evict_chunk(k: Kernel, device: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  const pfns = framesInUse(k, device);
  enter(k, E.enter, pfns.length);
  const migrate = yield* migrate_device_range(k, pfns);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  pfns.forEach((_, i) => {
    const spage = migratePage(k, src, i);
    if (spage < 0 || (wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) return;
    const nr = folio_nr_pages(m, m.folioOf(spage));
    at(k, E.alloc, i, nr > 1 ? 9 : 0);
    const f = newSystemDst(k, E.alloc, nr > 1 ? 9 : 0);
    copyPages(k, E.copy, m.f(f, F.PFN), spage, nr);
    // Without COMPOUND the core takes the destination for small pages, and cannot split a source without a VMA.
    giveDst(k, E.dst, dst, i, m.f(f, F.PFN), 0);
  });
  yield* migrate_device_pages(k, migrate);
  yield* migrate_device_finalize(k, migrate);
  return exit(k, E.exit, 0, device);
}
