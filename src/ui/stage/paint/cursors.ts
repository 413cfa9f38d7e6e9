import type { Selection } from 'd3';
import { type Cursor, stacked } from '../../../scene/cursor.ts';
import type { StageScene } from '../../../scene/stage-shapes.ts';
import { actorClass } from './locks.ts';
import { type Motion, at, glide, leave, monoWidth } from './motion.ts';
import { write } from './shapes.ts';

type Layer = Selection<SVGGElement, unknown, null, undefined>;

/** Draws where every actor is: a pennant with its name at its address, a pointer at the entry it works on. */
export function paintCursors(
  layer: Layer,
  scene: StageScene,
  motion: Motion,
  fullName: (actor: number) => string,
): void {
  const nameOf = (actor: number): string => shortName(fullName(actor));
  const { rail, frame, model } = scene;
  const size = frame.font * 0.86;
  const pennants = layer
    .selectAll<SVGGElement, Cursor>('g.pennant')
    .data(model.cursors as Cursor[], (d) => String(d.actor));
  const place = (d: Cursor): string =>
    at(rail.box.x + (frame.narrow ? 2 : rail.box.w * 0.58), rail.y(d.page) + stacked(model.cursors, d) * size * 1.9);
  const entering = pennants.enter().append('g').attr('transform', place);
  entering.append('path');
  entering.append('text');
  const all = entering.merge(pennants);
  write(all, {
    class: (d) =>
      `pennant a-${actorClass(d.actor)}${d.wait === 0 ? '' : ' waits'}${d.actor === model.actor ? ' runs' : ''}`,
  });
  write(all.select<SVGPathElement>('path'), {
    d: (d) => pennant(frame.narrow ? 0 : monoWidth(nameOf(d.actor), size) + 10, size),
  });
  write(all.select<SVGTextElement>('text'), { x: 9, 'font-size': size, 'dominant-baseline': 'central' }, (d) =>
    frame.narrow ? '' : nameOf(d.actor),
  );
  glide(all, { transform: place }, motion);
  leave(pennants.exit<Cursor>(), motion);

  const at2 = pointers(scene);
  const found = layer.selectAll<SVGGElement, Pointer>('g.pointer').data(at2, (d) => String(d.actor));
  const fresh = found
    .enter()
    .append('g')
    .attr('transform', (d) => at(d.x, d.y));
  fresh.append('path').attr('d', 'M-11 -6.5L0 0L-11 6.5Z');
  const both = fresh.merge(found);
  write(both, { class: (d) => `pointer a-${actorClass(d.actor)}` });
  glide(both, { transform: (d) => at(d.x, d.y) }, motion);
  leave(found.exit<Pointer>(), motion);
}

/** A pennant must not hide the tables: long names end in an ellipsis, the stage's text has them in full. */
const shortName = (name: string): string => (name.length > 9 ? `${name.slice(0, 8)}…` : name);

interface Pointer {
  readonly actor: number;
  readonly x: number;
  readonly y: number;
}

/** The pointer stands at the row of the level the actor works at, or at the nearest thing shown of its path. */
function pointers(scene: StageScene): Pointer[] {
  return scene.model.cursors.flatMap((c): Pointer[] => {
    const upper = c.level >= 3 ? scene.upperRows.find((u) => u.key === (c.level === 4 ? 'pgd' : 'pud')) : undefined;
    const row = scene.rows.find(
      (r) => r.row.level === c.level && (c.level === 1 ? r.row.page === c.page : r.row.page === (c.page & ~511)),
    );
    const box = upper ?? row ?? (c.level === 1 ? scene.block : undefined);
    return box === undefined
      ? []
      : [{ actor: c.actor, x: box.x - 1, y: box.y + box.h / 2 + stacked(scene.model.cursors, c) * 11 }];
  });
}

const pennant = (w: number, size: number): string => {
  const h = size * 0.78;
  return w === 0 ? 'M-2 -4L5 0L-2 4Z' : `M0 0L5 -${h}H${w + 4}V${h}H5Z`;
};
