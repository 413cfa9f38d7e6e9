import { pageOfStep } from '../../recording/moves.ts';
import { PANE_IDS, TEXT_TABS, type TextTab } from '../../tour/panes.ts';
import { breakHere } from '../breakpoints.ts';
import { type Command, ready } from '../command.ts';
import { PANE_NAMES, showTab, togglePane } from '../panes.ts';
import { loaded } from '../player.ts';
import { THEMES, type Theme, store } from '../store.ts';
import { zoomed } from '../window.ts';

const set = store.setState;

/** Zooms the timeline about the cursor. */
function zoom(factor: number): void {
  const length = loaded()?.recording.length ?? 0;
  set((s) => ({ window: zoomed(s.window, factor, s.step, length) }));
}

const TABS: Readonly<Record<TextTab, string>> = {
  frame: 'Show stack and locals',
  log: 'Show the step log',
  tables: 'Show the page-table entries',
  folios: 'Show the folios',
  locks: 'Show the locks',
  findings: 'Show the findings',
  scenario: 'Show what the scenario is about',
  cost: 'Show the estimated cost',
  schedule: 'Show the schedule: who goes on',
  search: 'Search for a run that …',
};

function selectPageOfStep(): void {
  const { step } = store.getState();
  const rec = loaded()?.recording;
  const page = rec === undefined || step < 0 ? null : pageOfStep(rec, step);
  if (page === null) set({ notice: 'This step names no page.' });
  else set({ selection: { kind: 'page', page }, notice: 'The page of this step is selected.' });
}

function nextTheme(): void {
  const { theme } = store.getState();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] as Theme;
  set({ theme: next, notice: `Colours: ${next === 'auto' ? 'as the system says' : next}.` });
}

export const LOOK: readonly Command[] = [
  {
    id: 'breakpoint',
    title: 'Set or remove a breakpoint here',
    group: 'Look',
    keys: ['.'],
    when: ready,
    run: breakHere,
  },
  {
    id: 'select-page',
    title: 'Select the page of this step',
    group: 'Look',
    keys: ['p'],
    when: ready,
    run: selectPageOfStep,
  },
  { id: 'zoom-in', title: 'Timeline: zoom in', group: 'Look', keys: ['z'], when: ready, run: () => zoom(0.5) },
  { id: 'zoom-out', title: 'Timeline: zoom out', group: 'Look', keys: ['Shift+z'], when: ready, run: () => zoom(2) },
  {
    id: 'zoom-all',
    title: 'Timeline: the whole recording',
    group: 'Look',
    keys: ['0'],
    when: ready,
    run: () => zoom(Infinity),
  },
  ...TEXT_TABS.map(
    (tab, i): Command => ({
      id: `tab-${tab}`,
      title: TABS[tab],
      group: 'Look',
      // The search has no digit left.
      keys: [i < 9 ? String(i + 1) : '/'],
      run: () => showTab(tab),
    }),
  ),
  ...PANE_IDS.map(
    (pane, i): Command => ({
      id: `pane-${pane}`,
      title: `Open or close: ${PANE_NAMES[pane]}`,
      group: 'Look',
      keys: [`Alt+${i + 1}`],
      run: () => togglePane(pane),
    }),
  ),
  {
    id: 'voice',
    title: 'Text for students or for reviewers',
    group: 'Look',
    keys: ['v'],
    run: () => set((s) => ({ voice: s.voice === 'student' ? 'reviewer' : 'student' })),
  },
  {
    id: 'theme',
    title: 'Colours: system, light, dark, projector',
    group: 'Look',
    keys: ['d'],
    run: nextTheme,
  },
];
