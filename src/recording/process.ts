import { ACCESS_SIGSEGV, cpu_access, read_first_word } from '../kernel/common/cpu-access.ts';
import { dup_mmap } from '../kernel/common/fork.ts';
import { folio_put } from '../kernel/common/folio.ts';
import { get_user_pages } from '../kernel/common/gup.ts';
import { madvise_free } from '../kernel/common/madvise-free.ts';
import { mmap_read_lock, mmap_read_unlock } from '../kernel/common/mmap-lock.ts';
import { mprotect } from '../kernel/common/mprotect.ts';
import { mremap } from '../kernel/common/mremap.ts';
import { munmap } from '../kernel/common/munmap.ts';
import { permissionBits } from '../kernel/common/vma-split.ts';
import { madvise_dontneed } from '../kernel/common/zap.ts';
import { dmirror_fops_open, dmirrorIoctl } from '../kernel/drivers/dmirror-ioctl.ts';
import { driverEvent } from '../kernel/drivers/driver-events.ts';
import { DPT_WRITE, devicePteIndex } from '../kernel/drivers/dmirror.ts';
import { EINVAL } from '../kernel/errno.ts';
import { sites } from '../kernel/functions.ts';
import { type Kernel, type Run, at, finding } from '../kernel/kernel.ts';
import { RULE } from '../kernel/rules.ts';
import { G, P } from '../machine/layout.ts';
import type { Expectation, ProcessCall } from '../scenario/process.ts';

/*
 * Runs what a scenario's process does around its walks, and checks what a test expects of it.
 */

const T = sites('test_program', {
  outside: 'there is no such process, or no such page: -EINVAL',
  holds: 'as the test expects',
  ret: 'the test expects {b:errno}, it got {c:errno}',
  cpages: 'the test expects cpages {b:int}, it got {c:int}',
  faults: 'the test expects {b:int} faults, it got {c:int}',
  bytes: 'page {a:page addr}: the test expects byte {b:hex}, it got {c:hex}',
  data: 'page {a:page addr}: the test expects {b:hex}, it read {c:hex}',
  lockGup: 'mmap lock for reading',
  unlockGup: 'mmap lock released',
  putGup: 'the reference is given back',
});

/** What an operation came to, as far as tests ask. */
interface Seen {
  readonly ret: number;
  readonly cpages: number;
  readonly faults: number;
  /** first page that bytes and words belong to */
  readonly start: number;
  readonly bytes: readonly number[];
  readonly words: readonly number[];
}

const plain = (ret: number, start = 0): Seen => ({ ret, cpages: 0, faults: 0, start, bytes: [], words: [] });

/**
 * One operation of a process; processes are numbered as they are forked. @param offset machine page = scenario page + offset.
 * @returns its return value: 0, an errno, or what a signal gives.
 */
export function* runProcessCall(k: Kernel, mm: number, offset: number, op: ProcessCall): Run<number> {
  const who = mm + (op.process ?? 0);
  // Links can name processes and pages that this scenario does not have.
  const outside =
    who >= k.m.scalar.get(G.MMS) || ('start' in op && op.start + offset < 0) || ('to' in op && op.to + offset < 0);
  if (outside) at(k, T.outside);
  const seen = outside ? plain(-EINVAL) : yield* run(k, who, offset, op);
  if (op.expect) check(k, op.expect, seen);
  return seen.ret;
}

function* run(k: Kernel, mm: number, offset: number, op: ProcessCall): Run<Seen> {
  switch (op.call) {
    case 'access':
      return yield* access(k, mm, op.start + offset, op.end + offset, op.write, op.data);
    case 'mprotect':
      return plain(yield* mprotect(k, mm, op.start + offset, op.end + offset, permissionBits(op.perms)));
    case 'munmap':
      return plain(yield* munmap(k, mm, op.start + offset, op.end + offset));
    case 'madvise': {
      const advise = op.advice === 'free' ? madvise_free : madvise_dontneed;
      return plain(yield* advise(k, mm, op.start + offset, op.end + offset));
    }
    case 'mremap':
      return plain(yield* mremap(k, mm, op.start + offset, op.end + offset, op.to + offset, op.keepOld));
    case 'fork':
      yield* dup_mmap(k, mm);
      return plain(0);
    case 'gup':
      return plain(yield* gup(k, mm, op.start + offset, op.end + offset, op.write));
    case 'open':
      return plain(dmirror_fops_open(k, op.device, mm));
    case 'driver':
      return plain(
        yield* driverEvent(k, op.does, mm, op.start + offset, op.end + offset, op.device, op.write === true),
      );
    case 'dmirror': {
      const [start, end] = [op.start + offset, op.end + offset];
      const bytes: number[] = [];
      const outcome = yield* dmirrorIoctl(k, op.nr, mm, start, end, op.device, bytes);
      return { ...outcome, start, bytes, words: mirrored(k, op.device, start, end) };
    }
  }
}

function* access(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  write: boolean,
  data: number | undefined,
): Run<Seen> {
  const words: number[] = [];
  let ret = 0;
  for (let page = start; page < end && ret === 0; page++) {
    if (write) {
      const value = data === undefined ? undefined : data + page - start;
      ret = yield* cpu_access(k, mm, page, true, value);
      words.push(value ?? 0);
    } else {
      const word = yield* read_first_word(k, mm, page);
      words.push(word);
      if (word >>> 16 === ACCESS_SIGSEGV >>> 16) ret = word;
    }
  }
  return { ...plain(ret, start), words };
}

function* gup(k: Kernel, mm: number, start: number, end: number, write: boolean): Run<number> {
  yield* mmap_read_lock(k, T.lockGup, mm);
  let ret = 0;
  for (let page = start; page < end && ret === 0; page++) {
    const pfn = yield* get_user_pages(k, mm, page, write);
    if (pfn < 0) ret = pfn;
    else folio_put(k, T.putGup, k.m.folioOf(pfn));
  }
  mmap_read_unlock(k, T.unlockGup, mm);
  return ret;
}

/** The words that the device reads through its own page table. */
function mirrored(k: Kernel, device: number, start: number, end: number): number[] {
  const words: number[] = [];
  for (let page = start; page < end; page++) {
    const i = devicePteIndex(k.m, device, page);
    const entry = i < 0 ? 0 : k.m.ints.get(i);
    if (entry === 0) break;
    words.push(k.m.pageGet((entry & ~DPT_WRITE) - 1, P.DATA));
  }
  return words;
}

function check(k: Kernel, expect: Expectation, seen: Seen): void {
  let holds = true;
  const wrong = (site: number, a: number, b: number, c: number): void => {
    if (!holds) return;
    holds = false;
    at(k, site, a, b, c);
    finding(k, site, RULE.TEST_FAILED, b, c);
  };
  if (expect.ret !== undefined && seen.ret !== expect.ret) wrong(T.ret, 0, expect.ret, seen.ret);
  if (expect.cpages !== undefined && seen.cpages !== expect.cpages) wrong(T.cpages, 0, expect.cpages, seen.cpages);
  if (expect.faults !== undefined && seen.faults !== expect.faults) wrong(T.faults, 0, expect.faults, seen.faults);
  expectedBytes(expect.bytes ?? '').forEach((byte, i) => {
    if (seen.bytes[i] !== byte) wrong(T.bytes, seen.start + i, byte, seen.bytes[i] ?? -1);
  });
  const { data } = expect;
  if (data !== undefined) {
    if (seen.words.length === 0) wrong(T.data, seen.start, data === 'zero' ? 0 : data, -1);
    seen.words.forEach((word, i) => {
      const want = data === 'zero' ? 0 : data + i;
      if (word !== want) wrong(T.data, seen.start + i, want, word);
    });
  }
  if (holds) at(k, T.holds);
}

/** `FF 06*512` as numbers. */
function expectedBytes(text: string): number[] {
  if (text === '') return [];
  return text.split(' ').flatMap((word) => {
    const [byte = '', times = '1'] = word.split('*');
    return Array.from({ length: Number(times) }, () => Number.parseInt(byte, 16));
  });
}
