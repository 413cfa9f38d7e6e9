import { describe, expect, test } from 'vitest';
import { findEntry } from '../../src/machine/page-table.ts';
import { runScenario } from '../../src/recording/run.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { runIndex } from '../../src/scene/run-index.ts';
import { keyName, shownKey } from '../../src/session/keys.ts';
import { findLandmarks } from '../../src/recording/landmarks.ts';
import type { Loaded } from '../../src/session/player.ts';
import { specOf } from '../../src/session/routes.ts';
import { entryRows } from '../../src/ui/text/entry-rows.ts';
import { filterLog, rowOfStep } from '../../src/ui/text/log-filter.ts';

const small = LIBRARY.filter((s) => s.request.end - s.request.start <= 64);

describe('rows of the page-table view', () => {
  test('every page of the request is in exactly the row that says so, before and after the walk', () => {
    for (const scenario of small) {
      const rec = runScenario(specOf(scenario));
      const { start, end } = runIndex(rec).asked;
      for (const step of [-1, rec.length - 1]) {
        rec.seek(step);
        const rows = entryRows(rec.machine, 1, start, end);
        let covered = 0;
        for (let page = start; page < end; page++) {
          const row = rows.row(rows.rowOf(page));
          const leaf = findEntry(rec.machine, 1, page, 1);
          expect(row.level).toBe(leaf === 0 ? 2 : 1);
          if (leaf !== 0) expect([row.page, row.entry]).toEqual([page, leaf]);
          covered = Math.max(covered, rows.rowOf(page) + 1);
        }
        expect(covered).toBe(rows.count);
        expect(rows.rowOf(end)).toBe(-1);
        expect(rows.rowOf(start - 1)).toBe(-1);
      }
    }
  });
});

describe('the filter of the step log', () => {
  const scenario = LIBRARY.find((s) => s.id === 'mixed') ?? LIBRARY[0];
  if (scenario === undefined) throw new Error('the library is empty');
  const spec = specOf(scenario);
  const recording = runScenario(spec);
  const loaded: Loaded = { spec, recording, landmarks: findLandmarks(recording), siteCounts: new Uint32Array(0) };

  test('without a filter every step passes', () => {
    expect(filterLog(loaded, 'all', ' ')).toBeNull();
    expect(rowOfStep(null, 7)).toBe(7);
  });

  test('words narrow a kind, and a cursor between two rows belongs to the one before', () => {
    const calls = filterLog(loaded, 'calls', '') as Int32Array;
    const walk = filterLog(loaded, 'calls', 'HMM_range_fault') as Int32Array;
    expect(walk.length).toBeGreaterThan(0);
    expect([...walk].every((s) => calls.includes(s))).toBe(true);
    walk.forEach((step, row) => expect(rowOfStep(walk, step)).toBe(row));
    expect(rowOfStep(walk, (walk[0] as number) - 1)).toBe(-1);
    expect(filterLog(loaded, 'all', 'no such words')?.length).toBe(0);
  });
});

describe('names of keys', () => {
  const press = (key: string, mods: Partial<KeyboardEvent> = {}): string =>
    keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...mods } as KeyboardEvent);

  test('letters say Shift, signs do not', () => {
    expect(press('F', { shiftKey: true })).toBe('Shift+f');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ', { shiftKey: true })).toBe('Shift+Space');
    expect(press('k', { metaKey: true })).toBe('Mod+k');
    expect(shownKey('Shift+f')).toBe('Shift + F');
  });
});
