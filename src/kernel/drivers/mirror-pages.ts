import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { mmap_read_lock, mmap_read_unlock } from '../common/mmap-lock.ts';
import { mmu_interval_read_begin, mmu_interval_read_retry } from '../common/mmu_notifier.ts';
import { EAGAIN, EBUSY, EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { RANGE } from '../structs.ts';
import { wordHi, wordLo } from '../unified/pfns.ts';
import { hmm_range_fault } from '../unified/range-fault.ts';
import { dataPfn } from './dmirror-memory.ts';
import { setDevicePte } from './dmirror.ts';

/** What a GPU driver wants mirrored. */
export interface MirrorRequest {
  readonly mm: number;
  readonly start: number;
  readonly end: number;
  readonly device: number;
  readonly fault: boolean;
  readonly write: boolean;
  /** dev_private_owner: device + 1, or 0 to bring all device memory home; left out: the device */
  readonly owner?: number;
  /** the caller holds the mmap lock over all attempts */
  readonly locked?: boolean;
  /** look only: nothing is mapped on the device */
  readonly lookOnly?: boolean;
}

/** Attempts after which a driver gives up; the real ones use a time limit. */
const MAX_TRIES = 16;

const G = sites('drm_gpusvm_get_pages', {
  enter: 'mirror [{a:page start}, {b:page end}) where it is now, owner {c:int}',
  begin: 'read the notifier’s sequence',
  lock: 'mmap lock for reading',
  unlock: 'mmap lock released',
  busy: 'the sequence moved on: start anew',
  check: 'under the notifier lock: did the sequence move on since?',
  tooMany: 'the driver gives up after {a:int tries} attempts',
  hole: '{a:page addr} is not there: -EFAULT',
  map: 'the GPU maps {b:page addr}',
  exit: '',
});

/**
 * The loop around hmm_range_fault() that GPU drivers share: begin, walk, check again, map. What was reported
 * goes to `seen` (1 = page on the asking device, 2 = elsewhere, 0 = not there). @returns 0 or an errno.
 */
export function* mirrorPages(k: Kernel, r: MirrorRequest, seen: number[] = []): Run<number> {
  const m = k.m;
  const o = m.obj;
  const range = m.newObj(RANGE.SIZE);
  o.set(range + RANGE.START, r.start);
  o.set(range + RANGE.END, r.end);
  o.set(range + RANGE.HMM_PFNS, m.newWords(r.end - r.start));
  o.set(range + RANGE.DEFAULT_FLAGS, (r.fault ? k.enc.VALID : 0) | (r.write ? k.enc.WRITE : 0));
  o.set(range + RANGE.OWNER, r.owner ?? r.device + 1);
  o.set(range + RANGE.NOTIFIER, r.device + 1);
  o.set(range + RANGE.MM, r.mm);
  enter(k, G.enter, r.start, r.end, r.owner ?? r.device + 1);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const seq = yield* mmu_interval_read_begin(k, G.begin, r.device);
    o.set(range + RANGE.NOTIFIER_SEQ, seq);
    if (r.locked !== true) yield* mmap_read_lock(k, G.lock, r.mm);
    const ret = yield* hmm_range_fault(k, range);
    if (r.locked !== true) mmap_read_unlock(k, G.unlock, r.mm);
    if (ret === -EBUSY) {
      at(k, G.busy, tries);
      continue;
    }
    if (ret !== 0) return exit(k, G.exit, ret, range);
    if (yield* mmu_interval_read_retry(k, G.check, r.device, seq)) continue;
    return exit(k, G.exit, mapReported(k, r, range, seen), range);
  }
  at(k, G.tooMany, MAX_TRIES);
  return exit(k, G.exit, -EAGAIN, range);
}

function mapReported(k: Kernel, r: MirrorRequest, range: number, seen: number[]): number {
  const m = k.m;
  const { enc } = k;
  const pfns = m.obj.get(range + RANGE.HMM_PFNS);
  for (let i = 0; i < r.end - r.start; i++) {
    const lo = wordLo(k, pfns, i);
    const hi = wordHi(k, pfns, i);
    const valid = (hi & enc.VALID) !== 0 && (hi & enc.ERROR) === 0;
    const pfn = valid ? hmmPfnOf(lo, hi, enc) : -1;
    seen[i] = !valid ? 0 : dataPfn(m, pfn) !== pfn ? 1 : 2;
    if (r.lookOnly === true) continue;
    if (!valid && r.fault) {
      at(k, G.hole, r.start + i);
      return -EFAULT;
    }
    if (valid) setDevicePte(m, G.map, r.device, r.start + i, dataPfn(m, pfn), (hi & enc.WRITE) !== 0);
  }
  return 0;
}
