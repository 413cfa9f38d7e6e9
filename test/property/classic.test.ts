import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { revisionFixes } from '../../src/scenario/revision.ts';
import type { Operation, RunSpec, Scenario, Strategy } from '../../src/scenario/types.ts';
import { judge } from '../support/fixed-run.ts';
import { possible } from './scenario-arbitrary.ts';

/*
 * The unmodified kernels over random memory. With every defect mended, a run leaves nothing behind: no finding, no lock, no
 * reference that nothing explains. As they are, they may do wrong, but the model has to follow them to some end.
 */

const STRATEGIES: readonly Strategy[] = ['fault-then-migrate', 'migrate-fault-migrate', 'migrate-only', 'fault-only'];
const IOCTLS = ['read', 'write', 'to-dev', 'to-sys'] as const;
const MENDED = [...revisionFixes('fixed')];

const kernel = fc.constantFrom('base' as const, 'k715' as const);
const way = fc.oneof(fc.constantFrom(...STRATEGIES), fc.constantFrom(...IOCTLS));

function specOf(
  scenario: Scenario,
  name: Strategy | (typeof IOCTLS)[number],
  version: 'base' | 'k715',
  fixes: readonly string[],
): RunSpec {
  const ioctl = IOCTLS.find((nr) => nr === name);
  const { start, end } = scenario.request;
  const operations: Operation[] | undefined = ioctl && [
    { call: 'ioctl', nr: ioctl, start, end, device: scenario.request.device },
  ];
  const strategy = STRATEGIES.find((s) => s === name) ?? 'migrate-only';
  return { scenario, strategy, revision: 'v2', kernel: version, fixes, ...(operations ? { operations } : {}) };
}

test('with every defect mended nothing is left behind', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(possible, way, kernel, (s, w, k) => {
      expect(judge(specOf(s, w, k, MENDED)).problems).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('with no defect mended every run comes to an end', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(possible, way, kernel, (s, w, k) => {
      const { problems } = judge(specOf(s, w, k, []));
      expect(problems.filter((p) => p.startsWith('exception'))).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
