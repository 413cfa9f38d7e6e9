import { link, middle, r } from './lines.ts';
import type { Box, Frame } from './stage-frame.ts';
import type { StageModel } from './stage-model.ts';
import type { CardShape, LockShape, Rail, RowShape, StageScene, TableShape } from './stage-shapes.ts';

/** Room for a lock of the whole process with its name, in font sizes. */
const RAIL_LOCK = 9;

export function layLocks(
  model: StageModel,
  f: Frame,
  tables: readonly TableShape[],
  cards: ReadonlyMap<number, CardShape>,
): readonly LockShape[] {
  const shapes: LockShape[] = [];
  let onRail = 0;
  const below = model.locks.filter((l) => l.kind !== 'table' && l.kind !== 'folio').length;
  // Side by side if that ends before the tables begin, else one below the other.
  const beside = f.narrow || below * f.font * RAIL_LOCK <= f.pmd.x - f.rail.x;
  for (const lock of model.locks) {
    if (lock.kind === 'table') {
      const t = tables.find((x) => x.id === lock.id);
      if (t !== undefined) shapes.push({ key: lock.key, lock, x: t.x + t.w - 6, y: t.y, label: '' });
    } else if (lock.kind === 'folio') {
      const c = cards.get(lock.id);
      if (c !== undefined)
        shapes.push({
          key: lock.key,
          lock,
          x: c.x + c.w - 15 * (f.font / 12),
          y: c.y + Math.min(c.h / 2, f.font * 1.7) - 2,
          label: '',
        });
    } else {
      shapes.push({
        key: lock.key,
        lock,
        x: f.rail.x + 9 + (beside ? onRail * f.font * RAIL_LOCK : 0),
        y: f.rail.y + f.rail.h + f.font * (f.narrow ? 0.2 : beside ? 2.1 : 1.9 + onRail * 1.7),
        label: f.narrow ? '' : lock.kind === 'mmap' ? 'mmap lock' : 'anon_vma',
      });
      onRail++;
    }
  }
  return shapes;
}

export function layPath(
  model: StageModel,
  rail: Rail,
  upper: StageScene['upperRows'],
  pmdRows: readonly RowShape[],
  pteRows: readonly RowShape[],
  block: Box | undefined,
): StageScene['path'] {
  const own = model.cursors.find((c) => c.actor === model.actor);
  const level = model.pinned || own === undefined ? 1 : own.level;
  const pmd = pmdRows.find((x) => x.focus);
  const pte = pteRows.find((x) => x.focus);
  const pieces: { key: string; d: string; at: number }[] = [];
  const y = rail.y(model.focus);
  const x = rail.box.x + rail.box.w;
  const [pgd, pud] = upper;
  if (pgd !== undefined && pud !== undefined) {
    pieces.push({ key: 'rail', d: link(x, y, pgd.x, middle(pgd)), at: 4 });
    const cx = pgd.x + pgd.w * 0.72;
    pieces.push({ key: 'pgd', d: `M${r(cx)} ${r(pgd.y + pgd.h)}L${r(cx)} ${r(pud.y)}`, at: 3 });
    if (pmd !== undefined) pieces.push({ key: 'pud', d: link(pud.x + pud.w, middle(pud), pmd.x, middle(pmd)), at: 2 });
    const target = pte ?? block;
    if (pmd !== undefined && target !== undefined)
      pieces.push({
        key: 'pmd',
        d: link(pmd.x + pmd.w, middle(pmd), target.x, pte === undefined ? middle(pmd) : middle(target)),
        at: pte === undefined ? 2 : 1,
      });
  } else if (pte !== undefined) pieces.push({ key: 'rail', d: link(x, y, pte.x, middle(pte)), at: 1 });
  return pieces.map(({ key, d, at }) => ({ key, d, reached: at >= level, actor: model.actor }));
}
