import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';
import { choicesOf } from '../../src/recording/choices.ts';
import type { Run } from '../../src/recording/export/head.ts';
import { printMail } from '../../src/recording/export/print-mail.ts';
import { printMarkdown } from '../../src/recording/export/print-markdown.ts';
import { readMail } from '../../src/recording/export/read-mail.ts';
import { compareReport } from '../../src/recording/export/report-compare.ts';
import { findingReport, runReport, spanReport } from '../../src/recording/export/report-run.ts';
import { citation, stepReport } from '../../src/recording/export/report-step.ts';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf } from '../../src/recording/step-log.ts';
import { possible } from './scenario-arbitrary.ts';

/** Scenarios whose runs are short enough to print each in several ways. */
const SMALL = LIBRARY.filter((s) => s.request.end - s.request.start <= 1024);
const ADDRESSES = ['', 'https://example.org/walkscope/', `file:///home/someone/${'long/'.repeat(20)}index.html`];

function runOf(spec: RunSpec, address = ''): Run {
  return { spec, recording: runScenario(spec), address };
}

/** What the mailing lists ask for, and what this program promises. */
function expectMail(text: string): void {
  const lines = text.split('\n');
  expect(lines.filter((line) => line.length > 75)).toEqual([]);
  expect(lines.filter((line) => /[^\x20-\x7e]|\s$/.test(line))).toEqual([]);
  expect(text.endsWith('\n')).toBe(true);
}

async function expectRoundTrip(text: string, spec: RunSpec, step: number): Promise<void> {
  expect(await readMail(text)).toEqual({ ok: { spec, step } });
  const quoted = `Somebody wrote:\r\n${text.replaceAll(/^/gm, '> ').replaceAll('\n', '\r\n')}\r\nI see the same.`;
  expect(await readMail(quoted)).toEqual({ ok: { spec, step } });
}

describe.each(SMALL.map((s) => [s.id, s] as const))('%s', (id, scenario) => {
  const address = ADDRESSES[id.length % ADDRESSES.length] ?? '';

  test('run, steps, spans and findings as mail; each leads back to the same run', async () => {
    const spec: RunSpec = { scenario, strategy: 'unified', revision: 'v2' };
    const run = runOf(spec, address);
    const { length } = run.recording;
    const findings = findingsOf(run.recording);
    const whole = printMail(await runReport(run));
    expectMail(whole);
    await expectRoundTrip(whole, spec, findings[0]?.step ?? length - 1);
    const told = [...findings.slice(0, 2), ...findings.slice(2).slice(-1)].map((f) => f.step);
    for (const step of [-1, 0, Math.floor(length / 3), length - 1, ...told]) {
      const text = printMail(await stepReport(run, step));
      expectMail(text);
      await expectRoundTrip(text, spec, step);
      expectMail(`${citation(run, step)}\n`);
    }
    const from = Math.floor(length / 2);
    const span = printMail(await spanReport(run, from, from + 40));
    expectMail(span);
    await expectRoundTrip(span, spec, from);
    for (const step of told) expectMail(printMail(await findingReport(run, step)));
  });
});

const crowded = SMALL.filter((s) => s.request.end - s.request.start <= 16 && (s.conditions?.rivals?.length ?? 0) > 0);

/** A schedule that the run can follow: at some of the choices of the run so far, somebody else goes on. */
function scheduled(scenario: Scenario, picks: readonly number[]): RunSpec {
  const base = { scenario, strategy: 'unified', revision: 'v2' } as const;
  let schedule = '';
  let next = 0;
  for (const pick of picks) {
    const rest = choicesOf(runScenario({ ...base, schedule })).slice(next);
    const at = rest[pick % Math.max(1, rest.length)];
    const other = at?.ready.find((a) => a !== at.chosen);
    if (at === undefined || other === undefined) break;
    schedule += `${at.n === next ? '' : at.n - next}${'abcdefgh'[other]}`;
    next = at.n + 1;
  }
  return { ...base, schedule };
}

describe('schedules', () => {
  test('the text of a schedule pasted back gives the same schedule, and by its lines alone too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...crowded), fc.array(fc.nat(12), { maxLength: 4 }), async (scenario, picks) => {
        const run = runOf(scheduled(scenario, picks));
        const text = printMail(await runReport(run));
        expectMail(text);
        expect((await readMail(text)).ok?.spec).toEqual(run.spec);
        const trimmed = text.replace(/^Link:.*\n/m, '');
        expect((await readMail(trimmed)).ok?.spec).toEqual(run.spec);
      }),
      { numRuns: 15 },
    );
  });

  test('a very long schedule is wrapped and put together again', async () => {
    const schedule = '123456b'.repeat(60);
    const spec: RunSpec = { scenario: crowded[0] as Scenario, strategy: 'unified', revision: 'v2', schedule };
    const recording = runScenario({ ...spec, schedule: '' });
    const text = printMail(await runReport({ spec, recording, address: ADDRESSES[1] ?? '' }));
    expectMail(text);
    expect((await readMail(text)).ok?.spec).toEqual(spec);
    expect((await readMail(text.replace(/^Link:[^]*?\n\n/m, ''))).ok?.spec).toEqual(spec);
  });

  test('a schedule changed by hand contradicts the link', async () => {
    const spec: RunSpec = { scenario: crowded[0] as Scenario, strategy: 'unified', revision: 'v2', schedule: '' };
    const text = printMail(await runReport(runOf(spec))).replace('Schedule: (empty)', 'Schedule: 0b');
    expect((await readMail(text)).error?.[0]?.message).toContain('take away the link');
  });
});

test('scenarios of one’s own travel in the link, however long', async () => {
  await fc.assert(
    fc.asyncProperty(possible, fc.constantFrom(...ADDRESSES), async (scenario, address) => {
      const spec: RunSpec = { scenario, strategy: 'unified', revision: 'v7', fixes: ['R-07', 'F-04'] };
      const text = printMail(await runReport(runOf(spec, address)));
      expectMail(text);
      expect((await readMail(text)).ok?.spec).toEqual(spec);
      expect((await readMail(text.replace(/^Link:[^]*?\n\n/m, ''))).error).toBeDefined();
    }),
    { numRuns: 10 },
  );
});

test('two to four runs compared', async () => {
  const scenario = LIBRARY.find((s) => s.id === 'lock-leak') as Scenario;
  const runs = (['v2', 'v7', 'fixed'] as const).map((revision) =>
    runOf({ scenario, strategy: 'unified', revision }, 'https://example.org/'),
  );
  const report = await compareReport(runs);
  const text = printMail(report);
  expectMail(text);
  expect(text).toContain('A and B part at step');
  expect(text).toMatch(/Counters that differ +A +B +C/);
  expect((await readMail(text)).ok?.spec).toEqual(runs[0]?.spec);
  const same = await compareReport([runs[0] as Run, runs[0] as Run]);
  expect(printMail(same)).toContain('A and B do the same, step by step.');
  expect(printMarkdown(report)).toContain('| Counters that differ | A | B | C |');
});

test('nothing that a scenario says becomes markup', async () => {
  const scenario = {
    ...(LIBRARY[0] as Scenario),
    id: 'hostile',
    title: '<img src=x onerror=alert(1)> [x](javascript:alert(1)) `code`\n# heading\t| cell',
    about: '1. list\n\n<script>alert(1)</script>',
  };
  const run = runOf({ scenario, strategy: 'unified', revision: 'v2' }, 'https://example.org/');
  const text = printMarkdown(await runReport(run));
  expect(text).not.toMatch(/(?<!\\)<(?!https:)/);
  expect(text).not.toMatch(/[^\\]\]\(javascript/);
  expect(text).not.toMatch(/^# heading/m);
  expectMail(printMail(await runReport(run)));
});
