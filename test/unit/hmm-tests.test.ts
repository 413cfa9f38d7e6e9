import { describe, expect, test } from 'vitest';
import { parseOperations, parseScenario } from '../../src/scenario/parse.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { runScenario } from '../../src/recording/run.ts';
import { stepLine } from '../../src/recording/narrate.ts';
import { SELFTESTS, SELFTESTS_LEFT_OUT } from '../../src/scenario/library/hmm-tests.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';
import { imbalance } from '../support/balance.ts';

/*
 * The selftests of the kernel, run by the model: every operation says what it expects, and the run itself objects.
 */

type On = Pick<RunSpec, 'kernel' | 'revision'>;
const SERIES: On = { kernel: 'v2', revision: 'v2' };
const KERNELS: readonly On[] = [{ kernel: 'base', revision: 'v2' }, SERIES, { kernel: 'v2', revision: 'fixed' }];

describe.each(SELFTESTS.map((t) => [t.scenario.id, t] as const))('%s', (_, t) => {
  for (const on of KERNELS) {
    if (t.needsSeries && on.kernel === 'base') continue;
    // The variants that do not ship differ little: one kernel is enough for them.
    if (!t.shipped && on !== SERIES) continue;
    test(`${on.kernel} ${on.revision}`, () => {
      const rec = runScenario({ scenario: t.scenario, strategy: 'unified', ...on });
      const found = findingsOf(rec).map((f) => `${f.site}: ${stepLine(rec, f.step)}`);
      expect(found).toEqual([]);
      expect(rec.end).toBe('returned');
      expect(imbalance(rec.machine)).toEqual([]);
    });
  }
});

test('a test that expects something else is told so', () => {
  const [first] = SELFTESTS;
  const program = (first as (typeof SELFTESTS)[number]).scenario.program?.map((op) => ({
    ...op,
    expect: { cpages: 1 },
  }));
  const scenario = { ...(first as (typeof SELFTESTS)[number]).scenario, program } as Scenario;
  const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2' });
  expect(findingsOf(rec).map((f) => f.rule)).toEqual(['test-failed', 'test-failed', 'test-failed']);
});

test('every test of the program is run or left out with a reason', () => {
  const named = new Set([...SELFTESTS, ...SELFTESTS_LEFT_OUT].map((t) => t.test.replace(/ \(.*/, '')));
  expect(named.size).toBe(39);
  for (const { why } of SELFTESTS_LEFT_OUT) expect(why.length).toBeGreaterThan(40);
});

test('operations that no program could carry out are refused with the place', () => {
  const long = { call: 'access', start: 0, end: 1 << 19, write: false };
  const messages = (ops: readonly object[]): string[] => parseOperations(ops).error?.map((p) => p.message) ?? [];
  expect(messages([long, long, long])[0]).toContain('1572864 pages together');
  expect(messages(Array.from({ length: 17 }, () => ({ call: 'fork' })))[0]).toContain('17 forks');
  expect(messages([{ ...long, end: 0 }])[0]).toContain('is empty');
  const { scenario } = SELFTESTS[0] as (typeof SELFTESTS)[number];
  const { error } = parseScenario({ ...scenario, program: [{ call: 'munmap', start: 3, end: 3 }] });
  expect(error?.[0]?.path).toBe('program[0]');
});

test('a process or a page that the scenario does not have gives -EINVAL', () => {
  const { scenario } = SELFTESTS[0] as (typeof SELFTESTS)[number];
  const { program: _, ...plain } = scenario;
  const operations = [
    { call: 'munmap', start: 0, end: 1, process: 3, expect: { ret: -22 } },
    { call: 'munmap', start: -(1 << 24), end: 0, expect: { ret: -22 } },
  ] as const;
  const rec = runScenario({ scenario: plain, strategy: 'unified', revision: 'v2', operations });
  expect(findingsOf(rec)).toEqual([]);
});
