import { describe, expect, test } from 'vitest';
import { Counted } from '../../src/check/explorer/counted.ts';
import { exploreSchedules } from '../../src/check/explorer/schedules.ts';
import { type Stand, initialPrint, rewind } from '../../src/check/explorer/stand.ts';
import { StateSet } from '../../src/check/explorer/state-set.ts';
import { pmd_lock, spin_unlock } from '../../src/kernel/common/pgtable.ts';
import { type Kernel, type Run, YIELD } from '../../src/kernel/kernel.ts';
import type { Actor, End } from '../../src/kernel/scheduler.ts';
import { siteNamed } from '../../src/machine/sites.ts';
import { actorsOf, startKernel } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import { formatSchedule } from '../../src/scenario/schedule.ts';
import type { RunSpec, Scenario, ScenarioRival } from '../../src/scenario/types.ts';
import { plainSearch } from '../support/plain-search.ts';

const site = (name: string): number => siteNamed(name)?.id as number;
const LOCK = site('hmm_vma_walk_pmd:lock');
const UNLOCK = site('hmm_vma_walk_pmd:unlock');

function kernel(): Kernel {
  const scenario = scenarioById('mixed') as Scenario;
  const { kernel: k } = startKernel({ scenario, strategy: 'unified', revision: 'v2', schedule: '' });
  return k;
}

/** Actors that take table locks in the given orders, one inside the other, and let them go. */
function lockers(k: Kernel, orders: readonly (readonly number[])[]): Stand {
  function* take(order: readonly number[]): Run<void> {
    const [first, ...rest] = order;
    if (first === undefined) return;
    const ptl = yield* pmd_lock(k, LOCK, first * 512);
    yield* take(rest);
    if (order.length > 1) yield YIELD.OTHER;
    spin_unlock(k, UNLOCK, ptl);
  }
  const actors = (): Actor[] =>
    orders.map((order, i) => ({ name: `actor ${i}`, program: take(order), cue: 'at-once', holds: false }));
  return { kernel: k, maxSteps: 10_000, actors };
}

function walkAndZap(rival: Partial<ScenarioRival>): Stand {
  const base = scenarioById('cpu-touches') as Scenario;
  const spec: RunSpec = {
    scenario: {
      ...base,
      entries: [{ ...base.entries[0]!, count: 1 }],
      vmas: [{ start: 0, end: 1, perms: 'rw-p', kind: 'anon' }],
      request: { ...base.request, end: 1 },
      conditions: {
        rivals: [{ does: 'madvise_dontneed', start: 0, end: 1, when: 'before-copy', ...rival }],
      },
    },
    strategy: 'unified',
    revision: 'v2',
    schedule: '',
  };
  const started = startKernel(spec);
  return { kernel: started.kernel, maxSteps: 10_000, actors: () => actorsOf(spec, started) };
}

function explore(stand: Stand, preemptions: number): { states: number; runs: number; ends: [string, End][] } {
  rewind(stand.kernel.m);
  const states = new StateSet(20);
  const counted = new Counted(stand.kernel.m, states);
  const ends: [string, End][] = [];
  const { runs, complete } = exploreSchedules({
    stand,
    initial: initialPrint(stand.kernel.m),
    counted,
    seen: new StateSet(18),
    preemptions,
    onRun: (end, switches) => {
      if (end !== 'stopped') ends.push([formatSchedule(switches), end]);
      return false;
    },
  });
  expect(complete).toBe(true);
  return { states: states.size, runs, ends };
}

test('two actors, one lock: 7 states, counted by hand', () => {
  // Nobody yields between lock and unlock. States: a has it, a is done, then the same of b (4), and b first (4); the last is shared.
  const stand = lockers(kernel(), [[2], [2]]);
  expect(explore(stand, 9).states).toBe(7);
});

describe.each<[string, () => Stand, number]>([
  ['two actors, one lock', () => lockers(kernel(), [[2], [2]]), 9],
  ['two actors, a lock each', () => lockers(kernel(), [[2], [3]]), 9],
  [
    'two actors, two locks in the same order',
    () =>
      lockers(kernel(), [
        [2, 3],
        [2, 3],
      ]),
    9,
  ],
  [
    'two actors, two locks in opposite orders',
    () =>
      lockers(kernel(), [
        [2, 3],
        [3, 2],
      ]),
    9,
  ],
  [
    'three philosophers',
    () =>
      lockers(kernel(), [
        [2, 3],
        [3, 4],
        [4, 2],
      ]),
    2,
  ],
  [
    'three philosophers, one left-handed',
    () =>
      lockers(kernel(), [
        [2, 3],
        [3, 4],
        [2, 4],
      ]),
    2,
  ],
  ['one page is walked and zapped', () => walkAndZap({}), 2],
  ['one page is walked and touched', () => walkAndZap({ does: 'cpu_write' }), 1],
])('%s', (_, make, preemptions) => {
  test('as many states as the plain enumeration, in fewer runs or as many; ends and the fewest preemptions for each agree', () => {
    const stand = make();
    const plain = plainSearch(stand, preemptions);
    const found = explore(stand, preemptions);
    expect(found.states).toBe(plain.states.size);
    expect(found.runs).toBeLessThanOrEqual(plain.runs.length);
    expect(new Set(found.ends.map(([, end]) => end))).toEqual(new Set(plain.runs.map((r) => r.end)));
  });
});

test('opposite lock orders: a deadlock after one preemption, none without', () => {
  const stand = lockers(kernel(), [
    [2, 3],
    [3, 2],
  ]);
  expect(explore(stand, 0).ends).toEqual([['', 'returned']]);
  const blocked = explore(stand, 1).ends.filter(([, end]) => end === 'blocked');
  const plain = plainSearch(stand, 1).runs.filter((r) => r.end === 'blocked');
  expect(blocked.length).toBeGreaterThan(0);
  expect(plain.every((r) => r.preemptions === 1)).toBe(true);
  // By hand: choice 0 before anything, 1 before a's first lock, 2 before its second: there b takes its own, and nobody goes on.
  expect(blocked).toEqual([['2b', 'blocked']]);
});

test('philosophers: as many preemptions to a deadlock as the plain enumeration needs; one left-handed and there is none', () => {
  const round = lockers(kernel(), [
    [2, 3],
    [3, 4],
    [4, 2],
  ]);
  const fewest = (stand: Stand): number =>
    Math.min(
      ...plainSearch(stand, 2)
        .runs.filter((r) => r.end === 'blocked')
        .map((r) => r.preemptions),
    );
  const blocked = (stand: Stand, n: number): boolean => explore(stand, n).ends.some(([, end]) => end === 'blocked');
  const least = fewest(round);
  expect([blocked(round, least - 1), blocked(round, least)]).toEqual([false, true]);
  expect(
    blocked(
      lockers(kernel(), [
        [2, 3],
        [3, 4],
        [2, 4],
      ]),
      3,
    ),
  ).toBe(false);
});

test('a machine that is rewound is as it was', () => {
  const stand = walkAndZap({});
  const { m } = stand.kernel;
  rewind(m);
  const before = initialPrint(m);
  explore(stand, 1);
  rewind(m);
  expect(initialPrint(m)).toEqual(before);
});
