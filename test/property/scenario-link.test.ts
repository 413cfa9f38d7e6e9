import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { decodeLink, encodeLink, type LinkState, shortLink } from '../../src/scenario/link.ts';
import type { Operation } from '../../src/scenario/types.ts';
import { choices, possible, requests } from './scenario-arbitrary.ts';

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

const states = fc
  .record({
    scenario: fc.oneof(fc.constantFrom(...LIBRARY), possible),
    choices,
    operations: fc.option(fc.array(operation, { maxLength: 3 }), { nil: undefined }),
    where,
  })
  .map(
    ({ scenario, choices, operations, where }): LinkState => ({
      spec: { scenario, ...choices, ...(operations === undefined ? {} : { operations }) },
      ...where,
    }),
  );

test('what is encoded decodes to the same state', async () => {
  await fc.assert(
    fc.asyncProperty(states, async (state) => {
      const link = await encodeLink(state);
      expect(link).toMatch(/^#1\/[\w\-.,:+=/~]+$/);
      expect(await decodeLink(link)).toEqual({ ok: state });
      expect(await decodeLink(link.slice(1))).toEqual({ ok: state });
    }),
    { numRuns: 150 },
  );
});

test('a library scenario has a short link at once, whatever is chosen beside it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...LIBRARY),
      choices,
      fc.integer({ min: 0, max: 9_999_999 }),
      async (scenario, choice, step) => {
        const state = { spec: { scenario, ...choice }, step };
        const link = shortLink(state);
        expect(link?.length ?? 999).toBeLessThanOrEqual(120);
        expect(await encodeLink(state)).toBe(link);
      },
    ),
    { numRuns: 200 },
  );
});

test('a link that is cut short or damaged gives an error with a place, never an exception', async () => {
  await fc.assert(
    fc.asyncProperty(
      states,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.string({ maxLength: 3 }),
      async (state, at, insert) => {
        const link = await encodeLink(state);
        const cut = Math.floor(at * link.length);
        for (const broken of [link.slice(0, cut), link.slice(0, cut) + insert + link.slice(cut)]) {
          const decoded = await decodeLink(broken);
          if (decoded.error === undefined) continue;
          expect(decoded.error[0]?.path).toMatch(/^link/);
          expect(decoded.error[0]?.message.length).toBeGreaterThan(10);
        }
      },
    ),
    { numRuns: 100 },
  );
});

describe('a scenario that is a copy of a shipped one', () => {
  test('is linked by its id; a changed copy is not', async () => {
    const copy = structuredClone(LIBRARY[0]);
    if (copy === undefined) throw new Error('the library is empty');
    expect(shortLink({ spec: { scenario: copy, strategy: 'unified', revision: 'v2' } })).toBe(`#1/${copy.id}`);
    const changed = { ...copy, title: 'mine' };
    expect(shortLink({ spec: { scenario: changed, strategy: 'unified', revision: 'v2' } })).toBeUndefined();
    expect(
      (await encodeLink({ spec: { scenario: changed, strategy: 'unified', revision: 'v2' } })).length,
    ).toBeLessThan(1500);
  });
});
