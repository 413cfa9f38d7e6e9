import type { BaseType, Selection } from 'd3';

/** A shape as data: what stands inside a thing of the stage. */
export interface Shape {
  readonly tag: 'g' | 'rect' | 'text' | 'path' | 'circle';
  readonly attrs: Readonly<Record<string, string | number>>;
  readonly text?: string;
  readonly inside?: readonly Shape[];
}

const SVG = 'http://www.w3.org/2000/svg';

/** What `put` has given each node: the next time only what differs is written. */
const given = new WeakMap<Element, Shape['attrs']>();

/**
 * Makes the children of a node those shapes. Nodes stay as long as their tag does, and only what differs is written:
 * a text that is written again is laid out again, which costs more than anything else on the stage.
 */
export function put(parent: Element, shapes: readonly Shape[]): void {
  let node = parent.firstElementChild;
  for (const shape of shapes) {
    if (node === null || node.tagName !== shape.tag) {
      const fresh = document.createElementNS(SVG, shape.tag);
      if (node === null) parent.append(fresh);
      else node.replaceWith(fresh);
      node = fresh;
    }
    bring(node, shape);
    node = node.nextElementSibling;
  }
  while (node !== null) {
    const next = node.nextElementSibling;
    node.remove();
    node = next;
  }
}

function bring(node: Element, shape: Shape): void {
  const before = given.get(node) ?? {};
  for (const [name, value] of Object.entries(shape.attrs))
    if (before[name] !== value) node.setAttribute(name, String(value));
  for (const name of Object.keys(before)) if (!(name in shape.attrs)) node.removeAttribute(name);
  given.set(node, shape.attrs);
  if (shape.text !== undefined) say(node, shape.text);
  if (shape.inside !== undefined) put(node, shape.inside);
}

/** Writes a text, unless it stands there already. */
function say(node: Element, text: string): void {
  const { firstChild } = node;
  if (firstChild === null) {
    if (text !== '') node.append(text);
  } else if (firstChild.nodeValue !== text) firstChild.nodeValue = text;
}

type Value<D> = string | number | ((d: D, i: number) => string | number);

/** Attributes and text of every node of a selection, written only where they differ. */
export function write<E extends Element, D, P extends BaseType, PD>(
  selection: Selection<E, D, P, PD>,
  attrs: Readonly<Record<string, Value<D>>>,
  text?: (d: D) => string,
): void {
  selection.each(function (d, i) {
    for (const [name, value] of Object.entries(attrs)) {
      const wanted = String(typeof value === 'function' ? value(d, i) : value);
      if (this.getAttribute(name) !== wanted) this.setAttribute(name, wanted);
    }
    if (text !== undefined) say(this, text(d));
  });
}
