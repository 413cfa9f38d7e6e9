import type { Recording } from '../recording/recording.ts';
import { stacked } from './cursor.ts';
import { eventWord } from './notices.ts';
import type { LockView } from './lock-view.ts';
import type { RowView } from './row-view.ts';
import type { PlacedFolio, Tie } from './shelf.ts';
import { around, link, meet, middle, r } from './lines.ts';
import { type Box, clamp, type Frame, roomFor, rowsBottom, rowsTop } from './stage-frame.ts';
import { type NoticeShape, placeNotices } from './notice-place.ts';
import type { StageModel } from './stage-model.ts';

export interface RowShape extends Box {
  readonly key: string;
  readonly row: RowView;
  readonly focus: boolean;
}

export interface CardShape extends Box {
  readonly key: string;
  readonly placed: PlacedFolio;
}

export interface TieShape {
  readonly key: string;
  readonly d: string;
  readonly tie: Tie;
  readonly focus: boolean;
}

export interface LockShape {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly lock: LockView;
  /** text beside it, empty where the thing itself says it */
  readonly label: string;
}

/** A stretch of the address axis. */
export interface RailSpan {
  readonly key: string;
  readonly y: number;
  readonly h: number;
  readonly label: string;
  readonly sub: string;
}

export interface Rail {
  readonly box: Box;
  readonly vmas: readonly RailSpan[];
  readonly request: RailSpan;
  readonly ticks: readonly { readonly y: number; readonly page: number; readonly above: boolean }[];
  /** with the middle of their label, which makes way for pennants */
  readonly brackets: readonly (RailSpan & { readonly labelY: number })[];
  /** y of the middle of a page */
  y(page: number): number;
}

/** A table drawn as a frame with a title. */
export interface TableShape extends Box {
  readonly key: string;
  readonly level: number;
  readonly id: number;
  readonly title: string;
  readonly sub: string;
  /** no such table exists */
  readonly ghost: string;
}

export interface StageScene {
  readonly frame: Frame;
  readonly model: StageModel;
  readonly rail: Rail;
  readonly tables: readonly TableShape[];
  readonly rows: readonly RowShape[];
  /** PGD and PUD entries of the path */
  readonly upperRows: readonly (Box & { readonly key: string; readonly label: string; readonly missing: boolean })[];
  readonly strip:
    | (Box & { readonly cell: number; readonly columns: number; readonly from: number; readonly to: number })
    | undefined;
  /** a PMD leaf drawn as one 512-wide block */
  readonly block: (Box & { readonly key: string; readonly row: RowView }) | undefined;
  readonly cards: readonly CardShape[];
  readonly ties: readonly TieShape[];
  readonly locks: readonly LockShape[];
  readonly notices: readonly NoticeShape[];
  /** the path of the walk, in pieces: reached, and not yet reached */
  readonly path: readonly {
    readonly key: string;
    readonly d: string;
    readonly reached: boolean;
    readonly actor: number;
  }[];
}

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

function layRail(model: StageModel, f: Frame): Rail {
  const { start, end } = model.request;
  const pad = Math.max(1, (end - start) * 0.14);
  const near = model.vmas.filter((v) => v.end > start - pad * 4 && v.start < end + pad * 4);
  const lo = Math.min(start, model.focus, ...near.map((v) => Math.max(v.start, start - pad * 2))) - pad * 0.4;
  const hi = Math.max(end, model.focus + 1, ...near.map((v) => Math.min(v.end, end + pad * 2))) + pad * 0.4;
  const at = (page: number): number => f.rail.y + ((clamp(lo, page, hi) - lo) / (hi - lo)) * f.rail.h;
  const spanOf = (key: string, from: number, to: number, label: string, sub = ''): RailSpan => ({
    key,
    y: at(from),
    h: Math.max(2, at(to) - at(from)),
    label,
    sub,
  });
  return {
    box: f.rail,
    vmas: model.vmas
      .filter((v) => v.end > lo && v.start < hi)
      .map((v) => spanOf(`vma:${v.id}`, v.start, v.end, v.kind, v.perms)),
    request: spanOf('request', start, end, 'asked'),
    ticks: [start, end].map((page) => ({ y: at(page), page, above: page === start })),
    brackets: model.brackets.map((b, i) => {
      const span = spanOf(`bracket:${b.begin}:${i}`, b.start, b.stop, `notifier ${eventWord(b.event)}`);
      const pennants = model.cursors.map((c) => at(c.page + 0.5) + stacked(model.cursors, c) * f.font * 1.6);
      return { ...span, labelY: clearOf(pennants, f.font, span, span.label.length * BRACKET_SIZE * 0.602) };
    }),
    y: (page) => at(page + 0.5),
  };
}

/** Size of what is written along an open notifier bracket, px. */
export const BRACKET_SIZE = 9.5;

/** Middle of a text of that length along a bar, where no pennant crosses it; the bar's own middle when it is crossed everywhere. */
function clearOf(pennants: readonly number[], font: number, bar: RailSpan, length: number): number {
  const ends = [bar.y - font, ...pennants.toSorted((a, b) => a - b), bar.y + bar.h + font];
  const gaps = ends.slice(1).map((end, i) => ({ from: (ends[i] as number) + font, to: end - font }));
  const usual = bar.y + bar.h / 2;
  const fitting = gaps
    .filter((g) => g.to - g.from >= length)
    .map((g) => clamp(g.from + length / 2, usual, g.to - length / 2))
    .toSorted((a, b) => Math.abs(a - usual) - Math.abs(b - usual));
  return fitting[0] ?? usual;
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
    add('pmd', 2, model.path.pmd, { ...f.pmd, h: pmdH }, 'PMD table', slots(model.pmdRows), 'no PMD table');
  }
  if (layBlock(model, f) === undefined) {
    const rows = model.pteRows.length;
    const rowH = clamp(f.font * 1.5, (rowsBottom(f) - rowsTop(f)) / Math.max(1, rows), f.font * 4.6);
    const h = rows === 0 ? f.font * 8 : Math.min(f.pte.h, rowsTop(f) - f.pte.y + rows * rowH + 6);
    add('pte', 1, model.path.pte, { ...f.pte, h }, 'PTE table', slots(model.pteRows), 'no PTE table');
  }
  return shapes;
}

function slots(rows: readonly RowView[]): string {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return '';
  return first === last ? `entry ${first.slot} of 512` : `entries ${first.slot}–${last.slot} of 512`;
}

function layLocks(
  model: StageModel,
  f: Frame,
  tables: readonly TableShape[],
  cards: ReadonlyMap<number, CardShape>,
): readonly LockShape[] {
  const shapes: LockShape[] = [];
  let onRail = 0;
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
        x: f.rail.x + 9 + onRail * f.font * 9,
        y: f.rail.y + f.rail.h + f.font * (f.narrow ? 0.2 : 2.1),
        label: f.narrow ? '' : lock.kind === 'mmap' ? 'mmap lock' : 'anon_vma',
      });
      onRail++;
    }
  }
  return shapes;
}

function layPath(
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
