import { type Command, ready } from '../command.ts';
import { showTab } from '../panes.ts';
import type * as Schedule from '../schedule.ts';
import { type AppState, store } from '../store.ts';

// What the commands do is loaded with the first of them.
const act = (what: (schedule: typeof Schedule) => unknown): void => void import('../schedule.ts').then(what);

const choosing = (s: AppState): boolean => s.tab === 'schedule' && s.spec?.schedule !== undefined;

/** Commands of the person as the scheduler; the digits are theirs while the Schedule view is in front. */
export const SCHEDULE: readonly Command[] = [
  {
    id: 'schedule',
    title: 'You are the scheduler',
    group: 'Schedule',
    keys: ['u'],
    when: ready,
    run: () => {
      showTab('schedule');
      if (store.getState().spec?.schedule === undefined) act((s) => s.beginSchedule());
    },
  },
  ...[0, 1, 2, 3].map(
    (actor): Command => ({
      id: `choose-${actor}`,
      title: `Actor ${actor + 1} goes on`,
      group: 'Schedule',
      keys: [String(actor + 1)],
      when: choosing,
      run: () => act((s) => s.choose(actor)),
    }),
  ),
  {
    id: 'choice-next',
    title: 'To the next choice',
    group: 'Schedule',
    keys: ['>'],
    when: choosing,
    run: () => act((s) => s.toChoice(1)),
  },
  {
    id: 'choice-back',
    title: 'To the previous choice',
    group: 'Schedule',
    keys: ['<'],
    when: choosing,
    run: () => act((s) => s.toChoice(-1)),
  },
  {
    id: 'choice-undo',
    title: 'Take the last choice back',
    group: 'Schedule',
    keys: ['Mod+z'],
    when: choosing,
    run: () => act((s) => s.undoChoice()),
  },
];
