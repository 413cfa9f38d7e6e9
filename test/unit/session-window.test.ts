import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptInView, zoomed } from '../../src/session/window.ts';

/** A recording's length, a window of it, and a step of it. */
const cases = fc
  .integer({ min: 1, max: 5000 })
  .chain((length) =>
    fc.record({
      length: fc.constant(length),
      a: fc.integer({ min: 0, max: length - 1 }),
      b: fc.integer({ min: 1, max: length }),
      at: fc.integer({ min: 0, max: length - 1 }),
    }),
  )
  .map(({ a, b, ...rest }) => ({ ...rest, window: [Math.min(a, b - 1), Math.max(a + 1, b)] as const }));

test('a window moves along with the cursor, keeps its width, and stands still while the cursor is in it', () => {
  fc.assert(
    fc.property(cases, ({ length, window, at }) => {
      const [from, to] = keptInView(window, at, length);
      expect(to - from).toBe(window[1] - window[0]);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(length);
      expect(at >= from && at < to).toBe(true);
      if (at >= window[0] && at < window[1]) expect([from, to]).toEqual(window);
    }),
  );
});

test('zooming keeps the cursor in view and never shows what is not there', () => {
  fc.assert(
    fc.property(cases, fc.constantFrom(0.5, 2, Infinity), ({ length, window, at }, factor) => {
      const [from, to] = zoomed(window, factor, at, length);
      expect(from).toBeGreaterThanOrEqual(0);
      expect(to).toBeLessThanOrEqual(length);
      expect(at >= from && at < to).toBe(true);
      if (factor === Infinity) expect([from, to]).toEqual([0, length]);
    }),
  );
  expect(zoomed([0, 1], 2, -1, 0)).toEqual([0, 1]);
});
