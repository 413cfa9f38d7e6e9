import * as fc from 'fast-check';
import { possible } from '../property/scenario-arbitrary.ts';
import type { Scenario, ScenarioConditions, ScenarioRival } from '../../src/scenario/types.ts';
import { WAYS, type Way } from './fixed-run.ts';

export interface Case {
  readonly scenario: Scenario;
  readonly way: Way;
}

const rival: fc.Arbitrary<ScenarioRival> = fc
  .record({
    does: fc.constantFrom('madvise_dontneed', 'cpu_read', 'cpu_write', 'migrate'),
    start: fc.integer({ min: 0, max: 520 }),
    pages: fc.constantFrom(1, 3, 16, 512),
    device: fc.constantFrom(0, 1),
    holds: fc.boolean(),
    when: fc.constantFrom('before-first-pmd-lock', 'before-first-pte-lock', 'before-copy', 'before-split'),
  })
  .map(({ pages, holds, ...r }) => ({ ...r, end: r.start + pages, ...(r.does === 'migrate' ? { holds } : {}) }));

const conditions: fc.Arbitrary<ScenarioConditions> = fc.record(
  {
    failAlloc: fc.subarray([0, 1]),
    thp: fc.constantFrom('always', 'madvise', 'never'),
    rivals: fc.array(rival, { minLength: 1, maxLength: 1 }),
  },
  { requiredKeys: [] },
);

/** Random scenarios with the conditions around them, and a way to ask for their range. */
export const cases: fc.Arbitrary<Case> = fc
  .tuple(possible, fc.option(conditions, { nil: undefined, freq: 2 }), fc.constantFrom(...WAYS))
  .map(([scenario, around, way]) => ({
    scenario: around === undefined ? scenario : { ...scenario, conditions: around },
    way,
  }));
