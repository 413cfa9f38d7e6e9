import { D, D_STRIDE, V } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { find_vma, vma_lookup, vmaGet } from '../../machine/vma.ts';
import { MIGRATE_VMA_SELECT_COMPOUND, MIGRATE_VMA_SELECT_DEVICE_COHERENT, MIGRATE_VMA_SELECT_DEVICE_PRIVATE } from '../../machine/words/migrate-pfn.ts';
import { migrate_vma_finalize, migrate_vma_pages } from '../common/migrate-device.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { mmu_interval_read_begin } from '../common/mmu_notifier.ts';
import { EBUSY, EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE, RANGE } from '../structs.ts';
import { migrate_hmm_range_setup } from '../unified/migrate-range-setup.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { setWord } from '../unified/pfns.ts';
import { hmm_range_fault } from '../unified/range-fault.ts';
import { countMigrated, dmirror_devmem_fault_alloc_and_copy, dmirror_migrate_alloc_and_copy, dmirror_migrate_finalize_and_map, newMigrateVma } from './test_hmm.ts';

/** What a driver's request came to. Counts are entries; a compound entry counts once. */
export interface RequestResult {
  readonly ret: number;
  readonly cpagesSetup: number;
  readonly cpagesFinal: number;
  readonly npages: number;
  /** calls of hmm_range_fault() */
  readonly tries: number;
  /** objects and arrays of the request, 0 when it had none */
  readonly range: number;
  readonly migrate: number;
}

/** A walk request as the driver fills it in; flag masks are those of the encoding's high half. */
export interface WalkRequest {
  readonly mm: number;
  readonly start: number;
  readonly end: number;
  readonly device: number;
  readonly defaultFlags: number;
  readonly pfnFlagsMask: number;
  /** request flags of page i, through the mask */
  readonly perPage?: (i: number) => number;
}

const G = sites('gt_ioctl', {
  enter: 'a driver’s request for device {c:device}',
  lock: 'mmap lock for reading',
  begin: 'read the notifier’s sequence',
  retry: 'the sequence moved on: try again, attempt {a:int tries}',
  tooMany: 'the driver gives up after {a:int tries} attempts',
  pause: 'the driver is slow: others may run between setup and copy',
  resume: 'the driver goes on',
  unlock: 'mmap lock released',
  exit: '',
});

/** Attempts after which a driver's retry loop gives up; the kernel's drivers use a time limit instead. */
const MAX_TRIES = 64;

function newRange(k: Kernel, r: WalkRequest, migrate: number): number {
  const m = k.m;
  const o = m.obj;
  const range = m.newObj(RANGE.SIZE);
  const pfns = m.newWords(r.end - r.start);
  o.set(range + RANGE.START, r.start);
  o.set(range + RANGE.END, r.end);
  o.set(range + RANGE.HMM_PFNS, pfns);
  o.set(range + RANGE.DEFAULT_FLAGS, r.defaultFlags);
  o.set(range + RANGE.PFN_FLAGS_MASK, r.pfnFlagsMask);
  o.set(range + RANGE.OWNER, r.device + 1);
  o.set(range + RANGE.MIGRATE, migrate);
  o.set(range + RANGE.NOTIFIER, r.device + 1);
  o.set(range + RANGE.MM, r.mm);
  if (r.perPage) for (let i = 0; i < r.end - r.start; i++) setWord(k, pfns, i, 0, r.perPage(i));
  return range;
}

/** hmm_range_fault() alone, as a mirroring driver calls it: begin, lock, walk, unlock, repeated on -EBUSY. */
export function* requestFault(k: Kernel, r: WalkRequest): Run<RequestResult> {
  const o = k.m.obj;
  const range = newRange(k, r, 0);
  enter(k, G.enter, range, 0, r.device);
  let tries = 0;
  let ret: number;
  do {
    if (tries > 0) at(k, G.retry, tries);
    o.set(range + RANGE.NOTIFIER_SEQ, yield* mmu_interval_read_begin(k, G.begin, r.device));
    yield* mmap_read_lock(k, G.lock, r.mm);
    tries++;
    ret = yield* hmm_range_fault(k, range);
    mmap_read_unlock(k, G.unlock, r.mm);
  } while (ret === -EBUSY && tries < MAX_TRIES);
  if (ret === -EBUSY) at(k, G.tooMany, tries);
  exit(k, G.exit, ret, range, 0);
  return { ret, cpagesSetup: 0, cpagesFinal: 0, npages: 0, tries, range, migrate: 0 };
}

/**
 * The unified request of a device fault: hmm_range_fault() with REQ_MIGRATE, repeated on -EBUSY with the
 * mmap lock held across, then always setup, copy, pages, finalize (the flow of the series' own test).
 */
export function* requestFaultAndMigrate(k: Kernel, r: WalkRequest, select: number): Run<RequestResult> {
  const o = k.m.obj;
  const migrate = newMigrateVma(k, 0, r.start, r.end, r.device, select);
  // The walk fills in what it collected; until then the struct names no VMA and no pages.
  o.set(migrate + MIGRATE.START, 0);
  o.set(migrate + MIGRATE.END, 0);
  o.set(migrate + MIGRATE.MM, r.mm);
  const range = newRange(k, r, migrate);
  enter(k, G.enter, range, migrate, r.device);
  yield* mmap_read_lock(k, G.lock, r.mm);
  let tries = 0;
  let ret: number;
  do {
    if (tries > 0) at(k, G.retry, tries);
    o.set(range + RANGE.NOTIFIER_SEQ, yield* mmu_interval_read_begin(k, G.begin, r.device));
    tries++;
    ret = yield* hmm_range_fault(k, range);
  } while (ret === -EBUSY && tries < MAX_TRIES);
  if (ret === -EBUSY) at(k, G.tooMany, tries);
  yield* migrate_hmm_range_setup(k, range);
  const cpagesSetup = o.get(migrate + MIGRATE.CPAGES);
  if (o.get(migrate + MIGRATE.VMA) !== 0) yield* copyAndCommit(k, migrate, r.device, false);
  mmap_read_unlock(k, G.unlock, r.mm);
  const result = { ret, cpagesSetup, cpagesFinal: countMigrated(k, migrate), npages: o.get(migrate + MIGRATE.NPAGES), tries, range, migrate };
  exit(k, G.exit, ret, range, migrate);
  return result;
}

/** migrate_vma_setup(), copy, pages, finalize over a range; towards system memory when device memory is selected. */
export function* requestMigrateVma(k: Kernel, mm: number, start: number, end: number, device: number, select: number): Run<RequestResult> {
  const o = k.m.obj;
  const migrate = newMigrateVma(k, find_vma(k.m, mm, start), start, end, device, select);
  o.set(migrate + MIGRATE.MM, mm);
  enter(k, G.enter, 0, migrate, device);
  yield* mmap_read_lock(k, G.lock, mm);
  const ret = yield* migrate_vma_setup(k, migrate);
  const cpagesSetup = o.get(migrate + MIGRATE.CPAGES);
  if (ret === 0) yield* copyAndCommit(k, migrate, device, toSystem(select));
  mmap_read_unlock(k, G.unlock, mm);
  const result = { ret, cpagesSetup, cpagesFinal: countMigrated(k, migrate), npages: o.get(migrate + MIGRATE.NPAGES), tries: 0, range: 0, migrate };
  exit(k, G.exit, ret, 0, migrate);
  return result;
}

const toSystem = (select: number): boolean => (select & (MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT)) !== 0;

function* copyAndCommit(k: Kernel, migrate: number, device: number, back: boolean): Run<void> {
  if (k.pausers.has(k.m.actor)) {
    k.m.step(OP.SLEEP, G.pause, k.m.actor, 0, 0);
    yield YIELD.SLEEP;
    k.m.step(OP.WAKE, G.resume, k.m.actor, 0, 0);
  }
  if (back) dmirror_devmem_fault_alloc_and_copy(k, migrate, device);
  else dmirror_migrate_alloc_and_copy(k, migrate, device);
  yield* migrate_vma_pages(k, migrate);
  if (!back) dmirror_migrate_finalize_and_map(k, migrate, device);
  yield* migrate_vma_finalize(k, migrate);
}

const I = sites('dmirror_migrate_to_system', { enter: 'bring [{a:page start}, {b:page end}) back to system memory', lock: 'mmap lock for reading', invalid: 'no VMA there (-EINVAL)', unlock: 'mmap lock released', exit: '' });
const IOCTL = sites('ioctl', { enter: 'ioctl {a:int nr} on [{b:page start}, {c:page end})', exit: '' });

/** Pages per window of the driver's ioctls. */
const WINDOW = 512;

/** The MIGRATE_TO_SYS ioctl of lib/test_hmm.c: windows of 512 pages, cut at VMA ends. */
export function* ioctlMigrateToSystem(k: Kernel, mm: number, start: number, end: number, device: number): Run<RequestResult> {
  const m = k.m;
  const o = m.obj;
  enter(k, IOCTL.enter, 3, start, end);
  enter(k, I.enter, start, end);
  yield* mmap_read_lock(k, I.lock, mm);
  const kind = m.device.get(device * D_STRIDE + D.KIND) === 0 ? MIGRATE_VMA_SELECT_DEVICE_PRIVATE : MIGRATE_VMA_SELECT_DEVICE_COHERENT;
  let ret = 0;
  let count = 0;
  let migrate = 0;
  for (let addr = start; addr < end && ret === 0; ) {
    const vma = vma_lookup(m, mm, addr);
    if (vma === 0) {
      at(k, I.invalid);
      ret = -EINVAL;
      break;
    }
    const next = Math.min(end, addr + WINDOW, vmaGet(m, vma, V.END));
    migrate = newMigrateVma(k, vma, addr, next, device, kind | MIGRATE_VMA_SELECT_COMPOUND);
    ret = yield* migrate_vma_setup(k, migrate);
    if (ret !== 0) break;
    dmirror_devmem_fault_alloc_and_copy(k, migrate, device);
    yield* migrate_vma_pages(k, migrate);
    count += countMigrated(k, migrate);
    yield* migrate_vma_finalize(k, migrate);
    addr = next;
  }
  mmap_read_unlock(k, I.unlock, mm);
  exit(k, I.exit, ret, migrate);
  // A failing ioctl does not write its counts back.
  exit(k, IOCTL.exit, ret, ret === 0 ? count : 0);
  return { ret, cpagesSetup: migrate !== 0 ? o.get(migrate + MIGRATE.CPAGES) : 0, cpagesFinal: ret === 0 ? count : 0, npages: end - start, tries: 0, range: 0, migrate };
}
