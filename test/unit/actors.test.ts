import { describe, expect, test } from 'vitest';
import { allSites } from '../../src/machine/sites.ts';
import { ACTORS, ACTOR_KINDS, type ActorKind } from '../../src/scenario/actors.ts';
import { ACTORS_ALONE } from '../../src/scenario/library/actors.ts';
import { memory } from '../../src/scenario/notation.ts';
import type { Scenario, ScenarioRival } from '../../src/scenario/types.ts';
import { judge } from '../support/fixed-run.ts';

const SMALL = 'P*2 R C Z N S V G D';
const HUGE = ['T', 'TR', 'TC', 'TZ', 'TG', 'TD', 'TP', 'TN'];

function scenarioOf(line: string, rivals: readonly ScenarioRival[], program?: Scenario['program']): Scenario {
  const entries = memory(line);
  const end = entries.reduce((last, e) => Math.max(last, e.page + e.count), 0);
  return {
    format: 'walkscope-scenario',
    version: 1,
    id: 'actors',
    title: 'actors',
    base: '0x200000000',
    vmas: [{ start: 0, end, perms: 'rw-p', kind: 'anon', flags: [end >= 512 ? 'hugepage' : 'nohugepage'] }],
    entries,
    request: { start: 0, end, fault: true, write: false, select: ['SYSTEM'], device: 0 },
    conditions: { openDevices: [0, 1], rivals },
    ...(program ? { program } : {}),
  };
}

const rivalOf = (does: ActorKind, end: number, when: ScenarioRival['when']): ScenarioRival => ({
  does,
  start: 0,
  end,
  when,
  device: 1,
});

const problems = (s: Scenario): readonly string[] =>
  judge({ scenario: s, strategy: 'unified', revision: 'fixed' }).problems;

describe.each(ACTOR_KINDS.map((kind) => [kind] as const))('%s', (kind) => {
  test('its functions are functions of the model', () => {
    const functions = new Set(allSites().map((s) => s.fn));
    for (const fn of ACTORS[kind].functions) expect(functions.has(fn), fn).toBe(true);
  });

  test('alone on small pages: returns, breaks no rule, leaves every count right', () => {
    expect(problems(scenarioOf(SMALL, [rivalOf(kind, 10, 'before-copy')], []))).toEqual([]);
  });

  test.each(HUGE)('alone on %s', (word) => {
    expect(problems(scenarioOf(word, [rivalOf(kind, 512, 'before-copy')], []))).toEqual([]);
  });

  test.each(['before-first-pmd-lock', 'before-first-pte-lock', 'before-copy'] as const)(
    'beside the unified walk, %s',
    (when) => {
      expect(problems(scenarioOf(SMALL, [rivalOf(kind, 10, when)]))).toEqual([]);
      expect(problems(scenarioOf('T', [rivalOf(kind, 512, when)]))).toEqual([]);
    },
  );
});

test('the library has a scenario for each actor that ships alone', () => {
  for (const scenario of ACTORS_ALONE) expect([scenario.id, problems(scenario)]).toEqual([scenario.id, []]);
});
