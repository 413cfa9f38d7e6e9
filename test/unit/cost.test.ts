import { expect, test } from 'vitest';
import {
  DEFAULT_WEIGHTS,
  costLines,
  costTable,
  estimateCycles,
  parseCycles,
  parseWeights,
  weightsText,
} from '../../src/recording/cost.ts';
import { COUNTERS, type Counters, countersAt } from '../../src/recording/counters.ts';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario, Strategy } from '../../src/scenario/types.ts';

function countersOf(strategy: Strategy): Counters {
  const rec = runScenario({ scenario: scenarioById('anon') as Scenario, strategy, revision: 'v2' });
  return countersAt(rec, rec.length - 1);
}

test('every counter has a weight; the walk is the only one that rests on a posting', () => {
  expect(Object.keys(DEFAULT_WEIGHTS).toSorted()).toEqual(COUNTERS.map((c) => c.id).toSorted());
  const posted = COUNTERS.filter((c) => DEFAULT_WEIGHTS[c.id].source === 'posting').map((c) => c.id);
  expect(posted).toEqual(['walks']);
  expect(DEFAULT_WEIGHTS.walks.cycles).toBe(1000);
  for (const { id } of COUNTERS) {
    const { cycles, source, says } = DEFAULT_WEIGHTS[id];
    expect(says).not.toBe('');
    expect(cycles === 0).toBe(source === 'counted-elsewhere');
  }
});

test('an estimate is the sum of count × weight, dearest line first', () => {
  const counters = countersOf('unified');
  const { lines, cycles, posted } = estimateCycles(counters);
  expect(cycles).toBe(COUNTERS.reduce((sum, c) => sum + counters[c.id] * DEFAULT_WEIGHTS[c.id].cycles, 0));
  expect(posted).toBe(counters.walks * 1000);
  expect(lines.map((l) => l.cycles)).toEqual(lines.map((l) => l.cycles).toSorted((a, b) => b - a));
  expect(lines.every((l) => l.count > 0)).toBe(true);
});

test('weights that a person changes count, and are told from the defaults', () => {
  const counters = countersOf('unified');
  const changed = estimateCycles(counters, { walks: 2000, pteLocks: 40 });
  expect(changed.cycles - estimateCycles(counters).cycles).toBe(counters.walks * 1000);
  expect(changed.posted).toBe(0);
  expect(changed.lines.find((l) => l.id === 'walks')).toMatchObject({ source: 'changed', says: 'instead of 1000' });
  expect(changed.lines.find((l) => l.id === 'pteLocks')?.source).toBe('illustration');
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => estimateCycles(counters, { faults: bad })).toThrow(/weight of faults/);
});

test('two walks cost more than one, four more than two', () => {
  const cost = (s: Strategy): number => estimateCycles(countersOf(s)).lines.find((l) => l.id === 'walks')?.cycles ?? 0;
  expect([cost('unified'), cost('fault-then-migrate'), cost('legacy-2016')]).toEqual([1000, 2000, 3000]);
});

test('weights as text: what is wrong is named', () => {
  expect(parseWeights('walks=1500, faults=0.5,')).toEqual({ walks: 1500, faults: 0.5 });
  expect(parseWeights('')).toEqual({});
  for (const bad of ['walk=1', 'walks', 'walks=-1', 'walks=1e9', 'walks=1=2', 'constructor=1'])
    expect(() => parseWeights(bad)).toThrow(RangeError);
  expect(() => parseWeights('walk=1')).toThrow(/"walk=1".*walks/);
});

test('one line for every counter, and weights that survive being remembered', () => {
  const counters = countersOf('unified');
  const lines = costLines(counters, { faults: 2 });
  expect(lines.map((l) => l.id)).toEqual(COUNTERS.map((c) => c.id));
  expect(lines.reduce((sum, l) => sum + l.cycles, 0)).toBe(estimateCycles(counters, { faults: 2 }).cycles);
  for (const weights of [{}, { walks: 1500 }, { walks: 0, copies: 0.25 }])
    expect(parseWeights(weightsText(weights))).toEqual(weights);
  expect(['0', ' 12 ', '1.5'].map(parseCycles)).toEqual([0, 12, 1.5]);
  expect(['', '-1', '1e3', 'NaN', '1.', '1234567890', '1,5'].map(parseCycles)).toEqual(Array(7).fill(undefined));
});

test('the table says where each weight comes from', () => {
  const estimate = estimateCycles(countersOf('unified'));
  const table = costTable(estimate);
  expect(table[0]).toContain('not measured');
  expect(table.find((line) => line.startsWith('Walks '))).toMatch(/ 1 +1000 +1000 {2}posting: /);
  expect(table.filter((line) => line.includes('  illustration: '))).toHaveLength(
    estimate.lines.filter((l) => l.source === 'illustration').length,
  );
  expect(table.at(-1)).toMatch(new RegExp(`^Total +${estimate.cycles} {2}`));
});
