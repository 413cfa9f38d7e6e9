import { type BaseType, easeCubicOut, select, type Selection } from 'd3';

/** How a change is shown: how long it takes, and whether time runs forward or back. 0 ms = at once. */
export interface Motion {
  readonly ms: number;
  readonly forward: boolean;
}

export const STILL: Motion = { ms: 0, forward: true };

/** The longest that a change takes, in milliseconds; while playing it is what the pace leaves. */
export const MOST = 340;

/** What travels far, or breaks, takes half as long again where nothing waits for it: in steps made by hand. */
export const lasting = ({ ms }: Motion): number => (ms < MOST ? ms : ms * 1.5);

type Value<D> = string | number | ((d: D) => string | number);

/** What each node is on its way to, so that a node whose aim has not changed is left alone. */
const aims = new WeakMap<Element, string>();

/**
 * Brings attributes to their values, in a transition or at once. A new aim interrupts the way to the old one and goes
 * on from where the node stands, so that stepping quickly or turning round never jumps.
 */
export function glide<E extends Element, D, P extends BaseType, PD>(
  selection: Selection<E, D, P, PD>,
  attrs: Readonly<Record<string, Value<D>>>,
  motion: Motion,
): void {
  const names = Object.keys(attrs);
  selection.each(function (d) {
    const values = names.map((name) => {
      const value = attrs[name] as Value<D>;
      return String(typeof value === 'function' ? value(d) : value);
    });
    const aim = values.join('|');
    if (aims.get(this) === aim) return;
    aims.set(this, aim);
    const node = select(this);
    if (motion.ms === 0) {
      node.interrupt('glide');
      names.forEach((name, i) => this.setAttribute(name, values[i] as string));
      return;
    }
    const t = node.transition('glide').duration(motion.ms).ease(easeCubicOut);
    names.forEach((name, i) => {
      const value = values[i] as string;
      if (name === 'd' && kindOfPath(value) !== kindOfPath(this.getAttribute('d') ?? '')) this.setAttribute('d', value);
      else t.attr(name, value);
    });
  });
}

/** The commands of a path without their numbers: between paths of different commands there is nothing to see. */
const kindOfPath = (d: string): string => d.replaceAll(/[^A-Za-z]/g, '');

/**
 * How shapes find the nodes that stand there: by their key, so that a thing keeps its node and is seen to move. When
 * nothing moves, one after the other: a jump to another place then fills the nodes there are, and makes no new ones.
 */
export function joinBy(motion: Motion): ((d: { readonly key: string }) => string) | undefined {
  return motion.ms === 0 ? undefined : (d) => d.key;
}

/** The node stands somewhere else than its aim says: the next `glide` moves it in any case. */
export function astray(node: Element): void {
  aims.delete(node);
}

/** Takes things off the stage: faded out, or at once. */
export function leave<E extends Element, D, P extends BaseType, PD>(
  selection: Selection<E, D, P, PD>,
  motion: Motion,
): void {
  selection.each(function () {
    astray(this);
  });
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
