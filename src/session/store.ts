import { createStore } from 'zustand/vanilla';
import type { RunSpec } from '../scenario/types.ts';
import type { Selection } from '../scene/selection.ts';
import type { PaneId, TextTab } from '../tour/panes.ts';
import type { Window } from './window.ts';

/** Something that went wrong, said in the page; what was there before stays. */
export interface Problem {
  /** one line: what could not be done */
  readonly title: string;
  /** places and expectations, a line each */
  readonly details: readonly string[];
}

/** A recording being made. */
export interface Job {
  readonly spec: RunSpec;
  /** steps recorded so far, 0 when not known */
  readonly steps: number;
  readonly startedAt: number;
}

export type Voice = 'student' | 'reviewer';
/** `projector` has the contrast that a bright hall needs. */
export const THEMES = ['auto', 'light', 'dark', 'projector'] as const;
export type Theme = (typeof THEMES)[number];
export type Dialog =
  | 'palette'
  | 'keys'
  | 'about'
  | 'scenarios'
  | 'import'
  | 'fixes'
  | 'editor'
  | 'word'
  | 'tours'
  | 'glossary'
  | 'export'
  | 'notes'
  | 'score'
  | 'pictures'
  | 'qr';
/** What stands beside the panes and leads through them. */
export type Guide = 'tour' | 'predict';
/** What the code pane shows: the model's source, or the patch that is reviewed. */
export type CodeView = 'model' | 'patch';
/** What the page shows: one recording, or several side by side. */
export type View = 'walk' | 'compare';

/** One thing at a time, for a hall. */
export interface Present {
  /** the pane that is in front */
  readonly pane: PaneId;
  /** what this step is not about stands back */
  readonly spotlight: boolean;
  /** the screen is blank, so that everybody looks at the lecturer */
  readonly blank: boolean;
}

/** What comes is hidden, so that nobody sees the answer to a question before giving one. */
export interface Veil {
  /** last step that is shown even when the cursor stands before it */
  readonly after: number;
  /** why, in the place of what is hidden */
  readonly says: string;
}

/** Every piece of app state. The recording itself lives beside the store (player.ts): here is only the cursor. */
export interface AppState {
  /** what determines the recording: scenario, strategy, revision, fix switches, operations; null until the first is chosen */
  readonly spec: RunSpec | null;
  /** number of the recording in place; every new one gets the next number, 0 = none yet */
  readonly recording: number;
  /** cursor: the state after this step is shown; -1 = before the first step */
  readonly step: number;
  /** the recording that is being made now */
  readonly job: Job | null;
  /** what the person has pointed at */
  readonly selection: Selection | null;
  /** sites that "run to breakpoint" and playing stop at */
  readonly breakpoints: ReadonlySet<number>;
  /** step whose frame of the call stack is looked at, null = the innermost frame of the cursor */
  readonly frame: number | null;
  /** direction in which the walk plays by itself, 0 = it stands */
  readonly playing: -1 | 0 | 1;
  /** steps per second while playing */
  readonly speed: number;
  /** steps that the timeline shows: first and end (not included) */
  readonly window: Window;
  /** step under the pointer on the timeline */
  readonly hover: number | null;
  /** depth of the text: for the classroom or for the patch reviewer */
  readonly voice: Voice;
  /** colours: as the system says, or forced */
  readonly theme: Theme;
  /** which text view is in front */
  readonly tab: TextTab;
  /** which text the code pane shows */
  readonly codeView: CodeView;
  /** which panes are closed */
  readonly closed: ReadonlySet<PaneId>;
  /** the tour or the questions that stand beside the panes */
  readonly guide: Guide | null;
  /** what comes after is hidden; null = everything is shown */
  readonly veil: Veil | null;
  /** present mode, null = the page as usual */
  readonly present: Present | null;
  /** one recording in its panes, or lanes side by side */
  readonly view: View;
  /** panes and controls of an embedded page, as `?embed=` names them ('' = the usual ones); null = the whole page */
  readonly embed: string | null;
  /** which dialog is open */
  readonly dialog: Dialog | null;
  /** the last thing that went wrong and has not been dismissed */
  readonly problem: Problem | null;
  /** what an import chose, inferred and left out on the way to the scenario */
  readonly notes: readonly string[];
  /** one line said aloud about the last command ("no later split") */
  readonly notice: string;
}

export const store = createStore<AppState>(() => ({
  spec: null,
  recording: 0,
  step: -1,
  job: null,
  selection: null,
  breakpoints: new Set(),
  frame: null,
  playing: 0,
  speed: 8,
  window: [0, 1],
  hover: null,
  voice: 'student',
  theme: 'auto',
  tab: 'frame',
  codeView: 'model',
  closed: new Set(),
  guide: null,
  veil: null,
  present: null,
  view: 'walk',
  embed: null,
  dialog: null,
  problem: null,
  notes: [],
  notice: '',
}));
