import * as fc from 'fast-check';
import { memory } from '../../src/scenario/notation.ts';
import { KERNELS, REVISIONS, STRATEGIES } from '../../src/scenario/schema.ts';
import type { Scenario, ScenarioEntry, ScenarioRequest, ScenarioVma } from '../../src/scenario/types.ts';

/*
 * Random scenarios. `possible` follows a grammar of memory words whose sentences are all states of a machine; `any` joins
 * fields at random, so that most are impossible.
 */

const SMALL = ['P', 'R', 'C', 'Z', 'N', 'S', 'D', 'E', 'H', 'L', 'G', 'V', 'M', 'K'] as const;
const HUGE = ['T', 'TR', 'TC', 'TL', 'TG', 'TD', 'TE', 'TZ', 'TN', 'TP', 'TQ'] as const;

/** One 2 MiB area: a huge word, or runs of small ones that may leave its end unnamed. */
const area: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HUGE),
  fc
    .array(fc.tuple(fc.constantFrom(...SMALL), fc.integer({ min: 1, max: 40 })), { maxLength: 12 })
    .map((runs) => runs.map(([word, n]) => `${word}*${n}`).join(' ')),
);

export const requests: fc.Arbitrary<ScenarioRequest> = fc.record(
  {
    start: fc.integer({ min: 0, max: 500 }),
    end: fc.integer({ min: 501, max: 2000 }),
    fault: fc.boolean(),
    write: fc.boolean(),
    select: fc.subarray(['SYSTEM', 'DEVICE_PRIVATE', 'DEVICE_COHERENT', 'COMPOUND'] as const),
    device: fc.integer({ min: 0, max: 3 }),
    perPage: fc.record({
      even: fc.constantFrom('fault', 'write', 'nothing'),
      odd: fc.constantFrom('fault', 'write', 'nothing'),
    }),
  },
  { requiredKeys: ['start', 'end', 'fault', 'write', 'select', 'device'] },
);

function scenario(
  base: string,
  vmas: readonly ScenarioVma[],
  entries: readonly ScenarioEntry[],
  request: ScenarioRequest,
): Scenario {
  return { format: 'walkscope-scenario', version: 1, id: 'random', title: 'random', base, vmas, entries, request };
}

/** Scenarios that a machine can be in: an anonymous mapping, page 0 anywhere in its first 2 MiB area. */
export const possible: fc.Arbitrary<Scenario> = fc
  .record({
    areas: fc.array(area, { minLength: 1, maxLength: 5 }),
    phase: fc.integer({ min: 0, max: 511 }),
    high: fc.constantFrom(0x200000000, 0x7f1234400000, 0x8000000000),
    request: requests,
  })
  .map(({ areas, phase, high, request }) => {
    const entries = areas.flatMap((line, i) => memory(line, i * 512 - phase));
    const vma = { start: 0 - phase, end: areas.length * 512 - phase, perms: 'rw-p', kind: 'anon' } as const;
    return scenario(`0x${(high + phase * 4096).toString(16)}`, [vma], entries, request);
  });

const yes = fc.boolean();
const page = fc.integer({ min: -20, max: 1100 });

const folio = fc.record(
  {
    name: fc.constantFrom('a', 'b'),
    order: fc.constantFrom(0 as const, 9 as const),
    memory: fc.constantFrom('system' as const, 'private' as const, 'coherent' as const),
    device: fc.integer({ min: 0, max: 3 }),
    anon: yes,
    exclusive: yes,
    sharedBy: fc.integer({ min: 0, max: 2 }),
    extraRefs: fc.integer({ min: 0, max: 3 }),
    pins: fc.integer({ min: 0, max: 2 }),
    locked: yes,
    lru: fc.constantFrom('list' as const, 'batch' as const, 'none' as const),
    dirty: yes,
    mlocked: yes,
  },
  { requiredKeys: [] },
);

const entry: fc.Arbitrary<ScenarioEntry> = fc.record(
  {
    page,
    count: fc.integer({ min: 1, max: 600 }),
    level: fc.constantFrom('pte' as const, 'pmd' as const),
    kind: fc.constantFrom(
      'none',
      'present',
      'zero',
      'swap',
      'migration',
      'device',
      'device-exclusive',
      'hwpoison',
      'marker',
    ),
    write: yes,
    young: yes,
    dirty: yes,
    softDirty: yes,
    uffdWp: yes,
    protnone: yes,
    special: yes,
    migration: fc.constantFrom('r' as const, 'rx' as const, 'w' as const),
    marker: fc.constantFrom('uffd-wp' as const, 'poisoned' as const, 'guard' as const),
    folio,
    folioPage: fc.integer({ min: 0, max: 511 }),
    data: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    slot: fc.record({ exclusive: yes, sharedBy: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] }),
    mirrored: yes,
  },
  { requiredKeys: ['page', 'count', 'level', 'kind'] },
);

const vma: fc.Arbitrary<ScenarioVma> = fc.record(
  {
    start: page,
    end: fc.integer({ min: 0, max: 2100 }),
    perms: fc.constantFrom('rw-p', 'r--p', 'rw-s', '---p', 'rwxp', 'r--s'),
    kind: fc.constantFrom('anon' as const, 'shmem' as const, 'file' as const, 'hugetlb' as const, 'special' as const),
    flags: fc.subarray(['hugepage', 'mlocked', 'io', 'pfnmap'] as const),
  },
  { requiredKeys: ['start', 'end', 'perms', 'kind'] },
);

/** Well-formed files, whatever they say. */
export const wellFormed: fc.Arbitrary<Scenario> = fc
  .record(
    {
      base: fc.constantFrom('0x200000000', '0x200064000', '0x10000', '0x7ffffffff000'),
      vmas: fc.array(vma, { maxLength: 4 }),
      entries: fc.array(entry, { maxLength: 6 }),
      request: requests,
      tables: fc.array(fc.record({ page, level: fc.constantFrom('pmd' as const, 'pte' as const) }), { maxLength: 3 }),
    },
    { requiredKeys: ['base', 'vmas', 'entries', 'request'] },
  )
  .map(({ base, vmas, entries, request, tables }) => ({
    ...scenario(base, vmas, entries, request),
    ...(tables === undefined ? {} : { tables }),
  }));

/** Strategies, revisions and fix switches of a run. */
export const choices = fc.record(
  {
    strategy: fc.constantFrom(...STRATEGIES),
    revision: fc.constantFrom(...REVISIONS),
    kernel: fc.constantFrom(...KERNELS),
    fixes: fc.uniqueArray(fc.constantFrom('R-07', 'F-04', 'F-01', 'F-05', 'RFC-13'), { minLength: 1, maxLength: 4 }),
  },
  { requiredKeys: ['strategy', 'revision'] },
);
