import type { KernelVersion, Operation, Scenario, Strategy } from '../types.ts';

/** What a test can see of the difference that a switch makes. */
export type Difference =
  /** a finding of this rule, in one of the runs only */
  | { readonly finding: string; readonly in: 'off' | 'on' }
  /** a statement of the code runs, in one of the runs only: `function:label` */
  | { readonly step: string; readonly in: 'off' | 'on' }
  /** these words come out differently: hmm_pfns[] of the last walk, src[] of the last migration */
  | { readonly words: 'hmm_pfns' | 'src' }
  /** the page table of the process comes out differently */
  | { readonly table: true }
  /** the sequence of the asking device's interval notifier comes out differently */
  | { readonly sequence: true };

/** A run that shows what a switch is about. */
export interface Show {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly operations?: readonly Operation[];
  readonly kernel?: KernelVersion;
  /** switches that are on in both runs, because something else would come first */
  readonly with?: readonly string[];
  /** what is seen with the switch off, and with it on */
  readonly off: string;
  readonly on: string;
  readonly differs: Difference;
}
