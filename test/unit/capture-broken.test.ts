import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCapture } from '../../src/scenario/capture/parse-capture.ts';
import type { Capture, CaptureFlag, CaptureMapBit, CaptureState } from '../../src/scenario/capture/types.ts';
import { buildMachine } from '../../src/scenario/build.ts';
import { captureOf, problemPaths, sampleText, tinyCapture } from './capture-fixture.ts';

const THP = sampleText('thp.json');

describe('what is no capture', () => {
  test.each([
    ['', 'JSON'],
    ['7f0000000000-7f0000400000 rw-p 00000000 00:00 0 \n', '/proc/PID/maps'],
    [THP.slice(0, 900), 'ends early'],
    ['{"format":"walkscope-scenario"}', 'scenario, not a capture'],
    ['{"name":"something","version":"1.0.0"}', 'no capture'],
    ['[1,2,3]', 'an array'],
    ['null', 'null'],
    ['42', 'a number'],
  ])('%j: the message says what it is', (text, message) => {
    const { error } = parseCapture(text);
    expect(error?.[0]?.message).toContain(message);
  });
});

describe('a broken capture', () => {
  const state: CaptureState = { map: ['present'], flags: ['anon'], maps: 1 };
  const good = tinyCapture([state], [[0, 10, 0]]);

  test.each<[string, unknown]>([
    ['version', { ...good, version: 2 }],
    ['pageSize', { ...good, pageSize: 16384 }],
    ['privilege', { ...good, privilege: 'god' }],
    ['colour', { ...good, colour: 'red' }],
    ['vmas', { ...good, vmas: [] }],
    ['vmas', { ...good, vmas: undefined }],
    ['states[0].map[0]', { ...good, states: [{ map: ['absent'] }] }],
    ['states[0].maps', { ...good, states: [{ map: [], maps: -1 }] }],
    ['vmas[0].perms', tinyCapture([state], [], { perms: 'rw' })],
    ['vmas[0].start', tinyCapture([state], [], { start: '7f0000000000' })],
    ['vmas[0].start', tinyCapture([state], [], { start: '0x7f0000000800' })],
    ['vmas[0].end', tinyCapture([state], [], { end: '0x7f0000000000' })],
    ['vmas[0].end', tinyCapture([state], [], { end: '0xffffffffff601000' })],
    ['vmas[1].start', { ...good, vmas: [...good.vmas, ...good.vmas] }],
    ['vmas[0].runs[0]', tinyCapture([state], [[0, 1]])],
    ['vmas[0].runs[0][1]', tinyCapture([state], [[0, 1.5, 0]])],
    ['vmas[0].runs[0]', tinyCapture([state], [[0, 0, 0]])],
    ['vmas[0].runs[0]', tinyCapture([state], [[1020, 5, 0]])],
    ['vmas[0].runs[0]', tinyCapture([state], [[0, 1, 1]])],
    [
      'vmas[0].runs[1]',
      tinyCapture(
        [state],
        [
          [4, 4, 0],
          [7, 4, 0],
        ],
      ),
    ],
    ['range.end', { ...good, range: { start: '0x2000', end: '0x1000' } }],
  ])('names the place: %s', (path, capture) => expect(problemPaths(capture)).toContain(path));

  test('with very many mistakes is refused at the first', () => {
    const runs = Array.from({ length: 200_000 }, () => ['x']);
    expect(parseCapture({ ...good, vmas: [{ ...good.vmas[0], runs }] }).error).toHaveLength(1);
  });
});

/** Never throws; what is accepted can be built. */
function survives(input: unknown): void {
  const { scenario, error } = parseCapture(input);
  if (scenario === undefined) expect(error.length).toBeGreaterThan(0);
  else buildMachine(scenario);
}

describe('any input', () => {
  test('cut or changed text gives an error or a scenario', () => {
    fc.assert(
      fc.property(fc.nat(THP.length), fc.string({ maxLength: 5 }), fc.nat(8), (at, put, cut) =>
        survives(THP.slice(0, at) + put + THP.slice(at + cut)),
      ),
      { numRuns: 300 },
    );
  });

  test('a value put anywhere gives an error or a scenario', () => {
    const capture = captureOf(sampleText('fork.json'));
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }), fc.jsonValue(), (way, value) =>
        survives(replaced(capture, way, value)),
      ),
      { numRuns: 200 },
    );
  });

  test('well-formed captures of all kinds of memory become machines', () => {
    fc.assert(
      fc.property(captures, (capture) => survives(capture)),
      { numRuns: 300 },
    );
  });

  test('and so do those a kernel could have written', () => {
    fc.assert(
      fc.property(plausible, (capture) => {
        const { error } = parseCapture(capture);
        expect(error).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });
});

/** The value with one part of it, `way` deep, replaced; numbers choose the way at each object. */
function replaced(value: unknown, way: readonly number[], put: unknown): unknown {
  if (way.length === 0 || typeof value !== 'object' || value === null) return put;
  const keys = Object.keys(value);
  if (keys.length === 0) return put;
  const key = keys[(way[0] as number) % keys.length] as string;
  const inside = replaced((value as Record<string, unknown>)[key], way.slice(1), put);
  if (Array.isArray(value)) return value.map((each: unknown, i) => (String(i) === key ? inside : each));
  return { ...value, [key]: inside };
}

const mapBits: CaptureMapBit[] = [
  'present',
  'swapped',
  'file-or-shared',
  'soft-dirty',
  'exclusive',
  'uffd-wp',
  'guard',
  'pmd',
  'zero',
];
const flags: CaptureFlag[] = [
  'locked',
  'dirty',
  'lru',
  'anon',
  'swapcache',
  'swapbacked',
  'hugetlb',
  'ksm',
  'thp',
  'zero',
  'mlocked',
];

const anyState: fc.Arbitrary<CaptureState> = fc.record(
  {
    map: fc.subarray(mapBits),
    flags: fc.subarray(flags),
    order: fc.constantFrom(0, 1, 4, 9, 10),
    maps: fc.constantFrom(0, 1, 2, 3, 50),
    swapType: fc.constantFrom(0, 1, 26, 31),
  },
  { requiredKeys: ['map'] },
);

/** States that go together with any others: single pages, with everything that can be said of them. */
const plainState: fc.Arbitrary<CaptureState> = fc.record(
  {
    map: fc.subarray(mapBits).map((bits) => bits.filter((bit) => bit !== 'pmd')),
    flags: fc.subarray(flags).map((all) => all.filter((flag) => flag !== 'thp')),
    order: fc.constantFrom(0, 1, 4),
    maps: fc.constantFrom(0, 1, 2, 3, 50),
    swapType: fc.constantFrom(0, 1, 26, 31),
  },
  { requiredKeys: ['map'] },
);

const vmaKind = fc.constantFrom('anon' as const, 'shmem' as const, 'file' as const, 'special' as const);
const perms = fc.constantFrom('rw-p', 'r--p', 'rw-s', 'r-xp', '---p');

function capturesOf(state: fc.Arbitrary<CaptureState>): fc.Arbitrary<Capture> {
  return fc
    .record({
      states: fc.array(state, { minLength: 1, maxLength: 6 }),
      steps: fc.array(
        fc.record({
          gap: fc.constantFrom(0, 0, 1, 100, 512),
          count: fc.constantFrom(1, 3, 100, 512, 600),
          state: fc.nat(5),
          frame: fc.option(fc.nat(4096), { nil: undefined }),
        }),
        { maxLength: 12 },
      ),
      kind: vmaKind,
      perms,
      vmFlags: fc.subarray(['hg', 'lo', 'pf', 'mm', 'sd']),
      smaps: fc.dictionary(fc.constantFrom('AnonHugePages', 'Swap', 'SwapPss', 'Referenced'), fc.nat(8192)),
      missing: fc.subarray(['pagemap-scan', 'soft-dirty', 'kpageflags'] as const),
      shift: fc.constantFrom(0, 0, 1, 511),
    })
    .map(({ states, steps, shift, missing, ...vma }) => {
      const runs: number[][] = [];
      let page = 0;
      for (const step of steps) {
        page += step.gap;
        const run = [page, step.count, step.state % states.length];
        runs.push(step.frame === undefined ? run : [...run, step.frame]);
        page += step.count;
      }
      const start = 0x7f00_0000_0000 + shift * 4096;
      const at = { start: `0x${start.toString(16)}`, end: `0x${(start + (page + 1) * 4096).toString(16)}` };
      return { ...tinyCapture(states, runs, { ...vma, ...at }), missing };
    });
}

const captures = capturesOf(anyState);
const plausible = capturesOf(plainState);
