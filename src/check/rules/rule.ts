import type { Rule } from '../../kernel/rules.ts';
import type { ScenarioRun } from './example.ts';

/** When a rule is looked at: at the step itself, at the next moment without a spinlock, or when all have returned. */
export type RuleMoment = 'step' | 'no-spinlock' | 'end';

/** Where the rule comes from: the kernel's own words or code. */
export interface RuleSource {
  /** file and function, or page of Documentation/, of v6.19 */
  readonly where: string;
  /** what stands there, in our words */
  readonly says: string;
}

/** One rule of the catalogue. */
export interface RuleInfo {
  /** its name: in findings, on the command line, in links */
  readonly id: string;
  /** what must hold, in plain words */
  readonly says: string;
  readonly source: RuleSource;
  readonly moment: RuleMoment;
  /** findings of the running kernel (kernel/rules.ts) that are findings of this rule */
  readonly kernel: readonly Rule[];
  /** what a finding says; `{a:folio}` are its numbers in the formats of recording/format.ts. '' = only the kernel finds it */
  readonly text: string;
  /** a run that breaks it; undefined when only broken code (a mutant) does */
  readonly broken?: ScenarioRun;
  /** the mutant of test/mutants that breaks it, where no scenario does on any kernel of the model */
  readonly mutant?: string;
  /** a run of the same code paths that keeps it */
  readonly kept: ScenarioRun;
}

/** Findings of one rule after which no more are listed: 512 of them say no more than these. */
export const MOST_PER_RULE = 8;
