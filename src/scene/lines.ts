import { type Box, clamp, type Frame } from './stage-frame.ts';

/** Middle of a box's height. */
export const middle = (b: Box): number => b.y + b.h / 2;

/** y at which a tie meets a card: level with its row when the card is tall enough. */
export const meet = (card: Box, y: number): number =>
  clamp(card.y + Math.min(10, card.h / 2), y, card.y + card.h - Math.min(10, card.h / 2));

/** A line that leaves and arrives horizontally. */
export function link(x0: number, y0: number, x1: number, y1: number): string {
  const half = (x0 + x1) / 2;
  return `M${r(x0)} ${r(y0)}C${r(half)} ${r(y0)} ${r(half)} ${r(y1)} ${r(x1)} ${r(y1)}`;
}

/** A line to the device's memory that goes round a card of system memory, at height y. */
export function around(from: Box, to: Box, f: Frame, y: number): string {
  const [left, right] = [f.system.x - 3, f.system.x + f.system.w + 3];
  return `${link(from.x + from.w, middle(from), left, y)}L${r(right)} ${r(y)}${link(right, y, to.x, meet(to, middle(from))).replace(/^M[^C]*/, '')}`;
}

/** A coordinate on tenths of a pixel. */
export const r = (v: number): number => Math.round(v * 10) / 10;
