import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { KindMap } from '../../src/scene/kind-map.ts';
import { pfnStrip } from '../../src/scene/pfn-rows.ts';
import { runIndex } from '../../src/scene/run-index.ts';
import { windowOf } from '../../src/scene/window.ts';
import { changesOf } from '../../src/scene/changes.ts';

const record = (id: string) =>
  runScenario({ scenario: scenarioById(id) as Scenario, strategy: 'unified', revision: 'v2' });

test('a window holds the focus, stays in its table, and has as many rows as fit', () => {
  fc.assert(
    fc.property(
      fc.nat(2000),
      fc.integer({ min: 2, max: 24 }),
      fc.nat(2000),
      fc.integer({ min: 1, max: 1500 }),
      (focus, rows, start, length) => {
        const window = windowOf(focus, rows, { start, end: start + length });
        expect(window).toContain(focus);
        expect(window.length).toBeLessThanOrEqual(rows);
        expect(new Set(window.map((p) => p >> 9)).size).toBe(1);
        window.slice(1).forEach((p, i) => expect(p).toBe((window[i] as number) + 1));
      },
    ),
  );
});

test('a range that fits is shown whole', () => {
  expect(windowOf(3, 12, { start: 0, end: 8 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('the window stands still while the walker goes through half of it', () => {
  const firsts = Array.from({ length: 64 }, (_, i) => windowOf(100 + i, 12, { start: 0, end: 512 })[0]);
  expect(new Set(firsts).size).toBeLessThanOrEqual(12);
});

test('a map kept up by the journal equals one read anew, in both directions', () => {
  const rec = record('thp-split-mixed');
  rec.seek(-1);
  const kept = new KindMap(rec);
  fc.assert(
    fc.property(fc.integer({ min: -1, max: rec.length - 1 }), (step) => {
      rec.seek(step);
      kept.sync();
      const fresh = new KindMap(rec);
      fresh.sync();
      expect(kept.cells).toEqual(fresh.cells);
      expect(kept.leaf).toEqual(fresh.leaf);
    }),
    { numRuns: 40 },
  );
});

test('what a step changed is what was there the step before', () => {
  const rec = record('mixed');
  for (let step = 0; step < rec.length; step++) {
    rec.seek(step);
    const { entries, words, folioFields } = changesOf(rec, step);
    rec.seek(step - 1);
    for (const [e, was] of entries)
      expect([rec.machine.pt.get(e * 2), rec.machine.pt.get(e * 2 + 1)]).toEqual([was.lo, was.hi]);
    for (const [w, was] of words)
      expect([rec.machine.words.get(w * 2), rec.machine.words.get(w * 2 + 1)]).toEqual([was.lo, was.hi]);
    for (const [cell, was] of folioFields) expect(rec.machine.folio.get(cell)).toBe(was);
  }
});

test('the strip shows hmm_pfns, then src made from it, then dst', () => {
  const rec = record('anon');
  const { asked } = runIndex(rec);
  const letters = (row: number): readonly string[] =>
    (pfnStrip(rec, rec.position, asked.start, 8, asked).rows[row]?.cells ?? []).map(
      (c) => `${c.flags.map((f) => f.letter).join('')} ${c.name}`,
    );
  rec.seek(rec.length - 1);
  expect(letters(0)).toEqual(Array.from({ length: 8 }, (_, i) => `VWM S${i}`));
  expect(letters(1)).toEqual(Array.from({ length: 8 }, (_, i) => `VWM S${i}`));
  expect(letters(2).every((word) => word.startsWith('V'))).toBe(true);
});

test('the strip of the code of 2016 has its one array, with its flags and pages', () => {
  const rec = runScenario({ scenario: scenarioById('anon') as Scenario, strategy: 'legacy-2016', revision: 'v2' });
  const { asked } = runIndex(rec);
  rec.seek(-1);
  expect(pfnStrip(rec, -1, asked.start, 8, asked).rows.map((row) => [row.kind, row.exists])).toEqual([
    ['pfns_2016', false],
  ]);
  const seen = new Set<string>();
  for (let step = 0; step < rec.length; step++) {
    rec.seek(step);
    const cell = pfnStrip(rec, step, asked.start, 8, asked).rows[0]?.cells[0];
    if (cell?.name) seen.add(`${cell.flags.map((f) => f.letter).join('')} ${cell.name}`);
  }
  expect([...seen].some((word) => word.endsWith(' S0') && word.includes('M'))).toBe(true);
});
