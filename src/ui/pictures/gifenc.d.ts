/** The part of gifenc 1.0.3 that is used; it ships without types. */
declare module 'gifenc' {
  export type Palette = readonly (readonly [number, number, number])[];
  export interface Encoder {
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: { palette: Palette; delay: number; repeat?: number },
    ): void;
    finish(): void;
    bytes(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(): Encoder;
  export function quantize(
    rgba: Uint8ClampedArray,
    colours: number,
    options?: { format: 'rgb444' | 'rgb565' },
  ): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette, format?: 'rgb444' | 'rgb565'): Uint8Array;
}
