import { type Kernel, type Run, YIELD, block, finding, unblock } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { WAIT } from '../../machine/ops.ts';
import { BANK, D, D_STRIDE } from '../../machine/layout.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';

/** Banks whose change between two rounds is no progress: objects of the code, arrays it rewrites, actor bookkeeping, counters. */
const NOT_PROGRESS = new Set<number>([BANK.OBJ, BANK.ACTOR, BANK.SCALAR, BANK.WORDS]);

/** The devices' notifier sequences only count events; a reader whom that concerns leaves the loop by itself. */
const countsOnly = (loc: number): boolean =>
  NOT_PROGRESS.has(loc >>> LOC_BANK_SHIFT) ||
  (loc >>> LOC_BANK_SHIFT === BANK.DEVICE && (loc & LOC_INDEX_MASK) % D_STRIDE === D.SEQ);

/**
 * Notices that a loop came round to the same memory: between two restarts from the same page every
 * cell outside the code's own variables has its old value again. Nobody else runs in between (or has
 * changed nothing), so the next round must do the same, for ever.
 */
export class Progress {
  private readonly k: Kernel;
  private mark = -1;
  private markStep = 0;
  private last = -1;

  constructor(k: Kernel) {
    this.k = k;
  }

  /** To be asked at every restart; true when this round changed nothing. */
  stuck(last: number): boolean {
    const j = this.k.m.journal;
    const { log } = this.k.m;
    const same = this.mark >= 0 && last === this.last && this.alone() && this.unchangedSince(this.mark);
    this.mark = j.length;
    this.markStep = log.length;
    this.last = last;
    return same;
  }

  /** Nobody else has run in this round: who has may do so again, and then the next round is another one. */
  private alone(): boolean {
    const { m } = this.k;
    for (let i = this.markStep; i < m.log.length; i++) if (m.log.actor[i] !== m.actor) return false;
    return true;
  }

  private unchangedSince(from: number): boolean {
    const { loc, old, length } = this.k.m.journal;
    const first = new Map<number, number>();
    for (let i = from; i < length; i++) {
      const l = loc[i] as number;
      if (!countsOnly(l) && !first.has(l)) first.set(l, old[i] as number);
    }
    const banks = this.k.m.banks();
    for (const [l, value] of first) if (banks[l >>> LOC_BANK_SHIFT]?.get(l & LOC_INDEX_MASK) !== value) return false;
    return true;
  }

  /**
   * The endless loop itself: the actor never comes back from it. Under a schedule somebody else may still change
   * what the loop looks at, so there it waits for that, and the scheduler says when nobody is left to do so.
   * @param at what the finding names: the page at which the loop stands
   */
  *forever(site: number, at: number): Run<void> {
    const { k } = this;
    if (k.scheduled === true) {
      block(k, site, WAIT.LIVELOCK, at);
      yield YIELD.BLOCKED;
      unblock(k);
      return;
    }
    finding(k, site, RULE.LIVELOCK, at);
    block(k, 0, WAIT.LIVELOCK, k.m.actor);
    for (;;) yield YIELD.BLOCKED;
  }
}
