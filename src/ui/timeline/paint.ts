import { functionOfSite } from '../../machine/sites.ts';
import { type Landmark, neighbour } from '../../recording/landmarks.ts';
import type { Loaded } from '../../session/player.ts';
import type { LockBars } from './lock-bars.ts';
import { callSpans } from '../../recording/spans.ts';
import { type Scale, linear } from './scale.ts';
import { depthColumns, spansIn } from './spans.ts';

/** Everything the picture depends on; the cursor is not part of it. */
export interface TimelineScene {
  readonly loaded: Loaded;
  readonly locks: readonly LockBars[];
  readonly deepest: readonly number[];
  readonly window: readonly [number, number];
  readonly width: number;
  readonly height: number;
}

/** Colours and type by the names of the style sheet. */
export type Ink = (name: string) => string;

export const MARK_HEIGHT = 16;
/** height of a row of lock bars */
export const LOCK_HEIGHT = 9;
const GAP = 3;

/** Windows of at most so many steps show every call; wider ones the depth only. */
const CALLS_UP_TO = 30_000;

/** Marks and their shapes, so that colour is never the only sign. */
export const MARKS: readonly (readonly [Landmark, glyph: string, colour: string])[] = [
  ['fault', '▲', '--zero-line'],
  ['split', '◆', '--device-line'],
  ['migration', '■', '--migration-line'],
  ['flush', '≈', '--present-line'],
  ['notifier', '○', '--ink-3'],
  ['retry', '↻', '--warn'],
  ['finding', '✖', '--bad'],
];

/** Top of each part, from the top of the canvas. */
export function timelineLayout(s: Pick<TimelineScene, 'locks' | 'height' | 'deepest'>): {
  lanes: number;
  lane: number;
  locks: number;
} {
  const lockRows = s.locks.length * LOCK_HEIGHT;
  const lanes = MARK_HEIGHT + GAP;
  const room = Math.max(16, s.height - lanes - lockRows - GAP);
  return { lanes, lane: room / Math.max(1, s.deepest.length), locks: lanes + room + GAP };
}

/** Draws the timeline of a window of steps. */
export function paintTimeline(ctx: CanvasRenderingContext2D, s: TimelineScene, ink: Ink): void {
  const [from, to] = s.window;
  const x = linear([from, to], s.width);
  const at = timelineLayout(s);
  ctx.clearRect(0, 0, s.width, s.height);
  s.deepest.forEach((deepest, actor) => {
    const top = at.lanes + actor * at.lane;
    const colour = ink(`--actor-${actor % 4}`);
    if (to - from > CALLS_UP_TO) paintDepth(ctx, s, actor, deepest, top, at.lane - 2, colour);
    else paintCalls(ctx, s, actor, deepest, top, at.lane - 2, colour, x, ink);
  });
  s.locks.forEach((bars, row) => paintLocks(ctx, bars, at.locks + row * LOCK_HEIGHT, x, s, ink));
  for (const [kind, glyph, colour] of MARKS) paintMarks(ctx, s.loaded.landmarks[kind], glyph, ink(colour), x, s);
}

function paintDepth(
  ctx: CanvasRenderingContext2D,
  s: TimelineScene,
  actor: number,
  deepest: number,
  top: number,
  height: number,
  colour: string,
): void {
  const columns = depthColumns(s.loaded.recording, actor, s.window[0], s.window[1], Math.max(1, Math.floor(s.width)));
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.5;
  for (let x = 0; x < columns.length; x++) {
    const d = columns[x] as number;
    if (d > 0) ctx.fillRect(x, top, 1, (height * d) / deepest);
  }
  ctx.globalAlpha = 1;
}

function paintCalls(
  ctx: CanvasRenderingContext2D,
  s: TimelineScene,
  actor: number,
  deepest: number,
  top: number,
  height: number,
  colour: string,
  x: Scale,
  ink: Ink,
): void {
  const row = Math.min(18, height / deepest);
  const calls = callSpans(s.loaded.recording);
  ctx.font = `${Math.min(11, row - 2)}px ${ink('--font-mono')}`;
  ctx.textBaseline = 'middle';
  /** right end of what is drawn, by depth: calls too narrow to see are skipped */
  const drawn: number[] = [];
  for (const span of spansIn(s.loaded.recording, actor, s.window[0], s.window[1])) {
    const depth = calls.depth[span] as number;
    const x0 = Math.max(0, x(calls.from[span] as number));
    const x1 = Math.min(s.width, x((calls.to[span] as number) + 1));
    if (x1 - (drawn[depth] ?? -1) < 0.7) continue;
    drawn[depth] = x1;
    const y = top + (depth - 1) * row;
    const w = Math.max(0.7, x1 - x0 - 0.6);
    ctx.globalAlpha = depth % 2 === 0 ? 0.22 : 0.34;
    ctx.fillStyle = colour;
    ctx.fillRect(x0, y, w, Math.max(1, row - 1));
    ctx.globalAlpha = 1;
    if (w > 34 && row >= 10)
      clipped(ctx, functionOfSite(calls.site[span] as number).name, x0 + 3, y + row / 2, w - 6, ink('--ink'));
  }
}

function clipped(
  ctx: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  width: number,
  colour: string,
): void {
  const room = Math.floor(width / (ctx.measureText('0').width || 6));
  if (room < 4) return;
  ctx.fillStyle = colour;
  ctx.fillText(text.length <= room ? text : `${text.slice(0, room - 1)}…`, x, y);
}

function paintLocks(
  ctx: CanvasRenderingContext2D,
  bars: LockBars,
  top: number,
  x: Scale,
  s: TimelineScene,
  ink: Ink,
): void {
  const { from, to, actor, length } = bars;
  ctx.fillStyle = ink('--line');
  ctx.fillRect(0, top + LOCK_HEIGHT - 2, s.width, 0.5);
  let done = -1;
  for (let i = 0; i < length; i++) {
    if ((to[i] as number) < s.window[0] || (from[i] as number) >= s.window[1]) continue;
    const x1 = Math.min(s.width, x(to[i] as number));
    if (x1 <= done) continue;
    const x0 = Math.max(0, x(from[i] as number), done);
    ctx.fillStyle = ink(actorColour(actor[i] as number));
    ctx.fillRect(x0, top + 2, Math.max(1, x1 - x0), LOCK_HEIGHT - 4);
    done = Math.max(x1, x0 + 1);
  }
}

/** Colour of an actor; somebody outside the scenario has one of their own. */
export const actorColour = (actor: number): string =>
  actor < 0 || actor >= 200 ? '--actor-x' : `--actor-${actor % 4}`;

function paintMarks(
  ctx: CanvasRenderingContext2D,
  steps: Int32Array,
  glyph: string,
  colour: string,
  x: Scale,
  s: TimelineScene,
): void {
  const [from, to] = s.window;
  ctx.fillStyle = colour;
  ctx.font = '10px sans-serif';
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  // One mark per few pixels is enough: the next one drawn is the first that lies far enough to the right.
  let step = neighbour(steps, from - 1, 1);
  while (step >= 0 && step < to) {
    const at = x(step + 0.5);
    ctx.fillText(glyph, at, MARK_HEIGHT / 2);
    ctx.globalAlpha = 0.35;
    ctx.fillRect(at - 0.25, MARK_HEIGHT - 2, 0.5, s.height - MARK_HEIGHT);
    ctx.globalAlpha = 1;
    const next = Math.floor(from + ((at + 5) / s.width) * (to - from));
    step = neighbour(steps, Math.max(step, next), 1);
  }
  ctx.textAlign = 'left';
}
