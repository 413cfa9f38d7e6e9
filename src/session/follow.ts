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

/** Frames in which the cursor moves before one follows all the same: after a step, and after a leap. */
const PATIENCE = { step: 3, leap: 15 } as const;
/** More steps than this at once are a leap: every pane shows something else. */
const LEAP = 400;

/** the cursor has moved since the last frame, and how far */
let moved: 0 | 1 | 2 = 0;
/** frames in a row in which nobody could follow */
let waited = 0;
/** the one whose turn is next */
let next = 0;
/** a frame has been asked for in which one follows */
let underway = false;

/** A frame in which the cursor moves belongs to the stage, unless the others have waited for long. */
function turn(): void {
  const patience = moved === 2 ? PATIENCE.leap : moved === 1 ? PATIENCE.step : 0;
  moved = 0;
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
    if (Math.abs(s.step - old.step) > LEAP) moved = 2;
    else if (moved === 0) moved = 1;
    if (underway) return;
    underway = true;
    onFrame(turn);
  });
}
