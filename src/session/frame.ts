/**
 * The one owner of requestAnimationFrame. Painters and the player ask for a turn; however often they
 * ask within a frame, each runs once, players before painters, so that what is painted is current; what has to wait
 * until everything is written, like scrolling, comes last.
 */
type Turn = (now: number) => void;

/** order of the kinds of turn within a frame */
export const FRAME = { PLAY: 0, PAINT: 1, LAST: 2 } as const;

const waiting: [Set<Turn>, Set<Turn>, Set<Turn>] = [new Set(), new Set(), new Set()];
let asked = false;

function run(now: number): void {
  asked = false;
  for (const kind of [FRAME.PLAY, FRAME.PAINT, FRAME.LAST]) {
    const turns = waiting[kind];
    if (turns.size === 0) continue;
    waiting[kind] = new Set();
    for (const turn of turns) turn(now);
  }
}

/** Runs `turn` once in the next frame; asking again before that changes nothing. */
export function onFrame(turn: Turn, kind: 0 | 1 | 2 = FRAME.PAINT): void {
  waiting[kind].add(turn);
  if (asked) return;
  asked = true;
  requestAnimationFrame(run);
}

/** Takes back a turn that was asked for. */
export function offFrame(turn: Turn): void {
  for (const turns of waiting) turns.delete(turn);
}
