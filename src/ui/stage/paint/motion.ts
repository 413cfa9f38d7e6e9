import { type BaseType, easeCubicOut, type Selection } from 'd3';

/** How a change is shown: how long it takes, and whether time runs forward or back. 0 ms = at once. */
export interface Motion {
  readonly ms: number;
  readonly forward: boolean;
}

export const STILL: Motion = { ms: 0, forward: true };

type Value<D> = string | number | ((d: D) => string | number);

/**
 * Brings attributes to their values, in a transition or at once. A new call interrupts the one under way and goes on
 * from where it stands, so that stepping quickly or turning round never jumps.
 */
export function glide<E extends BaseType, D, P extends BaseType, PD>(
  selection: Selection<E, D, P, PD>,
  attrs: Readonly<Record<string, Value<D>>>,
  motion: Motion,
): void {
  if (motion.ms === 0) {
    selection.interrupt('glide');
    for (const [name, value] of Object.entries(attrs)) selection.attr(name, value as string);
    return;
  }
  const t = selection.transition('glide').duration(motion.ms).ease(easeCubicOut);
  for (const [name, value] of Object.entries(attrs)) t.attr(name, value as string);
}

/** Takes things off the stage: faded out, or at once. */
export function leave<E extends BaseType, D, P extends BaseType, PD>(
  selection: Selection<E, D, P, PD>,
  motion: Motion,
): void {
  if (motion.ms === 0) selection.interrupt('glide').remove();
  else
    selection
      .transition('glide')
      .duration(motion.ms * 0.7)
      .attr('opacity', 0)
      .remove();
}

/** `translate(x,y)` on tenths of a pixel. */
export const at = (x: number, y: number): string => `translate(${Math.round(x * 10) / 10},${Math.round(y * 10) / 10})`;

/** Width of `text` in the monospaced face at `size` px. */
export const monoWidth = (text: string, size: number): number => text.length * size * 0.602;

/** `text`, or as much of it as fits into `room` px with an ellipsis. */
export function fit(text: string, room: number, size: number): string {
  const most = Math.floor(room / (size * 0.602));
  if (text.length <= most) return text;
  return most < 2 ? '' : `${text.slice(0, most - 1)}…`;
}
