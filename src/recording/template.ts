import { siteInfo } from '../machine/sites.ts';
import { type Format, isFormat } from './format.ts';

/** A piece of a site's text: words, or an operand with its format and, perhaps, the name of the local it shows. */
export type Piece =
  | { readonly text: string }
  | { readonly operand: 'a' | 'b' | 'c'; readonly format: Format; readonly local: string };

const OPERAND = /\{([abc]):([a-z0-9]+)(?: ([^}]*))?\}/g;

/** Cuts `walk [{a:page start}, {b:page end})` into pieces; an unknown format throws. */
export function parseTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const m of text.matchAll(OPERAND)) {
    const format = m[2] as string;
    if (!isFormat(format)) throw new Error(`"${text}": ${format} is no format of recording/format.ts`);
    if (m.index > at) pieces.push({ text: text.slice(at, m.index) });
    pieces.push({ operand: m[1] as 'a' | 'b' | 'c', format, local: m[3] ?? '' });
    at = m.index + m[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

const known = new Map<number, readonly Piece[]>();

/** The pieces of a site's text. */
export function siteTemplate(site: number): readonly Piece[] {
  let pieces = known.get(site);
  if (!pieces) {
    pieces = parseTemplate(siteInfo(site).text);
    known.set(site, pieces);
  }
  return pieces;
}
