import { expect, test } from 'vitest';
import { putBeside } from '../mutants/bundle.ts';
import { allCases } from '../mutants/cases.ts';
import { MUTANTS } from '../mutants/catalogue/index.ts';
import { playUnbroken, verdictOn } from '../mutants/measure.ts';

/** Cases of a few hundred steps that between them catch the mutants below. */
const CASES = ['uvmem-held unified', 'uvmem-in unified', 'gup-pin unified', 'cow-after-fork unified'];
const SMOKE = ['unmap-forgets-putback', 'finalize-keeps-reference', 'collect-pinned-stays-empty'];

test('three mutants are caught, and the unbroken kernel breaks no rule over the same cases', async () => {
  const cases = allCases().filter((c) => CASES.includes(c.name));
  expect(cases).toHaveLength(CASES.length);
  const file = putBeside('smoke.json', JSON.stringify(cases));
  expect((await playUnbroken(file)).flatMap((p) => p.broken)).toEqual([]);
  for (const mutant of MUTANTS.filter((m) => SMOKE.includes(m.id)))
    expect(await verdictOn(mutant, file)).toMatchObject({ id: mutant.id, caught: true });
}, 120_000);
