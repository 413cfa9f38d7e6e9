import { onFrame } from './frame.ts';
import { store } from './store.ts';

/**
 * Parts of the page that follow the cursor after the stage: one of them in each frame, in turn. A step is then on the
 * stage at once and everywhere a few frames later, and a walk that plays or is scrubbed keeps its pace however many
 * panes are open. Where the cursor rests, all of them stand at it.
 */
const FOLLOWERS = ['code', 'pfns', 'text', 'counters'] as const;
export type Follower = (typeof FOLLOWERS)[number];

interface State {
  readonly listeners: Set<() => void>;
  /** the cursor has moved since it was shown */
  behind: boolean;
  /** changes each time it is told to follow */
  turn: number;
}

const states = Object.fromEntries(
  FOLLOWERS.map((id) => [id, { listeners: new Set(), behind: false, turn: 0 }]),
) as unknown as Record<Follower, State>;

/** Frames that belong to the stage before one of the others follows all the same: of steps, and of a scrub. */
const PATIENCE = { step: 3, scrub: 60 } as const;
/** More steps than this at once are a leap, also while playing: every pane shows something else. */
const LEAP = 400;
/** Two leaps within this time are a scrub, which is over when the cursor has rested for as long; milliseconds. */
const REST = 150;

/** the cursor has moved since the last frame */
let moved = false;
/** when the cursor leapt last, and whether the leap before that was just then */
let leapt = Number.NEGATIVE_INFINITY;
let scrubbing = false;
/** frames in a row in which nobody could follow */
let waited = 0;
/** the one whose turn is next */
let next = 0;
/** a frame has been asked for in which one follows */
let underway = false;

/**
 * A frame in which the cursor moves belongs to the stage, and so do those between the moves of a scrub: who drags the slider
 * looks at the stage, and a pane rendered now would only make the next move late. Whoever has waited for long follows all the same.
 */
function turn(now: number): void {
  scrubbing &&= now - leapt < REST;
  const patience = scrubbing ? PATIENCE.scrub : moved ? PATIENCE.step : 0;
  moved = false;
  if (waited < patience) {
    waited++;
    onFrame(turn);
    return;
  }
  waited = 0;
  const found = FOLLOWERS.findIndex((_, i) => states[at(i)].behind);
  underway = false;
  if (found < 0) return;
  const id = at(found);
  next = (next + found + 1) % FOLLOWERS.length;
  const state = states[id];
  state.behind = false;
  state.turn++;
  underway = FOLLOWERS.some((f) => states[f].behind);
  if (underway) onFrame(turn);
  for (const told of state.listeners) told();
}

const at = (i: number): Follower => FOLLOWERS[(next + i) % FOLLOWERS.length] as Follower;

/** Tells `told` when it is this follower's turn. @returns the way to stop that */
export function follow(id: Follower, told: () => void): () => void {
  states[id].listeners.add(told);
  return () => states[id].listeners.delete(told);
}

/** Changes with each turn of a follower. */
export const turnOf = (id: Follower): number => states[id].turn;

/** Wires the followers to the cursor; called once. */
export function startFollowers(): void {
  store.subscribe((s, old) => {
    if (s.step === old.step) return;
    for (const id of FOLLOWERS) states[id].behind = states[id].listeners.size > 0;
    moved = true;
    const distance = Math.abs(s.step - old.step);
    if (distance > LEAP || (distance > 1 && s.playing === 0)) {
      const now = performance.now();
      scrubbing = now - leapt < REST;
      leapt = now;
    }
    if (underway) return;
    underway = true;
    onFrame(turn);
  });
}
