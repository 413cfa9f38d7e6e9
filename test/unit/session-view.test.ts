import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TEXT_TABS } from '../../src/tour/panes.ts';
import { readView, viewText } from '../../src/session/view.ts';

const LENGTH = 1000;
const nat = fc.nat(2 ** 31 - 1);
const looks = fc.record({
  tab: fc.constantFrom(...TEXT_TABS),
  closed: fc.subarray(['stage', 'pfns', 'code', 'text', 'timeline'] as const).map((c) => new Set(c)),
  voice: fc.constantFrom('student', 'reviewer' as const),
  window: fc
    .tuple(fc.nat(LENGTH - 1), fc.integer({ min: 1, max: LENGTH }))
    .map(([a, b]) => [Math.min(a, b - 1), b] as const),
  selection: fc.oneof(
    fc.constant(null),
    fc.record({ kind: fc.constant('page' as const), page: nat }),
    fc.record({ kind: fc.constant('entry' as const), entry: nat, page: nat }),
    fc.record({ kind: fc.constant('table' as const), table: nat }),
    fc.record({ kind: fc.constant('folio' as const), folio: nat }),
  ),
});

test('a view comes back from its text', () => {
  fc.assert(
    fc.property(looks, (view) => {
      const text = viewText(view, LENGTH);
      if (text !== undefined) expect(text).toMatch(/^[\w\-.,:+]{1,200}$/);
      expect(readView(text ?? '', LENGTH)).toEqual(view);
    }),
    { numRuns: 500 },
  );
});

test('the usual view needs no text, and unknown words are left alone', () => {
  const usual = readView('', LENGTH);
  expect(viewText(usual, LENGTH)).toBeUndefined();
  expect(readView('tab:future,zoom:3,closed:roof+code,at:9-2,sel:x9,voice:choir', LENGTH)).toEqual({
    ...usual,
    closed: new Set(['code']),
  });
});
