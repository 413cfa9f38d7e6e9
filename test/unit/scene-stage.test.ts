import { describe, expect, test } from 'vitest';
import { OP } from '../../src/machine/ops.ts';
import { runScenario } from '../../src/recording/run.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario, Strategy } from '../../src/scenario/types.ts';
import type { StageScene } from '../../src/scene/stage-shapes.ts';
import { stageScene } from '../../src/scene/stage-scene.ts';
import { stageSummary, stageText } from '../../src/scene/stage-text.ts';

const SIZES = [
  [900, 420],
  [764, 250],
  [344, 300],
] as const;

function record(id: string, strategy: Strategy = 'unified'): Recording {
  return runScenario({ scenario: scenarioById(id) as Scenario, strategy, revision: 'v2' });
}

function sceneAt(rec: Recording, step: number, [w, h]: readonly [number, number] = SIZES[0]): StageScene {
  rec.seek(step);
  return stageScene(rec, step, { w, h, pin: -1 });
}

/** Steps spread over a recording, the ends included. */
function spread(rec: Recording, n: number): readonly number[] {
  return Array.from({ length: n }, (_, i) => Math.floor((i * (rec.length - 1)) / (n - 1)));
}

/** A scene without its functions, for comparison. */
const plain = (scene: StageScene): string => JSON.stringify(scene);

describe.each([
  'anon',
  'mixed',
  'thp-split',
  'thp-compound',
  'device-mixed',
  'cross-pmd',
  'swap',
  'lock-leak',
  'empty',
])('the stage of %s', (id) => {
  const rec = record(id);

  test('has a place for everything, inside the frame, at every size', () => {
    for (const size of SIZES)
      for (const step of spread(rec, 24)) {
        const s = sceneAt(rec, step, size);
        for (const box of [...s.rows, ...s.cards, ...s.tables]) {
          expect(box.x).toBeGreaterThanOrEqual(0);
          expect(box.x + box.w).toBeLessThanOrEqual(size[0]);
          expect(box.w).toBeGreaterThan(20);
          expect(box.h).toBeGreaterThan(8);
        }
        for (const layer of [s.rows, s.cards, s.tables, s.locks, s.ties])
          expect(new Set(layer.map((x) => x.key)).size).toBe(layer.length);
      }
  });

  test('cards of one column do not cover each other', () => {
    for (const step of spread(rec, 24)) {
      const { cards } = sceneAt(rec, step);
      for (const column of ['system', 'device']) {
        const boxes = cards.filter((c) => c.placed.column === column).toSorted((a, b) => a.y - b.y);
        boxes.slice(1).forEach((b, i) => expect(b.y).toBeGreaterThanOrEqual((boxes[i]?.y ?? 0) + (boxes[i]?.h ?? 0)));
      }
    }
  });

  test('is the same whichever way the recording came to the step', () => {
    for (const step of spread(rec, 12)) {
      const forward = plain(sceneAt(rec, step));
      rec.seek(rec.length - 1);
      expect(plain(sceneAt(rec, step))).toBe(forward);
    }
  });

  test('says in words what it shows', () => {
    for (const step of spread(rec, 12)) {
      const s = sceneAt(rec, step);
      const tables = stageText(rec, s.model);
      expect(tables[0]?.rows.length).toBe(s.rows.length);
      expect(tables[1]?.rows.length).toBe(s.cards.length);
      expect(tables[2]?.rows.length).toBe(s.model.locks.length);
      expect(stageSummary(rec, s.model)).toMatch(/\.$/);
      for (const t of tables) for (const row of t.rows) expect(row.length).toBe(t.head.length);
    }
  });
});

describe('what the stage shows of a walk', () => {
  const rec = record('anon');

  test('a migration entry comes with its folio locked, unmapped and tied to it', () => {
    const step =
      spread(rec, rec.length).find(
        (i) => sceneAt(rec, i).model.pteRows.filter((r) => r.kind === 'migration').length === 8,
      ) ?? -1;
    const s = sceneAt(rec, step);
    expect(s.model.pteRows.map((r) => r.title)).toEqual(Array.from({ length: 8 }, () => 'migration w'));
    expect(s.ties.filter((t) => t.tie.kind === 'migration').length).toBe(8);
    for (const placed of s.model.folios.filter((f) => f.column === 'system')) expect(placed.view.locker).toBe(0);
  });

  test('an entry just written remembers what it was', () => {
    const written =
      spread(rec, rec.length).find((i) =>
        sceneAt(rec, i).model.pteRows.some((r) => r.kind === 'none' && r.before !== undefined),
      ) ?? -1;
    const row = sceneAt(rec, written).model.pteRows.find((r) => r.before !== undefined);
    expect(row?.before?.kind).toBe('present');
  });

  test('at the end the pages are in device memory', () => {
    const s = sceneAt(rec, rec.length - 1);
    expect(s.model.pteRows.map((r) => r.kind)).toEqual(Array.from({ length: 8 }, () => 'device'));
    expect(s.cards.every((c) => c.placed.column === 'device')).toBe(true);
  });

  test('before the first step nothing has been touched', () => {
    const s = sceneAt(rec, -1);
    expect(s.model.cursors).toEqual([]);
    expect(s.model.notices).toEqual([]);
    expect(s.rows.length).toBeGreaterThan(0);
  });
});

describe('a huge page', () => {
  const rec = record('thp-split');

  test('is one block until it is split, then a table of 512', () => {
    expect(sceneAt(rec, -1).block).toBeDefined();
    const after = sceneAt(rec, rec.length - 1);
    expect(after.block).toBeUndefined();
    expect(after.model.kinds.length).toBe(512);
  });

  test('the split is noticed in the step that makes it', () => {
    const { log } = rec.machine;
    const populates = Array.from({ length: rec.length }, (_, i) => i).filter((i) => log.op[i] === OP.POPULATE);
    const steps = populates.filter((i) => sceneAt(rec, i).model.notices.some((n) => n.kind === 'split'));
    expect(steps.length).toBeGreaterThan(0);
  });
});
