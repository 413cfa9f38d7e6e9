import { describe, expect, test } from 'vitest';
import { type MeasuredFile, readArchive } from '../../scripts/measured.ts';
import { conform } from '../../src/recording/conform/conform.ts';
import { parseGolden } from '../../src/recording/conform/golden-format.ts';

/*
 * The engine against real kernels: every measured run, event by event. One test for each scenario and kernel; a
 * failing one names the runs that differ and where.
 */

const runs = new Map<string, Map<string, MeasuredFile[]>>();
for (const file of readArchive()) {
  const [scenario = '', kernel = ''] = file.name.split('__');
  const scenarios = runs.get(kernel) ?? new Map<string, MeasuredFile[]>();
  runs.set(kernel, scenarios);
  scenarios.set(scenario, [...(scenarios.get(scenario) ?? []), file]);
}

describe.each([...runs])('kernel %s', (_kernel, scenarios) => {
  test.each([...scenarios])('%s', (_scenario, files) => {
    const differences = files.flatMap(({ name, text }) => {
      const first = conform(parseGolden(text));
      return first ? [`${name}: ${first.where}: expected ${first.expected} | got ${first.got}`] : [];
    });
    expect(differences).toEqual([]);
  });
});

test('the archive holds all three kernels', () => {
  expect(Object.fromEntries([...runs].map(([k, s]) => [k, [...s.values()].flat().length]))).toEqual({
    base: 420,
    k715: 411,
    v2: 576,
  });
});
