/** What a question can be about. */
export const QUESTION_KINDS = [
  'entry',
  'lock',
  'trylock',
  'return',
  'word',
  'retry',
  'fault',
  'refs',
  'walks',
  'migrates',
  'notifier',
  'isolate',
  'finding',
] as const;

export type QuestionKind = (typeof QUESTION_KINDS)[number];
