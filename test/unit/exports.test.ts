import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { RECORDING_SCHEMA, recordingSchemaText } from '../../scripts/schema.ts';
import { siteInfo } from '../../src/machine/sites.ts';
import { codeTour } from '../../src/recording/export/code-tour.ts';
import { COUNTERS, countersAt } from '../../src/recording/counters.ts';
import { countersCsv } from '../../src/recording/export/csv.ts';
import { differenceFrom, parseRecording, recordingJson } from '../../src/recording/export/recording-json.ts';
import { type TraceEvent, traceEvents, traceJson } from '../../src/recording/export/trace.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

const IDS = ['mixed', 'thp-split-mixed', 'lock-leak', 'rival-migration', 'double-unmap'];

const specOf = (id: string): RunSpec => ({
  scenario: scenarioById(id) as Scenario,
  strategy: 'unified',
  revision: 'v2',
  ...(id === 'rival-migration' ? { schedule: '' } : {}),
});

/**
 * What the documentation of the Trace Event Format asks of each kind of event, and what viewers need beside it. Gives
 * every breach as a sentence.
 */
function breaches(events: readonly TraceEvent[]): string[] {
  const bad: string[] = [];
  const stacks = new Map<string, number[]>();
  const open = new Map<string, number>();
  const named = new Set(events.filter((e) => e.name === 'thread_name').map((e) => `${e.pid}:${e.tid}`));
  for (const e of events) {
    const is = `${e.ph} ${e.name} at ${e.ts}`;
    if (typeof e.name !== 'string' || typeof e.cat !== 'string') bad.push(`${is}: no name or category`);
    if (![e.pid, e.tid, e.ts].every(Number.isSafeInteger) || e.ts < 0) bad.push(`${is}: pid, tid or ts is no number`);
    if (typeof e.args !== 'object') bad.push(`${is}: no args`);
    const thread = `${e.pid}:${e.tid}`;
    switch (e.ph) {
      case 'X': {
        if (!Number.isSafeInteger(e.dur) || (e.dur ?? -1) < 0) bad.push(`${is}: no duration`);
        if (!named.has(thread)) bad.push(`${is}: its thread has no name`);
        // Slices of a thread lie inside each other or apart, never across.
        const stack = stacks.get(thread) ?? stacks.set(thread, []).get(thread) ?? [];
        while (stack.length > 0 && (stack.at(-1) as number) <= e.ts) stack.pop();
        const end = e.ts + (e.dur ?? 0);
        if (stack.length > 0 && (stack.at(-1) as number) < end) bad.push(`${is}: reaches out of its caller`);
        stack.push(end);
        break;
      }
      case 'b':
      case 'e': {
        const key = `${e.cat} ${e.id}`;
        if (typeof e.id !== 'string') bad.push(`${is}: an async event without id`);
        if (e.ph === 'b' && open.has(key)) bad.push(`${is}: begins twice`);
        if (e.ph === 'e' && (open.get(key) ?? Infinity) > e.ts) bad.push(`${is}: ends before it began`);
        if (e.ph === 'b') open.set(key, e.ts);
        else open.delete(key);
        break;
      }
      case 'i':
        if (e.s !== 't' || !named.has(thread)) bad.push(`${is}: an instant without scope or thread`);
        break;
      case 'C':
        if (!Object.values(e.args).every((value) => typeof value === 'number')) bad.push(`${is}: a counter of text`);
        break;
      case 'M':
        if (!['process_name', 'thread_name', 'thread_sort_index'].includes(e.name)) bad.push(`${is}: unknown metadata`);
        break;
      default:
        bad.push(`${is}: unknown phase`);
    }
  }
  for (const key of open.keys()) bad.push(`${key} never ends`);
  return bad;
}

describe.each(IDS)('%s', (id) => {
  const spec = specOf(id);
  let rec: ReturnType<typeof runScenario>;
  beforeAll(() => {
    rec = runScenario(spec);
  });

  test('the trace keeps to the documented format and holds every call and finding', () => {
    const events = [...traceEvents(rec, spec)];
    expect(breaches(events)).toEqual([]);
    const json = JSON.parse([...traceJson(rec, spec)].join('')) as { traceEvents: unknown[]; otherData: object };
    expect(json.traceEvents).toEqual(events);
    expect(events.filter((e) => e.name === 'finding')).toHaveLength(findingsOf(rec).length);
    expect(new Set(events.filter((e) => e.ph === 'X').map((e) => e.tid)).size).toBe(rec.actors.length);
    const last = new Map(events.filter((e) => e.ph === 'C').flatMap((e) => Object.entries(e.args)));
    const counters = countersAt(rec, rec.length - 1);
    for (const c of COUNTERS) expect(last.get(c.id) ?? 0, c.id).toBe(counters[c.id]);
  });

  test('the validator finds what is wrong', () => {
    const events = [...traceEvents(rec, spec)];
    const call = events.findIndex((e) => e.ph === 'X');
    const broken = events.with(call + 1, { ...(events[call + 1] as TraceEvent), dur: 1e9 });
    expect(breaches(broken)).not.toEqual([]);
    expect(breaches(events.filter((e) => e.ph !== 'e'))).not.toEqual([]);
  });

  test('CSV: a row for each change, the last one with the totals', () => {
    const rows = [...countersCsv(rec)].join('').trimEnd().split('\r\n');
    const totals = countersAt(rec, rec.length - 1);
    expect(rows[0]).toBe(['step', 'actor', 'site', ...COUNTERS.map((c) => c.id)].join(','));
    // The first step is 1; 0 is the state before it.
    expect(rows[1]).toMatch(/^0,,,/);
    for (const [i, row] of rows.slice(2).entries()) {
      const [number, , site, ...values] = row.split(',');
      const counters = countersAt(rec, Number(number) - 1);
      if (i % 97 === 0) expect(values.map(Number)).toEqual(COUNTERS.map((c) => counters[c.id]));
      const { fn, label } = siteInfo(rec.machine.log.site[Number(number) - 1] as number);
      expect(site).toBe(`${fn}:${label}`);
    }
    expect(rows.at(-1)?.split(',')[0]).toBe(String(rec.length));
    expect(rows.at(-1)?.split(',').slice(3).map(Number)).toEqual(COUNTERS.map((c) => totals[c.id]));
    expect(new Set(rows.map((r) => r.split(',').length))).toEqual(new Set([COUNTERS.length + 3]));
  });

  test('a recording file says every step, is read back, and differs from another run at the right step', () => {
    const text = [...recordingJson(rec, spec, 5)].join('');
    const json = JSON.parse(text) as { steps: unknown[] };
    const read = parseRecording(json);
    expect(read.error).toBeUndefined();
    expect(read.ok?.spec).toEqual(spec);
    expect(read.ok?.step).toBe(5);
    const file = read.ok as NonNullable<typeof read.ok>;
    expect(differenceFrom(file, runScenario(file.spec))).toBeUndefined();
    const other = { ...file, fingerprint: '0'.repeat(16), steps: file.steps.with(7, file.steps[8] as never) };
    expect(differenceFrom(other, rec)).toContain('from step 8 on');
    expect(parseRecording({ ...json, steps: json.steps.slice(1) }).error?.[0]?.message).toContain('cut short');
    expect(parseRecording({ ...json, end: 'well' }).error?.[0]?.path).toBe('end');
    expect(parseRecording(undefined).error).toHaveLength(1);
  });

  test('the tour stops at functions of kernel files and finds their definitions', async () => {
    const tour = await codeTour({ spec, recording: rec, address: '' }, 0, rec.length - 1);
    expect(tour.steps.length).toBeGreaterThan(5);
    expect(tour.steps.length).toBeLessThan(70);
    for (const stop of tour.steps.slice(1)) {
      expect(stop.file).toMatch(/^(mm|lib|arch|kernel|drivers|include)\/.*\.[ch]$/);
      const name = /(\w+)\(\)$/.exec(stop.title)?.[1] ?? '';
      const pattern = new RegExp(stop.pattern ?? '');
      expect(`static int ${name}(struct mm_walk *walk)`).toMatch(pattern);
      expect(`\tret = ${name}(walk);`).not.toMatch(pattern);
      expect(`int ${name}(void);`).not.toMatch(/^$/);
    }
  });
});

test('the published schema of recordings is the one that is checked', () => {
  expect(readFileSync(RECORDING_SCHEMA, 'utf8')).toBe(
    recordingSchemaText(readFileSync('src/scenario/types.ts', 'utf8')),
  );
});
