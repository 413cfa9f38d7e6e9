import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { StepLog } from '../../src/machine/steps.ts';
import { runScenario } from '../../src/recording/run.ts';
import { makeSnapshots } from '../../src/recording/snapshots.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';

const thp = scenarioById('thp-split') as Scenario;
const record = (): ReturnType<typeof runScenario> =>
  runScenario({ scenario: thp, strategy: 'fault-then-migrate', revision: 'v2' });

const cells = (rec: ReturnType<typeof record>): Int32Array[] =>
  rec.machine.banks().map((b) => b?.cells.slice() ?? new Int32Array(0));

test('a seek that begins at a snapshot arrives at the same state', () => {
  const plain = record();
  const kept = record();
  kept.snapshots = makeSnapshots(kept, 0);
  expect(kept.snapshots?.steps.length).toBe(4);
  expect(kept.position).toBe(kept.length - 1);
  assert(
    property(array(integer({ min: -1, max: plain.length - 1 }), { maxLength: 6 }), (steps) => {
      for (const step of steps) {
        plain.seek(step);
        kept.seek(step);
        expect(kept.position).toBe(step);
      }
      expect(cells(kept)).toEqual(cells(plain));
    }),
    { numRuns: 25 },
  );
});

test('a short recording keeps none', () => {
  expect(makeSnapshots(record())).toBeNull();
});

test('the log reports each so many rows, also while it grows', () => {
  const log = new StepLog();
  const reports: number[] = [];
  log.onRows(700, (rows) => reports.push(rows));
  for (let i = 0; i < 5000; i++) log.push(i & 0xff, 1, 0, 1, 0, i, 0, 0);
  expect(reports).toEqual([700, 1400, 2100, 2800, 3500, 4200, 4900]);
  expect(log.length).toBe(5000);
  expect([...log.a.subarray(0, 5000)].every((a, i) => a === i)).toBe(true);
});
