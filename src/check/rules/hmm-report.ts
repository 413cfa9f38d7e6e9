import { BANK, D, D_STRIDE, F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { RANGE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumber } from './functions.ts';

/** An entry of hmm_pfns[] at the success of hmm_range_fault(), and what was asked of it. */
export interface Reported {
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
export abstract class HmmReport extends Check {
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
