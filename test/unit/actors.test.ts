import { describe, expect, test } from 'vitest';
import type { Machine } from '../../src/machine/machine.ts';
import { findEntry } from '../../src/machine/page-table.ts';
import { allSites } from '../../src/machine/sites.ts';
import { type Started, runScenario } from '../../src/recording/run.ts';
import { ACTORS, ACTOR_KINDS, type ActorKind } from '../../src/scenario/actors.ts';
import { ACTORS_ALONE } from '../../src/scenario/library/actors.ts';
import { memory } from '../../src/scenario/notation.ts';
import type { Scenario, ScenarioRival } from '../../src/scenario/types.ts';
import { entryText } from '../support/fault-memory.ts';
import { judge } from '../support/fixed-run.ts';

const SMALL = 'P*2 R C Z N S V G D';
const HUGE = ['T', 'TC', 'TZ', 'TG', 'TD', 'TP'];

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

  test('beside the unified walk on a huge page', () => {
    expect(problems(scenarioOf('T', [rivalOf(kind, 512, 'before-first-pmd-lock')]))).toEqual([]);
  });
});

test('the library has a scenario for each actor that ships alone', () => {
  for (const scenario of ACTORS_ALONE) expect([scenario.id, problems(scenario)]).toEqual([scenario.id, []]);
});

/** The memory that an actor leaves when it runs alone: entries of the first pages, in words. */
function after(kind: ActorKind, line: string, end: number, pages = end): string[] {
  const scenario = scenarioOf(line, [rivalOf(kind, end, 'before-copy')], []);
  const started: Started[] = [];
  const rec = runScenario({ scenario, strategy: 'unified', revision: 'fixed' }, (s) => {
    started.push(s);
    return [];
  });
  const [{ mm, offset }] = started as [Started];
  return Array.from({ length: pages }, (_, page) => entryText(rec.machine, leaf(rec.machine, mm, page + offset)));
}

const leaf = (m: Machine, mm: number, page: number): number => findEntry(m, mm, page, 1) || findEntry(m, mm, page, 2);

describe('what each actor leaves', () => {
  test.each([
    ['swap_out', 'P R C Z V', ['swap', 'swap', 'swap', 'zero YS', 'swap']],
    ['mprotect', 'P D', ['present YD', 'device-private-read']],
    ['protnone', 'P C Z', ['present YD', 'present YD', 'zero YS']],
    ['gup', 'P C N S', ['present WYD', 'present WYD', 'present WYD', 'present WYD']],
    ['fork', 'P D S', ['present YD', 'device-private-read', 'swap']],
    ['madvise_free', 'P S', ['present W', 'none']],
    ['madvise_dontneed', 'P D S Z', ['none', 'none', 'none', 'none']],
    ['cpu_write', 'P D S Z', ['present WYD', 'present WYD', 'present WYD', 'present WYD']],
    ['fault_and_migrate', 'P N', ['device-private-write', 'device-private-write']],
  ] as const)('%s of %s', (kind, line, entries) => {
    expect(after(kind, line, entries.length)).toEqual(entries);
  });

  test('split: 512 pages of their own; split_huge_pmd: 512 entries of one folio', () => {
    expect(after('split', 'T', 512, 2)).toEqual(['present WYD', 'present WYD']);
    expect(after('split_huge_pmd', 'T', 512, 2)).toEqual(['present WYD', 'present WYD']);
  });

  test('collapse: one huge page where enough is in use and nobody holds a page', () => {
    expect(after('collapse', 'P*8 Z N*503', 512, 1)).toEqual(['huge WYD']);
    expect(after('collapse', 'P*8 V N*503', 512, 1)).toEqual(['present WYD']);
    expect(after('collapse', 'P*300 S*2 N*210', 512, 1)).toEqual(['huge WYD']);
  });
});
