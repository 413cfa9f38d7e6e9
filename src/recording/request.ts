import type { WalkRequest } from '../kernel/drivers/requests.ts';
import type { HmmEncoding } from '../machine/words/hmm-pfn.ts';
import {
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../machine/words/migrate-pfn.ts';
import type { ScenarioRequest } from '../scenario/types.ts';

const SELECT = {
  SYSTEM: MIGRATE_VMA_SELECT_SYSTEM,
  DEVICE_PRIVATE: MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  DEVICE_COHERENT: MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  COMPOUND: MIGRATE_VMA_SELECT_COMPOUND,
} as const;

/** MIGRATE_VMA_SELECT_* bits of a request. */
export function selectBits(request: ScenarioRequest): number {
  return request.select.reduce((bits, name) => bits | SELECT[name], 0);
}

/** The arguments of hmm_range_fault() that a request stands for; with `migrate` it also asks to collect the pages. */
export function walkRequest(
  enc: HmmEncoding,
  at: { readonly mm: number; readonly offset: number },
  r: ScenarioRequest,
  migrate: boolean,
): WalkRequest {
  const base = { mm: at.mm, start: r.start + at.offset, end: r.end + at.offset, device: r.device };
  const per = r.perPage;
  if (per) {
    const bits = (what: 'fault' | 'write' | 'nothing'): number =>
      what === 'nothing' ? 0 : what === 'fault' ? enc.VALID : enc.VALID | enc.WRITE;
    return {
      ...base,
      defaultFlags: 0,
      pfnFlagsMask: enc.VALID | enc.WRITE,
      perPage: (i) => bits(i % 2 === 0 ? per.even : per.odd),
    };
  }
  return {
    ...base,
    defaultFlags: (r.fault ? enc.VALID : 0) | (r.write ? enc.WRITE : 0) | (migrate ? enc.MIGRATE : 0),
    pfnFlagsMask: 0,
  };
}
