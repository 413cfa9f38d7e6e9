import type { ZoomTransform } from 'd3';
import { KIND_LETTER, KINDS } from '../../../scene/entry-view.ts';
import { type KindMap, paintKinds } from '../../../scene/kind-map.ts';

/** Colours of a theme, read from the tokens once per theme. */
export interface Palette {
  /** packed ABGR per kind code, as ImageData wants it on a little-endian machine */
  readonly kinds: Uint32Array;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  readonly actors: readonly string[];
  readonly letters: readonly string[];
}

const TOKEN: Readonly<Record<string, string>> = {
  absent: '--surface-2',
  none: '--surface-3',
  table: '--table-line',
  present: '--present-line',
  zero: '--zero-line',
  huge: '--present-line',
  migration: '--migration-line',
  device: '--device-line',
  exclusive: '--exclusive-line',
  swap: '--swap-line',
  poison: '--bad-line',
  marker: '--bad-line',
  special: '--bad-line',
  outside: '--bg',
};

/** Reads the palette from the computed style of an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const kinds = Uint32Array.from(KINDS, (k) => packed(token(TOKEN[k] ?? '--line')));
  return {
    kinds,
    ink: token('--ink'),
    quiet: token('--ink-3'),
    line: token('--line-strong'),
    surface: token('--surface'),
    actors: ['0', '1', '2', '3'].map((a) => token(`--actor-${a}`)),
    letters: KINDS.map((k) =>
      k === 'none' || k === 'absent' || k === 'outside' ? token('--ink-3') : token('--surface'),
    ),
  };
}

function packed(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >>> 16)) >>> 0;
}

/** The map as pixels: one per entry, kept in a canvas of its own and redrawn only where it changed. */
export class MapImage {
  readonly map: KindMap;
  readonly canvas: HTMLCanvasElement;
  private readonly context: CanvasRenderingContext2D;
  private readonly row: ImageData;
  private palette: Palette | undefined;

  constructor(map: KindMap) {
    this.map = map;
    this.canvas = document.createElement('canvas');
    this.canvas.width = 512;
    this.canvas.height = Math.max(1, map.areas.length);
    this.context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    this.row = this.context.createImageData(512, 1);
  }

  /** Repaints the rows given, or all. */
  update(rows: readonly number[] | undefined, palette: Palette): void {
    if (rows === undefined || palette !== this.palette) {
      const image = this.context.createImageData(512, this.canvas.height);
      paintKinds(this.map.cells, 0, this.map.cells.length, palette.kinds, new Uint32Array(image.data.buffer));
      this.context.putImageData(image, 0, 0);
    } else
      for (const r of rows) {
        paintKinds(this.map.cells, r * 512, r * 512 + 512, palette.kinds, new Uint32Array(this.row.data.buffer));
        this.context.putImageData(this.row, 0, r);
      }
    this.palette = palette;
  }
}

/** Where the map lies in its view: the pixel of a cell is `left + slot * sx`, `top + row * sy`, then zoomed. */
export interface MapFrame {
  readonly left: number;
  readonly top: number;
  readonly sx: number;
  readonly sy: number;
}

const GUTTER = 104;

/** Fits a map of `rows` rows into w × h pixels: few rows become tall bars, many a picture. */
export function mapFrame(rows: number, w: number, h: number): MapFrame {
  const left = w < 520 ? 8 : GUTTER;
  const sy = Math.min((h - 34) / Math.max(1, rows), 46);
  return { left, top: 26 + Math.max(0, (h - 34 - sy * rows) / 3), sx: (w - left - 12) / 512, sy };
}

/** Largest useful zoom: a cell becomes 26 px wide. */
export const mostZoom = (f: MapFrame): number => Math.max(4, Math.ceil(26 / f.sx));

export interface MapMarks {
  readonly cursors: readonly { readonly actor: number; readonly page: number; readonly name: string }[];
  readonly request: { readonly start: number; readonly end: number };
  readonly focus: number;
  readonly address: (page: number) => string;
}

/** Draws the map through a zoom: the picture scaled, then frames, letters and labels for what is large enough. */
export function paintMap(
  c: CanvasRenderingContext2D,
  image: MapImage,
  f: MapFrame,
  t: ZoomTransform,
  marks: MapMarks,
  p: Palette,
  w: number,
  h: number,
): void {
  const { map } = image;
  const rows = map.areas.length;
  const x = (slot: number): number => t.applyX(f.left + slot * f.sx);
  const y = (row: number): number => t.applyY(f.top + row * f.sy);
  const cw = f.sx * t.k;
  const rh = f.sy * t.k;
  c.clearRect(0, 0, w, h);
  c.imageSmoothingEnabled = rh < 1;
  const first = Math.max(0, Math.floor((t.invertY(0) - f.top) / f.sy));
  const last = Math.min(rows, Math.ceil((t.invertY(h) - f.top) / f.sy));
  if (last <= first) return;
  c.drawImage(image.canvas, 0, first, 512, last - first, x(0), y(first), cw * 512, rh * (last - first));
  separators(c, map, p, { first, last, x, y, cw, rh, w, left: f.left });
  frameRequest(c, map, marks, p, x, y);
  for (const cursor of marks.cursors) crosshair(c, map, cursor, p, { x, y, cw, rh, w });
  labels(c, map, marks, p, { first, last, y, rh, left: f.left });
}

interface View {
  readonly first: number;
  readonly last: number;
  readonly x: (slot: number) => number;
  readonly y: (row: number) => number;
  readonly cw: number;
  readonly rh: number;
  readonly w: number;
}

/** Gaps between rows and cells, and the letter of each cell, as they become large enough to be read. */
function separators(c: CanvasRenderingContext2D, map: KindMap, p: Palette, v: View & { readonly left: number }): void {
  c.fillStyle = p.surface;
  if (v.rh >= 6) for (let r = v.first; r <= v.last; r++) c.fillRect(0, v.y(r) - 1, v.w, Math.min(3, v.rh * 0.12));
  if (v.cw < 5 || v.rh < 5) return;
  const from = Math.max(0, Math.floor(-v.x(0) / v.cw));
  const to = Math.min(512, Math.ceil((v.w - v.x(0)) / v.cw));
  const gap = Math.min(1.5, v.cw * 0.12);
  for (let r = v.first; r < v.last; r++)
    if (map.leaf[r] === 0) for (let s = from; s <= to; s++) c.fillRect(v.x(s) - gap / 2, v.y(r), gap, v.rh);
  c.font = `600 ${Math.min(15, v.rh * 0.8)}px ui-monospace, monospace`;
  c.textBaseline = 'middle';
  for (let r = v.first; r < v.last; r++) {
    const leaf = map.leaf[r] as number;
    if (leaf !== 0 && v.rh >= 10) {
      c.textAlign = 'left';
      c.fillStyle = p.letters[leaf] as string;
      c.fillText(
        `${KIND_LETTER[KINDS[leaf] as (typeof KINDS)[number]]}  one 2 MiB entry`,
        Math.max(v.x(0), v.left) + 8,
        v.y(r) + v.rh / 2,
      );
    } else if (leaf === 0 && v.cw >= 11 && v.rh >= 9) {
      c.textAlign = 'center';
      for (let s = from; s < to; s++) {
        const code = map.cells[r * 512 + s] as number;
        c.fillStyle = p.letters[code] as string;
        c.fillText(KIND_LETTER[KINDS[code] as (typeof KINDS)[number]], v.x(s) + v.cw / 2, v.y(r) + v.rh / 2);
      }
    }
  }
}

/** Outline of the requested pages. */
function frameRequest(
  c: CanvasRenderingContext2D,
  map: KindMap,
  marks: MapMarks,
  p: Palette,
  x: (slot: number) => number,
  y: (row: number) => number,
): void {
  const { start, end } = marks.request;
  const a = map.row(start);
  const b = map.row(end - 1);
  if (a < 0 || b < 0) return;
  c.strokeStyle = p.ink;
  c.lineWidth = 1.75;
  c.beginPath();
  const [sx, ex] = [x(start & 511), x(((end - 1) & 511) + 1)];
  if (a === b) c.rect(sx, y(a), ex - sx, y(a + 1) - y(a));
  else {
    const [l, r] = [x(0), x(512)];
    c.moveTo(sx, y(a));
    c.lineTo(r, y(a));
    c.lineTo(r, y(b));
    c.lineTo(ex, y(b));
    c.lineTo(ex, y(b + 1));
    c.lineTo(l, y(b + 1));
    c.lineTo(l, y(a + 1));
    c.lineTo(sx, y(a + 1));
    c.closePath();
  }
  c.stroke();
}

/** Where an actor is: its row underlined, its cell ringed, its name beside. */
function crosshair(
  c: CanvasRenderingContext2D,
  map: KindMap,
  cursor: MapMarks['cursors'][number],
  p: Palette,
  v: Pick<View, 'x' | 'y' | 'cw' | 'rh' | 'w'>,
): void {
  const row = map.row(cursor.page);
  if (row < 0) return;
  const colour = p.actors[cursor.actor % 4] as string;
  const cx = v.x((cursor.page & 511) + 0.5);
  const cy = v.y(row + 0.5);
  const rw = Math.max(7, v.cw + 3);
  const rh = Math.max(7, v.rh + 3);
  c.lineWidth = 2.5;
  c.strokeStyle = p.surface;
  c.strokeRect(cx - rw / 2 - 2, cy - rh / 2 - 2, rw + 4, rh + 4);
  c.strokeStyle = colour;
  c.strokeRect(cx - rw / 2, cy - rh / 2, rw, rh);
  c.font = '600 12px ui-monospace, monospace';
  c.textBaseline = 'middle';
  const width = c.measureText(cursor.name).width + 12;
  const lx = Math.min(cx + rw / 2 + 4, v.w - width - 2);
  const ly = cy - rh / 2 - 10 < 10 ? cy + rh / 2 + 10 : cy - rh / 2 - 10;
  c.fillStyle = colour;
  c.fillRect(lx, ly - 9, width, 18);
  c.fillStyle = p.surface;
  c.textAlign = 'left';
  c.fillText(cursor.name, lx + 6, ly + 0.5);
}

/** Addresses beside the rows, as many as there is room for. */
function labels(
  c: CanvasRenderingContext2D,
  map: KindMap,
  marks: MapMarks,
  p: Palette,
  v: Pick<View, 'first' | 'last' | 'y' | 'rh'> & { left: number },
): void {
  if (v.left < 40) return;
  c.clearRect(0, 0, v.left - 4, c.canvas.height);
  c.font = '11px ui-monospace, monospace';
  c.textAlign = 'right';
  c.textBaseline = 'middle';
  c.fillStyle = p.quiet;
  const every = Math.max(1, Math.ceil(15 / v.rh));
  for (let r = Math.ceil(v.first / every) * every; r < v.last; r += every)
    c.fillText(marks.address(map.areas[r] as number), v.left - 10, v.y(r + 0.5));
}
