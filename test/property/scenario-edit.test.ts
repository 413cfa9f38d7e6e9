import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AREA_PAGES, areaStart, areasOf } from '../../src/scenario/edit/areas.ts';
import { HUGE_BRUSHES, SMALL_BRUSHES } from '../../src/scenario/edit/brushes.ts';
import { drawVma, emptyScenario, unmapPages } from '../../src/scenario/edit/draw.ts';
import { pathOf, valueAt, withValue } from '../../src/scenario/edit/fields.ts';
import { mendsFor } from '../../src/scenario/edit/mend.ts';
import { adjust, paint, stretchAt } from '../../src/scenario/edit/paint.ts';
import { checkScenario } from '../../src/scenario/check.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { possible, wellFormed } from './scenario-arbitrary.ts';

const span = fc.tuple(fc.integer({ min: -20, max: 1100 }), fc.integer({ min: 1, max: 700 }));
const brush = fc.constantFrom(...SMALL_BRUSHES, ...HUGE_BRUSHES);

test('painted pages are as the brush says, all others as before', () => {
  fc.assert(
    fc.property(possible, span, brush, (s, [from, count], { brush: b }) => {
      const after = paint(s, from, from + count, b);
      const huge = b?.level === 'pmd';
      const start = huge ? areaStart(s, from) : from;
      const end = huge ? areaStart(s, from + count - 1) + AREA_PAGES : from + count;
      for (const p of [start, end - 1, Math.floor((start + end) / 2)]) {
        const { page: _, count: _count, ...put } = stretchAt(after, p) ?? { page: 0, count: 0 };
        expect(put).toMatchObject(b ?? {});
      }
      for (const p of [start - 1, end, start - 600, end + 600]) {
        const [was, is] = [stretchAt(s, p), stretchAt(after, p)];
        // A huge page that was painted into in part goes on as PTEs of the same folio.
        expect(is?.kind).toBe(was?.kind);
        expect(is?.folio?.memory).toBe(was?.folio?.memory);
      }
    }),
    { numRuns: 200 },
  );
});

test('painting pages of an anonymous mapping never makes an impossible memory', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(span, brush), { maxLength: 6 }), (strokes) => {
      const strange = new Set(['F', 'TC', 'C', 'E', 'TE']);
      const wide: Scenario = { ...emptyScenario(64), vmas: [{ start: -2048, end: 4096, perms: 'rw-p', kind: 'anon' }] };
      const s = strokes
        .filter(([, b]) => !strange.has(b.word))
        // Brushes of single pages of a huge folio name no place in it.
        .filter(([, b]) => b.word !== 'TP')
        .reduce((at, [[from, count], b]) => paint(at, from, from + count, b.brush), wide);
      expect(checkScenario(s)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a field set on some pages is set there and nowhere else', () => {
  const s = paint(emptyScenario(16), 0, 16, SMALL_BRUSHES[0]?.brush ?? null);
  const after = adjust(s, 3, 7, ['folio', 'pins'], 2);
  const pins = Array.from({ length: 16 }, (_, p) => stretchAt(after, p)?.folio?.pins ?? 0);
  expect(pins).toEqual([0, 0, 0, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(adjust(after, 3, 7, ['folio', 'pins'], undefined)).toEqual(s);
});

test('VMAs give way to a new one, and unmapping takes entries along', () => {
  const s = paint(emptyScenario(16), 0, 16, SMALL_BRUSHES[0]?.brush ?? null);
  const cut = drawVma(s, { start: 4, end: 8, perms: 'r--p', kind: 'anon' });
  expect(cut.vmas.map((v) => [v.start, v.end])).toEqual([
    [0, 4],
    [4, 8],
    [8, 16],
  ]);
  const gone = unmapPages(s, 4, 8);
  expect(gone.vmas.map((v) => [v.start, v.end])).toEqual([
    [0, 4],
    [8, 16],
  ]);
  expect(stretchAt(gone, 5)).toBeUndefined();
  expect(checkScenario(gone)).toEqual([]);
});

test('a mend that is offered answers its objection', () => {
  let [objections, answered] = [0, 0];
  fc.assert(
    fc.property(wellFormed, (s) => {
      for (const problem of checkScenario(s).slice(0, 2)) {
        objections++;
        const mends = mendsFor(s, problem);
        if (mends.length > 0) answered++;
        for (const m of mends)
          expect(checkScenario(m.scenario).some((p) => p.path === problem.path && p.message === problem.message)).toBe(
            false,
          );
      }
    }),
    { numRuns: 100 },
  );
  expect(answered / objections).toBeGreaterThan(0.8);
});

test('a path reads back what was written, and nothing else has changed', () => {
  const s = LIBRARY.find((x) => x.entries.length > 2) as Scenario;
  const path = pathOf('entries[1].folio.pins');
  const after = withValue(s, path, 3);
  expect(valueAt(after, path)).toBe(3);
  expect(after.entries[0]).toBe(s.entries[0]);
  expect(withValue(after, path, undefined)).toEqual({ ...s, entries: s.entries });
  expect(areasOf(s)[0]).toBe(areaStart(s, areasOf(s)[0] as number));
});
