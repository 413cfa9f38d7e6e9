import type { Selection } from 'd3';
import { KINDS } from '../../../scene/entry-view.ts';
import { eventWord } from '../../../scene/notices.ts';
import type { Rail, RailSpan, StageScene, TableShape } from '../../../scene/stage-layout.ts';
import { actorClass } from './locks.ts';
import { type Motion, at, fit, glide, leave } from './motion.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Draws the address axis: VMAs, the requested range, notifier brackets that are open. */
export function paintRail(layer: Layer, scene: StageScene, motion: Motion, address: (page: number) => string): void {
  const { rail, frame } = scene;
  const wide = !frame.narrow;
  const barW = wide ? rail.box.w * 0.58 : rail.box.w;
  const vmas = layer.selectAll<SVGGElement, RailSpan>('g.vma').data(rail.vmas as RailSpan[], (d) => d.key);
  const entering = vmas
    .enter()
    .append('g')
    .attr('class', 'vma')
    .attr('transform', (d) => at(rail.box.x, d.y));
  entering.append('rect').attr('rx', 4);
  entering.append('text').attr('class', 'name');
  entering.append('text').attr('class', 'perms');
  const all = entering.merge(vmas);
  glide(all, { transform: (d) => at(rail.box.x, d.y) }, motion);
  glide(all.select<SVGRectElement>('rect'), { width: barW, height: (d) => d.h }, motion);
  all
    .select('text.name')
    .attr('x', barW / 2)
    .attr('y', (d) => d.h / 2 - frame.font * 0.6)
    .attr('font-size', frame.font)
    .text((d) => (wide && d.h > frame.font * 3.2 ? d.label : ''));
  all
    .select('text.perms')
    .attr('x', barW / 2)
    .attr('y', (d) => d.h / 2 + frame.font * 0.7)
    .attr('font-size', frame.font * 0.9)
    .text((d) => (wide && d.h > frame.font * 3.2 ? d.sub : ''));
  leave(vmas.exit<RailSpan>(), motion);
  // An address makes way for a pennant.
  const clear = rail.ticks.filter((t) => scene.model.cursors.every((c) => Math.abs(rail.y(c.page) - t.y) > 15));
  paintRequest(layer, { ...rail, ticks: clear }, barW, frame.font, wide, address);
  paintBrackets(layer, rail, barW + 12, motion);
}

function paintRequest(
  layer: Layer,
  rail: Rail,
  barW: number,
  font: number,
  wide: boolean,
  address: (page: number) => string,
): void {
  const x = rail.box.x + barW + 3;
  const { y, h } = rail.request;
  layer.selectAll('path.request').data([0]).join('path').attr('class', 'request').attr('d', `M${x} ${y}h4v${h}h-4`);
  layer
    .selectAll<SVGTextElement, Rail['ticks'][number]>('text.tick')
    .data(wide ? rail.ticks : [])
    .join('text')
    .attr('class', 'tick')
    .attr('x', rail.box.x)
    .attr('y', (d) =>
      d.above ? Math.max(d.y - 4, rail.box.y - 2) : Math.min(d.y + font * 0.95, rail.box.y + rail.box.h + font * 0.9),
    )
    .attr('font-size', font * 0.8)
    .text((d) => address(d.page));
}

function paintBrackets(layer: Layer, rail: Rail, dx: number, motion: Motion): void {
  const found = layer.selectAll<SVGGElement, RailSpan>('g.bracket').data(rail.brackets as RailSpan[], (d) => d.key);
  const entering = found
    .enter()
    .append('g')
    .attr('class', 'bracket')
    .attr('opacity', motion.ms === 0 ? 1 : 0);
  entering.append('rect').attr('width', 5).attr('rx', 2.5);
  entering.append('text').attr('font-size', 9.5);
  const all = entering.merge(found);
  all.attr('transform', (d, i) => at(rail.box.x + dx + i * 16, d.y));
  all.select('rect').attr('height', (d) => d.h);
  all
    .select('text')
    .attr('transform', (d) => `translate(9,${d.h / 2}) rotate(90)`)
    .attr('text-anchor', 'middle')
    .text((d) => (d.h > 50 ? `notifier ${eventWord(Number(d.label))}` : ''));
  glide(all, { opacity: 1 }, motion);
  leave(found.exit<RailSpan>(), motion);
}

/** Draws tables as frames, with title and the entries shown; a missing table is a dashed outline that says so. */
export function paintTables(layer: Layer, scene: StageScene, motion: Motion, holder: (table: number) => string): void {
  const { font } = scene.frame;
  const tables = layer.selectAll<SVGGElement, TableShape>('g.table').data(scene.tables as TableShape[], (d) => d.key);
  const entering = tables
    .enter()
    .append('g')
    .attr('opacity', motion.ms === 0 ? 1 : 0)
    .attr('transform', (d) => at(d.x - (motion.ms === 0 ? 0 : 26), d.y));
  entering.append('rect').attr('class', 'frame').attr('rx', 8);
  entering.append('text').attr('class', 'title');
  entering.append('text').attr('class', 'sub');
  entering.append('text').attr('class', 'ghost');
  const all = entering.merge(tables);
  all.attr('class', (d) => `table${d.ghost === '' ? '' : ' missing'}${holder(d.id) === '' ? '' : ' held'}`);
  all
    .select('rect.frame')
    .attr('width', (d) => d.w)
    .attr('height', (d) => d.h);
  all
    .select('text.title')
    .attr('x', 2)
    .attr('y', -font * 1.65)
    .attr('font-size', font * 1.05)
    .text((d) => d.title);
  all
    .select('text.sub')
    .attr('x', 2)
    .attr('y', -font * 0.5)
    .attr('font-size', font * 0.86)
    .text((d) => fit(holder(d.id) === '' ? d.sub : `locked by ${holder(d.id)}`, d.w - 16, font * 0.86));
  all
    .select('text.ghost')
    .attr('x', (d) => d.w / 2)
    .attr('y', (d) => d.h / 2)
    .attr('font-size', font)
    .text((d) => d.ghost);
  glide(all, { transform: (d) => at(d.x, d.y), opacity: 1 }, motion);
  leave(tables.exit<TableShape>(), motion);
}

/** Draws the PGD and PUD entries on the path. */
export function paintUpper(layer: Layer, scene: StageScene): void {
  const { font } = scene.frame;
  const rows = layer
    .selectAll<SVGGElement, StageScene['upperRows'][number]>('g.upper')
    .data(scene.upperRows, (d) => d.key)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'upper');
      g.append('rect').attr('rx', 5);
      g.append('text');
      return g;
    });
  rows.attr('class', (d) => `upper k-${d.missing ? 'none' : 'table'}`).attr('transform', (d) => at(d.x, d.y));
  rows
    .select('rect')
    .attr('width', (d) => d.w)
    .attr('height', (d) => d.h);
  rows
    .select('text')
    .attr('x', (d) => d.w / 2)
    .attr('y', (d) => d.h / 2)
    .attr('font-size', font * 0.92)
    .text((d) => d.label);
}

/** Draws the 512 entries of the PTE table as a strip, one path per kind, and which of them are spelled out below. */
export function paintStrip(layer: Layer, scene: StageScene): void {
  const { strip, model } = scene;
  layer.attr('opacity', strip === undefined ? 0 : 1);
  if (strip === undefined) return;
  const { cell, columns } = strip;
  const side = cell - Math.min(0.8, cell * 0.22);
  const node = layer.node() as SVGGElement & { cells?: { kinds: Uint8Array; strip: typeof strip } };
  if (node.cells === undefined || !sameCells(node.cells, { kinds: model.kinds, strip })) {
    node.cells = { kinds: model.kinds, strip };
    paintCells(layer, model.kinds, strip, side);
  }
  const { from, to } = strip;
  const box = (i: number): readonly [number, number] => [
    strip.x + (i % columns) * cell,
    strip.y + ((i / columns) | 0) * cell,
  ];
  const [fx, fy] = box(model.focus & 511);
  layer
    .selectAll('rect.here')
    .data([0])
    .join('rect')
    .attr('class', 'here')
    .attr('x', fx - 1.2)
    .attr('y', fy - 1.2)
    .attr('width', cell + 1.6)
    .attr('height', cell + 1.6);
  layer
    .selectAll('path.window')
    .data([0])
    .join('path')
    .attr('class', 'window')
    .attr('d', windowPath(from, to, columns, cell, box));
  const [ax, ay] = box(from);
  const rows = scene.rows.filter((r) => r.row.level === 1);
  const top = rows[0];
  if (top === undefined) return;
  const under = strip.y + (((to - 1) / columns) | 0) * cell + cell;
  layer
    .selectAll('path.lens')
    .data([0])
    .join('path')
    .attr('class', 'lens')
    .attr(
      'd',
      to - from >= columns
        ? ''
        : `M${ax} ${ay + cell}L${top.x} ${top.y}H${top.x + top.w}L${box(to - 1)[0] + cell} ${under}Z`,
    );
}

type Strip = NonNullable<StageScene['strip']>;
type Cells = { readonly kinds: Uint8Array; readonly strip: Strip };

function sameCells(a: Cells, b: Cells): boolean {
  const { x, y, cell } = a.strip;
  if (x !== b.strip.x || y !== b.strip.y || cell !== b.strip.cell) return false;
  return a.kinds.every((kind, i) => kind === b.kinds[i]);
}

/** All 512 cells, as one path for each kind. */
function paintCells(layer: Layer, kinds: Uint8Array, strip: Strip, side: number): void {
  const { cell, columns } = strip;
  const paths = KINDS.map(() => '');
  for (let i = 0; i < 512; i++) {
    const code = kinds[i] as number;
    const x = strip.x + (i % columns) * cell;
    const y = strip.y + ((i / columns) | 0) * cell;
    paths[code] += `M${x.toFixed(1)} ${y.toFixed(1)}h${side.toFixed(1)}v${side.toFixed(1)}h-${side.toFixed(1)}z`;
  }
  layer
    .selectAll('path.cells')
    .data(paths)
    .join('path')
    .attr('class', (_, code) => `cells k-${KINDS[code]}`)
    .attr('d', (d) => d);
}

/** Outline of the entries from … to - 1 in the strip, which may run over several of its lines. */
function windowPath(
  from: number,
  to: number,
  columns: number,
  cell: number,
  box: (i: number) => readonly [number, number],
): string {
  let d = '';
  for (let i = from; i < to; ) {
    const end = Math.min(to, (((i / columns) | 0) + 1) * columns);
    const [x, y] = box(i);
    d += `M${x - 0.6} ${y - 0.6}h${(end - i) * cell + 0.4}v${cell + 0.4}h-${(end - i) * cell + 0.4}z`;
    i = end;
  }
  return d;
}

/** Draws the way of the walk from the address to the entry: reached, and still ahead. */
export function paintPath(layer: Layer, scene: StageScene, motion: Motion): void {
  const pieces = layer.selectAll<SVGPathElement, StageScene['path'][number]>('path').data(scene.path, (d) => d.key);
  const all = pieces
    .enter()
    .append('path')
    .attr('d', (d) => d.d)
    .merge(pieces);
  all.attr('class', (d) => `way a-${actorClass(d.actor)}${d.reached ? ' reached' : ''}`);
  glide(all, { d: (d) => d.d }, motion);
  pieces.exit().remove();
}
