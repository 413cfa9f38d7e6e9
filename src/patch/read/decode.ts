import { htmlText, isHtml } from './html.ts';
import type { PatchInput } from './types.ts';

/** Text longer than this is refused: nobody reviews it, and the page must stay usable. */
export const MAX_CHARS = 64 << 20;

/** A line longer than this is kept but not looked into: no pattern runs over it. */
export const MAX_LINE = 4000;

/** An input that cannot be read at all; the message says why. */
export class InputError extends Error {}

/**
 * The lines of an input. Bytes are UTF-8; where they are not, line by line Windows-1252. Saved HTML becomes its text.
 * @throws InputError when it is too long.
 */
export function inputLines(input: PatchInput): string[] {
  if (input.content.length > MAX_CHARS)
    throw new InputError(
      `${input.name}: expected at most ${MAX_CHARS >> 20} MiB of text, got ${input.content.length >> 20}`,
    );
  const text = typeof input.content === 'string' ? input.content : decoded(input.content);
  const plain = isHtml(text) ? htmlText(text) : text;
  const lines = plain.split('\n');
  // A last line feed ends the last line; it begins no new one.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines.map((l) => (l.endsWith('\r') ? l.slice(0, -1) : l));
}

function decoded(bytes: Uint8Array): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  try {
    return utf8.decode(bytes);
  } catch {
    return byLine(bytes, utf8);
  }
}

/** Several mails in one file may be in several encodings. */
function byLine(bytes: Uint8Array, utf8: TextDecoder): string {
  const latin = new TextDecoder('windows-1252');
  const out: string[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const line = bytes.subarray(from, end < 0 ? bytes.length : end);
    try {
      out.push(utf8.decode(line));
    } catch {
      out.push(latin.decode(line));
    }
    if (end < 0) break;
    from = end + 1;
  }
  return out.join('\n');
}

const TWICE = /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}/g;

/**
 * UTF-8 that was taken for Latin-1 and encoded again ("Ã©" for "é"), put right where all of its bytes are still there.
 */
export function mendTwiceEncoded(text: string): string {
  if (text.length > MAX_LINE || !/[\u00c2-\u00ef][\u0080-\u00bf]/.test(text)) return text;
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  return text.replace(TWICE, (found) => {
    try {
      return utf8.decode(Uint8Array.from(found, (c) => c.charCodeAt(0)));
    } catch {
      return found;
    }
  });
}
