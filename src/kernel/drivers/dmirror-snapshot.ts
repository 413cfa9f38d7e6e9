import { F } from '../../machine/layout.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { is_device_coherent_pfn, is_device_private_pfn, is_zero_pfn } from '../common/folio.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { RANGE } from '../structs.ts';
import { wordHi, wordLo } from '../unified/pfns.ts';
import { requestFault } from './requests.ts';

/** Pages that one hmm_range_fault() of the SNAPSHOT ioctl covers. */
const CHUNK = 32;

/** HMM_DMIRROR_PROT_* (lib/test_hmm_uapi.h) */
const PROT = {
  ERROR: 0xff,
  NONE: 0,
  READ: 1,
  WRITE: 2,
  PMD: 4,
  PUD: 8,
  ZERO: 0x10,
  PRIVATE_LOCAL: 0x20,
  PRIVATE_REMOTE: 0x30,
  COHERENT_LOCAL: 0x40,
  COHERENT_REMOTE: 0x50,
} as const;

const S = sites('dmirror_snapshot', {
  enter: 'what does the device see in [{a:page start}, {b:page end})?',
  chunk: 'the next window: [{a:page start}, {b:page end}), without any request',
  byte: 'page {a:page addr}: {b:hex byte}',
  exit: '',
});

/** dmirror_snapshot() (lib/test_hmm.c). @returns an errno, or 0 with a byte for each page in `bytes`. */
export function* dmirror_snapshot(
  k: Kernel,
  mm: number,
  start: number,
  end: number,
  device: number,
  bytes: number[],
): Run<number> {
  const o = k.m.obj;
  enter(k, S.enter, start, end, device);
  for (let addr = start; addr < end; addr += CHUNK) {
    const next = Math.min(end, addr + CHUNK);
    at(k, S.chunk, addr, next);
    const request = { mm, start: addr, end: next, device, defaultFlags: 0, pfnFlagsMask: 0 };
    const { ret, range } = yield* requestFault(k, request);
    if (ret !== 0) return exit(k, S.exit, ret);
    const pfns = o.get(range + RANGE.HMM_PFNS);
    for (let i = 0; i < next - addr; i++) {
      const byte = dmirror_mkentry(k, wordLo(k, pfns, i), wordHi(k, pfns, i), device);
      at(k, S.byte, addr + i, byte);
      bytes.push(byte);
    }
  }
  return exit(k, S.exit, 0);
}

/** dmirror_mkentry() (lib/test_hmm.c): an hmm pfn as a byte for user space. */
function dmirror_mkentry(k: Kernel, lo: number, hi: number, device: number): number {
  const { enc, m } = k;
  if ((hi & enc.ERROR) !== 0) return PROT.ERROR;
  if ((hi & enc.VALID) === 0) return PROT.NONE;
  const pfn = hmmPfnOf(lo, hi, enc);
  const local = (): boolean => m.f(m.folioOf(pfn), F.OWNER) === device + 1;
  let prot: number = (hi & enc.WRITE) !== 0 ? PROT.WRITE : PROT.READ;
  if (is_device_private_pfn(pfn)) prot |= local() ? PROT.PRIVATE_LOCAL : PROT.PRIVATE_REMOTE;
  else if (is_device_coherent_pfn(pfn)) prot |= local() ? PROT.COHERENT_LOCAL : PROT.COHERENT_REMOTE;
  else if (is_zero_pfn(m, pfn)) prot |= PROT.ZERO;
  const order = enc.orderOf(hi);
  return prot | (order === 9 ? PROT.PMD : order === 18 ? PROT.PUD : 0);
}
