import { expect, test, vi } from 'vitest';
import { allFindings, checkRecording } from '../../src/check/rules/findings.ts';
import { main } from '../../src/cli/compare.ts';
import { UsageError } from '../../src/cli/arguments.ts';
import { OP } from '../../src/machine/ops.ts';
import {
  type Alignment,
  DIFFERS,
  alignRecordings,
  columnOf,
  differenceFrom,
  doesElsewhere,
  nextDifference,
  standingAt,
  stepAt,
} from '../../src/recording/compare/align.ts';
import { compareRecordings, isSameOutcome } from '../../src/recording/compare/outcome.ts';
import { PHASES } from '../../src/recording/compare/phase.ts';
import type { CompareReply } from '../../src/recording/compare/messages.ts';
import { serveCompare } from '../../src/recording/compare/serve.ts';
import { comparable, compareRuns, isSame } from '../../src/recording/compare/runs.ts';
import { partingFrom, partingSentence } from '../../src/recording/compare/sentence.ts';
import { findLandmarks } from '../../src/recording/landmarks.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { ruleFindings } from '../../src/recording/rule-findings.ts';
import { runScenario } from '../../src/recording/run.ts';
import { fromTransfer, toTransfer } from '../../src/recording/transfer.ts';
import { laneName, laneText, parseLane } from '../../src/scenario/lane.ts';
import { LIBRARY, scenarioById } from '../../src/scenario/library/index.ts';
import { decodeLink, encodeLink } from '../../src/scenario/link.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

const scenario = (id: string): Scenario => scenarioById(id) as Scenario;

function spec(id: string, way: string): RunSpec {
  const read = parseLane(way, scenario(id));
  if (read.error !== undefined) throw new Error(read.error.word);
  return read.ok;
}

const run = (id: string, way: string): Recording => runScenario(spec(id, way));

const lane = (id: string, way: string) => ({ name: way, recording: run(id, way) });

function stepsThatDiffer(al: Alignment, laneNumber: number, bit: number): number[] {
  const steps = al.steps[laneNumber] as Int32Array;
  return [...steps].filter((s, c) => s >= 0 && ((al.flags[c] as number) & bit) !== 0);
}

test('the lock that v2 never drops: the same for 56 steps, then one lane drops it and the other does not', () => {
  const lanes = [lane('lock-leak', 'v2'), lane('lock-leak', 'v2+R-07')];
  const recs = lanes.map((l) => l.recording);
  const al = alignRecordings(recs);
  const parting = partingFrom(lanes, al, 0, 'reviewer');
  expect(parting).toMatchObject({ same: 56, first: true, lanes: [{ does: false }, { does: true }] });
  const dropped = parting?.lanes[1]?.step as number;
  expect(recs[1]?.machine.log.op[dropped]).toBe(OP.UNLOCK_SPIN);
  const text = partingSentence(lanes, parting);
  expect(text).toMatch(/^The same for 56 steps from the beginning, then: v2 does not .*v2\+R-07 .*spin_unlock\(/);
  const { counts, list } = compareRecordings(recs[0] as Recording, recs[1] as Recording);
  expect(counts).toMatchObject({ result: 0, entries: 0, arrays: 0, findings: 2, counters: 1, locks: 1 });
  expect(list.find((d) => d.where.startsWith('lock-held-at-exit'))).toMatchObject({ a: 'once', b: 'none' });
});

test('one walk beside two: faults and collecting meet, the second walk is alone', () => {
  const recs = [run('mixed', 'unified'), run('mixed', 'fault-then-migrate+base')];
  const al = alignRecordings(recs);
  const shared = (op: number, phase: (typeof PHASES)[number]): number =>
    (al.steps[0] as Int32Array).filter(
      (s, c) =>
        s >= 0 &&
        ((al.steps[1] as Int32Array)[c] as number) >= 0 &&
        recs[0]?.machine.log.op[s] === op &&
        PHASES[al.phase[c] as number] === phase,
    ).length;
  // What the two do for the same reason is one column, though other functions do it.
  // (page 0 is collected before the faults in the one and behind them in the other).
  expect(shared(OP.FOLIO_TRYLOCK, 'collect')).toBe(3);
  expect(shared(OP.SET_PTE, 'collect')).toBe(3);
  expect(shared(OP.COPY_PAGE, 'copy')).toBeGreaterThan(0);
  expect(stepsThatDiffer(al, 1, DIFFERS.MISSING).length).toBeGreaterThan(50);
});

test('a value that differs is a difference of its own, and only that', () => {
  const recs = [run('mixed', 'v2'), run('mixed', 'v2')];
  const log = recs[1]?.machine.log;
  const at = log?.op.indexOf(OP.FOLIO_TRYLOCK) as number;
  (log as NonNullable<typeof log>).b[at] = 0;
  const al = alignRecordings(recs);
  expect([...al.flags].filter((f) => f !== 0)).toEqual([DIFFERS.VALUES]);
  expect(differenceFrom(al, 0, 1)).toBe(at);
  const parting = partingFrom(
    recs.map((recording, i) => ({ name: `lane ${i}`, recording })),
    al,
    0,
    'reviewer',
  );
  expect(parting?.lanes.every((l) => l.does)).toBe(true);
});

test('what one lane does elsewhere is told from what it does not do at all', () => {
  const recs = ['unified', 'fixed', 'migrate-fault-migrate'].map((way) => run('mixed', way));
  const al = alignRecordings(recs);
  const columns = Array.from({ length: al.length }, (_, c) => c);
  const standings = columns.map((c) => standingAt(al, c));
  expect(new Set(standings.map((s) => s.kind))).toEqual(new Set(['same', 'values', 'missing']));
  for (const [c, s] of standings.entries()) {
    const lacking = al.steps.flatMap((steps, lane) => ((steps[c] as number) < 0 ? [lane] : []));
    expect(s.kind === 'missing' ? 3 - s.does.length : 0).toBe(lacking.length);
    for (let n = 0; n < 3; n++) if (!lacking.includes(n) && doesElsewhere(al, n, c)) expect.fail(`lane ${n} is there`);
  }
  // Another order than in the lane beside it, and nothing of the kind in the third.
  expect(columns.some((c) => doesElsewhere(al, 0, c) && !doesElsewhere(al, 2, c))).toBe(true);
});

test('stretches of differences are found in both directions', () => {
  const al = alignRecordings([run('mixed', 'v2'), run('mixed', 'fixed')]);
  const forwards: number[] = [];
  for (let c = differenceFrom(al, 0, 1); c >= 0; c = nextDifference(al, c, 1)) forwards.push(c);
  const backwards: number[] = [];
  for (let c = nextDifference(al, al.length, -1); c >= 0; c = nextDifference(al, c, -1)) backwards.push(c);
  expect(forwards.length).toBeGreaterThan(1);
  expect(backwards.toReversed()).toEqual(forwards);
});

test('several lanes at once: every step of each has its column, and going there and back stays', () => {
  const recs = ['unified', 'fault-then-migrate', 'migrate-fault-migrate', 'fixed'].map((way) => run('mixed', way));
  const al = alignRecordings(recs);
  for (const [n, rec] of recs.entries()) {
    expect((al.steps[n] as Int32Array).filter((s) => s >= 0)).toEqual(
      Int32Array.from(rec.machine.log.op.subarray(0, rec.length), (_, i) => i),
    );
    for (let step = 0; step < rec.length; step++) expect(stepAt(al, n, columnOf(al, n, step))).toBe(step);
    expect(stepAt(al, n, -1)).toBe(-1);
    expect(stepAt(al, n, al.length)).toBe(rec.length - 1);
  }
});

test('compared runs say what differs, or why they cannot be compared', () => {
  expect(isSame(compareRuns(scenario('anon'), 'v2', 'v2'))).toBe(true);
  const other = compareRuns(scenario('lock-leak'), 'v2', 'fixed');
  expect(isSame(other)).toBe(false);
  expect(other.outcome?.list.find((d) => d.aspect === 'result')).toMatchObject({ a: '-EFAULT', b: '0' });
  expect(other.outcome?.counts.entries).toBe(512);
  expect(other.outcome?.list.filter((d) => d.aspect === 'entries').length).toBe(64);
  expect(compareRuns(scenario('anon'), 'v2', 'unified+base').problem).toMatch(/^unified\+base: .*does not have/);
  const { taken, left } = comparable(LIBRARY);
  expect(taken.length + left.length).toBe(LIBRARY.length);
  expect(left.map((s) => s.id)).toEqual(['mixed-1gib']);
});

test('lanes as words', () => {
  for (const text of [
    'unified.v2',
    'unified.v7.R-07.F-04',
    'fault-then-migrate.base',
    'unified.fixed',
    'unified.v2.setup-fault',
    'unified.v2.DP-3.D-14',
  ]) {
    const read = spec('anon', text);
    expect(laneText(read)).toBe(text);
    expect(spec('anon', laneText(read) as string)).toEqual(read);
  }
  expect(spec('anon', 'base')).toMatchObject({ kernel: 'base', strategy: 'fault-then-migrate' });
  expect(laneName(spec('anon', 'v7+R-07'))).toBe('unified, v7 + R-07');
  for (const bad of ['', 'v2.v7', 'R-9999', 'unified..v2', 'same'])
    expect(parseLane(bad, scenario('anon')).error?.expected).toBeTruthy();
  const own: RunSpec = { ...spec('anon', 'v2'), operations: [{ call: 'cpu', page: 0, write: true }] };
  expect(laneText(own)).toBeUndefined();
  expect(laneText(own, own.operations)).toBe('unified.v2.same');
  expect(parseLane('same', scenario('anon'), own.operations).error).toBeUndefined();
});

test('lanes in a link', async () => {
  const lanes = [spec('mixed', 'fault-then-migrate+base'), spec('mixed', 'v7+F-04'), spec('mixed', 'v2')];
  for (const lead of [0, 1, 2]) {
    const state = { spec: lanes[lead] as RunSpec, step: 60, beside: { lanes, lead } };
    const link = await encodeLink(state);
    expect(link).toContain('/l=');
    expect(await decodeLink(link)).toEqual({ ok: state });
  }
  expect(await decodeLink('#1/mixed/l=_,unified.fixed/n=4')).toMatchObject({
    ok: { step: 4, beside: { lead: 0, lanes: [{ revision: 'v2' }, { revision: 'fixed' }] } },
  });
  for (const bad of ['l=', 'l=_', 'l=v2,fixed', 'l=_,_', 'l=_,v9', 'l=_,v2,v7,fixed,rfc', 'l=_,same'])
    expect((await decodeLink(`#1/mixed/${bad}`)).error?.[0]?.path).toBe('link.l');
});

test('the same run twice comes to the same in every aspect', () => {
  for (const id of ['mixed', 'lock-leak', 'cow-after-fork'])
    expect(isSameOutcome(compareRecordings(run(id, 'v2'), run(id, 'v2')))).toBe(true);
});

test('on the command line: differences and the exit code', () => {
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (printed.push(String(text)), true));
  try {
    expect(main(['anon', '--a', 'v2', '--b', 'v2'])).toBe(0);
    expect(printed.join('')).toMatch(/the same, \d+ steps/);
    printed.length = 0;
    expect(main(['lock-leak', '--a', 'v2', '--b', 'v2,R-07'])).toBe(1);
    expect(printed.join('')).toMatch(/then: .*\n {2}findings: .*\n/);
    printed.length = 0;
    expect(main(['lock-leak', '--a', 'v2', '--b', 'fixed', '--json'])).toBe(1);
    expect(JSON.parse(printed.join(''))).toMatchObject({
      a: 'v2',
      scenarios: [{ scenario: 'lock-leak', first: [11, 11] }],
    });
  } finally {
    write.mockRestore();
  }
  for (const args of [
    ['anon', '--a', 'v9', '--b', 'v2'],
    ['nothing', '--a', 'v2', '--b', 'v2'],
    [],
    ['all', '--tag', 'no'],
  ])
    expect(() => main(args)).toThrow(UsageError);
});

test('lanes are handed over with what the rules found; a recording whose rules were not read says so', () => {
  const unread = runScenario(spec('lock-leak', 'v2'));
  expect(ruleFindings.has(fromTransfer(structuredClone(toTransfer(unread).data)))).toBe(false);
  const replies: CompareReply[] = [];
  serveCompare(
    { kind: 'lanes', specs: [spec('lock-leak', 'v2'), spec('lock-leak', 'fixed')] },
    (reply) => replies.push(structuredClone(reply)),
    checkRecording,
  );
  const last = replies.at(-1);
  if (last?.kind !== 'lanes') throw new Error(`expected lanes, got ${last?.kind}`);
  const [broken, mended] = last.recordings.map((data) => fromTransfer(data)) as [Recording, Recording];
  expect(ruleFindings.of(broken)).toEqual(checkRecording(unread));
  expect([...findLandmarks(broken).finding]).toEqual(allFindings(unread).map((f) => f.step));
  expect(ruleFindings.has(mended)).toBe(true);
});
