import { BANK, D, D_STRIDE, V, VM } from '../../machine/layout.ts';
import { EBUSY, EFAULT, EPERM, ERANGE } from '../../kernel/errno.ts';
import { RANGE } from '../../kernel/structs.ts';
import { KIND } from './entries.ts';
import { siteNumber } from './functions.ts';
import { type HmmCall, HmmCalls } from './hmm-calls.ts';
import type { RuleInfo } from './rule.ts';

export const HMM_ERROR: RuleInfo = {
  id: 'hmm-error',
  says: 'An error of hmm_range_fault() has the cause that is documented for it.',
  source: {
    where: 'mm/hmm.c, kernel-doc of hmm_range_fault(), and the comment in hmm_vma_walk_test()',
    says: '-EBUSY: the range has been invalidated. -EFAULT: a page was requested to be valid and could not be made valid, "ie it has no backing VMA or it is illegal to access". -EPERM: write access was asked for and the range is read-only. -ERANGE (series v2): the range crosses several VMAs, of which one that is skipped does not count: "Skip this vma and continue processing the next vma".',
  },
  moment: 'step',
  kernel: [],
  text: 'hmm_range_fault() returns {a:errno} for [{b:page}, {c:page}), and nothing there is a cause of that',
  broken: { ledger: 'F-29' },
  kept: { ledger: 'F-29', on: true },
};

/**
 * At each return of hmm_range_fault() with an error. What is kept of a call: whether it could not make every page valid,
 * because a page fault failed or an entry was illegal when it began. Somebody may have unmapped that meanwhile.
 */
export class HmmError extends HmmCalls<boolean> {
  /** a page fault failed */
  protected override readonly watched = [siteNumber('hmm_vma_fault:failed')];

  protected override begins(range: number): boolean {
    const { s } = this;
    return this.isIllegal(s.obj(range + RANGE.MM), s.b, s.c);
  }

  protected override within(call: HmmCall<boolean>): void {
    call.kept = true;
  }

  protected override returns({ range, kept }: HmmCall<boolean>): void {
    const { s } = this;
    if (s.a >= 0) return;
    const start = s.obj(range + RANGE.START);
    const end = s.obj(range + RANGE.END);
    if (!this.hasCause(-s.a, range, kept, start, end)) s.found(HMM_ERROR, s.a, start, end);
  }

  private isIllegal(mm: number, start: number, end: number): boolean {
    return this.somePage(mm, start, end, (page, vma) => this.illegal(mm, page, vma));
  }

  private hasCause(error: number, range: number, failed: boolean, start: number, end: number): boolean {
    const { s } = this;
    const mm = s.obj(range + RANGE.MM);
    switch (error) {
      case EBUSY:
        return this.invalidated(range);
      case EFAULT:
        return failed || this.isIllegal(mm, start, end);
      case EPERM:
        return this.somePage(mm, start, end, (_page, vma) => vma >= 0 && (this.flags(vma) & VM.WRITE) === 0);
      case ERANGE:
        return this.vmas(mm, start, end) > 1;
      default:
        return true;
    }
  }

  /** The sequence has moved on since it was read, or an invalidation runs. */
  private invalidated(range: number): boolean {
    const { s } = this;
    const notifier = s.obj(range + RANGE.NOTIFIER);
    if (notifier === 0) return false;
    const o = (notifier - 1) * D_STRIDE;
    return (
      s.get(BANK.DEVICE, o + D.SEQ) !== s.obj(range + RANGE.NOTIFIER_SEQ) || s.get(BANK.DEVICE, o + D.ACTIVE) !== 0
    );
  }

  /** No VMA, one that cannot be read or maps a device, or an entry that no fault can make valid. */
  private illegal(mm: number, page: number, vma: number): boolean {
    if (vma < 0 || !this.walkable(vma)) return true;
    const { s } = this;
    const e = s.leafOf(s.pgdOf(mm), page);
    return (
      e !== 0 && (s.kind[e] === KIND.OTHER || (s.kind[e] === KIND.PRESENT && s.folioOf(s.frame[e] as number) === 0))
    );
  }

  private walkable(vma: number): boolean {
    return (this.flags(vma) & (VM.READ | VM.IO | VM.PFNMAP)) === VM.READ;
  }

  private flags(vma: number): number {
    return this.s.get(BANK.VMA, vma + V.FLAGS);
  }

  private somePage(mm: number, start: number, end: number, holds: (page: number, vma: number) => boolean): boolean {
    const { s } = this;
    for (let page = start; page < end; page++) if (holds(page, s.vmaAt(mm, page))) return true;
    return false;
  }

  /** VMAs of the range that are not skipped. */
  private vmas(mm: number, start: number, end: number): number {
    const { s } = this;
    let n = 0;
    for (let page = start; page < end; page++) {
      const vma = s.vmaAt(mm, page);
      if (vma < 0) continue;
      if (this.walkable(vma)) n++;
      page = s.get(BANK.VMA, vma + V.END) - 1;
    }
    return n;
  }
}
