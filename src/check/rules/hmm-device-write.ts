import { HmmReport, type Reported } from './hmm-report.ts';
import type { RuleInfo } from './rule.ts';

export const HMM_DEVICE_WRITE: RuleInfo = {
  id: 'hmm-device-write',
  says: 'When hmm_range_fault() succeeds for a request to write, pages of the caller’s own device are reported writable, too.',
  source: {
    where: 'include/linux/hmm.h, HMM_PFN_REQ_WRITE',
    says: '"The output must have write permission or hmm_range_fault() will fail"; nothing exempts the pages that are on the device already.',
  },
  moment: 'step',
  kernel: [],
  text: 'the report of {a:page} does not allow writing, which was asked: its flags are {b:flagshi}, mapped is {c:pfn}',
  broken: { library: 'device-own-read-only' },
  kept: { library: 'device-own' },
};

/** Pages of the caller's own device, when it asks to write. */
export class HmmDeviceWrite extends HmmReport {
  protected override reported({ page, hi, e, readOnly, own }: Reported): void {
    if (readOnly && own) this.s.found(HMM_DEVICE_WRITE, page, hi, this.s.frame[e]);
  }
}
