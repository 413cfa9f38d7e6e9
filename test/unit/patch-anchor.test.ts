import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Binding, bindSites, unifiedSites } from '../../src/patch/anchor/bind.ts';
import { SIGNATURES } from '../../src/patch/anchor/signatures.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import { summaryText } from '../../src/patch/summary.ts';
import { SERIES } from '../support/patch-fixture.ts';
import { type Mutated, moved, reindented, renamed } from '../support/patch-mutate.ts';

/** Bound sites with the numbers of their lines in the input. */
async function bind(lines: readonly string[]): Promise<{ binding: Binding; numbers: Map<string, number[]> }> {
  const set = await readPatches([{ name: 'patch', content: lines.join('\n') }]);
  const binding = bindSites(set);
  return {
    binding,
    numbers: new Map(binding.bound.map((b) => [b.name, b.lines.map((l) => (set.lines.number[l] ?? 0) - 1)])),
  };
}

test('every site of the unified model has a signature, and every signature a site', () => {
  const names = unifiedSites().map((s) => `${s.fn}:${s.label}`);
  const rows = Object.entries(SIGNATURES).flatMap(([fn, labels]) => Object.keys(labels).map((l) => `${fn}:${l}`));
  expect(rows.toSorted()).toEqual(names.toSorted());
  expect(names.length).toBeGreaterThan(200);
});

test('sites bind by function and content', async () => {
  const set = await readPatches([{ name: 'series', content: SERIES }]);
  const binding = bindSites(set);
  const text = new Map(binding.bound.map((b) => [b.name, b.lines.map((l) => set.lines.text[l])]));
  expect(Object.fromEntries(text)).toEqual({
    'hmm_vma_walk_split:enter': ['@@ -100,7 +100,14 @@ static int hmm_vma_walk_split(pmd_t *pmdp,'],
    'hmm_vma_walk_split:lock': ['+\tlock = pmd_lock(walk->mm, pmdp);'],
    'hmm_vma_walk_split:notHuge': ['+\t\tspin_unlock(lock);'],
    'hmm_vma_walk_split:split': ['+\terr = split_folio(pmd_folio(*pmdp));'],
    'hmm_vma_walk_split:exit': ['+\t\treturn 0;', ' \treturn err;'],
  });
  expect(binding.unbound).toContainEqual({
    site: 'hmm_vma_walk_split:trylock',
    reason: 'folio_trylock( is not where it was in hmm_vma_walk_split()',
  });
  expect(binding.unbound).toContainEqual({
    site: 'hmm_range_fault:walk',
    reason: 'the patch does not show the function',
  });
  expect(binding.outside).toContainEqual({ site: 'hmm_vma_walk_split:assert', reason: 'only with fix switch R-06' });
});

test('a statement that stands twice is ambiguous, not guessed', async () => {
  const twice = SERIES.replace(
    '+\tspin_unlock(lock);\n+\terr',
    '+\tspin_unlock(lock);\n+\tlock = pmd_lock(walk->mm, pmdp);\n+\terr',
  ).replace('-100,7 +100,14', '-100,7 +100,15');
  const { binding } = await bind(twice.split('\n'));
  expect(binding.ambiguous).toEqual([
    { site: 'hmm_vma_walk_split:lock', reason: 'pmd_lock( stands more than once in hmm_vma_walk_split()' },
  ]);
});

test('the summary says what was read and bound', async () => {
  const set = await readPatches([{ name: 'series', content: SERIES }]);
  const [counts, series, sites] = summaryText(set, bindSites(set), false);
  expect(counts).toBe('4 messages, 2 files, 2 hunks, 2 comments');
  expect(series).toBe('series v4 "mm: collect while walking": 2 of 2 patches, 1 reply');
  expect(sites).toMatch(/^sites: 5 of \d+ bound, 0 ambiguous/);
});

const V2 = '../shared/seeds/002_4394df55c49c8ee8.txt';

/** Names that version 2 gives to locals, and others. */
const LOCALS = new Map(
  'r ret ptl folio fault_folio new_fault_folio minfo migrate pfn page pte ptep swp_pte entry range walk start end addr pmdp pmd writable anon_exclusive hmm_vma_walk hmm_pfn hmm_pfns i cpu_flags required_fault args is_fault_path mm'
    .split(' ')
    .map((name) => [name, `other_${name}`] as const),
);

describe.runIf(existsSync(V2))('version 2 of the series, where it is at hand', () => {
  const posting = (): string[] => {
    const lines = readFileSync(V2, 'utf8').split('\n');
    return lines.slice(0, lines.indexOf('-- '));
  };

  test('at least 95 % of the sites are bound', async () => {
    const { binding } = await bind(posting());
    expect(binding.ambiguous).toEqual([]);
    expect(binding.bound.length / binding.total).toBeGreaterThanOrEqual(0.95);
    expect(binding.total).toBeGreaterThanOrEqual(150);
  });

  const changes: readonly (readonly [string, (p: readonly string[]) => Mutated])[] = [
    ['locals have other names', (p) => renamed(p, LOCALS)],
    ['the code is indented otherwise', reindented],
    ['functions are moved', moved],
  ];
  test.each(changes)('the same statements are found again when %s', async (_, change) => {
    const lines = posting();
    const before = await bind(lines);
    const changed = change(lines);
    expect(changed.lines.filter((l, i) => l !== lines[i]).length).toBeGreaterThan(50);
    const after = await bind(changed.lines);
    const again = [...before.numbers].filter(([name, at]) => {
      const now = after.numbers
        .get(name)
        ?.map((n) => changed.was[n] ?? -1)
        .toSorted((a, b) => a - b);
      return JSON.stringify(now) === JSON.stringify(at.toSorted((a, b) => a - b));
    });
    const lost = [...before.numbers.keys()].filter((name) => !again.some(([n]) => n === name));
    // What is bound is bound right, and almost all is bound.
    for (const name of lost) expect(after.numbers.has(name), `${name} is bound to another line`).toBe(false);
    expect(again.length / before.numbers.size).toBeGreaterThanOrEqual(0.95);
  });
});
