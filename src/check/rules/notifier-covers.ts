import { pte_write } from '../../machine/words/pte.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumbers } from './functions.ts';
import { type OpenEvents, openEvents } from './open-events.ts';
import type { RuleInfo } from './rule.ts';
import type { State } from './state.ts';

export const NOTIFIER_COVERS: RuleInfo = {
  id: 'change-outside-event',
  says: 'A mapping that a device may have mirrored is only taken away, moved to another page or made read-only between the begin and the end of an invalidation that covers it.',
  source: {
    where: 'include/linux/mmu_notifier.h, invalidate_range_start(); Documentation/mm/mmu_notifier.rst',
    says: 'invalidate_range_start() is called before any page of the range is unmapped, and secondary page tables must not be established for it until invalidate_range_end().',
  },
  moment: 'step',
  kernel: [],
  text: 'the mapping {a:page} -> {b:pfn} changes, and no invalidation covers it',
  mutant: 'capture-starts-no-event',
  kept: { library: 'anon' },
};

/** Every change that takes something from who mirrors the page. */
export class NotifierCovers extends Check {
  private readonly open: OpenEvents;
  /** Code of 2016, whose notifier knew no ranges of this sort, is looked at by its own rules. */
  private readonly exempt = functionNumbers('hmm_collect', 'hmm_vma_migrate');

  constructor(state: State) {
    super(state);
    this.open = openEvents(state);
  }

  override entry(e: number, kind: number, frame: number, lo: number, hi: number): void {
    if (kind !== KIND.PRESENT && kind !== KIND.DEVICE) return;
    if (kind === KIND.PRESENT && (lo & 1) === 0) return;
    const { s } = this;
    const now = s.kind[e] as number;
    const keepsWrite = kind !== KIND.PRESENT || pte_write(s.entryLo(e), s.entryHi(e)) || !pte_write(lo, hi);
    if (now === kind && s.frame[e] === frame && keepsWrite) return;
    if (now === KIND.TABLE || this.exempt.has(s.site >> 5) || !s.isLinked(e >>> 9)) return;
    const page = s.pageOf(e);
    if (!this.open.covers(page, page + (s.levelOf(e) > 1 ? 512 : 1))) s.found(NOTIFIER_COVERS, page, frame);
  }
}
