import { OP } from '../../machine/ops.ts';
import { find_vma } from '../../machine/vma.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
} from '../../machine/words/migrate-pfn.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { mmu_interval_read_begin, mmu_interval_read_retry } from '../common/mmu_notifier.ts';
import { EBUSY } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { MIGRATE, RANGE } from '../structs.ts';
import { migrate_hmm_range_setup } from '../unified/migrate-range-setup.ts';
import { migrate_vma_restore } from '../unified/undo.ts';
import { migrate_vma_setup } from '../unified/migrate-vma-setup.ts';
import { setWord, wordLo } from '../unified/pfns.ts';
import { hmm_range_fault } from '../unified/range-fault.ts';
import { copyToDevice } from './copy-to-device.ts';
import {
  countMigrated,
  dmirror_devmem_fault_alloc_and_copy,
  dmirror_migrate_finalize_and_map,
  newMigrateVma,
} from './test_hmm.ts';

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
  /** pages of the range that setup did not collect */
  readonly left: number;
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

const F = sites('gt_ioctl_fault', {
  enter: 'a driver’s request for device {c:device}: report, and fault what is missing',
  lock: 'mmap lock for reading',
  begin: 'read the notifier’s sequence',
  retry: 'the sequence moved on: try again, attempt {a:int tries}',
  tooMany: 'the driver gives up after {a:int tries} attempts',
  unlock: 'mmap lock released',
  exit: '',
});
const G = sites('gt_ioctl', {
  enter: 'a driver’s request for device {c:device}',
  lock: 'mmap lock for reading',
  begin: 'read the notifier’s sequence',
  lockAgain: 'the mmap lock once more, by a helper that knows nothing of the first time',
  check: 'the driver’s own check, before it uses what it got',
  bail: 'the driver returns {a:errno} at once',
  retry: 'the sequence moved on: try again, attempt {a:int tries}',
  tooMany: 'the driver gives up after {a:int tries} attempts',
  unlock: 'mmap lock released',
  exit: '',
});
const V = sites('gt_ioctl_migrate', {
  enter: 'a driver’s migration for device {c:device}',
  lock: 'mmap lock for reading',
  abort: '{a:int left} pages were not collected as wanted: give everything back',
  unlock: 'mmap lock released',
  exit: '',
});
const C = sites('gt_ioctl_copy', {
  pause: 'the driver is slow: others may run between setup and copy',
  resume: 'the driver goes on',
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
  const ways = k.config.driver;
  o.set(range + RANGE.OWNER, ways?.has('no-owner') === true ? 0 : r.device + 1);
  o.set(range + RANGE.MIGRATE, migrate);
  o.set(range + RANGE.NOTIFIER, ways?.has('no-notifier') === true ? 0 : r.device + 1);
  o.set(range + RANGE.MM, r.mm);
  if (ways?.has('dma-mapped') === true)
    for (let i = 0; i < r.end - r.start; i++) setWord(k, pfns, i, 0, k.enc.DMA_MAPPED);
  if (r.perPage) for (let i = 0; i < r.end - r.start; i++) setWord(k, pfns, i, 0, r.perPage(i));
  return range;
}

/** hmm_range_fault() alone, as a mirroring driver calls it: begin, lock, walk, unlock, repeated on -EBUSY. */
export function* requestFault(k: Kernel, r: WalkRequest): Run<RequestResult> {
  const o = k.m.obj;
  const range = newRange(k, r, 0);
  enter(k, F.enter, range, 0, r.device);
  let tries = 0;
  let ret: number;
  do {
    if (tries > 0) at(k, F.retry, tries);
    o.set(range + RANGE.NOTIFIER_SEQ, yield* mmu_interval_read_begin(k, F.begin, r.device));
    yield* mmap_read_lock(k, F.lock, r.mm);
    tries++;
    ret = yield* hmm_range_fault(k, range);
    mmap_read_unlock(k, F.unlock, r.mm);
  } while (ret === -EBUSY && tries < MAX_TRIES);
  if (ret === -EBUSY) at(k, F.tooMany, tries);
  exit(k, F.exit, ret, range, 0);
  return { ret, cpagesSetup: 0, cpagesFinal: 0, npages: 0, tries, range, migrate: 0, left: 0 };
}

/**
 * The unified request of a device fault: hmm_range_fault() with REQ_MIGRATE, repeated on -EBUSY with the
 * mmap lock held across, then always setup, copy, pages, finalize (the flow of the series' own test).
 */
export function* requestFaultAndMigrate(k: Kernel, r: WalkRequest, select: number): Run<RequestResult> {
  const o = k.m.obj;
  const migrate = newMigrateVma(k, 0, r.start, r.end, r.device, select);
  const ways = k.config.driver;
  // The walk fills in what it collected; until then the struct names no VMA and no pages.
  if (ways?.has('old-migrate-struct') !== true) {
    o.set(migrate + MIGRATE.START, 0);
    o.set(migrate + MIGRATE.END, 0);
  }
  o.set(migrate + MIGRATE.MM, r.mm);
  const range = newRange(k, r, ways?.has('no-migrate-struct') === true ? 0 : migrate);
  enter(k, G.enter, range, migrate, r.device);
  yield* mmap_read_lock(k, G.lock, r.mm);
  // RFC-7: a helper of the first posting takes the lock that its caller holds.
  const twice = k.fixes.has('RFC-7');
  if (twice) {
    if (k.concurrent) yield YIELD.MMAP_HELD;
    yield* mmap_read_lock(k, G.lockAgain, r.mm);
  }
  let tries = 0;
  let ret: number;
  do {
    if (tries > 0) at(k, G.retry, tries);
    o.set(range + RANGE.NOTIFIER_SEQ, yield* mmu_interval_read_begin(k, G.begin, r.device));
    tries++;
    ret = yield* hmm_range_fault(k, range);
    if (
      ret === 0 &&
      ways?.has('obeys-own-events') === true &&
      (yield* mmu_interval_read_retry(k, G.check, r.device, o.get(range + RANGE.NOTIFIER_SEQ)))
    ) {
      ret = -EBUSY;
      // Mend of RFC-2, on the driver's side: what the walk has collected is given back before another one begins.
      if (k.fixes.has('RFC-2') && o.get(range + RANGE.MIGRATE) !== 0) yield* migrate_vma_restore(k, range);
    }
  } while (ret === -EBUSY && tries < MAX_TRIES);
  if (ret === -EBUSY) {
    at(k, G.tooMany, tries);
    finding(k, G.tooMany, RULE.LIVELOCK, tries);
  }
  if (twice) mmap_read_unlock(k, G.unlock, r.mm);
  if (k.config.deviceMigration === false) {
    mmap_read_unlock(k, G.unlock, r.mm);
    exit(k, G.exit, ret, range, migrate);
    return { ret, cpagesSetup: 0, cpagesFinal: 0, npages: 0, tries, range, migrate, left: r.end - r.start };
  }
  if (ret !== 0 && ways?.has('returns-on-error') === true) {
    at(k, G.bail, ret);
    mmap_read_unlock(k, G.unlock, r.mm);
    exit(k, G.exit, ret, range, migrate);
    return { ret, cpagesSetup: 0, cpagesFinal: 0, npages: 0, tries, range, migrate, left: r.end - r.start };
  }
  yield* migrate_hmm_range_setup(k, range);
  const cpagesSetup = o.get(migrate + MIGRATE.CPAGES);
  const left = notCollected(k, migrate, false);
  if (o.get(migrate + MIGRATE.VMA) !== 0) yield* copyAndCommit(k, migrate, r.device, false);
  mmap_read_unlock(k, G.unlock, r.mm);
  const result = {
    ret,
    cpagesSetup,
    cpagesFinal: countMigrated(k, migrate),
    npages: o.get(migrate + MIGRATE.NPAGES),
    tries,
    range,
    migrate,
    left,
  };
  exit(k, G.exit, ret, range, migrate);
  return result;
}

/**
 * migrate_vma_setup(), copy, pages, finalize over a range; towards system memory when device memory is selected.
 * @param orAbort give everything back when setup did not collect every page (write: every page for writing).
 */
export function* requestMigrateVma(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  select: number,
  orAbort?: { readonly write: boolean },
): Run<RequestResult> {
  const o = k.m.obj;
  const migrate = newMigrateVma(k, 0, start, end, device, select);
  o.set(migrate + MIGRATE.MM, mm);
  if (k.config.driver?.has('unaligned') === true) o.set(migrate + MIGRATE.RAGGED, 1);
  enter(k, V.enter, 0, migrate, device);
  yield* mmap_read_lock(k, V.lock, mm);
  o.set(migrate + MIGRATE.VMA, find_vma(k.m, mm, start));
  const ret = yield* migrate_vma_setup(k, migrate);
  const cpagesSetup = o.get(migrate + MIGRATE.CPAGES);
  const left = notCollected(k, migrate, orAbort?.write === true);
  if (ret === 0 && orAbort && left > 0) {
    // The core's way to give up: destinations are left empty, so that finalize restores every page.
    at(k, V.abort, left);
    yield* migrate_vma_pages(k, migrate);
    yield* migrate_vma_finalize(k, migrate);
  } else if (ret === 0) yield* copyAndCommit(k, migrate, device, toSystem(select));
  mmap_read_unlock(k, V.unlock, mm);
  const result = {
    ret,
    cpagesSetup,
    cpagesFinal: countMigrated(k, migrate),
    npages: o.get(migrate + MIGRATE.NPAGES),
    tries: 0,
    range: 0,
    migrate,
    left,
  };
  exit(k, V.exit, ret, 0, migrate);
  return result;
}

/**
 * Pages of the range whose entry does not migrate; a compound entry stands for its whole PMD.
 * @param write pages that are not writable count, too
 */
function notCollected(k: Kernel, migrate: number, write: boolean): number {
  const o = k.m.obj;
  const src = o.get(migrate + MIGRATE.SRC);
  const npages = o.get(migrate + MIGRATE.NPAGES);
  let left = o.get(migrate + MIGRATE.END) - o.get(migrate + MIGRATE.START) - npages;
  for (let i = 0; i < npages; ) {
    const word = wordLo(k, src, i);
    const readOnly = (word & (MIGRATE_PFN_VALID | MIGRATE_PFN_WRITE)) === MIGRATE_PFN_VALID;
    if ((word & MIGRATE_PFN_MIGRATE) === 0 || (write && readOnly)) left++;
    i += (word & MIGRATE_PFN_COMPOUND) !== 0 ? 512 : 1;
  }
  return left;
}

const toSystem = (select: number): boolean =>
  (select & (MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT)) !== 0;

function* copyAndCommit(k: Kernel, migrate: number, device: number, back: boolean): Run<void> {
  if (k.pausers.has(k.m.actor)) {
    k.m.step(OP.SLEEP, C.pause, k.m.actor, 0, 0);
    yield YIELD.SLEEP;
    k.m.step(OP.WAKE, C.resume, k.m.actor, 0, 0);
  } else if (k.concurrent) yield YIELD.OTHER;
  if (back) dmirror_devmem_fault_alloc_and_copy(k, migrate, device);
  else copyToDevice(k, migrate, device);
  yield* migrate_vma_pages(k, migrate);
  if (!back) dmirror_migrate_finalize_and_map(k, migrate, device);
  yield* migrate_vma_finalize(k, migrate);
}
