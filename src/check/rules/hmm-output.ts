import { BANK, D, D_STRIDE, F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
import { pte_protnone, pte_write } from '../../machine/words/pte.ts';
import { is_writable_device_private_entry, is_writable_migration_entry } from '../../machine/words/swp.ts';
import { RANGE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumber, siteNumber } from './functions.ts';
import { type HmmCall, HmmCalls } from './hmm-calls.ts';
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

/** An entry of hmm_pfns[] at the success of hmm_range_fault(), and what was asked of it. */
interface Reported {
  readonly page: number;
  readonly lo: number;
  readonly hi: number;
  /** entry of the page tables, 0 when there is none */
  readonly e: number;
  readonly asked: number;
  /** the caller has a notifier */
  readonly mirrors: boolean;
  /** it allows no writing, which was asked, and nothing will be made of it */
  readonly readOnly: boolean;
  /** the page is on the caller's own device */
  readonly own: boolean;
}

/** At the success of hmm_range_fault(), where nothing has changed meanwhile. */
abstract class HmmReport extends Check {
  override readonly opsAfter = [OP.EXIT];
  private readonly fault = functionNumber('hmm_range_fault');

  protected abstract reported(r: Reported): void;

  override after(): void {
    const { s } = this;
    if (s.site >> 5 !== this.fault || s.a !== 0) return;
    const range = s.b;
    const start = s.obj(range + RANGE.START);
    const end = s.obj(range + RANGE.END);
    if (range === 0 || !this.isCurrent(range)) return;
    const pfns = s.obj(range + RANGE.HMM_PFNS);
    const pgd = s.pgdOf(s.obj(range + RANGE.MM));
    const words = s.cells[BANK.WORDS] as Int32Array;
    const { enc } = s;
    const asked = s.obj(range + RANGE.DEFAULT_FLAGS);
    const owner = s.obj(range + RANGE.OWNER);
    const mirrors = s.obj(range + RANGE.NOTIFIER) !== 0;
    const writing = (asked & enc.VALID) !== 0 && (asked & enc.WRITE) !== 0;
    for (let page = start; page < end; page++) {
      const at = (pfns + page - start) * 2;
      const lo = words[at] as number;
      const hi = words[at + 1] as number;
      const e = s.leafOf(pgd, page);
      const readOnly = writing && (hi & (enc.VALID | enc.WRITE | enc.MIGRATE)) === enc.VALID;
      const own = e !== 0 && s.kind[e] === KIND.DEVICE && s.f(s.folioOf(s.frame[e] as number), F.OWNER) === owner;
      this.reported({ page, lo, hi, e, asked, mirrors, readOnly, own });
      // The first entry of a collected huge page stands for all.
      if ((hi & enc.COMPOUND) !== 0) page += 511;
    }
  }

  /** True when nobody has told the range's device of a change since it read the sequence. */
  private isCurrent(range: number): boolean {
    const { s } = this;
    const notifier = s.obj(range + RANGE.NOTIFIER);
    // migrate_vma_setup() reads the report itself, under its locks; without a notifier nobody could tell whether it still holds.
    if (notifier === 0) return false;
    const o = (notifier - 1) * D_STRIDE;
    return (
      s.get(BANK.DEVICE, o + D.SEQ) === s.obj(range + RANGE.NOTIFIER_SEQ) && s.get(BANK.DEVICE, o + D.ACTIVE) === 0
    );
  }
}

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

/** Pages of the caller's own device, when it asks to write. */
export class HmmDeviceWrite extends HmmReport {
  protected override reported({ page, hi, e, readOnly, own }: Reported): void {
    if (readOnly && own) this.s.found(HMM_DEVICE_WRITE, page, hi, this.s.frame[e]);
  }
}

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
