import { BANK } from '../../machine/layout.ts';
import { RANGE } from '../../kernel/structs.ts';
import { type HmmCall, HmmCalls } from './hmm-calls.ts';
import type { RuleInfo } from './rule.ts';

export const HMM_FLAGS: RuleInfo = {
  id: 'hmm-flags-carried',
  says: 'The flags of an entry that belong to the caller come out of hmm_range_fault() as they went in.',
  source: {
    where: 'include/linux/hmm.h, enum hmm_pfn_flags; mm/hmm.c, HMM_PFN_INOUT_FLAGS',
    says: 'HMM_PFN_DMA_MAPPED, P2PDMA and P2PDMA_BUS are "sticky flags, carried from input to output": DMA_MAPPED is "preserved on input-to-output transformation to mark that page is already DMA mapped". A flag that is lost is a mapping that nobody undoes.',
  },
  moment: 'step',
  kernel: [],
  text: 'the entry of {a:page} had {b:flagshi} of its caller before, and {c:flagshi} now',
  broken: { ledger: 'F-16' },
  kept: { ledger: 'F-16', on: true },
};

/** At each return of hmm_range_fault(), with or without an error: the callers' flags of the entries as they came. */
export class HmmFlags extends HmmCalls<Int32Array> {
  protected override begins(range: number): Int32Array {
    return this.callersFlags(range);
  }

  protected override returns({ range, kept }: HmmCall<Int32Array>): void {
    const { s } = this;
    const now = this.callersFlags(range);
    const i = kept.findIndex((had, n) => had !== now[n]);
    if (i >= 0) s.found(HMM_FLAGS, s.obj(range + RANGE.START) + i, kept[i], now[i]);
  }

  private callersFlags(range: number): Int32Array {
    const { s } = this;
    const n = Math.max(0, s.obj(range + RANGE.END) - s.obj(range + RANGE.START));
    const words = s.cells[BANK.WORDS] as Int32Array;
    const at = s.obj(range + RANGE.HMM_PFNS) * 2;
    const flags = new Int32Array(n);
    for (let i = 0; i < n; i++) flags[i] = (words[at + i * 2 + 1] as number) & s.enc.INOUT;
    return flags;
  }
}
