import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OP } from '../../src/machine/ops.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import { countersAt } from '../../src/recording/counters.ts';
import { stepLine } from '../../src/recording/narrate.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { ScenarioError } from '../../src/scenario/error.ts';
import { ledgerCase, own } from '../../src/scenario/ledger/case.ts';
import { LEGACY_SHOWS } from '../../src/scenario/ledger/shows-legacy.ts';
import { requireLegacy } from '../../src/scenario/legacy.ts';
import { anon } from '../../src/scenario/library/make.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';
import { possible } from '../property/scenario-arbitrary.ts';
import { judge } from '../support/fixed-run.ts';
import { seen } from './scenario-recount.ts';

const ALL = Object.keys(LEGACY_SHOWS);

const spec = (scenario: Scenario, fixes: readonly string[]): RunSpec => ({
  scenario,
  strategy: 'legacy-2016',
  revision: 'v2',
  fixes,
});

/** The process's leaf entries as `page kind w|r`, pages as in the scenario. */
function table(rec: Recording): string[] {
  rec.seek(rec.length - 1);
  return seen(rec.machine, 1, []).map((e) => `${e.page - rec.origin} ${e.kind} ${e.write ? 'w' : 'r'}`);
}

function entered(rec: Recording): string[] {
  const { op, site } = rec.machine.log;
  const names: string[] = [];
  for (let i = 0; i < rec.length; i++) if (op[i] === OP.ENTER) names.push(siteInfo(site[i] as number).fn);
  return names;
}

const rules = (rec: Recording): string[] => findingsOf(rec).map((f) => f.rule);

describe('the phases', () => {
  const mixed = ledgerCase('H', 'pages of several sorts', 'P R N S D V M P', 8);

  test('follow one another, with the driver in between', () => {
    const phases = new Set([
      'hmm_migrate_collect',
      'hmm_migrate_lock_and_isolate',
      'hmm_migrate_restore',
      'hmm_migrate_unmap',
      'alloc_and_copy',
      'hmm_migrate_struct_page',
      'finalize_and_map',
      'hmm_migrate_remove_migration_pte',
    ]);
    const rec = runScenario(spec(mixed, ALL));
    expect(rec.end).toBe('returned');
    expect(entered(rec).filter((fn) => phases.has(fn))).toEqual([...phases]);
    expect(countersAt(rec, rec.length - 1)).toMatchObject({ walks: 4, faults: 0, copies: 3, notifiers: 1 });
  });

  test('leave device entries where pages moved, and everything else as it was', () => {
    const rec = runScenario(spec(mixed, ALL));
    expect(table(rec)).toEqual([
      '0 device w',
      '1 device r',
      '3 swap r',
      '4 device w',
      // The write bit of a restored page is masked with another bit.
      '5 present r',
      '6 migration w',
      '7 device w',
    ]);
    expect(rules(rec)).toEqual([]);
  });

  test('as posted, the last one also finishes somebody else’s migration', () => {
    expect(table(runScenario(spec(mixed, [])))).toContain('6 present w');
  });

  test('say 0 also when there was nothing to migrate', () => {
    const rec = runScenario(spec(ledgerCase('H', 'nothing', 'N*4', 4), []));
    expect(entered(rec)).not.toContain('hmm_migrate_lock_and_isolate');
    expect(rec.end).toBe('returned');
    expect(stepLine(rec, rec.length - 1)).toContain('is done: 0');
  });

  test('words of pfns[] are read in the layout of 2016', () => {
    const rec = runScenario(spec(ledgerCase('H', 'one page', 'P', 1), []));
    const lines = Array.from({ length: rec.length }, (_, i) => stepLine(rec, i));
    expect(lines.filter((l) => l.includes('pfns_2016[0] ='))).toEqual([
      expect.stringContaining('pfns_2016[0] = VALID|WRITE|MIGRATE:S0'),
      expect.stringContaining('pfns_2016[0] = VALID|WRITE|LOCKED|MIGRATE:S0'),
      expect.stringContaining('pfns_2016[0] = VALID|WRITE|LOCKED|MIGRATE|DEVICE|UNADDRESSABLE:D0'),
      expect.stringContaining('pfns_2016[0] = 0'),
    ]);
  });

  test('the way back: device pages become system pages', () => {
    const scenario = ledgerCase('H', 'back', 'D*2 P', 3, { select: ['DEVICE_PRIVATE'] });
    expect(table(runScenario(spec(scenario, ALL)))).toEqual(['0 present w', '1 present w', '2 present w']);
    expect(judge(spec(scenario, ALL)).problems).toEqual([]);
  });

  test('a page that the driver has no memory for comes back', () => {
    const scenario = ledgerCase('H', 'no memory', 'P P', 2, { conditions: { failAlloc: [0] } });
    expect(table(runScenario(spec(scenario, ALL)))).toEqual(['0 present w', '1 device w']);
    expect(judge(spec(scenario, ALL)).problems).toEqual([]);
  });
});

/** What a defect leads to as posted: how the run ends, and which rules are broken. */
const POSTED: Readonly<Record<string, readonly [end: string, ...rules: string[]]>> = {
  'H-01': ['returned', 'mapping-lost'],
  'H-02': ['blocked', 'blocked-forever'],
  'H-03': ['blocked', 'blocked-forever'],
  'H-04': ['returned'],
  'H-05': ['bug', 'bug'],
  'H-07': ['returned', 'migration-entry-left', 'folio-left-locked'],
  'H-08': ['returned', 'mapping-lost'],
  'H-09': ['returned'],
  'H-10': ['bug', 'bug'],
  'H-11': ['returned', 'migration-entry-left', 'folio-left-locked'],
  'H-12': ['bug', 'bug'],
  'H-13': ['returned', 'migration-entry-left'],
  'H-14': ['bug', 'bug'],
};

describe.each(ALL)('%s', (id) => {
  const { scenario } = LEGACY_SHOWS[id] as (typeof LEGACY_SHOWS)[string];

  test('as posted', () => {
    const rec = runScenario(spec(scenario, []));
    expect([rec.end, ...rules(rec)]).toEqual(POSTED[id]);
  });

  test('mended, alone or with all others: nothing is left behind, every reference is explained', () => {
    expect(judge(spec(scenario, [id]))).toEqual({ problems: [], outside: false });
    expect(judge(spec(scenario, ALL))).toEqual({ problems: [], outside: false });
  });
});

describe('rollback', () => {
  test.each([
    ['pages that somebody holds, first and last', 'V P V P V', 5],
    ['all of them held', 'V*8', 8],
    ['pages of a forked child among them', 'C V C G C', 5],
    ['a device page that somebody else owns', 'E V P', 3],
  ])('%s: references and mapcounts balance', (title, memory, pages) => {
    expect(judge(spec(ledgerCase('H', title, memory, pages), ALL)).problems).toEqual([]);
  });

  test('over two tables', () => {
    const scenario = ledgerCase('H', 'two tables', 'V P*510 V V P', 514);
    expect(judge(spec(scenario, ALL)).problems).toEqual([]);
    const restored = table(runScenario(spec(scenario, ALL))).filter((e) => e.includes('present'));
    expect(restored).toEqual(['0 present r', '511 present r', '512 present r']);
  });

  test('a page off the LRU gets back the one reference that it had', () => {
    const off = { ...own(0, 1), folio: { exclusive: true, lru: 'none' } } as const;
    const scenario = ledgerCase('H', 'off the LRU', [off], 1);
    expect(rules(runScenario(spec(scenario, ['H-07'])))).toContain('use-after-free');
    expect(judge(spec(scenario, ALL)).problems).toEqual([]);
  });
});

describe('scenarios that the code of 2016 cannot run', () => {
  const message = (scenario: Scenario): string => {
    try {
      runScenario(spec(scenario, []));
    } catch (error) {
      if (error instanceof ScenarioError) return error.message;
      throw error;
    }
    return '';
  };

  test('say where and why', () => {
    const file = { ...anon(0, 8), kind: 'shmem' } as const;
    expect(message(ledgerCase('H', 'shmem', [], 8, { vmas: [file] }))).toMatch(/^vmas\[0\]\.kind: .*page-cache/);
    expect(message(ledgerCase('H', 'huge device page', 'TD', 8))).toMatch(/^entries\[0\]\.level: .*device memory/);
  });

  test('what lies beside the request does not matter', () => {
    const beside = ledgerCase('H', 'beside', 'P*512 TD', 8);
    expect(() => requireLegacy(beside)).not.toThrow();
  });
});

test('random scenarios: mended, nothing is left behind; as posted, every run ends', () => {
  fc.assert(
    fc.property(possible, (scenario) => {
      try {
        requireLegacy(scenario);
      } catch {
        return;
      }
      expect(judge({ scenario, strategy: 'legacy-2016', revision: 'fixed' }).problems).toEqual([]);
      expect(['returned', 'blocked', 'bug']).toContain(runScenario(spec(scenario, [])).end);
    }),
    { numRuns: 150 },
  );
});
