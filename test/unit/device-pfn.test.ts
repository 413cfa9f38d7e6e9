import { describe, expect, test } from 'vitest';
import { MIGRATE } from '../../src/kernel/structs.ts';
import { hmmEncoding } from '../../src/machine/words/hmm-pfn.ts';
import { MIGRATE_PFN_VALID } from '../../src/machine/words/migrate-pfn.ts';
import { OP } from '../../src/machine/ops.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { DEVICE_PFN_NOT_RUN, DEVICE_PFN_SWITCHES } from '../../src/scenario/device-pfn.ts';
import { DEVICE_PFN_SHOWS } from '../../src/scenario/library/device-pfn.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

const DEVICE = 1 << 5;
const show = (row: string) => DEVICE_PFN_SHOWS.find((s) => s.row === row) as (typeof DEVICE_PFN_SHOWS)[number];

function run(row: string, fixes: readonly string[]): Recording {
  const { scenario, strategy, kernel } = show(row);
  return runScenario({ scenario, strategy, kernel, revision: 'v2', fixes });
}

// The test driver warns when it is asked to move its own pages to itself, as in D-14's scenario.
const rules = (rec: Recording): string[] =>
  findingsOf(rec)
    .map((f) => f.rule)
    .filter((rule) => rule !== 'warning');

describe.each(['D-01', 'D-02', 'D-03', 'D-05', 'D-13', 'D-14'])('%s', (row) => {
  test('off, the run shows the mistake', () => {
    const rec = run(row, show(row).with);
    expect(rules(rec).length > 0 || rec.end !== 'returned').toBe(true);
  });

  test('on, nothing is wrong', () => {
    const rec = run(row, [...show(row).with, row]);
    expect([rules(rec), rec.end]).toEqual([[], 'returned']);
  });

  test('without the final patch a wrong bit does no harm, and without the series there is none', () => {
    const early = show(row).with.includes('DP-8') ? ['DP-1'] : [];
    expect(rules(run(row, early))).toEqual([]);
  });
});

/** Low halves of the words that a run wrote to src[] and dst[] while they named a page. */
function words(rec: Recording): { src: number[]; dst: number[] } {
  const { obj } = rec.machine;
  const found = { src: [] as number[], dst: [] as number[] };
  const arrays = new Map<number, 'src' | 'dst'>();
  for (let o = 1; o + MIGRATE.SIZE <= obj.cells.length; ) {
    const size = obj.get(o);
    if (size === 0) break;
    if (size === MIGRATE.SIZE) {
      arrays.set(obj.get(o + 1 + MIGRATE.SRC), 'src');
      arrays.set(obj.get(o + 1 + MIGRATE.DST), 'dst');
    }
    o += size + 1;
  }
  const { op, a, c, length } = rec.machine.log;
  for (let step = 0; step < length; step++) {
    const into = op[step] === OP.PFN_WRITE ? arrays.get(c[step] as number) : undefined;
    if (into === undefined) continue;
    rec.seek(step);
    const word = rec.machine.words.get(((c[step] as number) + (a[step] as number)) * 2);
    if ((word & MIGRATE_PFN_VALID) !== 0) found[into].push(word);
  }
  return found;
}

/** 'all', 'none' or 'some' of the words have the bit. */
const flagged = (list: readonly number[]): string =>
  list.every((w) => (w & DEVICE) !== 0) ? 'all' : list.some((w) => (w & DEVICE) !== 0) ? 'some' : 'none';

function there(device: number, back: boolean, fixes: readonly string[]): Recording {
  const plain = scenarioById(back ? (device === 0 ? 'device-own' : 'coherent') : 'anon') as Scenario;
  const scenario = { ...plain, request: { ...plain.request, device } };
  const nr = back ? 'to-sys' : 'to-dev';
  const operations = [{ call: 'dmirror', nr, start: 0, end: 8, device }] as const;
  const spec: RunSpec = { scenario, strategy: 'unified', kernel: 'base', revision: 'v2', fixes, operations };
  return runScenario(spec);
}

test.each([
  ['system to private', 0, false, 'none', 'all'],
  ['system to coherent', 2, false, 'none', 'none'],
  ['private to system', 0, true, 'all', 'none'],
  ['coherent to system', 2, true, 'none', 'none'],
] as const)('%s: the bit says device-private, nothing else', (_, device, back, src, dst) => {
  const rec = there(device, back, ['DP-8', 'D-02', 'D-03', 'D-05']);
  expect(rules(rec)).toEqual([]);
  const got = words(rec);
  expect(got.src.length).toBeGreaterThan(0);
  expect([flagged(got.src), flagged(got.dst)]).toEqual([src, dst]);
});

test('without the series no word has the bit', () => {
  const got = words(there(0, true, []));
  expect([flagged(got.src), flagged(got.dst)]).toEqual(['none', 'none']);
});

/** High halves that the walk reported, by site label. */
function reports(rec: Recording, label: string): number[] {
  const { op, a, c, site, length } = rec.machine.log;
  const found: number[] = [];
  for (let step = 0; step < length; step++) {
    if (op[step] !== OP.PFN_WRITE || siteInfo(site[step] as number).label !== label) continue;
    rec.seek(step);
    found.push(rec.machine.words.get(((c[step] as number) + (a[step] as number)) * 2 + 1));
  }
  return found;
}

test('D-13: the same bit of the same word, read by two headers', () => {
  const clash = reports(run('D-13', ['DP-3']), 'report')[0] as number;
  expect(clash & hmmEncoding('dp').DEVICE_PRIVATE).not.toBe(0);
  expect(clash & hmmEncoding('v2').MIGRATE).not.toBe(0);
  const mended = reports(run('D-13', ['DP-3', 'D-13']), 'report')[0] as number;
  const both = hmmEncoding('v2-dp');
  expect(mended & both.DEVICE_PRIVATE).not.toBe(0);
  expect(mended & both.MIGRATE).toBe(0);
});

test('D-09: the report of a device-private PMD', () => {
  const bit = hmmEncoding('dp').DEVICE_PRIVATE;
  expect(reports(run('D-09', ['DP-3']), 'report').map((w) => w & bit)).toEqual([0]);
  expect(reports(run('D-09', ['DP-3', 'D-09']), 'report').map((w) => w & bit)).toEqual([bit]);
});

test('every row of the series has a switch with a run, or a reason', () => {
  const rows = Array.from({ length: 14 }, (_, i) => `D-${String(i + 1).padStart(2, '0')}`);
  const switches = DEVICE_PFN_SWITCHES.map((s) => s.id);
  for (const row of rows) expect(switches.includes(row) !== row in DEVICE_PFN_NOT_RUN, row).toBe(true);
  expect(DEVICE_PFN_SHOWS.map((s) => s.row)).toEqual(switches.filter((id) => id.startsWith('D-')));
});
