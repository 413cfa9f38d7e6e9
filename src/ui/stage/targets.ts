import type { Selection } from '../../scene/selection.ts';
import type { Box } from '../../scene/stage-frame.ts';
import type { StageScene } from '../../scene/stage-shapes.ts';

/** Something on the stage that can be pointed at, by the key of its shape. */
export interface Target {
  readonly key: string;
  readonly box: Box;
}

/** Columns of targets from left to right: PMD entries, PTEs, system folios, device folios. */
function columns(scene: StageScene): readonly (readonly Target[])[] {
  const rows = (level: number): Target[] =>
    scene.rows.filter((r) => r.row.level === level).map((r) => ({ key: r.key, box: r }));
  const cards = (column: string): Target[] =>
    scene.cards
      .filter((c) => c.placed.column === column)
      .map((c) => ({ key: c.key, box: c }))
      .toSorted((a, b) => a.box.y - b.box.y);
  return [rows(2), rows(1), cards('system'), cards('device')].filter((c) => c.length > 0);
}

/** The target next to `from` in a direction; without one, the entry in focus. */
export function moveTarget(
  scene: StageScene,
  from: Target | undefined,
  to: 'up' | 'down' | 'left' | 'right' | 'first' | 'last' | 'in' | 'out' | 'reset' | 'unpin',
): Target | undefined {
  const all = columns(scene);
  const c = all.findIndex((column) => column.some((t) => t.key === from?.key));
  if (from === undefined || c < 0) {
    const focus = scene.rows.findLast((r) => r.focus);
    return focus === undefined ? all[0]?.[0] : { key: focus.key, box: focus };
  }
  const column = all[c] as readonly Target[];
  const i = column.findIndex((t) => t.key === from.key);
  switch (to) {
    case 'up':
      return column[Math.max(0, i - 1)];
    case 'down':
      return column[Math.min(column.length - 1, i + 1)];
    case 'first':
      return column[0];
    case 'last':
      return column.at(-1);
    case 'left':
    case 'right':
      return nearest(all[c + (to === 'left' ? -1 : 1)] ?? column, from);
    default:
      return from;
  }
}

function nearest(column: readonly Target[], from: Target): Target | undefined {
  const middle = (b: Box): number => b.y + b.h / 2;
  return column.toSorted(
    (a, b) => Math.abs(middle(a.box) - middle(from.box)) - Math.abs(middle(b.box) - middle(from.box)),
  )[0];
}

/** What lies under a point of the scene; a cell of the 512-entry strip counts as its entry. */
export function targetAt(scene: StageScene, x: number, y: number): Target | undefined {
  const hit = (b: Box): boolean => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h;
  const shape = scene.cards.find(hit) ?? scene.rows.find(hit);
  if (shape !== undefined) return { key: shape.key, box: shape };
  const { strip } = scene;
  if (strip === undefined || !hit(strip)) return undefined;
  const slot = Math.floor((y - strip.y) / strip.cell) * strip.columns + Math.floor((x - strip.x) / strip.cell);
  return {
    key: `cell:${slot}`,
    box: {
      x: strip.x + (slot % strip.columns) * strip.cell,
      y: strip.y + Math.floor(slot / strip.columns) * strip.cell,
      w: strip.cell,
      h: strip.cell,
    },
  };
}

/** A target as what the rest of the page understands. */
export function selectionOf(t: Target, scene: StageScene): Selection | undefined {
  const row = scene.rows.find((r) => r.key === t.key)?.row;
  if (row !== undefined) return { kind: 'entry', entry: row.entry, page: row.page };
  const card = scene.cards.find((c) => c.key === t.key);
  if (card !== undefined) return { kind: 'folio', folio: card.placed.view.id };
  const slot = /^cell:(\d+)$/.exec(t.key)?.[1];
  return slot === undefined ? undefined : { kind: 'page', page: (scene.model.focus & ~511) + Number(slot) };
}
