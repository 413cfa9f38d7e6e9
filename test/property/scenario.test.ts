import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildMachine } from '../../src/scenario/build.ts';
import { checkScenario } from '../../src/scenario/check.ts';
import { ScenarioError } from '../../src/scenario/error.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { recount } from '../unit/scenario-recount.ts';
import { possible, wellFormed } from './scenario-arbitrary.ts';

/** References from outside that the scenario gives to the folio of each page, by scenario page of its first mapping. */
function outsideRefs(s: Scenario): Map<number, number> {
  const refs = new Map<number, number>();
  for (const e of s.entries) {
    const { extraRefs = 0, pins = 0, order } = e.folio ?? {};
    const large = order === 9 || e.level === 'pmd';
    for (let i = 0; i < e.count; i++) refs.set(e.page + i, extraRefs + pins * (large ? 1 : 1024));
  }
  return refs;
}

test('every sentence of the grammar can be built, and its counts agree with its page tables', () => {
  fc.assert(
    fc.property(possible, (s) => {
      expect(checkScenario(s)).toEqual([]);
      const { machine, offset } = buildMachine(s);
      const { problems, entries, residue } = recount(machine);
      expect(problems).toEqual([]);
      const outside = outsideRefs(s);
      for (const each of entries) {
        if (each.kind !== 'present' && each.kind !== 'device') continue;
        const f = machine.folioOf(each.pfn);
        const expected = outside.get(each.page - offset);
        // Folios 1 and 2 are the zero pages.
        if (f > 2 && each.mm === 1 && expected !== undefined) expect(residue.get(f)).toBe(expected);
      }
    }),
    { numRuns: 60 },
  );
});

test('every page that the scenario names is in the page table as it says', () => {
  fc.assert(
    fc.property(possible, (s) => {
      const { machine, offset } = buildMachine(s);
      const found = new Map(
        recount(machine)
          .entries.filter((e) => e.mm === 1)
          .map((e) => [e.page - offset, e]),
      );
      for (const e of s.entries) {
        if (e.kind === 'none' || e.kind === 'marker') continue;
        const step = e.level === 'pmd' ? 512 : 1;
        for (let page = e.page; page < e.page + e.count; page += step) {
          const kind = e.kind === 'zero' ? 'present' : e.kind;
          expect(found.get(page)).toMatchObject({ kind, level: e.level });
          if (e.kind !== 'migration') expect(found.get(page)?.write).toBe(e.write === true);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a well-formed file is either built, with counts that agree, or refused with a place; nothing else happens', () => {
  let built = 0;
  fc.assert(
    fc.property(wellFormed, (s) => {
      const parsed = parseScenario(JSON.stringify(s));
      if (parsed.error === undefined) {
        built++;
        expect(parsed.ok).toEqual(s);
        expect(recount(buildMachine(s).machine).problems).toEqual([]);
        return;
      }
      for (const p of parsed.error) {
        expect(p.path).not.toBe('');
        expect(p.message).not.toContain('undefined');
      }
      expect(() => buildMachine(s)).toThrow(ScenarioError);
    }),
    { numRuns: 1500 },
  );
  expect(built).toBeGreaterThan(20);
});

test('whatever JSON comes, reading gives an answer', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseScenario(text).error?.length ?? 0).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});

test('the same scenario gives the same machine', () => {
  fc.assert(
    fc.property(possible, (s) => {
      const [a, b] = [buildMachine(s).machine, buildMachine(s).machine];
      a.banks().forEach((bank, i) => expect(bank?.cells).toEqual(b.banks()[i]?.cells));
    }),
    { numRuns: 10 },
  );
});
