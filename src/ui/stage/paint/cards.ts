import { type Selection, select } from 'd3';
import { cardLines } from '../../../scene/card-text.ts';
import type { CardShape, StageScene, TieShape } from '../../../scene/stage-shapes.ts';
import { type Motion, at, fit, glide, joinBy, leave, monoWidth } from './motion.ts';
import { type Shape, put, write } from './shapes.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;
/** Width of the mark of who waits for a folio’s lock. */
const WAITER = 16;

type Node = SVGGElement & { shown?: string; order?: number };

/** Draws the folio cards of both memories. */
export function paintCards(layer: Layer, scene: StageScene, before: StageScene | undefined, motion: Motion): void {
  const { font } = scene.frame;
  const cards = layer.selectAll<Node, CardShape>('g.card').data(scene.cards, joinBy(motion));
  const entering = cards
    .enter()
    .append('g')
    .attr('opacity', motion.ms === 0 ? 1 : 0)
    .attr('transform', (d) => at(d.x + (motion.ms === 0 || isPiece(d, before) ? 0 : 18), d.y)) as Selection<
    Node,
    CardShape,
    SVGGElement,
    unknown
  >;
  const all = entering.merge(cards);
  const waited = new Set(scene.model.locks.filter((l) => l.kind === 'folio' && l.waiters.length > 0).map((l) => l.id));
  all.each(function (d) {
    // Before the lock stands who waits for it.
    const marks = waited.has(d.placed.view.id) ? WAITER : 0;
    const lines = cardLines(d.placed);
    const v = d.placed.view;
    const cls = `card k-${v.zero ? 'zero' : d.placed.column === 'system' ? 'present' : 'device'}${d.placed.subject ? ' subject' : ''}${v.live ? '' : ' freed'}${v.map === 0 && !v.zero ? ' unmapped' : ''}${v.locker >= 0 ? ' locked' : ''}`;
    const signature = `${cls} ${v.name} ${d.w | 0} ${d.h | 0} ${font} ${marks} ${lines.join('|')}`;
    if (this.shown === signature) return;
    if (motion.ms > 0 && (this.order ?? 0) > v.order) dissolve(this, motion);
    this.order = v.order;
    this.shown = signature;
    this.setAttribute('class', cls);
    put(this, cardShapes(d, lines, font, marks));
  });
  glide(all, { transform: (d) => at(d.x, d.y), opacity: 1 }, motion);
  leave(cards.exit<CardShape>(), motion);
}

/** True for a folio that was a part of a larger one in the scene before: it does not come from anywhere. */
function isPiece(d: CardShape, before: StageScene | undefined): boolean {
  const { pfn } = d.placed.view;
  return (before?.cards ?? []).some(({ placed: { view: v } }) => pfn > v.pfn && pfn < v.pfn + (1 << v.order));
}

/** A folio that is divided: what it was fades behind its pieces. */
function dissolve(node: Node, motion: Motion): void {
  const ghost = select(node.cloneNode(true) as SVGGElement).attr('class', `${node.getAttribute('class') ?? ''} ghost`);
  ghost.classed('card', false);
  node.before(ghost.node() as SVGGElement);
  ghost.transition('glide').duration(motion.ms).attr('opacity', 0).remove();
}

function cardShapes(d: CardShape, lines: readonly string[], font: number, marks: number): readonly Shape[] {
  const { view: v } = d.placed;
  const x = v.order > 0 ? 15 : 9;
  const lineH = font * 1.2;
  const fits = Math.max(0, Math.floor((d.h - font * 1.25 - 2) / lineH));
  const shown = lines.slice(0, fits);
  const text = (cls: string, tx: number, y: number, size: number, words: string): Shape => ({
    tag: 'text',
    attrs: { class: cls, x: tx, y, 'font-size': size, 'dominant-baseline': 'central' },
    text: words,
  });
  const ground: readonly Shape[] = [
    { tag: 'rect', attrs: { class: 'ground', width: d.w, height: d.h, rx: 6 } },
    { tag: 'rect', attrs: { class: 'pattern', width: d.w, height: d.h, rx: 6 } },
    ...(v.order > 0
      ? [{ tag: 'rect', attrs: { class: 'pages', x: 3, y: 3, width: 5, height: d.h - 6, rx: 2 } } as const]
      : []),
  ];
  if (shown.length === 0) {
    const after = x + v.name.length * font * 0.602 + 8;
    const room = d.w - after - marks - (v.locker >= 0 ? 22 : 4);
    return [
      ...ground,
      text('name', x, d.h / 2, font, v.name),
      text('figures', after, d.h / 2, font * 0.86, oneLine(v.live ? (lines[0] ?? '') : 'freed', room, font * 0.86)),
    ];
  }
  const top = Math.min((d.h - (shown.length + 1) * lineH) / 2 + lineH / 2, font * 1.6);
  return [
    ...ground,
    text('name', x, top, font * 1.05, fit(title(d), d.w - x - 20, font)),
    ...shown.map((line, i) =>
      text('figures', x, top + (i + 1) * lineH, font * 0.88, fit(line, d.w - x - 4, font * 0.88)),
    ),
  ];
}

/** The name, and for a destination that nothing maps yet, for which page. */
function title(d: CardShape): string {
  const { view: v } = d.placed;
  return v.live ? v.name : `${v.name} freed`;
}

/** Figures for a card of one line: in full, or short, or the first, or not at all. */
function oneLine(line: string, room: number, size: number): string {
  return (
    [line, short(line), short(line).split(' ', 1)[0] as string].find((words) => monoWidth(words, size) <= room) ?? ''
  );
}

/** `ref 2 map 1` as `r2 m1`, where there is little room. */
const short = (line: string): string => line.replace('ref ', 'r').replace('map ', 'm');

/** Draws the lines between entries and folios. */
export function paintTies(layer: Layer, scene: StageScene, motion: Motion): void {
  const ties = layer.selectAll<SVGPathElement, TieShape>('path.tie').data(scene.ties, joinBy(motion));
  const entering = ties
    .enter()
    .append('path')
    .attr('opacity', motion.ms === 0 ? 1 : 0)
    .attr('d', (d) => d.d);
  const all = entering.merge(ties);
  write(all, { class: (d) => `tie t-${d.tie.kind}${d.focus ? ' focus' : ''}` });
  glide(all, { d: (d) => d.d, opacity: 1 }, motion);
  leave(ties.exit<TieShape>(), motion);
}
