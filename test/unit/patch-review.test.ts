import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bindSites, unifiedSites } from '../../src/patch/anchor/bind.ts';
import { CoverageCounter, libraryRuns } from '../../src/patch/coverage.ts';
import { coverageByLine, coverageText } from '../../src/patch/line-coverage.ts';
import { readPatches } from '../../src/patch/read/read.ts';
import type { PatchSet } from '../../src/patch/read/types.ts';
import { CONTRADICTIONS, guidedReview, runThatShows, verdictOf } from '../../src/patch/review.ts';
import { SPAN, buildRows } from '../../src/patch/rows.ts';
import { StepLines } from '../../src/patch/step-line.ts';
import { changedWords, counterpart } from '../../src/patch/words.ts';
import { RULES } from '../../src/kernel/rules.ts';
import { runScenario } from '../../src/recording/run.ts';
import { LEDGER } from '../../src/scenario/ledger/index.ts';
import { FIX_SWITCHES } from '../../src/scenario/revision.ts';
import { reachText } from '../../src/session/patch/reach.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { SERIES } from '../support/patch-fixture.ts';

const read = (content: string | Uint8Array): Promise<PatchSet> => readPatches([{ name: 'test', content }]);

describe('rows', () => {
  test('remarks stand under the line that they are about', async () => {
    const set = await read(SERIES);
    const rows = buildRows(set, 'patches', false);
    const shown = [...rows.left].map((i) => set.lines.text[i]);
    const at = shown.indexOf('+\tlock = pmd_lock(walk->mm, pmdp);');
    expect(shown[at + 1]).toBe('Is the lock held here already?');
    // The reply itself is not repeated, and nothing stands twice.
    expect(shown).not.toContain('> +\tlock = pmd_lock(walk->mm, pmdp);');
    expect(new Set(rows.left).size).toBe(rows.count);
  });

  test('all lines: every line but the encoded ones', async () => {
    const set = await read(SERIES);
    const rows = buildRows(set, 'all', false);
    expect(rows.count).toBe(set.lines.kind.filter((k) => k !== 21).length);
  });

  test('side by side: removed beside added, words over both', async () => {
    const set = await read(SERIES);
    const rows = buildRows(set, 'patches', true);
    const removed = set.lines.text.indexOf('-\terr = 0;');
    const row = rows.rowOf[removed] ?? -1;
    expect(set.lines.text[rows.right[row] ?? -1]).toBe('+\tlock = pmd_lock(walk->mm, pmdp);');
    const prose = set.lines.text.indexOf('Takes the lock before it looks.');
    expect(rows.right[rows.rowOf[prose] ?? -1]).toBe(SPAN);
  });
});

describe('words that changed', () => {
  test('are marked on both sides', () => {
    const both = changedWords('return fill(a, end, range, 0);', 'return fill(a, end, walk, 0);');
    expect(both).toEqual([[[20, 25]], [[20, 24]]]);
  });

  test('lines with little in common are not compared', () => {
    expect(changedWords('\terr = 0;', '\tlock = pmd_lock(walk->mm, pmdp);')).toBeNull();
  });

  test('the k-th removed line belongs to the k-th added one', async () => {
    const set = await read('diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,4 @@\n-a\n-b\n+A\n+B\n+C\n d\n');
    const line = (text: string): number => set.lines.text.indexOf(text);
    expect([counterpart(set, line('-b')), counterpart(set, line('+B'))]).toEqual([line('+B'), line('-b')]);
    expect([counterpart(set, line('+C')), counterpart(set, line(' d'))]).toEqual([-1, -1]);
  });
});

describe('coverage', () => {
  test('lines by the runs that execute them, and as text of 75 columns', async () => {
    const set = await read(SERIES);
    const binding = bindSites(set);
    const counter = new CoverageCounter(new Map(unifiedSites().map((s) => [`${s.fn}:${s.label}`, s.id])));
    const split = scenarioById('thp-split');
    const plain = scenarioById('anon-rw') ?? scenarioById('first-walk');
    const runs = libraryRuns([split, plain].filter((s) => s !== undefined));
    expect(runs.length).toBeGreaterThanOrEqual(3);
    for (const run of runs) counter.add(run);
    const coverage = counter.result();
    const lines = new Map(coverageByLine(binding, coverage).map((l) => [set.lines.text[l.line], l]));
    const lock = lines.get('+\tlock = pmd_lock(walk->mm, pmdp);');
    expect(lock?.runs).toBeGreaterThan(0);
    expect(coverage.runs[lock?.first?.first ?? -1]).toMatch(/^thp-split, /);
    // The call of split_folio() records nothing itself; its callee does.
    expect(lines.get('+\terr = split_folio(pmd_folio(*pmdp));')?.runs).toBe(lock?.runs);
    expect(lines.get('+\t\tspin_unlock(lock);')?.runs).toBe(0);
    const text = coverageText(set, binding, coverage);
    for (const line of text.split('\n')) expect(line).toMatch(/^[ -~]{0,75}$/);
    expect(text).toContain('-  + spin_unlock(lock);');
  });
});

test('a step leads to its line', async () => {
  const set = await read(SERIES);
  const lines = new StepLines(bindSites(set));
  const scenario = scenarioById('thp-split');
  if (scenario === undefined) throw new Error('the library has no thp-split');
  const rec = runScenario({ scenario, strategy: 'unified', revision: 'v2' });
  const ids = new Map(unifiedSites().map((s) => [`${s.fn}:${s.label}`, s.id]));
  const first = (name: string): number => rec.machine.log.site.indexOf(ids.get(name) ?? -1);
  const shown = (name: string): string | undefined => set.lines.text[lines.lineOf(rec, first(name)) ?? -1];
  expect(shown('hmm_vma_walk_split:lock')).toBe('+\tlock = pmd_lock(walk->mm, pmdp);');
  // Of two returns the one after the line before it, which is that of the call.
  expect(shown('hmm_vma_walk_split:exit')).toBe(' \treturn err;');
  expect(lines.lineOf(rec, first('hmm_vma_walk_pmd:lock'))).toBeNull();
});

describe('the ledger as a guided review', () => {
  test('a row that does not hold says so; a switch has a run that shows it', () => {
    expect(runThatShows('R-07', false)?.fixes ?? []).not.toContain('R-07');
    expect(runThatShows('R-07', true)?.fixes).toContain('R-07');
    expect(runThatShows('R-09', false)).toBeUndefined();
  });

  test('a search against a row asks for a rule and switches that exist, and claims no more than it tried', () => {
    const rules = RULES.map((r) => r.name);
    const switches = FIX_SWITCHES.map((f) => f.id);
    for (const [row, { rule, fixes }] of Object.entries(CONTRADICTIONS)) {
      expect(LEDGER.find((r) => r.id === row)?.is.kind).toBe('not-a-defect');
      expect(rules).toContain(rule);
      for (const id of fixes) expect(switches).toContain(id);
    }
    const reach = { what: 'x', about: 'R-09', drafts: 10, runs: 30, weight: 2, bound: 3, running: false, found: null };
    expect(reachText({ ...reach, complete: true })).toBe(
      'search found no such state within bound 3 (10 memories, 30 runs, all of them)',
    );
    expect(reachText({ ...reach, complete: false })).toContain('not found so far');
  });

  const V2 = '../shared/seeds/002_4394df55c49c8ee8.txt';
  test.runIf(existsSync(V2))('remarks of the review of version 2', async () => {
    const items = guidedReview(await read(readFileSync(V2)));
    const ids = items.map((i) => i.row.id);
    for (let n = 1; n <= 11; n++) expect(ids.filter((id) => id === `R-${String(n).padStart(2, '0')}`)).toHaveLength(1);
    expect(ids).toEqual(expect.arrayContaining(['S-01', 'S-02', 'K-01']));
    const r09 = items.find((i) => i.row.id === 'R-09');
    expect(r09 && verdictOf(r09.row)).toMatch(/^does not hold/);
    expect(r09?.fn).toBe('hmm_vma_walk_pmd');
    expect(r09?.answers).toHaveLength(1);
  });

  const DEVICE = '../shared/seeds/001_6c7ab3eb46048263.txt';
  test.runIf(existsSync(DEVICE))('remarks on the device-private PFN series', async () => {
    const items = guidedReview(await read(readFileSync(DEVICE)));
    expect(items.map((i) => i.row.id)).toEqual(['D-06', 'D-01', 'D-02', 'D-03', 'D-04', 'D-05', 'D-07']);
  });
});
