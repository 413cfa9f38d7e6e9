import type { Panel, Studio } from './studio.tsx';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Space around and between panels, and for the lines below them, in px of the picture. */
const MARGIN = 16;
const GAP = 24;
const LINE = 20;
const SIZE = 14;
const CAPTION_LINES = 2;

/** Words in lines of about `columns` characters; what does not fit into `most` lines ends in an ellipsis. */
function lines(text: string, columns: number, most: number): string[] {
  const out: string[] = [''];
  for (const word of text.split(' ')) {
    const last = out.at(-1) as string;
    if (last !== '' && last.length + word.length + 1 > columns) out.push(word);
    else out[out.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  if (out.length <= most) return out;
  const kept = out.slice(0, most);
  kept[most - 1] = `${(kept[most - 1] ?? '').slice(0, columns - 1)}…`;
  return kept;
}

/** Pixels of a picture of so many panels in so many columns. */
export function pictureSize(studio: Studio, count: number, columns: number): { width: number; height: number } {
  const across = Math.min(columns, count);
  const down = Math.ceil(count / across);
  return {
    width: 2 * MARGIN + across * studio.w + (across - 1) * GAP,
    height: 2 * MARGIN + LINE + 8 + down * (studio.h + (CAPTION_LINES + 1) * LINE) + (down - 1) * GAP,
  };
}

/**
 * Panels side by side, `columns` in a row, each with its step and what happens in it, under a line with the title: one SVG
 * text that needs nothing else. Its title and description are what a screen reader says of it.
 */
export function compose(
  studio: Studio,
  title: string,
  panels: readonly Panel[],
  columns: number,
  steps: number,
): string {
  const { width, height } = pictureSize(studio, panels.length, columns);
  const across = Math.min(columns, panels.length);
  const text = (x: number, y: number, size: number, weight: number, fill: string, what: string): string =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escape(what)}</text>`;
  const parts = panels.map((panel, i) => {
    const x = MARGIN + (i % across) * (studio.w + GAP);
    const y = MARGIN + LINE + 8 + Math.floor(i / across) * (studio.h + (CAPTION_LINES + 1) * LINE + GAP);
    const below = y + studio.h + LINE;
    const words = lines(panel.caption, Math.floor(studio.w / (SIZE * 0.56)), CAPTION_LINES);
    const frame =
      panels.length > 1
        ? `<rect x="${x}" y="${y}" width="${studio.w}" height="${studio.h}" rx="6" fill="none" stroke="${studio.line}"/>`
        : '';
    return [
      `<svg x="${x}" y="${y}" width="${studio.w}" height="${studio.h}" viewBox="0 0 ${studio.w} ${studio.h}">${panel.body}</svg>`,
      frame,
      text(
        x,
        below,
        SIZE,
        600,
        studio.ink,
        panel.step < 0 ? 'before the first step' : `step ${panel.step + 1} of ${steps}`,
      ),
      ...words.map((w, n) => text(x, below + (n + 1) * LINE, SIZE, 400, studio.ink2, w)),
    ].join('');
  });
  const ground = studio.ground.filled ? `<rect width="${width}" height="${height}" fill="${studio.surface}"/>` : '';
  const says = panels.map((p) => `Step ${p.step + 1}: ${p.caption}. ${p.summary}`).join(' ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d" font-family="${escape(studio.font)}">`,
    `<title id="t">${escape(title)}</title><desc id="d">${escape(says)}</desc>`,
    studio.faces === '' ? '' : `<style>${studio.faces}</style>`,
    studio.defs,
    ground,
    text(MARGIN, MARGIN + SIZE, SIZE + 1, 600, studio.ink, title),
    ...parts,
    '</svg>',
  ].join('');
}
