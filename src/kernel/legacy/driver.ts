import { F, V } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { find_vma, vmaGet } from '../../machine/vma.ts';
import { HMM_PFN_2016 } from '../../machine/words/hmm-pfn-2016.ts';
import { is_device_private_pfn, takeAllocFailure } from '../common/folio.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { setDevicePte } from '../drivers/dmirror.ts';
import { copyPages, dataPfn, dmirror_devmem_alloc } from '../drivers/dmirror-memory.ts';
import { newSystemDst } from '../drivers/dst.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { changeEntry, entryHas, pageOf, storeEntry } from './entries.ts';
import { type HmmMigrateOps, hmm_vma_migrate } from './hmm-vma-migrate.ts';

/*
 * No driver of 2016 came with the posting. This one does what the posting asks of a driver, on the devices of the test
 * driver: it moves pages to its own memory, or back from device memory.
 */

const D = sites('device_migrate_2016', {
  enter: 'a driver’s request for device {c:device}: [{a:page start}, {b:page end})',
  lock: 'mmap lock for reading',
  vma: 'vma {a:vma} has [{b:page start}, {c:page end})',
  gap: 'no VMA from {a:page start} on',
  unlock: 'mmap lock released',
  exit: '',
});
const A = sites('alloc_and_copy', {
  enter: 'allocate destinations and copy',
  pause: 'the driver is slow: others may run before the copy',
  resume: 'the driver goes on',
  decline: 'entry {a:int i}: this page stays where it is',
  clear: 'decline it: clear MIGRATE',
  alloc: 'entry {a:int i}: allocate a page',
  failed: 'entry {a:int i}: no memory',
  copy: 'copy the data',
  dst: 'entry {a:int i}: the destination takes the source’s place',
  exit: '',
});
const M = sites('finalize_and_map', {
  enter: 'enter what migrated into the device’s page table',
  map: 'map {b:page addr}',
  exit: '',
});

/** The driver's two callbacks, for one request. */
class Driver implements HmmMigrateOps {
  private readonly device: number;
  private readonly back: boolean;

  constructor(device: number, back: boolean) {
    this.device = device;
    this.back = back;
  }

  *alloc_and_copy(k: Kernel, migrate: number): Run<void> {
    const m = k.m;
    enter(k, A.enter, migrate, this.device);
    if (k.pausers.has(m.actor)) {
      m.step(OP.SLEEP, A.pause, m.actor, 0, 0);
      yield YIELD.SLEEP;
      m.step(OP.WAKE, A.resume, m.actor, 0, 0);
    }
    for (let i = 0; i < pagesOf(k, migrate); i++) {
      const src = pageOf(k, migrate, i);
      if (src < 0 || !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) continue;
      if (entryHas(k, migrate, i, HMM_PFN_2016.DEVICE) !== this.back) {
        at(k, A.decline, i);
        changeEntry(k, A.clear, migrate, i, 0, HMM_PFN_2016.MIGRATE);
        continue;
      }
      at(k, A.alloc, i);
      const folio = this.allocate(k);
      if (folio === 0) {
        at(k, A.failed, i);
        changeEntry(k, A.clear, migrate, i, 0, HMM_PFN_2016.MIGRATE);
        continue;
      }
      this.copy(k, migrate, i, src, m.f(folio, F.PFN));
    }
    exit(k, A.exit, 0, migrate);
  }

  /** A locked page with one reference, 0 when the armed failure strikes. */
  private allocate(k: Kernel): number {
    if (!this.back) return dmirror_devmem_alloc(k, A.alloc, this.device, 0);
    if (takeAllocFailure(k.m, this.device)) return 0;
    return newSystemDst(k, A.alloc, 0);
  }

  private copy(k: Kernel, migrate: number, i: number, src: number, dst: number): void {
    const flags =
      HMM_PFN_2016.MIGRATE |
      HMM_PFN_2016.LOCKED |
      (entryHas(k, migrate, i, HMM_PFN_2016.WRITE) ? HMM_PFN_2016.WRITE : 0) |
      (this.back ? 0 : HMM_PFN_2016.DEVICE) |
      (is_device_private_pfn(dst) ? HMM_PFN_2016.UNADDRESSABLE : 0);
    copyPages(k, A.copy, dst, src, 1);
    storeEntry(k, A.dst, migrate, i, dst, flags);
  }

  finalize_and_map(k: Kernel, migrate: number): void {
    const m = k.m;
    const start = m.obj.get(migrate + HMM_MIGRATE.START);
    enter(k, M.enter, migrate, this.device);
    for (let i = 0; i < pagesOf(k, migrate); i++) {
      const dst = pageOf(k, migrate, i);
      if (dst < 0 || !entryHas(k, migrate, i, HMM_PFN_2016.MIGRATE)) continue;
      const write = entryHas(k, migrate, i, HMM_PFN_2016.WRITE);
      setDevicePte(m, M.map, this.device, start + i, this.back ? 0 : dataPfn(m, dst), write);
    }
    exit(k, M.exit, 0, migrate);
  }
}

function pagesOf(k: Kernel, migrate: number): number {
  const o = k.m.obj;
  return o.get(migrate + HMM_MIGRATE.END) - o.get(migrate + HMM_MIGRATE.START);
}

/**
 * A driver's request of 2016: hmm_vma_migrate() for each VMA of a range, under one mmap lock.
 * @param back towards system memory instead of the device's. @returns the last call's 0 or -EINVAL.
 */
export function* deviceMigrate2016(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  back: boolean,
): Run<number> {
  const m = k.m;
  enter(k, D.enter, start, end, device);
  yield* mmap_read_lock(k, D.lock, mm);
  let ret = 0;
  let addr = start;
  while (addr < end) {
    const vma = find_vma(m, mm, addr);
    const first = vma === 0 ? end : vmaGet(m, vma, V.START);
    if (first > addr) at(k, D.gap, addr);
    if (vma === 0 && addr > start) break;
    // The driver trusts find_vma() where it finds nothing at all.
    const from = vma === 0 ? addr : Math.max(addr, first);
    const to = vma === 0 ? end : Math.min(end, vmaGet(m, vma, V.END));
    if (from >= end) break;
    at(k, D.vma, vma, from, to);
    ret = yield* hmm_vma_migrate(k, new Driver(device, back), newHmmMigrate(k, mm, vma, from, to));
    addr = to;
  }
  mmap_read_unlock(k, D.unlock, mm);
  return exit(k, D.exit, ret);
}

/** A filled struct hmm_migrate with a zeroed pfns[]. */
function newHmmMigrate(k: Kernel, mm: number, vma: number, start: number, end: number): number {
  const m = k.m;
  const migrate = m.newObj(HMM_MIGRATE.SIZE);
  m.obj.set(migrate + HMM_MIGRATE.VMA, vma);
  m.obj.set(migrate + HMM_MIGRATE.START, start);
  m.obj.set(migrate + HMM_MIGRATE.END, end);
  m.obj.set(migrate + HMM_MIGRATE.MM, mm);
  m.obj.set(migrate + HMM_MIGRATE.PFNS, m.newWords(end - start));
  return migrate;
}
