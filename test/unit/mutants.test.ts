import { readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { ALL_RULES } from '../../src/check/rules/index.ts';
import { MUTANTS } from '../mutants/catalogue/index.ts';
import { mutated, pathOf } from '../mutants/mutant.ts';

test('the catalogue has enough mutants, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  expect(new Set(MUTANTS.map((m) => m.id)).size).toBe(MUTANTS.length);
});

test('what a mutant replaces occurs exactly once, and what comes out still parses and differs', () => {
  const files = new Map(MUTANTS.map((m) => [pathOf(m), readFileSync(pathOf(m), 'utf8')]));
  for (const mutant of MUTANTS) {
    const source = files.get(pathOf(mutant)) ?? '';
    const broken = mutated(mutant, source);
    expect(broken, mutant.id).not.toBe(source);
    expect(parseSync(mutant.file, broken).errors, mutant.id).toEqual([]);
  }
});

test('a rule that names a mutant names one of the catalogue', () => {
  for (const rule of ALL_RULES) if (rule.mutant !== undefined) expect(MUTANTS.map((m) => m.id)).toContain(rule.mutant);
});
