import { APP_TERMS } from './glossary/app.ts';
import { DEVICE_TERMS } from './glossary/devices.ts';
import { FLAG_TERMS } from './glossary/flags.ts';
import { FOLIO_TERMS } from './glossary/folios.ts';
import { FUNCTION_TERMS } from './glossary/functions.ts';
import { LOCK_TERMS } from './glossary/locks.ts';
import { TABLE_TERMS } from './glossary/tables.ts';

/** A word of the kernel, explained. */
export interface Term {
  readonly term: string;
  /** other ways to write it, plural included */
  readonly also?: readonly string[];
  /** in plain words */
  readonly means: string;
  /** so common a word that texts do not mark it */
  readonly everyday?: boolean;
  /** where it is in the kernel's source: file, and the name there */
  readonly source: string;
}

/** Every kernel term that the tours and the interface use, in alphabetical order. */
export const GLOSSARY: readonly Term[] = [
  ...APP_TERMS,
  ...TABLE_TERMS,
  ...FOLIO_TERMS,
  ...DEVICE_TERMS,
  ...LOCK_TERMS,
  ...FLAG_TERMS,
  ...FUNCTION_TERMS,
].toSorted((a, b) => a.term.localeCompare(b.term, 'en', { sensitivity: 'base' }));

const written = (t: Term): readonly string[] => [t.term, ...(t.also ?? [])];
/** Words in capitals are flags and abbreviations: MIGRATE is another thing than to migrate. */
const key = (w: string): string => (/^[A-Z0-9_\W]+$/.test(w) ? w : w.toLowerCase());
const byText = new Map(GLOSSARY.flatMap((t) => written(t).map((w) => [key(w), t] as const)));

/** The term that is written like this; small words may begin with a capital. */
export function termOf(text: string): Term | undefined {
  return byText.get(key(text));
}

const escaped = (w: string): string => w.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const ANY = new RegExp(
  `(?<![\\w-])(?:${[...byText.keys()]
    .toSorted((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})(?![\\w-])`,
  'gi',
);

/** A piece of text, or a term where it is used for the first time. */
export type Piece = string | { readonly term: Term; readonly text: string };

/**
 * Cuts a text at the terms of the glossary that it uses for the first time.
 * @param seen terms that were used before; those found are added
 * @param code the text is code: it is a term as a whole, or none is in it
 */
export function termsIn(text: string, seen: Set<Term>, code = false): readonly Piece[] {
  if (code) {
    const whole = termOf(text);
    if (whole === undefined || seen.has(whole)) return [text];
    seen.add(whole);
    return [{ term: whole, text }];
  }
  const pieces: Piece[] = [];
  let at = 0;
  for (const m of text.matchAll(ANY)) {
    const term = termOf(m[0]);
    if (term === undefined || term.everyday === true || seen.has(term)) continue;
    seen.add(term);
    if (m.index > at) pieces.push(text.slice(at, m.index));
    pieces.push({ term, text: m[0] });
    at = m.index + m[0].length;
  }
  if (at < text.length) pieces.push(text.slice(at));
  return pieces;
}
