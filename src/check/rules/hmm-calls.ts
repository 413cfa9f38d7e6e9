import { OP } from '../../machine/ops.ts';
import { Check } from './check.ts';
import { siteNumber } from './functions.ts';

/** A call of hmm_range_fault() that has not returned: its hmm_range, and what a rule keeps of it. */
export interface HmmCall<Kept> {
  readonly range: number;
  kept: Kept;
}

/** Follows each actor's calls of hmm_range_fault(); a fault within one may make another. */
export abstract class HmmCalls<Kept> extends Check {
  override readonly opsAfter = [OP.ENTER, OP.AT, OP.EXIT];
  /** sites within a call of which `within` wants to hear */
  protected readonly watched: readonly number[] = [];
  private readonly enter = siteNumber('hmm_range_fault:enter');
  private readonly exit = siteNumber('hmm_range_fault:exit');
  /** the latest last */
  private readonly open: (HmmCall<Kept> & { readonly actor: number })[] = [];

  /** A call begins. @returns what the rule keeps of it */
  protected abstract begins(range: number): Kept;
  /** The present actor's latest call comes to a watched site. */
  protected within(_call: HmmCall<Kept>): void {}
  /** The call returns what the present step says. */
  protected returns(_call: HmmCall<Kept>): void {}

  override restart(): void {
    this.open.length = 0;
  }

  override after(): void {
    const { s } = this;
    const { site, actor } = s;
    if (site === this.enter) this.open.push({ actor, range: s.a, kept: this.begins(s.a) });
    else if (site === this.exit || this.watched.includes(site)) {
      const at = this.open.findLastIndex((c) => c.actor === actor);
      const call = this.open[at];
      if (call === undefined) return;
      if (site !== this.exit) this.within(call);
      else {
        this.open.splice(at, 1);
        this.returns(call);
      }
    }
  }
}
