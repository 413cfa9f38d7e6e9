import { neighbour } from '../recording/landmarks.ts';
import { FRAME, offFrame, onFrame } from './frame.ts';
import { goTo, loaded } from './player.ts';
import { store } from './store.ts';

/** Speeds on offer, in steps per second. */
export const SPEEDS = [1, 2, 4, 8, 16, 60, 240, 2000, 20_000] as const;

/** time of the last frame, and steps that are due but not whole yet */
let last = 0;
let due = 0;

/** Where else playing stops: set by what loads later and asks questions. */
let pausesAt: (step: number) => boolean = () => false;

/** Lets playing stop at the steps that `at` takes. */
export function setPause(at: (step: number) => boolean): void {
  pausesAt = at;
}

function turn(now: number): void {
  const s = store.getState();
  const l = loaded();
  if (s.playing === 0 || l === null) return;
  // A frame that comes late (a hidden tab) does not make the walk jump.
  due += (Math.min(now - last, 250) * s.speed) / 1000;
  last = now;
  const whole = Math.floor(due);
  if (whole > 0) {
    due -= whole;
    advance(l, whole, s.playing);
  }
  if (store.getState().playing !== 0) onFrame(turn, FRAME.PLAY);
}

function advance(l: NonNullable<ReturnType<typeof loaded>>, steps: number, way: 1 | -1): void {
  const { step, breakpoints } = store.getState();
  const { site } = l.recording.machine.log;
  const end = way === 1 ? l.recording.length - 1 : -1;
  const finding = neighbour(l.landmarks.finding, step, way);
  let to = step;
  for (let n = 0; n < steps && to !== end; n++) {
    to += way;
    if (to >= 0 && (breakpoints.has(site[to] as number) || to === finding || pausesAt(to))) {
      store.setState({ playing: 0 });
      break;
    }
  }
  goTo(to);
  if (to === end) store.setState({ playing: 0 });
}

/** Starts playing in a direction; playing stops at the end, at a breakpoint, at a finding and before a question. */
export function play(way: 1 | -1): void {
  const l = loaded();
  if (l === null) return;
  const { step } = store.getState();
  if (way === 1 && step >= l.recording.length - 1) goTo(-1);
  if (way === -1 && step < 0) return;
  due = 0;
  last = performance.now();
  store.setState({ playing: way });
  onFrame(turn, FRAME.PLAY);
}

export function pause(): void {
  offFrame(turn);
  store.setState({ playing: 0 });
}
