import type { Way } from '../../recording/moves.ts';
import { type Command, ready } from '../command.ts';
import { pause } from '../play.ts';
import type { AppState } from '../store.ts';

const comparing = (s: AppState): boolean => s.view === 'compare';

const toDifference = (way: Way): void => void import('../compare/lanes.ts').then((c) => c.toDifference(way));

export const COMPARE: readonly Command[] = [
  {
    id: 'compare',
    title: 'Compare strategies, texts, switches in lanes; or back to the panes',
    group: 'Compare',
    keys: ['Shift+c'],
    when: ready,
    run: () => (pause(), void import('../compare/open.ts').then((c) => c.toggleLanes())),
  },
  {
    id: 'to-difference',
    title: 'Run to the next difference',
    group: 'Compare',
    keys: ['j'],
    when: comparing,
    run: () => (pause(), toDifference(1)),
  },
  {
    id: 'back-to-difference',
    title: 'Run back to the previous difference',
    group: 'Compare',
    keys: ['Shift+j'],
    when: comparing,
    run: () => (pause(), toDifference(-1)),
  },
  {
    id: 'lane-next',
    title: 'Make the next lane the main one',
    group: 'Compare',
    keys: [','],
    when: comparing,
    run: () => void import('../compare/open.ts').then((c) => c.leadNext()),
  },
  {
    id: 'lanes-leave',
    title: 'Leave the lanes',
    group: 'Compare',
    keys: ['Escape'],
    when: (s) => comparing(s) && s.job === null,
    run: () => void import('../compare/lanes.ts').then((c) => c.leaveLanes()),
  },
];
