import { GIFEncoder, applyPalette, quantize } from 'gifenc';
import { drawOn } from './raster.ts';

/** Frames of an animated image at most. */
export const MOST_FRAMES = 120;

/**
 * Pictures one after the other as an animated GIF that repeats; the last one stays three times as long.
 * @param frame gives the SVG text of frame `i`
 * @param delay ms between frames
 * @param told is told after each frame how many are done; false stops it
 * @returns undefined when it was stopped
 */
export async function gifOf(
  count: number,
  frame: (i: number) => string,
  delay: number,
  scale: number,
  told: (done: number) => boolean,
): Promise<Blob | undefined> {
  const encoder = GIFEncoder();
  const canvas = document.createElement('canvas');
  for (let i = 0; i < count; i++) {
    // Drawing an image gives the page a turn, so that the button that stops this is heard.
    // oxlint-disable-next-line no-await-in-loop -- frames follow each other
    const context = await drawOn(canvas, frame(i), scale);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const palette = quantize(data, 256, { format: 'rgb444' });
    encoder.writeFrame(applyPalette(data, palette, 'rgb444'), canvas.width, canvas.height, {
      palette,
      delay: i === count - 1 ? delay * 3 : delay,
      repeat: 0,
    });
    if (!told(i + 1)) return undefined;
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}
