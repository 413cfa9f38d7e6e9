/** An SVG text as an image of the browser. @throws Error when it cannot be drawn */
async function imageOf(svg: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } catch {
    throw new Error('The browser cannot draw the picture.');
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Draws an SVG text on a canvas, `scale` pixels of the canvas for one of the picture. */
export async function drawOn(canvas: HTMLCanvasElement, svg: string, scale: number): Promise<CanvasRenderingContext2D> {
  const image = await imageOf(svg);
  canvas.width = Math.round(image.naturalWidth * scale);
  canvas.height = Math.round(image.naturalHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('The browser gives no canvas.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context;
}

/** An SVG text as PNG. */
export async function pngOf(svg: string, scale: number): Promise<Blob> {
  const canvas = document.createElement('canvas');
  await drawOn(canvas, svg, scale);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser cannot make a PNG.'));
      else resolve(blob);
    }, 'image/png');
  });
}
