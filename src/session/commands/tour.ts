import { type Command, ready } from '../command.ts';
import { openDialog } from '../dialog.ts';
import type { AppState } from '../store.ts';

const touring = (s: AppState): boolean => s.guide === 'tour';

/** Before the moves: a clicker's keys go from stop to stop while a tour is open. */
export const TOUR: readonly Command[] = [
  {
    id: 'tour-next',
    title: 'Next stop of the tour',
    group: 'Tour',
    keys: ['PageDown', ']'],
    when: touring,
    run: () => void import('../tour/player.ts').then((p) => p.moveBy(1)),
  },
  {
    id: 'tour-back',
    title: 'Previous stop of the tour',
    group: 'Tour',
    keys: ['PageUp', '['],
    when: touring,
    run: () => void import('../tour/player.ts').then((p) => p.moveBy(-1)),
  },
  {
    id: 'tour-again',
    title: 'Back to the step of the stop',
    group: 'Tour',
    keys: ['Backspace'],
    when: touring,
    run: () => void import('../tour/player.ts').then((p) => p.backToStop()),
  },
  {
    id: 'tour-leave',
    title: 'Leave the tour',
    group: 'Tour',
    keys: ['Shift+h'],
    when: touring,
    run: () => void import('../tour/player.ts').then((p) => p.leaveTour()),
  },
  { id: 'tours', title: 'Tours', group: 'Tour', keys: ['h'], run: () => openDialog('tours') },
  {
    id: 'predict',
    title: 'Predict: ask me about the next decision',
    group: 'Tour',
    keys: ['q'],
    when: ready,
    run: () => void import('../tour/predict.ts').then((p) => p.askHere()),
  },
  { id: 'score', title: 'Score sheet', group: 'Tour', keys: ['Shift+q'], run: () => openDialog('score') },
  { id: 'glossary', title: 'Glossary', group: 'Tour', keys: ['k'], run: () => openDialog('glossary') },
];
