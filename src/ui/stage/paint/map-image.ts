import { type KindMap, paintKinds } from '../../../scene/kind-map.ts';
import type { Palette } from './palette.ts';

/** The map as pixels: one per entry, kept in a canvas of its own and redrawn only where it changed. */
export class MapImage {
  readonly map: KindMap;
  readonly canvas: HTMLCanvasElement;
  /** cells in a line: 512, so that a line is 2 MiB, or 64 where a few 2 MiB are all there is */
  readonly columns: number;
  /** lines of a 2 MiB area */
  readonly lines: number;
  private readonly context: CanvasRenderingContext2D;
  private readonly area: ImageData;
  private palette: Palette | undefined;

  constructor(map: KindMap) {
    this.map = map;
    this.columns = map.areas.length <= FEW ? 64 : 512;
    this.lines = 512 / this.columns;
    this.canvas = document.createElement('canvas');
    this.canvas.width = this.columns;
    this.canvas.height = Math.max(1, map.areas.length * this.lines);
    this.context = this.canvas.getContext('2d') as CanvasRenderingContext2D;
    this.area = this.context.createImageData(this.columns, this.lines);
  }

  /** Repaints the 2 MiB areas given, or all. */
  update(areas: readonly number[] | undefined, palette: Palette): void {
    const { cells } = this.map;
    if (areas === undefined || palette !== this.palette) {
      const image = this.context.createImageData(this.columns, this.canvas.height);
      paintKinds(cells, 0, cells.length, palette.kinds, new Uint32Array(image.data.buffer));
      this.context.putImageData(image, 0, 0);
    } else
      for (const a of areas) {
        paintKinds(cells, a * 512, a * 512 + 512, palette.kinds, new Uint32Array(this.area.data.buffer));
        this.context.putImageData(this.area, 0, a * this.lines);
      }
    this.palette = palette;
  }
}

/** So many areas are drawn as blocks of 64 × 8 cells; more, as a line each. */
const FEW = 4;
