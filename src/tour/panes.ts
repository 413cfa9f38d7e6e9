/** The panes of the page; tours, links and settings name them. */
export const PANE_IDS = ['stage', 'pfns', 'code', 'text', 'timeline'] as const;
export type PaneId = (typeof PANE_IDS)[number];

/** The text views; tours, links and settings name them. */
export const TEXT_TABS = [
  'frame',
  'log',
  'tables',
  'folios',
  'locks',
  'findings',
  'scenario',
  'cost',
  'schedule',
  'search',
] as const;
export type TextTab = (typeof TEXT_TABS)[number];
