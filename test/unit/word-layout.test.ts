import { describe, expect, test } from 'vitest';
import { BANK } from '../../src/machine/layout.ts';
import { functionOfSite, siteInfo } from '../../src/machine/sites.ts';
import { wordArrays } from '../../src/recording/arrays.ts';
import { changesOf } from '../../src/recording/changes.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { layoutAt } from '../../src/recording/word-layout.ts';
import { lastWriter } from '../../src/recording/writers.ts';
import { setupCalls } from '../../src/scenario/lane.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Operation, RunSpec, Scenario } from '../../src/scenario/types.ts';
import { pfnStrip } from '../../src/scene/pfn-rows.ts';
import { runIndex } from '../../src/scene/run-index.ts';

/** migrate_vma_setup() of the series over a library scenario: hmm_range_fault() reports into src[] itself. */
const run = (id: string, more: Partial<RunSpec> = {}): Recording =>
  runScenario({ scenario: scenarioById(id) as Scenario, strategy: 'migrate-only', revision: 'v2', ...more });

/** The step at a site, the first after `from`. */
function stepAt(rec: Recording, name: string, from = 0): number {
  for (let i = from; i < rec.length; i++) {
    const { fn, label } = siteInfo(rec.machine.log.site[i] as number);
    if (`${fn}:${label}` === name) return i;
  }
  throw new Error(`the run never comes to ${name}`);
}

describe('src[] while the walk reports into it', () => {
  const rec = run('anon');
  const reported = stepAt(rec, 'hmm_vma_handle_pte:report');
  const marked = stepAt(rec, 'hmm_vma_handle_migrate_prepare:mark');
  const converted = stepAt(rec, 'migrate_hmm_range_setup:page');

  test('a change is told in the layout that it is written in', () => {
    const texts = (step: number): readonly string[] =>
      changesOf(rec, step)
        .filter((c) => c.kind === 'src')
        .map((c) => `${c.subject}: ${c.oldText} → ${c.neuText}`);
    expect(texts(reported)).toEqual(['src[0]: 0 → VALID|WRITE:S0']);
    expect(texts(marked)).toEqual(['src[0]: VALID|WRITE:S0 → VALID|WRITE|MIGRATE:S0']);
    // The bits move, what they say stays.
    const [change] = changesOf(rec, converted).filter((c) => c.kind === 'src');
    expect([change?.oldText, change?.neuText]).toEqual(['VALID|WRITE|MIGRATE:S0', 'VALID|MIGRATE|WRITE:S0']);
    expect([change?.oldHi, change?.old]).not.toEqual([change?.neuHi, change?.neu]);
  });

  test('the strip reads each word, and what it was before, in its own layout', () => {
    const { asked } = runIndex(rec);
    const cell = (step: number) => {
      rec.seek(step);
      const strip = pfnStrip(rec, step, asked.start, 4, asked);
      return { cell: strip.rows.find((r) => r.kind === 'src')?.cells[0], conversion: strip.conversion };
    };
    expect(cell(reported).cell).toMatchObject({
      form: 'hmm-v2',
      name: 'S0',
      flags: [{ name: 'VALID' }, { name: 'WRITE' }],
    });
    const at = cell(converted);
    expect(at.cell).toMatchObject({ form: 'migrate', name: 'S0', before: { form: 'hmm-v2' } });
    // It is made from itself, not from the row above.
    expect(at.conversion).toBeUndefined();
    // Past the first conversion the rest is still as the walk left it.
    rec.seek(converted);
    const forms = pfnStrip(rec, converted, asked.start, 4, asked)
      .rows.find((r) => r.kind === 'src')
      ?.cells.map((c) => c.form);
    expect(forms?.slice(0, 3)).toEqual(['migrate', 'hmm-v2', 'hmm-v2']);
  });
});

test.each<[string, Partial<RunSpec>]>([
  ['mixed', {}],
  ['mixed', { strategy: 'fault-then-migrate' }],
  ['mixed', { strategy: 'unified' }],
  ['mixed', { kernel: 'base' }],
  ['thp-split-mixed', { revision: 'fixed' }],
  ['device-thp-loop', {}],
  ['mixed', { operations: setupCalls('setup-fault', scenarioById('mixed') as Scenario) as readonly Operation[] }],
])('%s %j: the layout is that of the file whose code wrote the word last', (id, more) => {
  const rec = run(id, more);
  const src = wordArrays(rec).filter((x) => x.kind === 'src');
  const wrong: string[] = [];
  let seen = 0;
  for (const { start } of src)
    for (let word = start; word < start + 4; word++)
      for (let step = 0; step < rec.length; step += 3) {
        const writer = Math.max(
          lastWriter(rec, BANK.WORDS, word * 2, step),
          lastWriter(rec, BANK.WORDS, word * 2 + 1, step),
        );
        if (writer < 0) continue;
        seen++;
        const file = functionOfSite(rec.machine.log.site[writer] as number).file;
        const layout = layoutAt(rec, word, step);
        if (layout !== (file === 'mm/hmm.c' ? 'hmm_pfns' : 'src')) wrong.push(`${word} at ${step}: ${layout}, ${file}`);
      }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(0);
});
