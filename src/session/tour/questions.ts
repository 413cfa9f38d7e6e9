import type { QuestionKind } from '../../tour/questions/kinds.ts';
import type { Question } from '../../tour/questions/question.ts';
import { questionAfter } from '../../tour/questions/quiz.ts';
import { seedOf } from '../../tour/questions/random.ts';
import { loaded } from '../player.ts';
import { twinsOf } from './twins.ts';

/** The question about what decides next after a step of the recording in place; undefined when nothing does. */
export function nextDecision(after: number, kind: QuestionKind | 'any', seed: string): Question | undefined {
  const l = loaded();
  return l === null ? undefined : questionAfter(l.recording, after, kind, seedOf(seed), twinsOf(l));
}
