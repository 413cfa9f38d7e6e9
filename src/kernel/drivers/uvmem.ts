import { F } from '../../machine/layout.ts';
import { vma_lookup } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_MIGRATE,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migratePage } from '../common/migrate-words.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { VM_FAULT_SIGBUS } from '../common/vm-fault.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { wordLo } from '../unified/pfns.ts';
import { copyPages, dmirror_devmem_alloc } from './dmirror-memory.ts';
import { setDevicePte } from './dmirror.ts';
import { giveDst, newSystemDst } from './dst.ts';
import { newMigrateVma } from './test_hmm.ts';

const I = sites('kvmppc_svm_page_in', {
  enter: 'a page of a guest becomes secure: {a:page addr}',
  setup: 'select system memory only; pgmap_owner is left NULL',
  setupFailed: 'setup failed: the error goes to the guest',
  refused: 'src does not say MIGRATE: an error for the guest',
  alloc: 'take a secure page',
  copy: 'copy the data into it',
  dst: 'tell the core',
  map: 'the hypervisor knows the page as secure',
  exit: '',
});

/** kvmppc_svm_page_in() (one page; src and dst are single words). The hypercall holds the mmap lock. @returns 0 or an errno. */
function* kvmppc_svm_page_in(k: Kernel, mm: number, page: number, device: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, I.enter, page, device);
  at(k, I.setup, page);
  const migrate = newMigrateVma(k, vma_lookup(m, mm, page), page, page + 1, device, MIGRATE_VMA_SELECT_SYSTEM);
  o.set(migrate + MIGRATE.MM, mm);
  o.set(migrate + MIGRATE.OWNER, 0);
  let ret = yield* migrate_vma_setup(k, migrate);
  if (ret !== 0) {
    at(k, I.setupFailed, page);
    return exit(k, I.exit, ret, migrate);
  }
  const src = o.get(migrate + MIGRATE.SRC);
  if ((wordLo(k, src, 0) & MIGRATE_PFN_MIGRATE) === 0) {
    at(k, I.refused, page);
    ret = -EINVAL;
  } else {
    const f = dmirror_devmem_alloc(k, I.alloc, device, 0);
    if (f === 0) ret = -EINVAL;
    else {
      const spage = migratePage(k, src, 0);
      if (spage >= 0) copyPages(k, I.copy, m.f(f, F.PFN), spage, 1);
      giveDst(k, I.dst, o.get(migrate + MIGRATE.DST), 0, m.f(f, F.PFN), 0);
      setDevicePte(m, I.map, device, page, m.f(f, F.BACKING), true);
      // What `pages` achieved is not looked at.
      yield* migrate_vma_pages(k, migrate);
    }
  }
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, I.exit, ret, migrate);
}

const O = sites('__kvmppc_svm_page_out', {
  enter: 'a secure page goes back to normal memory: {a:page addr}',
  failed: 'setup failed',
  alloc: 'a normal page',
  unmap: 'the page is not secure any more',
  copy: 'copy the data back',
  dst: 'tell the core',
  exit: '',
});

/** __kvmppc_svm_page_out(): here the owner is the pagemap. @param faultPage frame + 1 or 0. @returns 0 or an errno. */
function* __kvmppc_svm_page_out(k: Kernel, vma: number, page: number, device: number, faultPage: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, O.enter, page, device);
  const migrate = newMigrateVma(k, vma, page, page + 1, device, MIGRATE_VMA_SELECT_DEVICE_PRIVATE);
  o.set(migrate + MIGRATE.OWNER, device + 1);
  o.set(migrate + MIGRATE.FAULT_PAGE, faultPage);
  const ret = yield* migrate_vma_setup(k, migrate);
  if (ret !== 0) {
    at(k, O.failed, page);
    return exit(k, O.exit, ret, migrate);
  }
  const src = o.get(migrate + MIGRATE.SRC);
  if ((wordLo(k, src, 0) & MIGRATE_PFN_MIGRATE) !== 0) {
    const f = newSystemDst(k, O.alloc, 0);
    setDevicePte(m, O.unmap, device, page, 0, false);
    copyPages(k, O.copy, m.f(f, F.PFN), migratePage(k, src, 0), 1);
    giveDst(k, O.dst, o.get(migrate + MIGRATE.DST), 0, m.f(f, F.PFN), 0);
    yield* migrate_vma_pages(k, migrate);
  }
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, O.exit, 0, migrate);
}

const U = sites('kvmppc_uvmem_migrate_to_ram', {
  enter: 'the host touched a secure page: {a:page addr}',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released',
  exit: '',
});

/** kvmppc_uvmem_migrate_to_ram(). @returns VM_FAULT bits. */
export function* kvmppc_uvmem_migrate_to_ram(k: Kernel, vma: number, page: number, faultPfn: number): Run<number> {
  enter(k, U.enter, page, faultPfn);
  const device = k.m.f(k.m.folioOf(faultPfn), F.OWNER) - 1;
  const ret = yield* __kvmppc_svm_page_out(k, vma, page, device, faultPfn + 1);
  return exit(k, U.exit, ret === 0 ? 0 : VM_FAULT_SIGBUS, page);
}

/** The guest's hypercall H_SVM_PAGE_IN or H_SVM_PAGE_OUT for each page, under the mmap lock. @returns 0 or an errno. */
export function* uvmemHypercall(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  into: boolean,
): Run<number> {
  yield* mmap_read_lock(k, U.lock, mm);
  let ret = 0;
  for (let page = start; page < end && ret === 0; page++)
    ret = into
      ? yield* kvmppc_svm_page_in(k, mm, page, device)
      : yield* __kvmppc_svm_page_out(k, vma_lookup(k.m, mm, page), page, device, 0);
  mmap_read_unlock(k, U.unlock, mm);
  return ret;
}
