import { formatValue } from './format.ts';
import type { Recording } from './recording.ts';
import { parseTemplate } from './template.ts';

/** A broken rule that a reading of the recording has found: not a step of its own, as what the running kernel finds. */
export interface RuleFinding {
  /** id of the rule */
  readonly rule: string;
  /** what it says, with `{a:folio}` for its numbers */
  readonly text: string;
  readonly step: number;
  readonly actor: number;
  readonly site: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const kept = new WeakMap<Recording, readonly RuleFinding[]>();
const NONE: readonly RuleFinding[] = [];

/**
 * What the rules of check/ found in a recording, ascending by step. It is put in place by whoever has read the rules
 * over it, as a rule by the thread that made the recording; until then there is nothing.
 */
export const ruleFindings = {
  of: (rec: Recording): readonly RuleFinding[] => kept.get(rec) ?? NONE,
  has: (rec: Recording): boolean => kept.has(rec),
  put: (rec: Recording, found: readonly RuleFinding[]): void => {
    kept.set(rec, found);
  },
};

/** What a finding says, with its numbers in words. */
export function ruleFindingText(rec: Recording, finding: RuleFinding): string {
  return parseTemplate(finding.text)
    .map((piece) =>
      'text' in piece ? piece.text : formatValue(rec, piece.format, finding[piece.operand], finding.step),
    )
    .join('');
}
