import type { Selection } from 'd3';
import { easeCubicInOut } from 'd3';
import { KIND_LETTER } from '../../../scene/entry-view.ts';
import type { StageScene } from '../../../scene/stage-shapes.ts';
import { type Motion, fit, lasting, monoWidth } from './motion.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;
type Block = NonNullable<StageScene['block']>;

/** Draws a PMD leaf as one block of 512 pages; with `before` the block that a split has just broken, or a merge made. */
export function paintBlock(layer: Layer, scene: StageScene, before: StageScene | undefined, motion: Motion): void {
  const node = layer.node() as SVGGElement & { shown?: string };
  const signature = signatureOf(scene.block, scene.frame.font);
  if (node.shown === signature) return;
  node.shown = signature;
  layer.selectAll('g.block').interrupt().remove();
  const broken = brokenBlock(scene, before);
  if (motion.ms === 0 || (broken === undefined && !mended(scene, before)))
    layer.selectAll('g.shards').interrupt('fly').remove();
  if (scene.block !== undefined) drawBlock(layer, scene, scene.block, motion, before);
  else if (broken !== undefined && motion.ms > 0) shards(layer, broken, motion, true);
}

/** The block of the scene before, where this one has a PTE table in its place. */
function brokenBlock(scene: StageScene, before: StageScene | undefined): Block | undefined {
  const was = before?.block;
  const table = scene.block === undefined && scene.model.path.pte !== 0;
  return table && was !== undefined && was.row.page === scene.model.pmd.page ? was : undefined;
}

/** True when the scene has a block where the one before had a PTE table. */
function mended(scene: StageScene, before: StageScene | undefined): boolean {
  if (scene.block === undefined || before === undefined || before.block !== undefined) return false;
  return before.model.path.pte !== 0 && before.model.pmd.page === scene.block.row.page;
}

const signatureOf = (b: Block | undefined, font: number): string =>
  b === undefined ? '' : `${b.key} ${b.row.lo} ${b.row.hi} ${b.row.name} ${b.row.title} ${b.w} ${b.h} ${font}`;

/** Height of the lines in a block, in font sizes. */
const LINES = 9.2;

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
  // Five lines between the strip and the lower edge, smaller where that is not far.
  const top = strip.y + strip.h;
  const room = b.y + b.h - top;
  const u = Math.min(font, room / (LINES + 0.4));
  const mid = top + (room - LINES * u) / 2 + 3.8 * u;
  text('letter big', mid - u * 2.6, u * 2.4, KIND_LETTER[b.row.kind]);
  text(
    'title',
    mid - u * 0.4,
    u * 1.25,
    b.row.title === 'migration w' || b.row.kind === 'migration' ? `${b.row.title} entry` : b.row.title,
  );
  const figures = '1 PMD entry = 512 pages = 2 MiB';
  const fits = monoWidth(figures, u * 0.95) <= b.w - 16;
  text('figures', mid + u * 1.4, u * 0.95, fits ? figures : '512 pages = 2 MiB');
  text('chips', mid + u * 3, u * 0.95, b.row.chips.map((c) => c.word).join(' '));
  text('name', mid + u * 4.8, u * 1.1, b.row.name);
  if (motion.ms === 0) return;
  if (mended(scene, before)) {
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
const WHOLE = 'translate(0,0) rotate(0)';

/**
 * The block in pieces, which fly apart when it becomes a table and come together when a table becomes it, whichever way
 * time runs. Pieces that are in the air turn round where they are.
 */
function shards(layer: Layer, b: Block, motion: Motion, apart: boolean): void {
  let g = layer.select<SVGGElement>('g.shards');
  if (g.empty()) g = whirl(layer, b, apart);
  const ms = lasting(motion);
  g.selectAll<SVGRectElement, string>('rect')
    .transition('fly')
    .duration(ms)
    .ease(easeCubicInOut)
    .attr('transform', (far) => (apart ? far : WHOLE))
    .attr('opacity', apart ? 0 : 0.95);
  g.transition('fly').delay(ms).duration(60).remove();
}

/** The pieces as they are before they move; each has as its datum where it lies when it is apart. */
function whirl(layer: Layer, b: Block, whole: boolean): Selection<SVGGElement, unknown, null, undefined> {
  const g = layer.append('g').attr('class', `shards k-${b.row.kind}`);
  const h = b.h / PIECES;
  for (let i = 0; i < PIECES; i++) {
    const side = i % 2 === 0 ? 1 : -1;
    const far = `translate(${side * (18 + (i % 5) * 9)},${(i - PIECES / 2) * 3.2}) rotate(${side * ((i % 3) + 1) * 2})`;
    g.append('rect')
      .datum(far)
      .attr('x', b.x)
      .attr('y', b.y + i * h)
      .attr('width', b.w)
      .attr('height', h - 1)
      .attr('rx', 2)
      .attr('transform', whole ? WHOLE : far)
      .attr('opacity', whole ? 0.95 : 0);
  }
  return g;
}
