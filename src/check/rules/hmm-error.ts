import { BANK, D, D_STRIDE, V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { EBUSY, EFAULT, EPERM, ERANGE } from '../../kernel/errno.ts';
import { RANGE } from '../../kernel/structs.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumber, siteNumber } from './functions.ts';
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

/** At each return of hmm_range_fault() with an error. */
export class HmmError extends Check {
  override readonly opsAfter = [OP.ENTER, OP.AT, OP.EXIT];
  private readonly enter = siteNumber('hmm_range_fault:enter');
  private readonly exit = siteNumber('hmm_range_fault:exit');
  private readonly fault = functionNumber('hmm_vma_fault');
  private readonly faultFailed = siteNumber('hmm_vma_fault:failed');
  /** actors in whose latest call no page can be expected to become valid: a page fault failed, or there was poison */
  private readonly failed = new Set<number>();

  override restart(): void {
    this.failed.clear();
  }

  override after(): void {
    const { s } = this;
    if (s.site === this.enter) this.begin(s.a, s.b, s.c);
    else if (s.site >> 5 === this.fault) {
      if (s.site === this.faultFailed) this.failed.add(s.actor);
    } else if (s.site === this.exit && s.a < 0) {
      const start = s.obj(s.b + RANGE.START);
      const end = s.obj(s.b + RANGE.END);
      if (!this.hasCause(-s.a, s.b, start, end)) s.found(HMM_ERROR, s.a, start, end);
    }
  }

  /** What is illegal now may be gone at the end: somebody unmaps poison meanwhile. */
  private begin(range: number, start: number, end: number): void {
    if (this.isIllegal(this.s.obj(range + RANGE.MM), start, end)) this.failed.add(this.s.actor);
    else this.failed.delete(this.s.actor);
  }

  private isIllegal(mm: number, start: number, end: number): boolean {
    return this.somePage(mm, start, end, (page, vma) => this.illegal(mm, page, vma));
  }

  private hasCause(error: number, range: number, start: number, end: number): boolean {
    const { s } = this;
    const mm = s.obj(range + RANGE.MM);
    switch (error) {
      case EBUSY:
        return this.invalidated(range);
      case EFAULT:
        return this.failed.has(s.actor) || this.isIllegal(mm, start, end);
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
