import { describe, expect, test } from 'vitest';
import { buildMachine } from '../../src/scenario/build.ts';
import { LIBRARY, scenarioById } from '../../src/scenario/library/index.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { recount } from './scenario-recount.ts';

describe.each(LIBRARY.map((s) => [s.id, s] as const))('%s', (_, s) => {
  test('is a valid scenario file, and the same after a round trip', () => {
    expect(parseScenario(JSON.stringify(s))).toEqual({ ok: s });
  });

  test('builds a machine whose counts agree with its page tables', () => {
    expect(recount(buildMachine(s).machine).problems).toEqual([]);
  });

  test('says what it teaches, where to look, and where it comes from', () => {
    expect(s.about?.length ?? 0).toBeGreaterThan(40);
    expect(s.look?.length ?? 0).toBeGreaterThan(0);
    expect(s.source?.length ?? 0).toBeGreaterThan(0);
    expect(s.tags?.length ?? 0).toBeGreaterThan(0);
  });
});

test('ids are unique, and lead to their scenario', () => {
  expect(new Set(LIBRARY.map((s) => s.id)).size).toBe(LIBRARY.length);
  for (const s of LIBRARY) expect(scenarioById(s.id)).toBe(s);
  expect(scenarioById('no-such-scenario')).toBeUndefined();
});

test('the opening scenario has a huge page and a mixed table in one small range', () => {
  const [opening] = LIBRARY;
  expect(opening?.request.end).toBeLessThanOrEqual(16);
  expect(new Set(opening?.entries.map((e) => `${e.level} ${e.kind}`))).toEqual(
    new Set(['pmd present', 'pte present', 'pte none', 'pte zero', 'pte swap']),
  );
});

test('the large scenario covers one GiB with few stretches', () => {
  const large = scenarioById('mixed-1gib');
  expect(large?.request.end).toBe(262144);
  expect(large?.entries.length).toBeLessThan(2000);
  expect(large?.entries.reduce((sum, e) => sum + e.count, 0)).toBe(262144);
});
