import { expect, test } from 'vitest';
import { specOf } from '../../src/check/explorer/draft.ts';
import { wordNamed } from '../../src/check/explorer/words.ts';
import { allFindings } from '../../src/check/rules/findings.ts';
import { filemap_get } from '../../src/kernel/common/page-cache.ts';
import { F, PG } from '../../src/machine/layout.ts';
import { siteNamed } from '../../src/machine/sites.ts';
import { runScenario } from '../../src/recording/run.ts';
import type { RunSpec } from '../../src/scenario/types.ts';

/** A huge page of a regular file, asked for in part, so that version 2 splits it; dirty or not. */
function run(dirty: boolean) {
  const spec = specOf(
    {
      words: [wordNamed('T')],
      range: 'head',
      vma: 'file',
      ask: 'read',
      select: ['SYSTEM'],
      way: 'setup',
      around: {},
      rivals: [],
    },
    'v2',
    [],
  ) as RunSpec;
  const entries = spec.scenario.entries.map((e) => ({ ...e, dirty, folio: { ...e.folio, dirty } }));
  return runScenario({ ...spec, scenario: { ...spec.scenario, entries } });
}

test('a clean huge page of a file is divided: its buffers are freed, and the cache holds each piece', () => {
  const rec = run(false);
  const { machine: m } = rec;
  rec.seek(-1);
  let huge = 1;
  while ((m.f(huge, F.FLAGS) & PG.FILE) === 0) huge++;
  rec.seek(rec.length - 1);
  const file = m.f(huge, F.MAPPING) - 1;
  const pieces = Array.from({ length: 512 }, (_, i) => filemap_get(m, file, m.f(huge, F.INDEX) + i));
  expect(new Set(pieces).size).toBe(512);
  for (const f of pieces) {
    expect(m.f(f, F.ORDER)).toBe(0);
    expect(m.f(f, F.FLAGS) & (PG.FILE | PG.PRIVATE)).toBe(PG.FILE);
    // its mapping, the cache, and perhaps the batch in which it waits for its LRU list
    expect(m.f(f, F.REF)).toBe(m.f(f, F.MAP) + 1 + ((m.f(f, F.FLAGS) & PG.BATCH) !== 0 ? 1 : 0));
  }
  expect(allFindings(rec).map((f) => f.rule)).not.toContain('reference-balance');
});

test('a dirty one is not: dirty buffers cannot be freed', () => {
  const rec = run(true);
  const ran = (site: string): boolean => rec.machine.log.site.subarray(0, rec.length).includes(siteNamed(site)!.id);
  expect(ran('filemap_release_folio:dirty')).toBe(true);
  expect(ran('split_folio:divide')).toBe(false);
});
