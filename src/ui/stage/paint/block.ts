import type { Selection } from 'd3';
import { easeCubicInOut } from 'd3';
import { KIND_LETTER } from '../../../scene/entry-view.ts';
import type { StageScene } from '../../../scene/stage-layout.ts';
import { type Motion, fit } from './motion.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;
type Block = NonNullable<StageScene['block']>;

/** Draws a PMD leaf as one block of 512 pages; with `before` the block that a split has just broken, or a merge made. */
export function paintBlock(layer: Layer, scene: StageScene, before: StageScene | undefined, motion: Motion): void {
  const node = layer.node() as SVGGElement & { shown?: string };
  const signature = signatureOf(scene.block, scene.frame.font);
  if (node.shown === signature) return;
  node.shown = signature;
  layer.selectAll('g.shards').interrupt().remove();
  layer.selectAll('g.block').interrupt().remove();
  if (scene.block !== undefined) drawBlock(layer, scene, scene.block, motion, before);
  else if (
    before?.block !== undefined &&
    motion.ms > 0 &&
    scene.model.path.pte !== 0 &&
    before.block.row.page === scene.model.pmd.page
  )
    shards(layer, before.block, motion, true);
}

const signatureOf = (b: Block | undefined, font: number): string =>
  b === undefined ? '' : `${b.key} ${b.row.lo} ${b.row.hi} ${b.row.name} ${b.row.title} ${b.w} ${b.h} ${font}`;

function drawBlock(layer: Layer, scene: StageScene, b: Block, motion: Motion, before: StageScene | undefined): void {
  const { font, strip } = scene.frame;
  const g = layer.append('g').attr('class', `block k-${b.row.kind}`);
  g.append('rect')
    .attr('class', 'ground')
    .attr('x', b.x)
    .attr('y', b.y)
    .attr('width', b.w)
    .attr('height', b.h)
    .attr('rx', 8);
  g.append('rect')
    .attr('class', 'pattern')
    .attr('x', b.x)
    .attr('y', b.y)
    .attr('width', b.w)
    .attr('height', b.h)
    .attr('rx', 8);
  g.append('rect')
    .attr('class', 'whole')
    .attr('x', strip.x)
    .attr('y', strip.y)
    .attr('width', strip.w)
    .attr('height', strip.h)
    .attr('rx', 2);
  asked(g, scene, b);
  const x = b.x + b.w / 2;
  const text = (cls: string, y: number, size: number, words: string): void => {
    g.append('text')
      .attr('class', cls)
      .attr('x', x)
      .attr('y', y)
      .attr('font-size', size)
      .attr('text-anchor', 'middle')
      .attr('dominant-baseline', 'central')
      .text(fit(words, b.w - 16, size));
  };
  const mid = b.y + b.h / 2 + strip.h / 3;
  text('letter big', mid - font * 2.6, font * 2.4, KIND_LETTER[b.row.kind]);
  text(
    'title',
    mid - font * 0.4,
    font * 1.25,
    b.row.title === 'migration w' || b.row.kind === 'migration' ? `${b.row.title} entry` : b.row.title,
  );
  text('figures', mid + font * 1.4, font * 0.95, '1 PMD entry = 512 pages = 2 MiB');
  text('chips', mid + font * 3, font * 0.95, b.row.chips.map((c) => c.word).join(' '));
  text('name', mid + font * 4.8, font * 1.1, b.row.name);
  if (motion.ms === 0) return;
  const merged =
    before !== undefined &&
    before.block === undefined &&
    before.model.path.pte !== 0 &&
    before.model.pmd.page === b.row.page;
  if (merged) {
    g.attr('opacity', 0)
      .transition()
      .delay(motion.ms * 0.6)
      .duration(motion.ms * 0.5)
      .attr('opacity', 1);
    shards(layer, b, motion, false);
  } else if (before?.block === undefined || before.block.row.title !== b.row.title)
    g.attr('opacity', 0.25).transition().duration(motion.ms).attr('opacity', 1);
}

/** The part of the 2 MiB that the request names. */
function asked(g: Selection<SVGGElement, unknown, null, undefined>, scene: StageScene, b: Block): void {
  const { strip } = scene.frame;
  const { request } = scene.model;
  const from = Math.max(0, request.start - b.row.page);
  const to = Math.min(512, request.end - b.row.page);
  if (to <= from || (from === 0 && to === 512)) return;
  const cell = strip.w / 64;
  let d = '';
  for (let i = from; i < to; ) {
    const end = Math.min(to, ((i >> 6) + 1) << 6);
    d += `M${strip.x + (i & 63) * cell} ${strip.y + (i >> 6) * cell}h${(end - i) * cell}v${cell}h-${(end - i) * cell}z`;
    i = end;
  }
  g.append('path').attr('class', 'window').attr('d', d);
}

const PIECES = 16;

/** The block in pieces that fly apart when it is split, and come together when time runs back. */
function shards(layer: Layer, b: Block, motion: Motion, apart: boolean): void {
  const out = apart === motion.forward || apart;
  const g = layer.append('g').attr('class', `shards k-${b.row.kind}`);
  const h = b.h / PIECES;
  for (let i = 0; i < PIECES; i++) {
    const side = i % 2 === 0 ? 1 : -1;
    const far = `translate(${side * (18 + (i % 5) * 9)},${(i - PIECES / 2) * 3.2}) rotate(${side * ((i % 3) + 1) * 2})`;
    const piece = g
      .append('rect')
      .attr('x', b.x)
      .attr('y', b.y + i * h)
      .attr('width', b.w)
      .attr('height', h - 1)
      .attr('rx', 2);
    piece.attr('transform', out ? 'translate(0,0) rotate(0)' : far).attr('opacity', out ? 0.95 : 0);
    piece
      .transition()
      .duration(motion.ms * 1.1)
      .ease(easeCubicInOut)
      .attr('transform', out ? far : 'translate(0,0) rotate(0)')
      .attr('opacity', out ? 0 : 0.95);
  }
  g.transition()
    .delay(motion.ms * 1.15)
    .duration(60)
    .remove();
}
