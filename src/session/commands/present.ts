import { PANE_IDS } from '../../tour/panes.ts';
import type { Command } from '../command.ts';
import { PANE_NAMES } from '../panes.ts';
import { pause } from '../play.ts';
import { setPresent } from '../present.ts';
import { type AppState, type Present, store } from '../store.ts';

const START: Present = { pane: 'stage', spotlight: false, blank: false };

function toggle(): void {
  const { present } = store.getState();
  pause();
  store.setState({
    present: present === null ? START : null,
    notice: present === null ? 'Present mode; Escape leaves it.' : 'Present mode left.',
  });
}

const on = (s: AppState): boolean => s.present !== null;

/** Commands of present mode; they come first, so that a clicker's keys and the digits are theirs while it is on. */
export const PRESENT: readonly Command[] = [
  { id: 'present', title: 'Present: one thing at a time', group: 'Present', keys: ['Shift+p'], run: toggle },
  {
    id: 'present-leave',
    title: 'Leave present mode',
    group: 'Present',
    keys: ['Escape'],
    when: (s) => on(s) && s.job === null,
    run: toggle,
  },
  ...PANE_IDS.map(
    (pane, i): Command => ({
      id: `present-${pane}`,
      title: `Present: ${PANE_NAMES[pane]}`,
      group: 'Present',
      keys: [String(i + 1)],
      when: on,
      run: () => setPresent({ pane }),
    }),
  ),
  {
    id: 'present-spotlight',
    title: 'Present: spotlight on what the step is about',
    group: 'Present',
    keys: ['i'],
    when: on,
    run: () => setPresent({ spotlight: store.getState().present?.spotlight !== true }),
  },
  {
    id: 'present-blank',
    title: 'Present: blank the screen',
    group: 'Present',
    keys: ['.'],
    when: on,
    run: () => setPresent({ blank: store.getState().present?.blank !== true }),
  },
];
