import { describe, expect, test } from 'vitest';
import { F, G, ZONE } from '../../src/machine/layout.ts';
import { stepLine } from '../../src/recording/narrate.ts';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { DRIVERS } from '../../src/scenario/library/drivers.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';
import { imbalance } from '../support/balance.ts';

/*
 * Each driver does what is particular about it: every event and every byte that the driver's device then sees is an
 * expectation of the scenario itself.
 */

/** References that scenarios give to somebody outside (a GUP pin, a pipe), and what v2 loses on a retry (F-04). */
const HELD: Readonly<Record<string, number>> = { 'xe-pinned': 1024, 'uvmem-held': 1, 'xe-unified': 8 };

function findings(id: string, on: Partial<RunSpec>): string[] {
  const scenario = DRIVERS.find((s) => s.id === id);
  if (!scenario) throw new Error(`no scenario ${id}`);
  const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2', ...on });
  expect(imbalance(rec.machine, HELD[id])).toEqual([]);
  return findingsOf(rec).map((f) => `${f.rule} ${f.site} ${stepLine(rec, f.step)}`);
}

const F02 = ['uvmem-in', 'uvmem-untouched', 'uvmem-held', 'uvmem-out'];

const ELSEWHERE = DRIVERS.map((s) => s.id).filter((id) => id !== 'xe-unified');

describe.each(ELSEWHERE)('%s', (id) => {
  test('on v6.19', () => expect(findings(id, { kernel: 'base' })).toEqual([]));
  test('on the mended series', () => expect(findings(id, { revision: 'fixed' })).toEqual([]));
  if (!F02.includes(id)) test('on v2', () => expect(findings(id, {})).toEqual([]));
});

test.each(F02)('%s: in v2 the event of a walk without an owner never ends', (id) => {
  expect(findings(id, {}).some((f) => f.startsWith('event-not-ended'))).toBe(true);
});

test('a driver that hears its own events never gets through the unified walk', () => {
  expect(findings('xe-unified', {}).some((f) => f.startsWith('livelock'))).toBe(true);
  expect(findings('xe-present', {})).toEqual([]);
});

test('nouveau leaves a huge page in VRAM when it is unloaded', () => {
  const scenario = DRIVERS.find((s) => s.id === 'nouveau-unload') as Scenario;
  const { machine } = runScenario({ scenario, strategy: 'unified', revision: 'v2', kernel: 'base' });
  const orders: number[] = [];
  for (let f = 1; f < machine.scalar.get(G.FOLIOS); f++)
    if (machine.f(f, F.ZONE) === ZONE.PRIVATE0 && machine.f(f, F.MAP) > 0) orders.push(machine.f(f, F.ORDER));
  expect(orders).toEqual([9]);
});

test('the strategies run with the driver’s own copy function', () => {
  const failing = DRIVERS.find((s) => s.id === 'nouveau-no-vram') as Scenario;
  const { program: _, ...plain } = failing;
  const scenario = { ...plain, request: { ...plain.request, select: ['SYSTEM', 'COMPOUND'] as const } };
  const orders = (driver: 'nouveau' | 'test_hmm'): number[] => {
    const spec = { scenario: { ...scenario, request: { ...scenario.request, driver } }, revision: 'v2' } as const;
    const { machine } = runScenario({ ...spec, strategy: 'migrate-only', kernel: 'base' });
    const found: number[] = [];
    for (let f = 1; f < machine.scalar.get(G.FOLIOS); f++)
      if (machine.f(f, F.ZONE) === ZONE.PRIVATE0 && machine.f(f, F.MAP) > 0) found.push(machine.f(f, F.ORDER));
    return found;
  };
  // lib/test_hmm.c falls back to 512 small pages, nouveau declines.
  expect(orders('nouveau')).toEqual([]);
  expect(orders('test_hmm').length).toBe(512);
});
