import { D, D_STRIDE, F, V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migratePage } from '../common/migrate-words.ts';
import { DEVICES } from '../common/mmu_notifier.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { VM_FAULT_SIGBUS } from '../common/vm-fault.ts';
import { vmasIn } from '../common/vma-split.ts';
import { EPERM } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { wordLo } from '../unified/pfns.ts';
import { copyPages, dmirror_devmem_alloc } from './dmirror-memory.ts';
import { framesInUse } from './dmirror-release.ts';
import { setDevicePte } from './dmirror.ts';
import { giveDst, newSystemDst } from './dst.ts';
import { mirrorPages } from './mirror-pages.ts';
import { newMigrateVma } from './test_hmm.ts';

const R = sites('svm_range_restore_pages', {
  enter: 'the GPU faults in [{a:page start}, {b:page end})',
  lock: 'mmap lock for reading, for all that follows',
  denied: 'no VMA there that allows it: -EPERM',
  bounce: 'device {a:device} holds memory: what is on it comes home first',
  migrate: 'VRAM is the best place: migrate first',
  map: 'then map what is where it is',
  unlock: 'mmap lock released',
  exit: '',
});

/** svm_range_restore_pages(): migrate what can be, then fault and map; partial results are accepted. @returns 0 or an errno. */
export function* svm_range_restore_pages(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  const m = k.m;
  enter(k, R.enter, start, end, device);
  yield* mmap_read_lock(k, R.lock, mm);
  const vmas = vmasIn(m, mm, start, end);
  const needs = VM.READ | (write ? VM.WRITE : 0);
  let ret = vmas.length === 0 || vmas.some((v) => (vmaGet(m, v, V.FLAGS) & needs) !== needs) ? -EPERM : 0;
  if (ret !== 0) at(k, R.denied, start);
  else {
    for (const vma of vmas) {
      const from = Math.max(start, vmaGet(m, vma, V.START));
      const to = Math.min(end, vmaGet(m, vma, V.END));
      for (let other = 0; other < DEVICES; other++) {
        if (other === device || framesInUse(k, other).length === 0) continue;
        at(k, R.bounce, other);
        yield* svm_migrate_vma_to_ram(k, vma, from, to, other, 0);
      }
      at(k, R.migrate, from);
      yield* svm_migrate_vma_to_vram(k, vma, from, to, device);
    }
    at(k, R.map, start);
    ret = yield* svm_range_validate_and_map(k, mm, vmas, start, end, device);
  }
  mmap_read_unlock(k, R.unlock, mm);
  return exit(k, R.exit, ret, start);
}

const T = sites('svm_migrate_vma_to_vram', {
  enter: 'move [{a:page start}, {b:page end}) to VRAM',
  nothing: 'nothing was collected, which is no error',
  exit: '',
});
const C = sites('svm_migrate_copy_to_vram', {
  enter: 'a VRAM page for every entry that migrates',
  alloc: 'entry {a:int i}: a VRAM page; the buffer was cleared when it was made',
  failed: 'entry {a:int i}: none left',
  copy: 'copy the data (an empty page is not copied)',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** svm_migrate_vma_to_vram(): SYSTEM without COMPOUND, so that huge pages are split in collect. */
function* svm_migrate_vma_to_vram(k: Kernel, vma: number, start: number, end: number, device: number): Run<void> {
  const o = k.m.obj;
  enter(k, T.enter, start, end, device);
  const migrate = newMigrateVma(k, vma, start, end, device, MIGRATE_VMA_SELECT_SYSTEM);
  const ret = yield* migrate_vma_setup(k, migrate);
  if (ret === 0 && o.get(migrate + MIGRATE.CPAGES) === 0) at(k, T.nothing, start);
  else if (ret === 0) {
    svm_migrate_copy_to_vram(k, migrate, device);
    yield* migrate_vma_pages(k, migrate);
    yield* migrate_vma_finalize(k, migrate);
  }
  exit(k, T.exit, ret, migrate);
}

/** svm_migrate_copy_to_vram(): empty entries get a page that is not copied to. */
export function svm_migrate_copy_to_vram(k: Kernel, migrate: number, device: number): void {
  const m = k.m;
  const o = m.obj;
  enter(k, C.enter, migrate);
  const src = o.get(migrate + MIGRATE.SRC);
  const npages = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START);
  for (let i = 0; i < npages; i++) {
    if ((wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) continue;
    const f = dmirror_devmem_alloc(k, C.alloc, device, 0);
    if (f === 0) {
      at(k, C.failed, i);
      continue;
    }
    const spage = migratePage(k, src, i);
    if (spage >= 0) copyPages(k, C.copy, m.f(f, F.PFN), spage, 1);
    giveDst(k, C.dst, o.get(migrate + MIGRATE.DST), i, m.f(f, F.PFN), wordLo(k, src, i) & MIGRATE_PFN_WRITE, 'D-01');
  }
  exit(k, C.exit);
}

const M = sites('svm_range_validate_and_map', {
  enter: 'fault and map [{a:page start}, {b:page end})',
  guard: 'faults of this task leave device memory where it is (faulting_task)',
  done: 'from now on they do not',
  exit: '',
});

function* svm_range_validate_and_map(
  k: Kernel,
  mm: number,
  vmas: readonly number[],
  start: number,
  end: number,
  device: number,
): Run<number> {
  const m = k.m;
  enter(k, M.enter, start, end, device);
  const guard = device * D_STRIDE + D.FAULTING;
  let ret = 0;
  for (const vma of vmas) {
    const from = Math.max(start, vmaGet(m, vma, V.START));
    const to = Math.min(end, vmaGet(m, vma, V.END));
    const write = (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0;
    at(k, M.guard, device);
    m.device.set(guard, m.actor + 1);
    ret = yield* mirrorPages(k, { mm, start: from, end: to, device, fault: true, write, locked: true });
    at(k, M.done, device);
    m.device.set(guard, 0);
    if (ret !== 0) break;
  }
  return exit(k, M.exit, ret, start);
}

const F_RAM = sites('svm_migrate_to_ram', {
  enter: 'the CPU touched VRAM at {a:page addr}',
  guard: 'it was the task that is mapping for the GPU: leave the page where it is',
  exit: '',
});
const RAM = sites('svm_migrate_vma_to_ram', {
  enter: 'bring [{a:page start}, {b:page end}) to system memory',
  failed: 'setup failed: SIGBUS',
  exit: '',
});
const CR = sites('svm_migrate_copy_to_ram', {
  alloc: 'entry {a:int i}: a system page',
  unmap: 'the GPU loses its mapping',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
});

/** svm_migrate_to_ram(): one page at a time here, where the driver takes its granularity. @returns VM_FAULT bits. */
export function* svm_migrate_to_ram(k: Kernel, vma: number, page: number, faultPfn: number): Run<number> {
  const m = k.m;
  enter(k, F_RAM.enter, page, faultPfn);
  const device = m.f(m.folioOf(faultPfn), F.OWNER) - 1;
  if (m.device.get(device * D_STRIDE + D.FAULTING) === m.actor + 1) {
    at(k, F_RAM.guard, page);
    return exit(k, F_RAM.exit, 0, page);
  }
  const ret = yield* svm_migrate_vma_to_ram(k, vma, page, page + 1, device, faultPfn + 1);
  return exit(k, F_RAM.exit, ret, page);
}

/** svm_migrate_vma_to_ram(): by kind of memory; `faultPage` = frame + 1 or 0. @returns VM_FAULT bits. */
export function* svm_migrate_vma_to_ram(
  k: Kernel,
  vma: number,
  start: number,
  end: number,
  device: number,
  faultPage: number,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, RAM.enter, start, end, device);
  const coherent = m.device.get(device * D_STRIDE + D.KIND) !== 0;
  const flags = coherent ? MIGRATE_VMA_SELECT_DEVICE_COHERENT : MIGRATE_VMA_SELECT_DEVICE_PRIVATE;
  const migrate = newMigrateVma(k, vma, start, end, device, flags);
  o.set(migrate + MIGRATE.FAULT_PAGE, faultPage);
  if ((yield* migrate_vma_setup(k, migrate)) !== 0) {
    at(k, RAM.failed, start);
    return exit(k, RAM.exit, VM_FAULT_SIGBUS, migrate);
  }
  const src = o.get(migrate + MIGRATE.SRC);
  for (let i = 0; i < end - start; i++) {
    const spage = migratePage(k, src, i);
    if (spage < 0 || (wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) continue;
    at(k, CR.alloc, i);
    const f = newSystemDst(k, CR.alloc, 0);
    setDevicePte(m, CR.unmap, device, start + i, 0, false);
    copyPages(k, CR.copy, m.f(f, F.PFN), spage, 1);
    giveDst(k, CR.dst, o.get(migrate + MIGRATE.DST), i, m.f(f, F.PFN), wordLo(k, src, i) & MIGRATE_PFN_WRITE);
  }
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, RAM.exit, 0, migrate);
}
