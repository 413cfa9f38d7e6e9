import { BANK } from '../../machine/layout.ts';
import { RANGE } from '../../kernel/structs.ts';
import { siteNumber } from './functions.ts';
import { type HmmCall, HmmCalls } from './hmm-calls.ts';
import type { RuleInfo } from './rule.ts';

export const HMM_INPUT: RuleInfo = {
  id: 'hmm-input-kept',
  says: 'When a walk begins again, the entries from `last` on still hold what the caller asked for.',
  source: {
    where: 'mm/hmm.c, comment in hmm_range_fault()',
    says: 'When -EBUSY is returned the loop restarts at an address that has not been stored in pfns: all entries before it are output, all from it on are still at their input values.',
  },
  moment: 'step',
  kernel: [],
  text: 'the walk begins again at {a:page}, but the request of {b:page} is overwritten: {c:flagshi}',
  broken: { ledger: 'F-03' },
  kept: { ledger: 'F-03', on: true },
};

/** Words looked at behind `last`: a table's worth says enough, and many restarts stay cheap. */
const LOOKED_AT = 512;

/** At each restart of the walk within one call. What is kept of a call: the words of the request as they came. */
export class HmmInput extends HmmCalls<Int32Array> {
  private readonly init = siteNumber('hmm_range_fault:init');
  private readonly again = siteNumber('hmm_range_fault:again');
  protected override readonly watched = [this.init, this.again];

  protected override begins(): Int32Array {
    return NO_WORDS;
  }

  protected override within(call: HmmCall<Int32Array>): void {
    if (this.s.site === this.init) call.kept = this.request(call.range);
    else this.compare(call);
  }

  private request(range: number): Int32Array {
    const { s } = this;
    const at = s.obj(range + RANGE.HMM_PFNS) * 2;
    const n = s.obj(range + RANGE.END) - s.obj(range + RANGE.START);
    return (s.cells[BANK.WORDS] as Int32Array).slice(at, at + n * 2);
  }

  private compare({ range, kept: request }: HmmCall<Int32Array>): void {
    const { s } = this;
    if (request.length === 0) return;
    const start = s.obj(range + RANGE.START);
    const pfns = s.obj(range + RANGE.HMM_PFNS);
    const from = Math.max(0, s.b - start);
    const to = Math.min(request.length / 2, from + LOOKED_AT);
    const words = s.cells[BANK.WORDS] as Int32Array;
    for (let i = from; i < to; i++) {
      const at = (pfns + i) * 2;
      if (words[at] === request[i * 2] && words[at + 1] === request[i * 2 + 1]) continue;
      s.found(HMM_INPUT, s.b, start + i, words[at + 1]);
      return;
    }
  }
}

const NO_WORDS = new Int32Array(0);
