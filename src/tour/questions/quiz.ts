import type { Recording } from '../../recording/recording.ts';
import { decidingSteps } from './deciding.ts';
import type { QuestionKind } from './kinds.ts';
import { questionAt } from './make.ts';
import type { Question } from './question.ts';
import { randomOf } from './random.ts';

/** Questions of a set, when nothing else is said. */
export const SET_SIZE = 10;
/** Steps that are tried for one question. */
const TRIES = 8;

/**
 * A set of questions about a recording, by ascending step, of as many kinds as it has. The same recording and seed give
 * the same set.
 */
export function questionSet(
  rec: Recording,
  seed: number,
  size = SET_SIZE,
  twins: readonly Recording[] = [],
): readonly Question[] {
  const random = randomOf(seed);
  const steps = decidingSteps(rec);
  const kinds = [...steps.keys()];
  const taken = new Map<number, Question>();
  // Round by round one of each kind, so that the many references do not drown the few restarts.
  for (let n = 0; taken.size < size && n < size * 4 && kinds.length > 0; n++) {
    const kind = kinds[n % kinds.length] as QuestionKind;
    const list = steps.get(kind) ?? [];
    for (let t = 0; t < TRIES; t++) {
      const step = list[Math.floor(random() * list.length)];
      if (step === undefined || taken.has(step)) continue;
      const q = questionAt(rec, step, seed, twins);
      if (q === undefined) continue;
      taken.set(step, q);
      break;
    }
  }
  return [...taken.values()].toSorted((a, b) => a.step - b.step);
}

/** The first question after a step, of a kind or of any; undefined when there is none. */
export function questionAfter(
  rec: Recording,
  after: number,
  kind: QuestionKind | 'any',
  seed: number,
  twins: readonly Recording[] = [],
): Question | undefined {
  const wanted = kind === 'any' ? undefined : kind;
  for (let step = after + 1; step < rec.length; step++) {
    const q = questionAt(rec, step, seed, twins, wanted);
    if (q !== undefined) return q;
  }
  return undefined;
}
