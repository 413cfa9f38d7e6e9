import type { Recording } from '../recording/recording.ts';
import { around, link, meet, middle } from './lines.ts';
import { placeNotices } from './notice-place.ts';
import type { RowView } from './row-view.ts';
import type { PlacedFolio } from './shelf.ts';
import { type Box, clamp, type Frame, roomFor, rowsBottom, rowsTop } from './stage-frame.ts';
import { layLocks, layPath } from './stage-marks.ts';
import type { StageModel } from './stage-model.ts';
import { layRail } from './stage-rail.ts';
import type { CardShape, RowShape, StageScene, TableShape, TieShape } from './stage-shapes.ts';

/** Gives everything of the model its place. */
export function stageLayout(recording: Recording, model: StageModel, f: Frame): StageScene {
  const rail = layRail(model, f);
  const top = rowsTop(f);
  const slots = Math.max(1, model.pteRows.length > 0 ? model.pteRows.length : roomFor(f).pteRows);
  const rowH = clamp(f.font * 1.5, (rowsBottom(f) - top) / slots, f.font * 4.6);
  const pteRows = model.pteRows.map(
    (row, i): RowShape => ({
      key: `1:${row.page}`,
      row,
      x: f.pte.x + 6,
      y: top + i * rowH + 1,
      w: f.pte.w - 12,
      h: rowH - 2,
      focus: row.page === model.focus,
    }),
  );
  const pmdRows = layPmdRows(model, f);
  const block = layBlock(model, f);
  const cards = model.folios.map((placed): CardShape => layCard(placed, f, top, rowH));
  const cardOf = new Map(cards.map((c) => [c.placed.view.id, c]));
  const rowOf = new Map([...pmdRows, ...pteRows].map((r) => [r.key, r]));
  const upperRows = layUpper(model, f);
  const tables = layTables(model, f);
  const ties = model.ties.flatMap((tie): TieShape[] => {
    const to = cardOf.get(tie.folio);
    const row = rowOf.get(`${tie.level}:${tie.page}`);
    const from = tie.level === 2 && block !== undefined ? block : row;
    if (to === undefined || from === undefined) return [];
    const over =
      to.placed.column === 'device' &&
      cards.some((c) => c.placed.column === 'system' && c.y < middle(from) && c.y + c.h > middle(from));
    const d = over
      ? around(from, to, f, tie.level === 1 ? from.y + from.h + 1 : f.system.y + 6)
      : link(from.x + from.w, middle(from), to.x, meet(to, middle(from)));
    return [{ key: tie.key, tie, d, focus: row?.focus ?? false }];
  });
  const scene = {
    frame: f,
    model,
    rail,
    tables,
    upperRows,
    block,
    cards,
    ties,
    rows: [...pmdRows, ...pteRows],
    strip:
      model.kinds.length === 0
        ? undefined
        : {
            ...f.strip,
            cell: f.strip.w / 64,
            columns: 64,
            from: model.pteRows[0]?.slot ?? 0,
            to: (model.pteRows.at(-1)?.slot ?? 0) + 1,
          },
    locks: layLocks(model, f, tables, cardOf),
    path: layPath(model, rail, upperRows, pmdRows, pteRows, block),
  };
  return { ...scene, notices: placeNotices(scene, recording) };
}

function layUpper(model: StageModel, f: Frame): StageScene['upperRows'] {
  if (f.narrow) return [];
  const h = f.font * 2;
  const one = (key: string, y: number, shift: number, table: number): StageScene['upperRows'][number] => ({
    key,
    x: f.upper.x + 4,
    y,
    w: f.upper.w - 8,
    h,
    label: `[${(model.focus >>> shift) & 511}]`,
    missing: table === 0,
  });
  return [
    one('pgd', f.upper.y + 10, 27, model.path.pgd),
    one('pud', f.upper.y + f.font * 6.4 + 10, 18, model.path.pud),
  ];
}

function layPmdRows(model: StageModel, f: Frame): RowShape[] {
  if (f.narrow) return [];
  const n = model.pmdRows.length;
  if (n === 0) return [];
  const h = clamp(f.font * 2.5, (f.pmd.h - 12) / n, f.font * 3.4);
  return model.pmdRows.map((row, i) => ({
    key: `2:${row.page}`,
    row,
    x: f.pmd.x + 6,
    y: f.pmd.y + 7 + i * h,
    w: f.pmd.w - 12,
    h: h - 4,
    focus: row.page === (model.focus & ~511),
  }));
}

const LEAF: ReadonlySet<string> = new Set(['huge', 'zero', 'migration', 'device', 'swap']);

function layBlock(model: StageModel, f: Frame): StageScene['block'] {
  if (model.pteRows.length > 0 || !LEAF.has(model.pmd.kind)) return undefined;
  const row = model.pmdRows.find((x) => x.page === model.pmd.page) ?? {
    ...model.pmd,
    slot: (model.pmd.page >> 9) & 511,
    name: '',
    before: undefined,
    asked: true,
    mix: [],
  };
  return { key: `block:${model.pmd.page}`, row, x: f.pte.x, y: f.pte.y, w: f.pte.w, h: f.pte.h };
}

function layCard(placed: PlacedFolio, f: Frame, top: number, rowH: number): CardShape {
  const column = placed.column === 'system' ? f.system : f.device;
  const tall = placed.view.order > 0 && placed.span > 1;
  return {
    key: `folio:${placed.view.id}`,
    placed,
    x: column.x,
    y: top + placed.row * rowH + 1,
    w: column.w,
    h: (tall || placed.span > 1 ? placed.span * rowH : Math.min(rowH, f.font * 4.4)) - 2,
  };
}

function layTables(model: StageModel, f: Frame): readonly TableShape[] {
  const shapes: TableShape[] = [];
  const add = (key: string, level: number, id: number, box: Box, title: string, sub: string, ghost: string): void => {
    shapes.push({ key: `${key}:${id}`, level, id, title, sub, ghost: id === 0 ? ghost : '', ...box });
  };
  if (!f.narrow) {
    const h = f.font * 2 + 14;
    add('pgd', 4, model.path.pgd, { x: f.upper.x, y: f.upper.y + 3, w: f.upper.w, h }, 'PGD', '', 'none');
    add(
      'pud',
      3,
      model.path.pud,
      { x: f.upper.x, y: f.upper.y + f.font * 6.4 + 3, w: f.upper.w, h },
      'PUD',
      '',
      'none',
    );
    const pmdH =
      model.pmdRows.length === 0
        ? f.font * 5
        : Math.min(
            f.pmd.h,
            model.pmdRows.length * clamp(f.font * 2.5, (f.pmd.h - 12) / model.pmdRows.length, f.font * 3.4) + 10,
          );
    add('pmd', 2, model.path.pmd, { ...f.pmd, h: pmdH }, 'PMD table', slots(model.pmdRows, f), 'no PMD table');
  }
  if (layBlock(model, f) === undefined) {
    const rows = model.pteRows.length;
    const rowH = clamp(f.font * 1.5, (rowsBottom(f) - rowsTop(f)) / Math.max(1, rows), f.font * 4.6);
    const h = rows === 0 ? f.font * 8 : Math.min(f.pte.h, rowsTop(f) - f.pte.y + rows * rowH + 6);
    add('pte', 1, model.path.pte, { ...f.pte, h }, 'PTE table', slots(model.pteRows, f), 'no PTE table');
  }
  return shapes;
}

function slots(rows: readonly RowView[], f: Frame): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return '';
  if (first === last) return `entry ${first.slot} of 512`;
  return `${f.pmd.w < f.font * 11 ? '' : 'entries '}${first.slot}–${last.slot} of 512`;
}
