import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { pte_protnone, pte_write } from '../../machine/words/pte.ts';
import { is_writable_device_private_entry, is_writable_migration_entry } from '../../machine/words/swp.ts';
import { KIND } from './entries.ts';
import { HmmReport, type Reported } from './hmm-report.ts';
import type { RuleInfo } from './rule.ts';

export const HMM_OUTPUT: RuleInfo = {
  id: 'hmm-output',
  says: 'When hmm_range_fault() succeeds, every page that was asked for is valid, writable if that was asked, and each entry names the page that is mapped there.',
  source: {
    where: 'mm/hmm.c, hmm_range_fault(); Documentation/mm/hmm.rst, "Address space mirroring"',
    says: 'On success the array describes the range as the page tables do, as long as the notifier sequence has not moved on: HMM_PFN_VALID and HMM_PFN_WRITE say what the CPU may do.',
  },
  moment: 'step',
  kernel: [],
  text: 'the report of {a:page} does not fit: its flags are {b:flagshi}, mapped is {c:pfn}',
  broken: { ledger: 'F-36' },
  kept: { ledger: 'F-36', on: true },
};

/** What is reported is there, and what was asked for is reported. */
export class HmmOutput extends HmmReport {
  protected override reported({ page, lo, hi, e, asked, mirrors, readOnly, own }: Reported): void {
    const { s } = this;
    const { enc } = s;
    const valid = (hi & enc.VALID) !== 0;
    // Collecting for a caller without a notifier passes over what somebody else is migrating, as it always did.
    const passedOver = !mirrors && e !== 0 && s.kind[e] === KIND.MIGRATION;
    const missing = !valid && (asked & enc.VALID) !== 0 && (hi & enc.MIGRATE) === 0 && !passedOver;
    if (missing || (readOnly && !own) || (valid && !this.fits(e, page, lo, hi)))
      s.found(HMM_OUTPUT, page, hi, e === 0 ? 0 : s.frame[e]);
  }

  private fits(e: number, page: number, lo: number, hi: number): boolean {
    const { s } = this;
    const { enc } = s;
    const pfn = hmmPfnOf(lo, hi, enc);
    // An empty page that is to be migrated: VALID without a page in the series up to v5.
    if (pfn === 0 && (hi & enc.MIGRATE) !== 0) return true;
    const kind = e === 0 ? KIND.NONE : (s.kind[e] as number);
    if (kind !== KIND.PRESENT && kind !== KIND.DEVICE && kind !== KIND.MIGRATION) return false;
    const huge = s.levelOf(e) > 1;
    if ((s.frame[e] as number) + (huge ? page & 511 : 0) !== pfn) return false;
    if ((hi & enc.WRITE) === 0) return true;
    const elo = s.entryLo(e);
    const ehi = s.entryHi(e);
    if (kind === KIND.PRESENT) return pte_write(elo, ehi) && !pte_protnone(elo, ehi);
    return kind === KIND.DEVICE ? is_writable_device_private_entry(elo, ehi) : is_writable_migration_entry(elo, ehi);
  }
}
