import { TRACK, type Track } from '../../scene/lane-track.ts';

/** Pixels at the foot of a track where differences are marked. */
const FOOT = 8;

/**
 * Paints a lane's track: bars by call depth; below them a solid block where the lane does what another does not, a line in the
 * middle where it misses what another does, and a notch where values differ. Shape and height say it, colour repeats it.
 */
export function paintTrack(
  ctx: CanvasRenderingContext2D,
  { depth, marks }: Track,
  width: number,
  height: number,
  ink: (name: string) => string,
): void {
  ctx.clearRect(0, 0, width, height);
  const room = height - FOOT - 2;
  const deepest = Math.max(1, ...depth);
  const [plain, alone, lacks, values] = [ink('--actor-0'), ink('--warn'), ink('--ink-3'), ink('--bad')];
  for (let x = 0; x < marks.length; x++) {
    const m = marks[x] as number;
    const bar = Math.round((room * (depth[x] as number)) / deepest);
    const only = (m & TRACK.ALONE) !== 0;
    ctx.globalAlpha = only ? 0.75 : 0.4;
    ctx.fillStyle = only ? alone : plain;
    if (bar > 0) ctx.fillRect(x, room - bar, 1, bar);
    ctx.globalAlpha = 1;
    if (only) {
      ctx.fillStyle = alone;
      ctx.fillRect(x, height - FOOT, 1, FOOT);
    } else if ((m & TRACK.LACKS) !== 0) {
      ctx.fillStyle = lacks;
      ctx.fillRect(x, height - FOOT / 2 - 0.5, 1, 1);
    }
    if ((m & TRACK.VALUES) !== 0) {
      ctx.fillStyle = values;
      ctx.fillRect(x, room, 1, 4);
    }
  }
}
