import { RANGE } from '../../kernel/structs.ts';
import { read_first_word } from '../../kernel/common/cpu-access.ts';
import { is_device_coherent_pfn, is_device_private_pfn } from '../../kernel/common/folio.ts';
import { requestFault } from '../../kernel/drivers/requests.ts';
import type { Kernel, Run } from '../../kernel/kernel.ts';
import { F, G } from '../../machine/layout.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';

/** What the measuring program found after the run. */
export interface Aftermath {
  /** bytes of the driver's SNAPSHOT ioctl, one for each page */
  readonly mirror: readonly string[];
  /** 'end', or 'begin' when a read never came back */
  readonly state: 'begin' | 'end';
  /** first words of the pages as hexadecimal numbers */
  readonly values: readonly string[];
}

/** Steps after which looking is given up: a fault that goes round for ever is a defect of the engine. */
const MOST_STEPS = 1 << 20;

/** Pages per walk of the SNAPSHOT ioctl. */
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
  COHERENT_LOCAL: 0x40,
  COHERENT_REMOTE: 0x50,
} as const;

/**
 * After a run: the SNAPSHOT ioctl on `device`, then a CPU read of every page of [start, end).
 * It runs on the recording's machine and adds steps that do not belong to the recording, so nothing
 * may seek in the recording afterwards.
 */
export function lookAfterwards(k: Kernel, mm: number, device: number, start: number, end: number): Aftermath {
  k.m.log.limit = k.m.log.length + MOST_STEPS;
  const mirror: string[] = [];
  for (let page = start; page < end; page += CHUNK)
    mirror.push(...snapshot(k, mm, device, page, Math.min(end, page + CHUNK)));
  const values: string[] = [];
  for (let page = start; page < end; page++) {
    const word = finish(read_first_word(k, mm, page));
    if (word === undefined) return { mirror, state: 'begin', values: [] };
    values.push(`0x${(word >>> 0).toString(16)}`);
  }
  return { mirror, state: 'end', values };
}

/** Runs kernel code that nobody competes with; undefined when it waits, which is then for ever. */
function finish<T>(run: Run<T>): T | undefined {
  const { done, value } = run.next();
  return done === true ? value : undefined;
}

function snapshot(k: Kernel, mm: number, device: number, start: number, end: number): string[] {
  const result = finish(requestFault(k, { mm, start, end, device, defaultFlags: 0, pfnFlagsMask: 0 }));
  if (!result || result.ret !== 0) return [];
  const first = k.m.obj.get(result.range + RANGE.HMM_PFNS);
  return Array.from({ length: end - start }, (_, i) => {
    const byte = protOf(k, k.m.words.get((first + i) * 2), k.m.words.get((first + i) * 2 + 1), device);
    return `0x${byte.toString(16).padStart(2, '0')}`;
  });
}

/** dmirror_mkentry() (lib/test_hmm.c). */
function protOf(k: Kernel, lo: number, hi: number, device: number): number {
  const { enc, m } = k;
  if ((hi & enc.ERROR) !== 0) return PROT.ERROR;
  if ((hi & enc.VALID) === 0) return PROT.NONE;
  const pfn = hmmPfnOf(lo, hi, enc);
  let prot: number = (hi & enc.WRITE) !== 0 ? PROT.WRITE : PROT.READ;
  if (is_device_private_pfn(pfn)) prot |= PROT.PRIVATE_LOCAL;
  else if (is_device_coherent_pfn(pfn))
    prot |= m.f(m.folioOf(pfn), F.OWNER) === device + 1 ? PROT.COHERENT_LOCAL : PROT.COHERENT_REMOTE;
  else if (pfn === m.scalar.get(G.ZERO_PFN)) prot |= PROT.ZERO;
  const order = enc.orderOf(hi);
  return prot | (order === 9 ? PROT.PMD : order === 18 ? PROT.PUD : 0);
}
