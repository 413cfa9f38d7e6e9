import type { Recording } from '../../recording/recording.ts';
import type { QuestionKind } from './kinds.ts';

/** A question about a step, asked while the cursor stands before it. Texts are Markdown. */
export interface Question {
  readonly kind: QuestionKind;
  /** the step that decides */
  readonly step: number;
  readonly text: string;
  /** two to four answers */
  readonly choices: readonly string[];
  /** index of the right one */
  readonly right: number;
  /** why, from the recording */
  readonly because: string;
  /** step at which the answer can be seen */
  readonly reveal: number;
}

/** A question before its answers are chosen and mixed. */
export interface Draft {
  readonly text: string;
  readonly right: string;
  /** what could also have been, the most plausible first; may hold the right one, and doubles */
  readonly wrong: readonly string[];
  readonly because: string;
  /** the step itself when left out */
  readonly reveal?: number;
}

/** What questions are made of. */
export interface Ground {
  readonly rec: Recording;
  readonly step: number;
  /** other recordings of the same scenario: other strategies, other texts */
  readonly twins: readonly Recording[];
}

/** Text of the engine as Markdown: nothing in it means anything. */
export function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, (c) => `\\${c}`);
}

/** Text of the engine as code. */
export const code = (text: string): string => `\`${text}\``;
