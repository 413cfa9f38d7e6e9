import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { decodeLink, encodeLink, shortLink } from '../../src/scenario/link.ts';
import { linkStates as states } from '../support/link-states.ts';
import { choices } from './scenario-arbitrary.ts';

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
