import { TooLong } from '../../machine/steps.ts';
import { ScenarioError } from '../../scenario/error.ts';
import type { Revision } from '../../scenario/types.ts';
import { firstShown, stillShows } from './attribute.ts';
import { type Draft, specOf } from './draft.ts';
import type { Question } from './question.ts';
import type { Found } from './search.ts';
import type { Shown, Trier } from './trier.ts';
import { wordNamed } from './words.ts';

/** The text on which a hit was found. */
interface Base {
  readonly revision: Revision;
  /** switches that the search was told to turn on */
  readonly given: readonly string[];
  /** defects that the search has mended by itself, to see what they hide */
  readonly mended: readonly string[];
}

/**
 * The smallest draft that still shows the same thing for the same reason: words dropped or made plain, conditions, VMAs,
 * request and way made usual, mended defects let in again, and the schedule with the fewest preemptions. A reason is
 * the same when each ledger row of the hit still makes it vanish.
 */
export function shrink(
  trier: Trier,
  draft: Draft,
  preemptions: number,
  question: Question,
  shown: Shown,
  ledger: readonly string[],
  base: Base,
): Found {
  const holds = (d: Draft, mended: readonly string[]): Shown | undefined => {
    const spec = specOf(d, base.revision, [...base.given, ...mended]);
    if (spec === undefined) return undefined;
    try {
      const again = firstShown(trier, spec, preemptions, question, shown);
      if (again === undefined) return undefined;
      const same = ledger.every(
        (id) => !stillShows(trier, { ...spec, fixes: [...(spec.fixes ?? []), id] }, preemptions, question, shown),
      );
      return same ? again : undefined;
    } catch (error) {
      if (error instanceof ScenarioError || error instanceof TooLong) return undefined;
      throw error;
    }
  };
  let best = draft;
  let mended = base.mended;
  let last = shown;
  for (let smaller = true; smaller; ) {
    smaller = false;
    for (const candidate of simpler(best)) {
      const again = holds(candidate, mended);
      if (again === undefined) continue;
      best = candidate;
      last = again;
      smaller = true;
      break;
    }
  }
  for (const id of base.mended) {
    const without = mended.filter((m) => m !== id);
    const again = holds(best, without);
    if (again === undefined) continue;
    mended = without;
    last = again;
  }
  const spec = specOf(best, base.revision, [...base.given, ...mended]);
  if (spec === undefined) throw new Error('a draft that has been run has a spec');
  return {
    rule: last.rule,
    site: last.site,
    ledger,
    spec: last.schedule === undefined ? spec : { ...spec, schedule: last.schedule },
    step: last.step,
    steps: last.steps,
  };
}

/** Drafts that are one step simpler, the boldest first. */
function* simpler(d: Draft): Generator<Draft> {
  if (d.rivals.length > 0) yield { ...d, rivals: d.rivals.slice(1) };
  for (let i = 0; i < d.words.length; i++) yield { ...d, words: d.words.filter((_, j) => j !== i) };
  if (Object.keys(d.around).length > 0) yield { ...d, around: {} };
  if (d.vma !== 'anon') yield { ...d, vma: 'anon' };
  if (d.select.length > 1 || d.select[0] !== 'SYSTEM') yield { ...d, select: ['SYSTEM'] };
  if (d.ask !== 'read') yield { ...d, ask: 'read' };
  if (d.way !== 'unified') yield { ...d, way: 'unified' };
  if (d.range === 'whole' && d.words.some((w) => w.huge)) yield { ...d, range: 'head' };
  for (let i = 0; i < d.words.length; i++) {
    const word = d.words[i];
    const plain = wordNamed(word?.huge === true ? 'T' : 'P');
    if (word !== plain) yield { ...d, words: d.words.map((w, j) => (j === i ? plain : w)) };
  }
}
