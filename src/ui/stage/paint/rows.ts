import { select, type Selection } from 'd3';
import { KIND_LETTER, KINDS } from '../../../scene/entry-view.ts';
import type { RowShape, StageScene } from '../../../scene/stage-shapes.ts';
import type { RowView } from '../../../scene/row-view.ts';
import { type Motion, astray, at, fit, glide, joinBy, leave, monoWidth } from './motion.ts';
import { type Shape, put } from './shapes.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;
type Node = SVGGElement & { shown?: string; kind?: string };

/** Draws the entries of the PMD and PTE tables. */
export function paintRows(layer: Layer, scene: StageScene, motion: Motion): void {
  const { font } = scene.frame;
  const rows = layer.selectAll<Node, RowShape>('g.row').data(scene.rows, joinBy(motion));
  const entering = rows
    .enter()
    .append('g')
    .attr('opacity', motion.ms === 0 ? 1 : 0)
    .attr('transform', (d) => at(d.x - (motion.ms === 0 ? 0 : 24), d.y)) as Selection<
    Node,
    RowShape,
    SVGGElement,
    unknown
  >;
  const all = entering.merge(rows);
  all.each(function (d) {
    const signature = signatureOf(d, font);
    if (this.shown === signature) return;
    if (this.kind !== undefined && this.kind !== d.row.title && motion.ms > 0) stamp(this, motion);
    this.shown = signature;
    this.kind = d.row.title;
    this.setAttribute(
      'class',
      `row k-${d.row.kind}${d.focus ? ' focus' : ''}${d.row.before === undefined ? '' : ' changed'}${d.row.asked ? '' : ' aside'}`,
    );
    put(this, rowShapes(d, font));
  });
  glide(all, { transform: (d) => at(d.x, d.y), opacity: 1 }, motion);
  leave(rows.exit<RowShape>(), motion);
}

const signatureOf = (d: RowShape, font: number): string =>
  `${d.row.lo} ${d.row.hi} ${d.w | 0} ${d.h | 0} ${font} ${d.focus} ${d.row.name} ${d.row.title} ${d.row.asked} ${d.row.before?.lo ?? ''} ${d.row.before?.hi ?? ''} ${d.row.mix.join()}`;

function rowShapes(d: RowShape, font: number): readonly Shape[] {
  const { row, w, h } = d;
  const tall =
    row.level === 1 ? h >= font * 2.9 && (row.chips.length > 0 || row.before !== undefined) : row.name !== '';
  const y = tall ? h * 0.36 : row.mix.length > 0 ? h * 0.42 : h / 2;
  const text = (cls: string, x: number, size: number, words: string, end = false, dy = 0): Shape => ({
    tag: 'text',
    attrs: {
      class: cls,
      x,
      y: y + dy,
      'font-size': size,
      'dominant-baseline': 'central',
      'text-anchor': end ? 'end' : 'start',
    },
    text: words,
  });
  const slotX = font * 1.95;
  const side = Math.min(h - 6, font * 1.45);
  const x = slotX + font * 0.5 + side + font * 0.55;
  const beside = row.level === 1;
  const nameRoom = row.name === '' || !beside ? 6 : monoWidth(row.name, font) + 14;
  const titleSize = beside ? font : font * 0.92;
  const title = titleOf(row, w - x - nameRoom, titleSize);
  const small = font * 0.88;
  const was =
    row.before === undefined ? '' : `was ${row.before.title} ${row.before.chips.map((c) => c.letter).join('')}`;
  const after = x + monoWidth(title, font) + font * 0.8;
  const chips =
    tall && !beside
      ? text(
          'chips',
          x,
          small,
          fit(`${row.name} ${row.chips.map((c) => c.letter).join('')}`, w - x - 4, small),
          false,
          h * 0.36,
        )
      : tall
        ? text('chips', x, small, chipWords(row, w - x - 8, small, was), false, h * 0.34)
        : text('chips', after, small, chipWords(row, w - after - nameRoom, small, ''));
  return [
    { tag: 'rect', attrs: { class: 'ground', width: w, height: h, rx: 5 } },
    { tag: 'rect', attrs: { class: 'pattern', width: w, height: h, rx: 5 } },
    text('slot', slotX, font * 0.86, String(row.slot), true),
    badge(row, slotX + font * 0.5, (row.mix.length > 0 ? y : h / 2) - side / 2, side, font),
    text('title', x, titleSize, title),
    chips,
    text('name', w - 9, font, beside ? row.name : '', true),
    ...mixShapes(row.mix, x, h - 8, w - x - 8),
  ];
}

/** What the entry is, in as many words as there is room for: its kind (r, rx, w) is kept, whatever is left out. */
function titleOf({ title }: RowView, room: number, size: number): string {
  const shorter = title.replace('migration', 'migr.').replace('huge, ', '');
  return monoWidth(title, size) <= room ? title : fit(shorter, room, size);
}

function badge(row: RowView, x: number, y: number, side: number, font: number): Shape {
  return {
    tag: 'g',
    attrs: { transform: at(x, y) },
    inside: [
      { tag: 'rect', attrs: { class: 'badge', width: side, height: side, rx: 4 } },
      {
        tag: 'text',
        attrs: {
          class: 'letter',
          x: side / 2,
          y: side / 2,
          'font-size': font * 0.86,
          'dominant-baseline': 'central',
          'text-anchor': 'middle',
        },
        text: KIND_LETTER[row.kind],
      },
    ],
  };
}

/** The bits in words if they fit, else their letters. */
function chipWords(row: RowView, room: number, size: number, was: string): string {
  const words = row.chips.map((c) => c.word).join(' ');
  if (was !== '' && monoWidth(was, size) <= room) return was;
  if (monoWidth(words, size) <= room) return words;
  const letters = row.chips.map((c) => c.letter);
  return [letters.join(' '), letters.join('')].find((t) => monoWidth(t, size) <= room) ?? '';
}

/** 512 entries as one bar: the kinds below a PMD entry in proportion. */
function mixShapes(mix: readonly number[], x: number, y: number, w: number): readonly Shape[] {
  let left = x;
  return mix.flatMap((count, code): readonly Shape[] => {
    if (count === 0) return [];
    const width = (count / 512) * w;
    const bar: Shape = {
      tag: 'rect',
      attrs: { class: `mix k-${KINDS[code]}`, x: left, y, width: Math.max(1, width), height: 4 },
    };
    left += width;
    return [bar];
  });
}

/**
 * A mapping gives way to another: going forward the old one lifts off and the new one lies beneath; going back it
 * comes down again.
 */
function stamp(node: Node, motion: Motion): void {
  const ghost = select(node.cloneNode(true) as SVGGElement);
  node.parentNode?.append(ghost.node() as SVGGElement);
  ghost.attr('class', `${node.getAttribute('class') ?? ''} ghost`).classed('row', false);
  const here = node.getAttribute('transform') ?? '';
  ghost
    .transition('glide')
    .duration(motion.ms)
    .attr(
      'transform',
      `${here} translate(${motion.forward ? 26 : 0},${motion.forward ? -12 : 0}) scale(${motion.forward ? 1 : 1.06})`,
    )
    .attr('opacity', 0)
    .remove();
  if (motion.forward) return;
  select(node).interrupt('glide').attr('transform', `${here} translate(26,-12)`).attr('opacity', 0.1);
  astray(node);
}
