import type { AppState } from './store.ts';

/** One thing a person can do. Keys, palette, tooltips and the key sheet all read the table of them (commands.ts). */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Move' | 'Run to' | 'Play' | 'Look' | 'Open' | 'Tour' | 'Present' | 'Compare' | 'Schedule';
  readonly keys: readonly string[];
  readonly run: () => void;
  /** false while the command makes no sense; left out = always */
  readonly when?: (s: AppState) => boolean;
}

/** There is a recording: what most commands need. */
export const ready = (s: AppState): boolean => s.recording > 0;
