import * as fc from 'fast-check';
import { FIX_SWITCHES } from '../../src/scenario/revision.ts';
import { SHOWS } from '../../src/scenario/ledger/shows.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario, ScenarioRival, Strategy } from '../../src/scenario/types.ts';
import { cases } from '../support/fixed-cases.ts';
import { specOf } from '../support/fixed-run.ts';
import { corners } from './corners.ts';

/** A run that every mutant is put to, and its name. */
export interface Case {
  readonly name: string;
  readonly spec: RunSpec;
}

const MENDED = FIX_SWITCHES.filter((s) => s.on === 'mended').map((s) => s.id);
const STRATEGIES: readonly Strategy[] = ['unified', 'migrate-only', 'fault-then-migrate', 'fault-only'];

/** Scenarios of more pages say nothing that smaller ones do not. */
const MOST_PAGES = 1100;
const pagesOf = (s: Scenario): number => s.request.end - s.request.start;
const small = LIBRARY.filter((s) => pagesOf(s) <= MOST_PAGES);

/** The library, asked for in each way, on the mended kernel. */
const library = (): Case[] =>
  small.flatMap((scenario) =>
    // What a program expects is told of the strategy that it was written for.
    STRATEGIES.filter((strategy) => scenario.program === undefined || strategy !== 'fault-only').map((strategy) => ({
      name: `${scenario.id} ${strategy}`,
      spec: { scenario, strategy, revision: 'fixed' as const },
    })),
  );

/** The collector of v6.19, mended. */
const classic = (): Case[] =>
  small
    .filter((s) => pagesOf(s) <= 64 && s.program === undefined)
    .map((scenario) => ({
      name: `${scenario.id} migrate-only, v6.19 mended`,
      spec: { scenario, strategy: 'migrate-only', revision: 'fixed', kernel: 'base', fixes: MENDED },
    }));

/** The states that the rows of the ledger need, on the mended kernel. */
const ledger = (): Case[] =>
  Object.entries(SHOWS)
    .filter(([, show]) => show.strategy !== 'legacy-2016' && show.kernel === undefined)
    .map(([id, show]) => ({
      name: `ledger ${id}`,
      spec: {
        scenario: show.scenario,
        strategy: show.strategy,
        revision: 'fixed',
        ...(show.operations === undefined ? {} : { operations: show.operations }),
      },
    }));

const RIVALS: readonly ScenarioRival['does'][] = ['madvise_dontneed', 'cpu_write', 'cpu_read', 'migrate', 'borrow'];
const MOMENTS: readonly ScenarioRival['when'][] = [
  'before-first-pmd-lock',
  'before-first-pte-lock',
  'before-copy',
  'before-split',
  'before-unmap',
];
const CONTESTED = [
  'anon',
  'mixed',
  'empty',
  'cow-after-fork',
  'swap',
  'huge-empty',
  'thp-split',
  'thp-compound',
  'device-own',
  'zero-pages',
];

/** Small scenarios with a rival at each moment at which one can come. */
const contested = (): Case[] =>
  CONTESTED.flatMap((id) => {
    const scenario = small.find((s) => s.id === id);
    if (scenario === undefined) throw new Error(`the library has no scenario ${id}`);
    const { start, end } = scenario.request;
    return RIVALS.flatMap((does) =>
      MOMENTS.map((when) => {
        const rival: ScenarioRival = { does, when, start, end: Math.min(end, start + 512), device: 1 };
        const around = { ...scenario.conditions, rivals: [rival] };
        return {
          name: `${id}, ${does} ${when}`,
          spec: {
            scenario: { ...scenario, conditions: around },
            strategy: 'unified' as const,
            revision: 'fixed' as const,
          },
        };
      }),
    );
  });

/** Few pages, so that a schedule of a few switches says much. */
const SCHEDULED = [
  'anon',
  'mixed',
  'empty',
  'cow-after-fork',
  'swap',
  'device-own',
  'zero-pages',
  'gup-pin',
  'thp-split',
  'thp-locked',
];

/** Where the rival goes on, and after how many choices of its own the walker does again. */
function* schedules(): Generator<string> {
  for (let at = 0; at < 24; at += 2) {
    yield `${at}b`;
    for (const after of [1, 4]) yield `${at}b${after}a`;
  }
}

/** The same with a schedule instead of a moment. */
const scheduled = (): Case[] =>
  SCHEDULED.flatMap((id) => {
    const scenario = small.find((s) => s.id === id);
    if (scenario === undefined) throw new Error(`the library has no scenario ${id}`);
    const { start, end } = scenario.request;
    return (['madvise_dontneed', 'cpu_write', 'migrate'] as const).flatMap((does) =>
      [...schedules()].map((schedule) => {
        const rival: ScenarioRival = { does, when: 'mmap-held', start, end: Math.min(end, start + 8), device: 1 };
        return {
          name: `${id}, ${does}, schedule ${schedule}`,
          spec: {
            scenario: { ...scenario, conditions: { ...scenario.conditions, rivals: [rival] } },
            strategy: 'unified' as const,
            revision: 'fixed' as const,
            schedule,
          },
        };
      }),
    );
  });

const RANDOM = 500;

/** Random memories and requests, always the same ones. */
const random = (): Case[] =>
  fc
    .sample(cases, { seed: 20260121, numRuns: RANDOM })
    .map(({ scenario, way }, i) => ({ name: `random ${i} ${way}`, spec: specOf(scenario, way, 'fixed') }));

/** Every case, always in the same order. */
export const allCases = (): Case[] => [
  ...library(),
  ...classic(),
  ...ledger(),
  ...contested(),
  ...scheduled(),
  ...corners(),
  ...random(),
];
