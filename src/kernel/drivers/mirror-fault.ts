import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import { P } from '../../machine/layout.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { mmu_interval_read_begin, mmu_interval_read_retry } from '../common/mmu_notifier.ts';
import { EBUSY, EFAULT, ENOENT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { RANGE } from '../structs.ts';
import { wordHi, wordLo } from '../unified/pfns.ts';
import { hmm_range_fault } from '../unified/range-fault.ts';
import { DPT_WRITE, devicePteIndex, setDevicePte } from './dmirror.ts';
import { dataPfn } from './dmirror-memory.ts';

/** Pages that one hmm_range_fault() of the driver covers. */
const CHUNK = 32;

/** Attempts after which the driver gives up; the real one uses a time limit of a second instead. */
const MAX_TRIES = 64;

const F = sites('dmirror_fault', {
  enter: 'mirror [{a:page start}, {b:page end}), write = {c:bool}',
  chunk: 'the next window: [{a:page start}, {b:page end})',
  exit: '',
});
const R = sites('dmirror_range_fault', {
  enter: 'mirror what hmm_range_fault() reports',
  begin: 'read the notifier’s sequence',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released',
  busy: 'the sequence moved on: start anew',
  check: 'under the driver’s lock: did the sequence move on since?',
  tooMany: 'the driver gives up after {a:int tries} attempts',
  exit: '',
});
const D = sites('dmirror_do_fault', {
  enter: 'enter the reported pages into the device’s page table',
  noPage: 'entry {a:int i} is not what was asked for (WARN)',
  readOnly: 'entry {a:int i} is not writable although writing was asked for: -EFAULT',
  map: 'the device maps {b:page addr}',
  exit: '',
});
const READ = sites('dmirror_do_read', {
  enter: 'the device reads [{a:page start}, {b:page end})',
  missing: '{a:page addr} is not mirrored: -ENOENT',
  exit: '',
});
const WRITE = sites('dmirror_do_write', {
  enter: 'the device writes [{a:page start}, {b:page end})',
  missing: '{a:page addr} is not mirrored for writing: -ENOENT',
  store: 'a word is stored in {a:pfn page}',
  exit: '',
});

/** dmirror_fault() (lib/test_hmm.c): mirrors a range, 32 pages at a time. @returns 0 or hmm_range_fault()'s error. */
export function* dmirror_fault(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  write: boolean,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, F.enter, start, end, write ? 1 : 0);
  const range = m.newObj(RANGE.SIZE);
  o.set(range + RANGE.HMM_PFNS, m.newWords(Math.min(CHUNK, end - start)));
  o.set(range + RANGE.DEFAULT_FLAGS, k.enc.VALID | (write ? k.enc.WRITE : 0));
  o.set(range + RANGE.OWNER, device + 1);
  o.set(range + RANGE.NOTIFIER, device + 1);
  o.set(range + RANGE.MM, mm);
  for (let addr = start; addr < end; addr += CHUNK) {
    const next = Math.min(addr + CHUNK, end);
    at(k, F.chunk, addr, next);
    o.set(range + RANGE.START, addr);
    o.set(range + RANGE.END, next);
    const ret = yield* dmirror_range_fault(k, range, mm, device);
    if (ret !== 0) return exit(k, F.exit, ret, range);
  }
  return exit(k, F.exit, 0, range);
}

/** dmirror_range_fault() (lib/test_hmm.c): begin, walk, check again, use; repeated while the sequence moves on. */
function* dmirror_range_fault(k: Kernel, range: number, mm: number, device: number): Run<number> {
  const o = k.m.obj;
  enter(k, R.enter, range);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seq = yield* mmu_interval_read_begin(k, R.begin, device);
    o.set(range + RANGE.NOTIFIER_SEQ, seq);
    yield* mmap_read_lock(k, R.lock, mm);
    const ret = yield* hmm_range_fault(k, range);
    mmap_read_unlock(k, R.unlock, mm);
    if (ret === -EBUSY) {
      at(k, R.busy, tries);
      continue;
    }
    if (ret !== 0) return exit(k, R.exit, ret, range);
    if (yield* mmu_interval_read_retry(k, R.check, device, seq)) continue;
    return exit(k, R.exit, dmirror_do_fault(k, range, device), range);
  }
  at(k, R.tooMany, MAX_TRIES);
  return exit(k, R.exit, -EBUSY, range);
}

/** dmirror_do_fault() (lib/test_hmm.c): the reported pages become device mappings. @returns 0 or -EFAULT. */
function dmirror_do_fault(k: Kernel, range: number, device: number): number {
  const m = k.m;
  const o = m.obj;
  const { enc } = k;
  enter(k, D.enter, range);
  const start = o.get(range + RANGE.START);
  const pfns = o.get(range + RANGE.HMM_PFNS);
  for (let i = 0; i < o.get(range + RANGE.END) - start; i++) {
    const lo = wordLo(k, pfns, i);
    const hi = wordHi(k, pfns, i);
    if ((hi & enc.ERROR) !== 0 || (hi & enc.VALID) === 0) {
      at(k, D.noPage, i);
      finding(k, D.noPage, RULE.WARN, i);
      continue;
    }
    const write = (hi & enc.WRITE) !== 0;
    if (!write && (o.get(range + RANGE.DEFAULT_FLAGS) & enc.WRITE) !== 0) {
      at(k, D.readOnly, i);
      finding(k, D.readOnly, RULE.WARN, i);
      return exit(k, D.exit, -EFAULT, range);
    }
    setDevicePte(m, D.map, device, start + i, dataPfn(m, hmmPfnOf(lo, hi, enc)), write);
  }
  return exit(k, D.exit, 0, range);
}

/** The device's own entry of a page: pfn + 1 with DPT_WRITE, 0 when it has none. */
function mirrored(m: Machine, device: number, page: number): number {
  const i = devicePteIndex(m, device, page);
  return i < 0 ? 0 : m.ints.get(i);
}

/** dmirror_do_read() (lib/test_hmm.c). @returns the first page that is not mirrored, or end. */
export function dmirror_do_read(k: Kernel, start: number, end: number, device: number): number {
  enter(k, READ.enter, start, end, device);
  for (let page = start; page < end; page++) {
    if (mirrored(k.m, device, page) !== 0) continue;
    at(k, READ.missing, page);
    exit(k, READ.exit, -ENOENT);
    return page;
  }
  exit(k, READ.exit, 0);
  return end;
}

/**
 * dmirror_do_write() (lib/test_hmm.c). @param word what the first word of a page becomes.
 * @returns the first page that is not mirrored for writing, or end.
 */
export function dmirror_do_write(
  k: Kernel,
  start: number,
  end: number,
  device: number,
  word: (page: number) => number,
): number {
  const m = k.m;
  enter(k, WRITE.enter, start, end, device);
  for (let page = start; page < end; page++) {
    const entry = mirrored(m, device, page);
    if (entry === 0 || (entry & DPT_WRITE) === 0) {
      at(k, WRITE.missing, page);
      exit(k, WRITE.exit, -ENOENT);
      return page;
    }
    const pfn = (entry & ~DPT_WRITE) - 1;
    m.step(OP.AT, WRITE.store, pfn, 0, 0);
    m.pageSet(pfn, P.DATA, word(page));
  }
  exit(k, WRITE.exit, 0);
  return end;
}
