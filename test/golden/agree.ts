import { describe, expect, test } from 'vitest';
import { type MeasuredFile, readArchive } from '../../scripts/measured.ts';
import { conform } from '../../src/recording/conform/conform.ts';
import { parseGolden } from '../../src/recording/conform/golden-format.ts';

/**
 * The engine against a real kernel: each of its measured runs, event by event. One test for each scenario; a failing
 * one names the runs that differ and where. (A file for each kernel, so that they run side by side.)
 * @param count runs of the kernel in the archive
 */
export function everyRunAgrees(kernel: string, count: number): void {
  const scenarios = new Map<string, MeasuredFile[]>();
  for (const file of readArchive()) {
    const [scenario = '', of] = file.name.split('__');
    if (of === kernel) scenarios.set(scenario, [...(scenarios.get(scenario) ?? []), file]);
  }
  describe(`kernel ${kernel}`, () => {
    test.each([...scenarios])('%s', (_scenario, files) => {
      expect(files.flatMap(firstDifference)).toEqual([]);
    });
    test('no run is missing', () => expect([...scenarios.values()].flat()).toHaveLength(count));
  });
}

function firstDifference({ name, text }: MeasuredFile): string[] {
  const first = conform(parseGolden(text));
  return first ? [`${name}: ${first.where}: expected ${first.expected} | got ${first.got}`] : [];
}
