import type { ZoomTransform } from 'd3';
import { KIND_LETTER, KINDS } from '../../../scene/entry-view.ts';
import type { MapImage } from './map-image.ts';
import type { Palette } from './palette.ts';

/** Where the map lies in its view: the pixel of a cell is `left + column * sx`, `top + line * sy`, then zoomed. */
export interface MapFrame {
  readonly left: number;
  readonly top: number;
  readonly sx: number;
  readonly sy: number;
}

const GUTTER = 104;

/** Fits a map into w × h pixels: few lines become tall, many a picture. */
export function mapFrame(image: MapImage, w: number, h: number): MapFrame {
  const left = w < 520 ? 8 : GUTTER;
  const lines = image.canvas.height;
  const sy = Math.min((h - 40) / lines, 30);
  return { left, top: 28 + Math.max(0, (h - 40 - sy * lines) / 3), sx: (w - left - 12) / image.columns, sy };
}

/** Middle of a page's cell, before zooming; undefined when the page is on no line. */
export function cellAt(image: MapImage, f: MapFrame, page: number): readonly [number, number] | undefined {
  const i = indexOf(image, page);
  return i < 0
    ? undefined
    : [f.left + ((i % image.columns) + 0.5) * f.sx, f.top + (Math.floor(i / image.columns) + 0.5) * f.sy];
}

/** The page under a point, before zooming; -1 when there is none. */
export function pageUnder(image: MapImage, f: MapFrame, x: number, y: number): number {
  const column = Math.floor((x - f.left) / f.sx);
  const line = Math.floor((y - f.top) / f.sy);
  const area = image.map.areas[Math.floor(line / image.lines)];
  if (area === undefined || column < 0 || column >= image.columns) return -1;
  return area + (line % image.lines) * image.columns + column;
}

/** Number of a page's cell, -1 when the map has none. */
function indexOf(image: MapImage, page: number): number {
  const area = image.map.row(page);
  return area < 0 ? -1 : area * 512 + (page & 511);
}

export interface MapMarks {
  readonly cursors: readonly { readonly actor: number; readonly page: number; readonly name: string }[];
  readonly request: { readonly start: number; readonly end: number };
  readonly address: (page: number) => string;
}

/** What the parts of the painting share: the surface, the map, and how cells become pixels. */
interface View {
  readonly c: CanvasRenderingContext2D;
  readonly image: MapImage;
  readonly p: Palette;
  readonly marks: MapMarks;
  readonly left: number;
  readonly w: number;
  readonly x: (column: number) => number;
  readonly y: (line: number) => number;
  /** size of a cell */
  readonly cw: number;
  readonly ch: number;
  /** lines in view */
  readonly first: number;
  readonly last: number;
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
  const v: View = {
    c,
    image,
    p,
    marks,
    w,
    left: f.left,
    x: (column) => t.applyX(f.left + column * f.sx),
    y: (line) => t.applyY(f.top + line * f.sy),
    cw: f.sx * t.k,
    ch: f.sy * t.k,
    first: Math.max(0, Math.floor((t.invertY(0) - f.top) / f.sy)),
    last: Math.min(image.canvas.height, Math.ceil((t.invertY(h) - f.top) / f.sy)),
  };
  c.clearRect(0, 0, w, h);
  if (v.last <= v.first) return;
  c.imageSmoothingEnabled = v.ch < 1;
  c.drawImage(
    image.canvas,
    0,
    v.first,
    image.columns,
    v.last - v.first,
    v.x(0),
    v.y(v.first),
    v.cw * image.columns,
    v.ch * (v.last - v.first),
  );
  separators(v);
  letters(v);
  frameRequest(v);
  for (const cursor of marks.cursors) crosshair(v, cursor);
  labels(v);
}

/** Gaps between lines and cells, as they become large enough; a huge page stays whole. */
function separators(v: View): void {
  const { c, image } = v;
  c.fillStyle = v.p.surface;
  const leafOf = (line: number): number => image.map.leaf[Math.floor(line / image.lines)] ?? 0;
  if (v.ch >= 6)
    for (let line = v.first; line <= v.last; line++) {
      const border = line % image.lines === 0;
      if (border || leafOf(line) === 0)
        c.fillRect(0, v.y(line) - (border ? 2 : 0.75), v.w, border ? 4 : Math.min(1.5, v.ch * 0.12));
    }
  if (v.cw < 5 || v.ch < 5) return;
  const gap = Math.min(1.5, v.cw * 0.12);
  const [from, to] = columnsInView(v);
  for (let line = v.first; line < v.last; line++)
    if (leafOf(line) === 0) for (let s = from; s <= to; s++) c.fillRect(v.x(s) - gap / 2, v.y(line), gap, v.ch);
}

const columnsInView = (v: View): readonly [number, number] => [
  Math.max(0, Math.floor(-v.x(0) / v.cw)),
  Math.min(v.image.columns, Math.ceil((v.w - v.x(0)) / v.cw)),
];

/** The letter of each cell, and the word of a huge page, where they can be read. */
function letters(v: View): void {
  const { c, image } = v;
  if (v.ch < 9) return;
  c.font = `600 ${Math.min(15, v.ch * 0.8, v.cw < 11 ? 12 : v.cw)}px ui-monospace, monospace`;
  c.textBaseline = 'middle';
  const [from, to] = columnsInView(v);
  for (let line = v.first; line < v.last; line++) {
    const area = Math.floor(line / image.lines);
    const leaf = image.map.leaf[area] as number;
    if (leaf !== 0) {
      if (line % image.lines !== image.lines >> 1) continue;
      c.textAlign = 'left';
      c.fillStyle = v.p.letters[leaf] as string;
      c.fillText(
        `${letterOf(leaf)}  one 2 MiB entry`,
        Math.max(v.x(0), v.left) + 8,
        v.y(line) + (image.lines === 1 ? v.ch / 2 : 0),
      );
    } else if (v.cw >= 9) {
      c.textAlign = 'center';
      for (let s = from; s < to; s++) {
        const code = image.map.cells[line * image.columns + s] as number;
        c.fillStyle = v.p.letters[code] as string;
        c.fillText(letterOf(code), v.x(s) + v.cw / 2, v.y(line) + v.ch / 2);
      }
    }
  }
}

const letterOf = (code: number): string => KIND_LETTER[KINDS[code] as (typeof KINDS)[number]];

/** Outline of the requested pages, which may begin and end inside a line. */
function frameRequest(v: View): void {
  const { c, image } = v;
  const first = indexOf(image, v.marks.request.start);
  const last = indexOf(image, v.marks.request.end - 1);
  if (first < 0 || last < first) return;
  const [a, b] = [Math.floor(first / image.columns), Math.floor(last / image.columns)];
  const [sx, ex] = [v.x(first % image.columns), v.x((last % image.columns) + 1)];
  const [l, r] = [v.x(0), v.x(image.columns)];
  c.beginPath();
  if (a === b) c.rect(sx, v.y(a), ex - sx, v.ch);
  else if (b === a + 1 && ex <= sx) {
    c.rect(sx, v.y(a), r - sx, v.ch);
    c.rect(l, v.y(b), ex - l, v.ch);
  } else {
    const corners = [
      [sx, a],
      [r, a],
      [r, b],
      [ex, b],
      [ex, b + 1],
      [l, b + 1],
      [l, a + 1],
      [sx, a + 1],
    ] as const;
    for (const [x, line] of corners) c.lineTo(x, v.y(line));
    c.closePath();
  }
  // A halo keeps the outline visible on cells of any colour.
  c.strokeStyle = v.p.surface;
  c.lineWidth = 4.5;
  c.stroke();
  c.strokeStyle = v.p.ink;
  c.lineWidth = 2;
  c.stroke();
}

/** Where an actor is: its cell ringed, its name beside. */
function crosshair(v: View, cursor: MapMarks['cursors'][number]): void {
  const { c, image } = v;
  const i = indexOf(image, cursor.page);
  if (i < 0) return;
  const colour = v.p.actors[cursor.actor % 4] as string;
  const cx = v.x((i % image.columns) + 0.5);
  const cy = v.y(Math.floor(i / image.columns) + 0.5);
  const rw = Math.max(7, v.cw + 3);
  const rh = Math.max(7, v.ch + 3);
  c.lineWidth = 2.5;
  c.strokeStyle = v.p.surface;
  c.strokeRect(cx - rw / 2 - 2, cy - rh / 2 - 2, rw + 4, rh + 4);
  c.strokeStyle = colour;
  c.strokeRect(cx - rw / 2, cy - rh / 2, rw, rh);
  c.font = '600 12px ui-monospace, monospace';
  c.textBaseline = 'middle';
  const width = c.measureText(cursor.name).width + 12;
  const lx = Math.min(cx + rw / 2 + 4, v.w - width - 2);
  const ly = cy - rh / 2 < 24 ? cy + rh / 2 + 12 : cy - rh / 2 - 12;
  c.fillStyle = colour;
  c.fillRect(lx, ly - 9, width, 18);
  c.fillStyle = v.p.surface;
  c.textAlign = 'left';
  c.fillText(cursor.name, lx + 6, ly + 0.5);
}

/** Addresses beside the lines, as many as there is room for. */
function labels(v: View): void {
  const { c, image } = v;
  if (v.left < 40) return;
  c.clearRect(0, 0, v.left - 4, c.canvas.height);
  c.font = '11px ui-monospace, monospace';
  c.textAlign = 'right';
  c.textBaseline = 'middle';
  c.fillStyle = v.p.quiet;
  const every = Math.max(1, Math.ceil(15 / v.ch));
  for (let line = Math.ceil(v.first / every) * every; line < v.last; line += every) {
    const area = image.map.areas[Math.floor(line / image.lines)] as number;
    c.fillText(v.marks.address(area + (line % image.lines) * image.columns), v.left - 10, v.y(line + 0.5));
  }
}
