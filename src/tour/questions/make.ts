import type { Recording } from '../../recording/recording.ts';
import { askEntry, askRefs, askWord } from './about-state.ts';
import {
  askFault,
  askFinding,
  askIsolate,
  askLock,
  askMigrates,
  askNotifier,
  askRetry,
  askReturn,
  askTrylock,
  askWalks,
} from './about-ways.ts';
import { decidingKind } from './deciding.ts';
import type { QuestionKind } from './kinds.ts';
import type { Draft, Ground, Question } from './question.ts';
import { type Random, randomOf, shuffled } from './random.ts';

const ASK: Readonly<Record<QuestionKind, (g: Ground) => Draft | undefined>> = {
  entry: askEntry,
  lock: askLock,
  trylock: askTrylock,
  return: askReturn,
  word: askWord,
  retry: askRetry,
  fault: askFault,
  refs: askRefs,
  walks: askWalks,
  migrates: askMigrates,
  notifier: askNotifier,
  isolate: askIsolate,
  finding: askFinding,
};

/** Answers of a question at most. */
const MOST_CHOICES = 4;

/**
 * The question about a step, or undefined when the step decides nothing or only one answer can be thought of.
 * The same recording, step and seed give the same question.
 * @param twins other recordings of the same scenario, from which wrong answers may come
 * @param kind what to ask where a step decides two things
 */
export function questionAt(
  rec: Recording,
  step: number,
  seed: number,
  twins: readonly Recording[] = [],
  kind?: QuestionKind,
): Question | undefined {
  const decides = decidingKind(rec, step);
  if (decides === undefined) return undefined;
  const random = randomOf(seed ^ Math.imul(step + 1, 0x9e3779b1));
  const ground = { rec, step, twins };
  for (const k of kindsOf(decides, kind, random)) {
    const draft = ASK[k](ground);
    const question = draft && mixed(k, step, draft, random);
    if (question !== undefined) return question;
  }
  return undefined;
}

/** hmm_range_fault() decides two things: how often it walks, and what it collects. */
function kindsOf(decides: QuestionKind, wanted: QuestionKind | undefined, random: Random): readonly QuestionKind[] {
  if (decides !== 'walks') return wanted === undefined || wanted === decides ? [decides] : [];
  if (wanted === 'walks' || wanted === 'migrates') return [wanted];
  if (wanted !== undefined) return [];
  return random() < 0.5 ? ['migrates', 'walks'] : ['walks', 'migrates'];
}

function mixed(kind: QuestionKind, step: number, draft: Draft, random: Random): Question | undefined {
  const wrong = [...new Set(draft.wrong)].filter((w) => w !== draft.right);
  if (wrong.length === 0) return undefined;
  // Of what is plausible the first half always, so that the answers differ in what matters; the rest by chance.
  const sure = wrong.slice(0, 2);
  const rest = shuffled(wrong.slice(2, 10), random);
  const choices = shuffled([draft.right, ...[...sure, ...rest].slice(0, MOST_CHOICES - 1)], random);
  return {
    kind,
    step,
    text: draft.text,
    choices,
    right: choices.indexOf(draft.right),
    because: draft.because,
    reveal: draft.reveal ?? step,
  };
}
