import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIFFERS, alignRecordings, columnOf, stepAt } from '../../src/recording/compare/align.ts';
import { compareRecordings, isSameOutcome } from '../../src/recording/compare/outcome.ts';
import { matchSequences } from '../../src/recording/compare/sequence.ts';
import { partingFrom, partingSentence } from '../../src/recording/compare/sentence.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { STRATEGIES } from '../../src/scenario/schema.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';
import { possible } from './scenario-arbitrary.ts';

const KINDS = 9;
/** no kind of element matters more than another */
const PLAIN = new Uint8Array(KINDS);
const sequence = fc.array(fc.nat(KINDS - 1), { maxLength: 60 }).map((x) => Int32Array.from(x));

/** Length of the longest common subsequence, the slow and certain way. */
function longest(a: Int32Array, b: Int32Array): number {
  const row = new Int32Array(b.length + 1);
  for (const x of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j++) {
      const up = row[j] as number;
      row[j] = x === b[j - 1] ? diagonal + 1 : Math.max(up, row[j - 1] as number);
      diagonal = up;
    }
  }
  return row[b.length] as number;
}

test('short sequences share as much as can be shared, in order, whichever comes first', () => {
  fc.assert(
    fc.property(sequence, sequence, (a, b) => {
      const partner = matchSequences(a, b, PLAIN);
      const kept = [...partner].filter((j) => j >= 0);
      expect(kept).toEqual(kept.toSorted((x, y) => x - y));
      expect(new Set(kept).size).toBe(kept.length);
      partner.forEach((j, i) => j >= 0 && expect(b[j]).toBe(a[i]));
      expect(kept.length).toBe(longest(a, b));
      const back = matchSequences(b, a, PLAIN);
      partner.forEach((j, i) => j >= 0 && expect(back[j]).toBe(i));
      expect(back.filter((i) => i >= 0).length).toBe(kept.length);
    }),
    { numRuns: 400 },
  );
});

test('long sequences with little in common are matched in order, too', () => {
  const seeds = fc.tuple(fc.nat(1 << 20), fc.nat(1 << 20), fc.constantFrom(3, 50, 5000));
  fc.assert(
    fc.property(seeds, ([x, y, kinds]) => {
      const some = (seed: number): Int32Array => {
        let s = seed + 1;
        return Int32Array.from({ length: 3000 }, () => (s = (Math.imul(s, 48271) >>> 0) % 2147483647) % kinds);
      };
      const [a, b] = [some(x), some(y)];
      const matters = Uint8Array.from({ length: kinds }, (_, k) => (k % 3 === 0 ? 1 : 0));
      const partner = matchSequences(a, b, matters);
      let last = -1;
      const back = matchSequences(b, a, matters);
      const right = partner.every((j, i) => {
        if (j < 0) return true;
        const inOrder = j > last && b[j] === a[i] && back[j] === i;
        last = j;
        return inOrder;
      });
      expect(right).toBe(true);
    }),
    { numRuns: 12 },
  );
});

const ways = fc.record({
  strategy: fc.constantFrom(...STRATEGIES),
  revision: fc.constantFrom('v2' as const, 'v7' as const, 'fixed' as const),
  kernel: fc.constantFrom(undefined, 'base' as const),
});

type Way = typeof ways extends fc.Arbitrary<infer T> ? T : never;

/** Small enough that many pairs can be run. */
const small = possible.map(
  (s): Scenario => ({ ...s, request: { ...s.request, end: Math.min(s.request.end, s.request.start + 40) } }),
);

function run(scenario: Scenario, { kernel, ...way }: Way): Recording | undefined {
  const spec: RunSpec = { scenario, ...way, ...(kernel === undefined ? {} : { kernel }) };
  try {
    return runScenario(spec);
  } catch {
    // Not every strategy can serve every scenario on every kernel; those that can are enough.
    return undefined;
  }
}

test('random scenarios run in two ways: aligned, mirrored when swapped, never going back', () => {
  let pairs = 0;
  fc.assert(
    fc.property(small, ways, ways, (scenario, one, other) => {
      const a = run(scenario, one);
      const b = run(scenario, other);
      if (a === undefined || b === undefined) return;
      pairs++;
      const al = alignRecordings([a, b]);
      const swapped = alignRecordings([b, a]);
      expect(swapped.length).toBe(al.length);
      const partners = (x: typeof al, from: number, to: number): number[] =>
        [...(x.columns[from] as Int32Array)].map((c) => (x.steps[to] as Int32Array)[c] as number);
      expect(partners(swapped, 1, 0)).toEqual(partners(al, 0, 1));
      expect(partners(swapped, 0, 1)).toEqual(partners(al, 1, 0));
      const there = Array.from({ length: a.length + 1 }, (_, i) => stepAt(al, 1, columnOf(al, 0, i - 1)));
      expect(there.every((step, i) => i === 0 || step >= (there[i - 1] as number))).toBe(true);
      const missing = Array.from(al.flags, (_, c) => al.steps.some((s) => (s[c] as number) < 0));
      expect(missing.every((m, c) => (((al.flags[c] as number) & DIFFERS.MISSING) !== 0) === m)).toBe(true);
      const lanes = [a, b].map((recording, i) => ({ name: `lane ${i}`, recording }));
      expect(partingSentence(lanes, partingFrom(lanes, al, 0, 'student'))).not.toMatch(/undefined|NaN/);
      expect(compareRecordings(b, a).counts).toEqual(compareRecordings(a, b).counts);
    }),
    { numRuns: 40 },
  );
  expect(pairs).toBeGreaterThan(10);
});

test('a recording beside itself is the same step by step', () => {
  fc.assert(
    fc.property(small, ways, (scenario, way) => {
      const a = run(scenario, way);
      const b = run(scenario, way);
      if (a === undefined || b === undefined) return;
      const al = alignRecordings([a, b, a]);
      expect(al.length).toBe(a.length);
      expect(al.flags.every((f) => f === 0)).toBe(true);
      expect(al.columns[1]).toEqual(Int32Array.from({ length: a.length }, (_, i) => i));
      expect(isSameOutcome(compareRecordings(a, b))).toBe(true);
    }),
    { numRuns: 25 },
  );
});
