import { KINDS } from '../../../scene/entry-view.ts';

/** Colours of a theme, read from the tokens once per theme. */
export interface Palette {
  /** packed ABGR per kind code, as ImageData wants it on a little-endian machine */
  readonly kinds: Uint32Array;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  readonly actors: readonly string[];
  readonly letters: readonly string[];
}

const TOKEN: Readonly<Record<string, string>> = {
  absent: '--surface-2',
  none: '--surface-3',
  table: '--table-line',
  present: '--present-line',
  zero: '--zero-line',
  huge: '--present-line',
  migration: '--migration-line',
  device: '--device-line',
  exclusive: '--exclusive-line',
  swap: '--swap-line',
  poison: '--bad-line',
  marker: '--bad-line',
  special: '--bad-line',
  outside: '--bg',
};

/** Reads the palette from the computed style of an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const kinds = Uint32Array.from(KINDS, (k) => packed(token(TOKEN[k] ?? '--line')));
  return {
    kinds,
    ink: token('--ink'),
    quiet: token('--ink-3'),
    line: token('--line-strong'),
    surface: token('--surface'),
    actors: ['0', '1', '2', '3'].map((a) => token(`--actor-${a}`)),
    letters: KINDS.map((k) =>
      k === 'none' || k === 'absent' || k === 'outside' ? token('--ink-3') : token('--surface'),
    ),
  };
}

function packed(colour: string): number {
  const n = Number.parseInt(colour.slice(1), 16);
  return (0xff000000 | ((n & 0xff) << 16) | (n & 0xff00) | (n >>> 16)) >>> 0;
}
