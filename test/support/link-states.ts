import * as fc from 'fast-check';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { LinkState } from '../../src/scenario/link.ts';
import type { Operation } from '../../src/scenario/types.ts';
import { choices, possible, requests } from '../property/scenario-arbitrary.ts';

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ call: fc.constant('hmm_range_fault' as const), migrate: fc.boolean(), request: requests }),
  fc.record(
    {
      when: fc.constantFrom('succeeded' as const, 'incomplete' as const),
      call: fc.constant('migrate_vma' as const),
      fault: fc.boolean(),
      request: requests,
    },
    { requiredKeys: ['call', 'fault', 'request'] },
  ),
  fc.record({ call: fc.constant('cpu' as const), write: fc.boolean(), page: fc.integer({ min: 0, max: 100 }) }),
);

const where = fc.record(
  {
    step: fc.integer({ min: -1, max: 2 ** 31 - 1 }),
    view: fc.stringMatching(/^[\w\-.,:+]{1,200}$/),
  },
  { requiredKeys: [] },
);

/** Everything that a link can say, at random: runs of the library and of one's own, schedules, steps, views. */
export const linkStates: fc.Arbitrary<LinkState> = fc
  .record({
    scenario: fc.oneof(fc.constantFrom(...LIBRARY), possible),
    choices,
    schedule: fc.option(fc.stringMatching(/^([1-9]\d{0,3}[a-h]|[a-h]){0,8}$/), { nil: undefined }),
    operations: fc.option(fc.array(operation, { maxLength: 3 }), { nil: undefined }),
    where,
  })
  .map(
    ({ scenario, choices, schedule, operations, where }): LinkState => ({
      spec: {
        scenario,
        ...choices,
        ...(operations === undefined ? {} : { operations }),
        ...(schedule === undefined ? {} : { schedule }),
      },
      ...where,
    }),
  );
