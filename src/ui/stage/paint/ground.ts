import type { Selection } from 'd3';
import { KINDS } from '../../../scene/entry-view.ts';
import { BRACKET_SIZE } from '../../../scene/stage-rail.ts';
import type { Rail, RailSpan, StageScene, TableShape } from '../../../scene/stage-shapes.ts';
import { actorClass } from './locks.ts';
import { type Motion, at, fit, glide, joinBy, leave } from './motion.ts';
import { write } from './shapes.ts';

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
  write(
    all.select<SVGTextElement>('text.name'),
    { x: barW / 2, y: (d) => d.h / 2 - frame.font * 0.6, 'font-size': frame.font },
    (d) => (wide && d.h > frame.font * 3.2 ? d.label : ''),
  );
  write(
    all.select<SVGTextElement>('text.perms'),
    { x: barW / 2, y: (d) => d.h / 2 + frame.font * 0.7, 'font-size': frame.font * 0.9 },
    (d) => (wide && d.h > frame.font * 3.2 ? d.sub : ''),
  );
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
  write(layer.selectAll<SVGPathElement, number>('path.request').data([0]).join('path'), {
    class: 'request',
    d: `M${x} ${y}h4v${h}h-4`,
  });
  write(
    layer
      .selectAll<SVGTextElement, Rail['ticks'][number]>('text.tick')
      .data(wide ? rail.ticks : [])
      .join('text'),
    {
      class: 'tick',
      x: rail.box.x,
      y: (d) =>
        d.above ? Math.max(d.y - 4, rail.box.y - 2) : Math.min(d.y + font * 0.95, rail.box.y + rail.box.h + font * 0.9),
      'font-size': font * 0.8,
    },
    (d) => address(d.page),
  );
}

type Bracket = Rail['brackets'][number];

function paintBrackets(layer: Layer, rail: Rail, dx: number, motion: Motion): void {
  const found = layer.selectAll<SVGGElement, Bracket>('g.bracket').data(rail.brackets, (d) => d.key);
  const entering = found
    .enter()
    .append('g')
    .attr('class', 'bracket')
    .attr('opacity', motion.ms === 0 ? 1 : 0);
  entering.append('rect').attr('width', 5).attr('rx', 2.5);
  entering.append('text').attr('font-size', BRACKET_SIZE).attr('text-anchor', 'middle');
  const all = entering.merge(found);
  write(all, { transform: (d, i) => at(rail.box.x + dx + i * 16, d.y) });
  write(all.select<SVGRectElement>('rect'), { height: (d) => d.h });
  write(all.select<SVGTextElement>('text'), { transform: (d) => `translate(9,${d.labelY - d.y}) rotate(90)` }, (d) =>
    d.h > 50 ? d.label : '',
  );
  glide(all, { opacity: 1 }, motion);
  leave(found.exit<Bracket>(), motion);
}

/** Draws tables as frames, with title and the entries shown; a missing table is a dashed outline that says so. */
export function paintTables(layer: Layer, scene: StageScene, motion: Motion, holder: (table: number) => string): void {
  const { font } = scene.frame;
  const tables = layer.selectAll<SVGGElement, TableShape>('g.table').data(scene.tables as TableShape[], joinBy(motion));
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
  write(all, { class: (d) => `table${d.ghost === '' ? '' : ' missing'}${holder(d.id) === '' ? '' : ' held'}` });
  write(all.select<SVGRectElement>('rect.frame'), { width: (d) => d.w, height: (d) => d.h });
  write(all.select<SVGTextElement>('text.title'), { x: 2, y: -font * 1.65, 'font-size': font * 1.05 }, (d) => d.title);
  write(all.select<SVGTextElement>('text.sub'), { x: 2, y: -font * 0.5, 'font-size': font * 0.86 }, (d) =>
    fit(holder(d.id) === '' ? d.sub : `locked by ${holder(d.id)}`, d.w - 16, font * 0.86),
  );
  write(
    all.select<SVGTextElement>('text.ghost'),
    { x: (d) => d.w / 2, y: (d) => d.h / 2, 'font-size': font },
    (d) => d.ghost,
  );
  glide(all, { transform: (d) => at(d.x, d.y), opacity: 1 }, motion);
  // The table that takes its place has a title, too, and two of them are read as none.
  tables.exit<TableShape>().selectAll('text').remove();
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
  write(rows, { class: (d) => `upper k-${d.missing ? 'none' : 'table'}`, transform: (d) => at(d.x, d.y) });
  write(rows.select<SVGRectElement>('rect'), { width: (d) => d.w, height: (d) => d.h });
  write(
    rows.select<SVGTextElement>('text'),
    { x: (d) => d.w / 2, y: (d) => d.h / 2, 'font-size': font * 0.92 },
    (d) => d.label,
  );
}

/** Draws the 512 entries of the PTE table as a strip, and which of them are spelled out below. */
export function paintStrip(layer: Layer, scene: StageScene): void {
  const { strip, model } = scene;
  write(layer, { opacity: strip === undefined ? 0 : 1 });
  if (strip === undefined) return;
  const { cell, columns } = strip;
  paintCells(layer, model.kinds, strip);
  const { from, to } = strip;
  const box = (i: number): readonly [number, number] => [
    strip.x + (i % columns) * cell,
    strip.y + ((i / columns) | 0) * cell,
  ];
  const [fx, fy] = box(model.focus & 511);
  write(layer.selectAll<SVGRectElement, number>('rect.here').data([0]).join('rect'), {
    class: 'here',
    x: fx - 1.2,
    y: fy - 1.2,
    width: cell + 1.6,
    height: cell + 1.6,
  });
  write(layer.selectAll<SVGPathElement, number>('path.window').data([0]).join('path'), {
    class: 'window',
    d: windowPath(from, to, columns, cell, box),
  });
  const [ax, ay] = box(from);
  const rows = scene.rows.filter((r) => r.row.level === 1);
  const top = rows[0];
  if (top === undefined) return;
  const under = strip.y + (((to - 1) / columns) | 0) * cell + cell;
  write(layer.selectAll<SVGPathElement, number>('path.lens').data([0]).join('path'), {
    class: 'lens',
    d:
      to - from >= columns
        ? ''
        : `M${ax} ${ay + cell}L${top.x} ${top.y}H${top.x + top.w}L${box(to - 1)[0] + cell} ${under}Z`,
  });
}

type Strip = NonNullable<StageScene['strip']>;
type Drawn = SVGGElement & {
  cells?: { kinds: Uint8Array; x: number; y: number; cell: number; squares: readonly string[] };
};

/** All 512 cells: in each line one path for each kind, so that a cell that changes redraws a piece of its line. */
function paintCells(layer: Layer, kinds: Uint8Array, strip: Strip): void {
  const { cell, columns, x, y } = strip;
  const node = layer.node() as Drawn;
  const last = node.cells;
  const moved = last === undefined || last.x !== x || last.y !== y || last.cell !== cell;
  const squares = moved ? squaresOf(strip) : last.squares;
  node.cells = { kinds, x, y, cell, squares };
  for (let from = 0; from < kinds.length; from += columns) {
    const line = kinds.subarray(from, from + columns);
    if (!moved && line.every((kind, i) => kind === last.kinds[from + i])) continue;
    const paths = new Map<number, string>();
    line.forEach((code, i) => {
      paths.set(code, (paths.get(code) ?? '') + (squares[from + i] as string));
    });
    const id = `line-${from / columns}`;
    write(
      layer
        .selectAll<SVGPathElement, readonly [number, string]>(`path.${id}`)
        .data([...paths], ([code]) => code)
        .join((enter) => enter.insert('path', ':first-child')),
      { class: ([code]) => `cells k-${KINDS[code]} ${id}`, d: ([, d]) => d },
    );
  }
}

/** The outline of each cell; made once for a place of the strip, because a jump draws all of them anew. */
function squaresOf({ x, y, cell, columns }: Strip): readonly string[] {
  const side = (cell - Math.min(0.8, cell * 0.22)).toFixed(1);
  return Array.from({ length: 512 }, (_, i) => {
    const [left, top] = [x + (i % columns) * cell, y + Math.floor(i / columns) * cell];
    return `M${left.toFixed(1)} ${top.toFixed(1)}h${side}v${side}h-${side}z`;
  });
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
  write(all, { class: (d) => `way a-${actorClass(d.actor)}${d.reached ? ' reached' : ''}` });
  glide(all, { d: (d) => d.d }, motion);
  pieces.exit().remove();
}
