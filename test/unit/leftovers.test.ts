import { expect, test } from 'vitest';
import { runScenario } from '../../src/recording/run.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { SHOWS } from '../../src/scenario/ledger/shows.ts';
import { findingsOf } from '../support/fixed-run.ts';

const LEFT = /^(migration-entry-left|folio-left-locked|event-not-ended)/;

test('what is left behind is a finding in runs that show a defect, and in no other run of the library', () => {
  const left = LIBRARY.filter((s) => s.request.end - s.request.start <= 2048).filter((scenario) =>
    findingsOf(runScenario({ scenario, strategy: 'unified', revision: 'v2' })).some((f) => LEFT.test(f)),
  );
  // KVM's uvmem leaves the owner NULL, so every one of its migrations begins an event that never ends (F-02).
  const shows = (s: Scenario): boolean => ['defect', 'uvmem'].some((tag) => s.tags?.includes(tag) === true);
  expect(left.filter((s) => !shows(s)).map((s) => s.id)).toEqual([]);
  // F-04 loses collected pages.
  expect(left.map((s) => s.id)).toEqual(expect.arrayContaining(['lost-migration-entries', 'thp-cross']));
});

test('mended, no run of the library leaves anything or complains', () => {
  for (const scenario of LIBRARY.filter((s) => s.request.end - s.request.start <= 2048)) {
    const rec = runScenario({ scenario, strategy: 'unified', revision: 'fixed' });
    const found = findingsOf(rec).filter((f) => !f.startsWith('blocked-forever'));
    expect(found, scenario.id).toEqual([]);
  }
});

test('scenarios of the ledger are valid scenario files', () => {
  for (const { scenario } of Object.values(SHOWS))
    expect(parseScenario(JSON.stringify(scenario))).toEqual({ ok: scenario });
});
