import { FIX_SWITCHES } from '../../scenario/revision.ts';
import type { RunSpec } from '../../scenario/types.ts';
import type { Question } from './question.ts';
import type { Shown, Trier } from './trier.ts';

const MENDED = FIX_SWITCHES.filter((s) => s.on === 'mended').map((s) => s.id);

/**
 * The rows of the review ledger to which a hit belongs: turning that switch on alone makes it vanish, in every schedule
 * within the bound. Only switches for which the run asked can do that.
 */
export function attribute(
  trier: Trier,
  spec: RunSpec,
  preemptions: number,
  question: Question,
  shown: Shown,
): readonly string[] {
  trier.repeat(spec, shown.schedule);
  const asked = trier.asked;
  const fixes = spec.fixes ?? [];
  const on = new Set(fixes);
  return MENDED.filter(
    (id) =>
      asked.has(id) &&
      !on.has(id) &&
      !stillShows(trier, { ...spec, fixes: [...fixes, id] }, preemptions, question, shown),
  );
}

/** True when a spec still shows the same thing in a schedule within the bound. */
export function stillShows(
  trier: Trier,
  spec: RunSpec,
  preemptions: number,
  question: Question,
  shown: Pick<Shown, 'rule' | 'site'>,
): boolean {
  return firstShown(trier, spec, preemptions, question, shown) !== undefined;
}

/** The first run of a spec that shows the same thing, with the fewest preemptions. */
export function firstShown(
  trier: Trier,
  spec: RunSpec,
  preemptions: number,
  question: Question,
  shown: Pick<Shown, 'rule' | 'site'>,
): Shown | undefined {
  let found: Shown | undefined;
  trier.attempt(spec, '', preemptions, question, (s) => {
    if (s.rule !== shown.rule || s.site !== shown.site) return false;
    found = s;
    return true;
  });
  return found;
}
