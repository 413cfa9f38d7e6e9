import mono400 from '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2?inline';
import mono600 from '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-600-normal.woff2?inline';
import sans400 from '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-normal.woff2?inline';
import sans600 from '@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2?inline';

/*
 * The faces that pictures carry: IBM Plex Mono and Sans, Latin letters (SIL Open Font License 1.1). A system's own faces cannot be
 * read by a page, and may not be passed on. Signs that these lack (arrows, ▸) come from the computer that shows the picture.
 */

/** Faces to lay a picture out with, and to put into it. */
export interface Faces {
  /** family names: none that a computer may have, so that every one takes what the picture brings */
  readonly mono: string;
  readonly sans: string;
  /** the faces as a style sheet that needs nothing else */
  readonly css: string;
}

const MONO = 'Walkscope Mono';
const SANS = 'Walkscope Sans';

/** Each file as a data: address, and the weights that it stands for. */
const FILES = [
  { family: MONO, weight: '400', data: mono400 },
  { family: MONO, weight: '600 700', data: mono600 },
  { family: SANS, weight: '400', data: sans400 },
  { family: SANS, weight: '600 700', data: sans600 },
] as const;

const FACES: Faces = {
  mono: MONO,
  sans: SANS,
  css: FILES.map(
    ({ family, weight, data }) =>
      `@font-face{font-family:'${family}';font-weight:${weight};src:url(${data}) format('woff2')}`,
  ).join(''),
};

let ready: Promise<Faces> | null = null;

/** The faces, once the page knows them and measures texts in them. @throws whatever the browser says of a bad file */
export function loadFaces(): Promise<Faces> {
  ready ??= load();
  return ready;
}

async function load(): Promise<Faces> {
  const faces = FILES.map(({ family, weight, data }) => {
    const bytes = Uint8Array.from(atob(data.slice(data.indexOf(',') + 1)), (c) => c.charCodeAt(0));
    // From bytes: the page's policy lets no data: address be asked for a font.
    return new FontFace(family, bytes, { weight }).load();
  });
  for (const face of await Promise.all(faces)) document.fonts.add(face);
  return FACES;
}
