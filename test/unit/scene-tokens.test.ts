import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Colours of each theme, by token name. */
const THEMES = new Map(
  [...readFileSync('src/ui/styles/tokens.css', 'utf8').matchAll(/\[data-theme='(\w+)'\] \{(.*?)\n\}/gs)].map(
    ([, name, body]) => [
      name as string,
      new Map(
        [...(body as string).matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] as string, m[2] as string]),
      ),
    ],
  ),
);

const KINDS = ['present', 'device', 'migration', 'zero', 'swap', 'bad', 'exclusive', 'table', 'none'];

/** Linear light of the three channels. */
const linear = (hex: string): number[] =>
  [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });

const luminance = ([r, g, b]: number[]): number =>
  0.2126 * (r as number) + 0.7152 * (g as number) + 0.0722 * (b as number);

/** Contrast ratio of WCAG 2. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

test('all themes have the same tokens', () => {
  expect([...THEMES.keys()].toSorted()).toEqual(['dark', 'light', 'projector']);
  for (const theme of ['dark', 'projector'])
    expect([...(THEMES.get(theme)?.keys() ?? [])].filter((t) => t !== 'accent-ink')).toEqual(
      [...(THEMES.get('light')?.keys() ?? [])].filter((t) => t !== 'accent-ink'),
    );
});

describe.each([...THEMES.keys()])('contrast in the %s theme', (theme) => {
  const text = theme === 'projector' ? 7 : 4.5;
  const of = (name: string): string => THEMES.get(theme)?.get(name) ?? '#000000';

  test.each(['ink', 'ink-2', 'ink-3', 'accent', 'good', 'warn', 'bad'])('text in %s reads on every surface', (ink) => {
    for (const surface of ['bg', 'surface', 'surface-2', 'surface-3'])
      expect(contrast(of(ink), of(surface)), surface).toBeGreaterThanOrEqual(text);
  });

  test.each(KINDS)('the words of a %s entry read on its ground', (kind) => {
    expect(contrast(of(`${kind}-ink`), of(`${kind}-fill`))).toBeGreaterThanOrEqual(kind === 'none' ? text : 7);
  });

  test.each(KINDS.filter((k) => k !== 'none'))('the outline of a %s entry stands out', (kind) => {
    expect(contrast(of(`${kind}-line`), of('surface'))).toBeGreaterThanOrEqual(3);
    expect(contrast(of('surface'), of(`${kind}-line`)), 'its letter').toBeGreaterThanOrEqual(text);
  });

  test.each(['0', '1', '2', '3', 'x'])('actor %s reads on the stage and its number on the lock', (actor) => {
    expect(contrast(of(`actor-${actor}`), of('surface'))).toBeGreaterThanOrEqual(text);
    expect(contrast(of(`actor-${actor}`), of('actor-ink'))).toBeGreaterThanOrEqual(text);
  });
});
