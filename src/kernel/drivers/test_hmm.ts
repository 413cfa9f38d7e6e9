import { D, D_STRIDE, F, G, V } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  migratePfnHi,
  migratePfnLo,
} from '../../machine/words/migrate-pfn.ts';
import { folio_nr_pages, is_zone_device_pfn, takeAllocFailure } from '../common/folio.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migratePage } from '../common/migrate-words.ts';
import { VM_FAULT_OOM, VM_FAULT_SIGBUS } from '../common/vm-fault.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { MIGRATE } from '../structs.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { setWord, wordLo } from '../unified/pfns.ts';
import { setDevicePte } from './dmirror.ts';
import { copyPages, dataPfn, dmirror_devmem_alloc } from './dmirror-memory.ts';
import { giveDst, newSystemDst } from './dst.ts';

const C = sites('dmirror_migrate_alloc_and_copy', {
  enter: 'allocate device memory and copy',
  zoneDevice: 'entry {a:int i}: the source is device memory already (WARN), left alone',
  alloc: 'entry {a:int i}: allocate a device page',
  failed: 'entry {a:int i}: no device memory, the page stays',
  fallback: 'entry {a:int i}: no large device page: 512 small ones instead',
  copy: 'copy the data',
  zero: 'an empty page: clear the destination',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** dmirror_migrate_alloc_and_copy() (lib/test_hmm.c): fills dst[] with device pages for every src entry that migrates. */
export function dmirror_migrate_alloc_and_copy(k: Kernel, migrate: number, device: number): void {
  const m = k.m;
  const o = m.obj;
  enter(k, C.enter, migrate, device);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const npages = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START);
  for (let i = 0; i < npages; ) {
    const word = wordLo(k, src, i);
    if ((word & MIGRATE_PFN_MIGRATE) === 0) {
      i++;
      continue;
    }
    const spage = migratePage(k, src, i);
    if (spage >= 0 && is_zone_device_pfn(spage)) {
      at(k, C.zoneDevice, i);
      finding(k, C.zoneDevice, RULE.WARN, spage);
      i++;
      continue;
    }
    const large = (word & MIGRATE_PFN_COMPOUND) !== 0;
    const write = (word & MIGRATE_PFN_WRITE) !== 0 ? MIGRATE_PFN_WRITE : 0;
    at(k, C.alloc, i);
    const f = dmirror_devmem_alloc(k, C.alloc, device, large ? 9 : 0);
    if (f !== 0) {
      giveDst(k, C.dst, dst, i, m.f(f, F.PFN), write | (large ? MIGRATE_PFN_COMPOUND : 0), large ? 'D-02' : 'D-03');
      copyPages(k, spage >= 0 ? C.copy : C.zero, m.f(f, F.PFN), spage, large ? 512 : 1);
      i++;
      continue;
    }
    if (!large) {
      at(k, C.failed, i);
      i++;
      continue;
    }
    at(k, C.fallback, i);
    for (let j = 0; j < 512 && i + j < npages; j++) {
      const small = m.f(dmirror_devmem_alloc(k, C.alloc, device, 0), F.PFN);
      giveDst(k, C.dst, dst, i + j, small, write, 'D-03');
      copyPages(k, spage >= 0 ? C.copy : C.zero, small, spage < 0 ? -1 : spage + j, 1);
    }
    i += 512;
  }
  exit(k, C.exit, 0, migrate);
}

const M = sites('dmirror_migrate_finalize_and_map', {
  enter: 'enter what migrated into the device’s page table',
  map: 'map {b:page addr}',
  exit: '',
});

/** dmirror_migrate_finalize_and_map(): the device's own page table gets the pages that migrated. */
export function dmirror_migrate_finalize_and_map(k: Kernel, migrate: number, device: number): number {
  const m = k.m;
  const o = m.obj;
  enter(k, M.enter, migrate, device);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const start = o.get(migrate + MIGRATE.START);
  const npages = o.get(migrate + MIGRATE.END) - start;
  for (let i = 0; i < npages; i++) {
    if ((wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) continue;
    const pfn = migratePage(k, dst, i);
    if (pfn < 0) continue;
    const write = (wordLo(k, dst, i) & MIGRATE_PFN_WRITE) !== 0;
    const n = (wordLo(k, dst, i) & MIGRATE_PFN_COMPOUND) !== 0 ? 512 : 1;
    for (let j = 0; j < n; j++) setDevicePte(m, M.map, device, start + i + j, dataPfn(m, pfn + j), write);
  }
  return exit(k, M.exit, 0, migrate);
}

const B = sites('dmirror_devmem_fault_alloc_and_copy', {
  enter: 'allocate system memory and copy back',
  alloc: 'entry {a:int i}: allocate system memory, order {b:int}',
  oom: 'entry {a:int i}: no memory at all',
  fallback: 'entry {a:int i}: no large page: 512 small ones instead',
  unmap: 'the device loses its mapping',
  copy: 'copy the data',
  dst: 'tell the core: dst[{a:int i}]',
  exit: '',
});

/** dmirror_devmem_fault_alloc_and_copy(): fills dst[] with system pages. @returns 0 or VM_FAULT_OOM. */
export function dmirror_devmem_fault_alloc_and_copy(k: Kernel, migrate: number, device: number): number {
  const m = k.m;
  const o = m.obj;
  enter(k, B.enter, migrate, device);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const start = o.get(migrate + MIGRATE.START);
  const npages = o.get(migrate + MIGRATE.END) - start;
  for (let i = 0; i < npages; ) {
    const spage = migratePage(k, src, i);
    if (spage < 0 || (wordLo(k, src, i) & MIGRATE_PFN_MIGRATE) === 0) {
      i++;
      continue;
    }
    const order = folio_nr_pages(m, m.folioOf(spage)) > 1 ? 9 : 0;
    const write = (wordLo(k, src, i) & MIGRATE_PFN_WRITE) !== 0 ? MIGRATE_PFN_WRITE : 0;
    const failed = takeAllocFailure(m, device);
    at(k, B.alloc, i, order);
    if (!failed) {
      const f = newSystemDst(k, B.alloc, order);
      setDevicePteRun(k, B.unmap, device, start + i, 1 << order);
      copyPages(k, B.copy, m.f(f, F.PFN), spage, 1 << order);
      giveDst(k, B.dst, dst, i, m.f(f, F.PFN), write | (order > 0 ? MIGRATE_PFN_COMPOUND : 0));
      i += 1 << order;
      continue;
    }
    if (order === 0) {
      at(k, B.oom, i);
      return exit(k, B.exit, VM_FAULT_OOM, migrate);
    }
    at(k, B.fallback, i);
    for (let j = 0; j < 512 && i + j < npages; j++) {
      const f = newSystemDst(k, B.alloc, 0);
      setDevicePteRun(k, B.unmap, device, start + i + j, 1);
      copyPages(k, B.copy, m.f(f, F.PFN), spage + j, 1);
      giveDst(k, B.dst, dst, i + j, m.f(f, F.PFN), 0);
    }
    i += 512;
  }
  return exit(k, B.exit, 0, migrate);
}

function setDevicePteRun(k: Kernel, site: number, device: number, page: number, n: number): void {
  for (let j = 0; j < n; j++) setDevicePte(k.m, site, device, page + j, 0, false);
}

const D_FAULT = sites('dmirror_devmem_fault', {
  enter: 'the CPU touched device memory at {a:page addr}: migrate it back',
  setup: 'collect it; its folio is locked by the fault handler',
  setupFailed: 'setup failed: SIGBUS',
  exit: '',
});

/**
 * dmirror_devmem_fault() (lib/test_hmm.c): the migrate_to_ram callback. A PMD fault brings the whole
 * folio, a PTE fault one page. @param faultPfn page frame of the touched device page. @returns VM_FAULT bits.
 */
export function* dmirror_devmem_fault(
  k: Kernel,
  vma: number,
  page: number,
  faultPfn: number,
  pteFault: boolean,
): Run<number> {
  const m = k.m;
  enter(k, D_FAULT.enter, page, faultPfn, pteFault ? 1 : 0);
  const folio = m.folioOf(faultPfn);
  const device = m.f(folio, F.OWNER) - 1;
  const nr = folio_nr_pages(m, folio);
  const whole = !pteFault && nr > 1 && k.config.driver?.has('faults-by-page') !== true;
  const start = whole ? page & ~(nr - 1) : page;
  const npages = whole ? nr : 1;
  const migrate = newMigrateVma(
    k,
    vma,
    start,
    start + npages,
    device,
    MIGRATE_VMA_SELECT_DEVICE_PRIVATE | (whole ? MIGRATE_VMA_SELECT_COMPOUND : 0),
  );
  m.obj.set(migrate + MIGRATE.FAULT_PAGE, faultPfn + 1);
  at(k, D_FAULT.setup, start, start + npages);
  if ((yield* migrate_vma_setup(k, migrate)) !== 0) {
    at(k, D_FAULT.setupFailed);
    return exit(k, D_FAULT.exit, VM_FAULT_SIGBUS, migrate);
  }
  const ret = dmirror_devmem_fault_alloc_and_copy(k, migrate, device);
  // Mend of N-03: without memory the collected pages still have to be put back; the driver forgets them.
  if (ret !== 0 && !k.fixes.has('N-03')) return exit(k, D_FAULT.exit, ret, migrate);
  yield* migrate_vma_pages(k, migrate);
  yield* migrate_vma_finalize(k, migrate);
  return exit(k, D_FAULT.exit, ret, migrate);
}

/** A filled struct migrate_vma with fresh src[] and dst[]; pages [start, end), owner = device. */
export function newMigrateVma(
  k: Kernel,
  vma: number,
  start: number,
  end: number,
  device: number,
  flags: number,
): number {
  const m = k.m;
  const o = m.obj;
  const mv = m.newObj(MIGRATE.SIZE);
  const n = Math.max(0, end - start);
  o.set(mv + MIGRATE.VMA, vma);
  o.set(mv + MIGRATE.START, start);
  o.set(mv + MIGRATE.END, end);
  o.set(mv + MIGRATE.SRC, m.newWords(n));
  o.set(mv + MIGRATE.DST, m.newWords(n));
  const ways = k.config.driver;
  const towards = (flags & (MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT)) === 0;
  o.set(mv + MIGRATE.OWNER, towards && ways?.has('no-owner') === true ? 0 : device + 1);
  o.set(mv + MIGRATE.FLAGS, flags);
  // What an earlier migration left in dst[]: some page that is none of this one's.
  const old = m.scalar.get(G.ZERO_PFN);
  if (ways?.has('old-dst') === true)
    for (let i = 0; i < n; i++)
      setWord(k, o.get(mv + MIGRATE.DST), i, migratePfnLo(old, MIGRATE_PFN_VALID), migratePfnHi(old));
  o.set(mv + MIGRATE.MM, vma !== 0 ? vmaGet(m, vma, V.MM) : m.device.get(device * D_STRIDE + D.MM));
  return mv;
}

/** Entries that a driver counts as migrated: VALID and MIGRATE after migrate_vma_pages(). */
export function countMigrated(k: Kernel, migrate: number): number {
  const o = k.m.obj;
  const src = o.get(migrate + MIGRATE.SRC);
  const n = o.get(migrate + MIGRATE.NPAGES);
  let count = 0;
  for (let i = 0; i < n; i++)
    if ((wordLo(k, src, i) & (MIGRATE_PFN_VALID | MIGRATE_PFN_MIGRATE)) === (MIGRATE_PFN_VALID | MIGRATE_PFN_MIGRATE))
      count++;
  return count;
}
