import type { CounterId } from '../recording/counters.ts';
import type { KernelVersion, Operation, Revision, Scenario, Strategy } from '../scenario/types.ts';
import type { PaneId, TextTab } from './panes.ts';
import type { QuestionKind } from './questions/kinds.ts';

/*
 * What a tour is. Texts are Markdown (CommonMark without HTML): paragraphs, lists, tables, emphasis, code and links.
 */

/** The run that a stop stands in. */
export interface TourRun {
  /** id of a scenario of the library, or a whole scenario */
  readonly scenario: string | Scenario;
  /** unified when left out */
  readonly strategy?: Strategy;
  /** v2 when left out */
  readonly revision?: Revision;
  /** v2 when left out: the kernel with the series */
  readonly kernel?: KernelVersion;
  /** fix switches on top of the revision, by ledger id */
  readonly fixes?: readonly string[];
  /** instead of what the strategy would do */
  readonly operations?: readonly Operation[];
  /** who goes on at each choice, as scenario/schedule.ts writes it: 12b3a */
  readonly schedule?: string;
}

/** A question with its answer written by the author, or one that the engine makes. */
export type TourQuestion =
  | {
      readonly ask: string;
      /** two to six answers */
      readonly choices: readonly string[];
      /** which of the choices is right, 0 = the first */
      readonly right: number;
      /** why, shown when the answer has been given */
      readonly because: string;
    }
  | {
      /** what decides next: the engine asks about the first step after the stop that decides something of this kind */
      readonly predict: QuestionKind | 'any';
    };

/** Panes of the page, as they stand at a stop. */
export interface TourPanes {
  /** panes that are closed; all others are open */
  readonly closed: readonly PaneId[];
  /** which text view is in front */
  readonly tab?: TextTab;
}

export interface TourStop {
  readonly title: string;
  /** left out: the run of the stop before */
  readonly run?: TourRun;
  /** where in the recording, in words that survive a change of the engine: see place.ts */
  readonly at: string;
  /** text that the line of the step must have (as `walk` prints it): a stop that has moved elsewhere is found out */
  readonly expect?: string;
  /** counters of the whole run that the note relies on; checked like `expect` */
  readonly facts?: { readonly [id in CounterId]?: number };
  /** for students */
  readonly note: string;
  /** for reviewers; left out: what students read */
  readonly reviewer?: string;
  readonly question?: TourQuestion;
  readonly panes?: TourPanes;
}

/** A walkthrough: of a lecture, or of a review. */
export interface Tour {
  readonly format: 'walkscope-tour';
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  /** one or two sentences, for the list of tours */
  readonly about: string;
  /** what somebody can do or explain afterwards; for the lecture notes */
  readonly goal: string;
  /** minutes that a lecture takes for it */
  readonly minutes: number;
  /** what should be known before */
  readonly needs?: readonly string[];
  /** questions for the discussion, with answers; for the lecture notes */
  readonly discuss?: readonly { readonly ask: string; readonly answer: string }[];
  readonly stops: readonly TourStop[];
}
