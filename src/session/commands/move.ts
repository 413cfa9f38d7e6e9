import type { Landmark } from '../../recording/landmarks.ts';
import { type Way, out, over } from '../../recording/moves.ts';
import type { Recording } from '../../recording/recording.ts';
import { type Command, ready } from '../command.ts';
import { SPEEDS, pause, play } from '../play.ts';
import { goTo, loaded } from '../player.ts';
import { LANDMARK_NAMES, arrive, runToBreakpoint, runToLandmark, runToSelection } from '../run-to.ts';
import { store } from '../store.ts';

const get = store.getState;

/** A command that goes to a step. */
function move(id: string, title: string, keys: readonly string[], run: () => void): Command {
  return { id, title, group: 'Move', keys, when: ready, run: () => (pause(), run()) };
}

/** A command that goes to a step which is looked for in the recording. */
function seek(
  id: string,
  title: string,
  key: string,
  find: (rec: Recording, step: number, way: Way) => number,
  what: string,
  way: Way,
): Command {
  return move(id, title, [key], () => {
    const rec = loaded()?.recording;
    if (rec !== undefined) arrive(find(rec, get().step, way), what, way);
  });
}

export const MOVES: readonly Command[] = [
  move('step', 'Step', ['ArrowRight', 'PageDown'], () => goTo(get().step + 1)),
  move('back', 'Step back', ['ArrowLeft', 'PageUp'], () => goTo(get().step - 1)),
  seek('over', 'Step over', 'ArrowDown', over, 'step at this depth', 1),
  seek('over-back', 'Step over, backwards', 'ArrowUp', over, 'step at this depth', -1),
  seek('out', 'Step out', 'o', out, 'step of the caller', 1),
  seek('out-back', 'Step out, backwards', 'Shift+o', out, 'step of the caller', -1),
  move('first', 'First step', ['Home'], () => goTo(0)),
  move('last', 'Last step', ['End'], () => goTo(Infinity)),
];

const RUN_KEYS: readonly (readonly [Landmark, string])[] = [
  ['lock', 'l'],
  ['fault', 'f'],
  ['split', 's'],
  ['migration', 'm'],
  ['flush', 't'],
  ['notifier', 'n'],
  ['retry', 'r'],
  ['finding', 'x'],
];

/** The way there with a key, and the way back with Shift and the same key. */
function pair(id: string, what: string, key: string, run: (way: Way) => void): Command[] {
  const both = { group: 'Run to' as const, when: ready };
  return [
    { ...both, id: `to-${id}`, title: `Run to the next ${what}`, keys: [key], run: () => (pause(), run(1)) },
    {
      ...both,
      id: `back-to-${id}`,
      title: `Run back to the previous ${what}`,
      keys: [`Shift+${key}`],
      run: () => (pause(), run(-1)),
    },
  ];
}

export const RUNS: readonly Command[] = [
  ...RUN_KEYS.flatMap(([kind, key]) => pair(kind, LANDMARK_NAMES[kind], key, (way) => runToLandmark(kind, way))),
  ...pair('breakpoint', 'breakpoint', 'b', runToBreakpoint),
  ...pair('address', 'step about the selected page', 'g', runToSelection),
];

function faster(by: 1 | -1): void {
  const at = SPEEDS.findIndex((x) => x >= get().speed);
  const next = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, (at < 0 ? SPEEDS.length - 1 : at) + by))];
  if (next !== undefined) store.setState({ speed: next, notice: `${next} steps per second` });
}

const playOrPause = (way: Way): void => (get().playing === 0 ? play(way) : pause());

export const PLAY: readonly Command[] = [
  {
    id: 'play',
    title: 'Play or pause',
    group: 'Play',
    keys: ['Space'],
    when: ready,
    run: () => playOrPause(1),
  },
  {
    id: 'play-back',
    title: 'Play backwards or pause',
    group: 'Play',
    keys: ['Shift+Space'],
    when: ready,
    run: () => playOrPause(-1),
  },
  { id: 'faster', title: 'Play faster', group: 'Play', keys: ['+', '='], run: () => faster(1) },
  { id: 'slower', title: 'Play slower', group: 'Play', keys: ['-'], run: () => faster(-1) },
];
