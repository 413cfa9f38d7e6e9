import { beforeAll, describe, expect, test } from 'vitest';
import { main as walk } from '../../src/cli/walk.ts';
import { codeTour } from '../../src/recording/export/code-tour.ts';
import type { Run } from '../../src/recording/export/head.ts';
import { printMail } from '../../src/recording/export/print-mail.ts';
import { printMarkdown } from '../../src/recording/export/print-markdown.ts';
import { readMail } from '../../src/recording/export/read-mail.ts';
import { compareReport } from '../../src/recording/export/report-compare.ts';
import { findingReport, runReport, spanReport } from '../../src/recording/export/report-run.ts';
import { citation, stepReport } from '../../src/recording/export/report-step.ts';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf, walkText } from '../../src/recording/step-log.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

/*
 * The page says "step 61 of 200" where a link says n=60. Every text for people has to say 61.
 */

const spec: RunSpec = { scenario: scenarioById('lock-leak') as Scenario, strategy: 'unified', revision: 'v2' };
let run: Run;
let length: number;
let found: number;
beforeAll(() => {
  run = { spec, recording: runScenario(spec), address: '' };
  length = run.recording.length;
  found = findingsOf(run.recording)[0]?.step as number;
});

describe('texts for people count from 1', () => {
  test('a step, a span, a finding, a run, a comparison', async () => {
    const step = printMail(await stepReport(run, 60));
    expect(step).toMatch(/^.*, step 61: /);
    expect(step).toContain(`\nSteps: 61 of ${length}\n`);
    expect(printMarkdown(await stepReport(run, 0))).toContain(`* **Steps:** 1 of ${length}`);
    expect(printMail(await stepReport(run, -1))).toContain(`\nSteps: 0 of ${length}\n`);
    const span = printMail(await spanReport(run, 40, 49));
    expect(span).toMatch(/^Steps 41 to 50: /);
    expect(span).toContain(`\nSteps: 41..50 of ${length}\n`);
    expect(printMail(await findingReport(run, found))).toContain(`\nSteps: ${found + 1} of ${length}\n`);
    expect(printMail(await runReport(run))).toContain(`\n* step ${found + 1}, `);
    expect(citation(run, 60)).toMatch(/^Walkscope lock-leak#61: /);
    const fixed: RunSpec = { ...spec, revision: 'fixed' };
    const text = printMail(await compareReport([run, { spec: fixed, recording: runScenario(fixed), address: '' }]));
    expect(text).toContain(` at step ${found + 1}`);
  });

  test('the step log and the tour of the kernel’s source', async () => {
    const lines = [...walkText(run.recording, spec, 60, 60)].join('').split('\n');
    expect(lines.some((line) => line.startsWith('61 '))).toBe(true);
    expect(lines.some((line) => line.startsWith(`  step ${found + 1} `))).toBe(true);
    const { steps } = await codeTour(run, 0, length - 1);
    expect(steps.slice(1).every((s) => s.description.includes(`step ${s.title.split(':')[0]}: `))).toBe(true);
    expect(steps[0]?.description).toContain(`1..${length} of ${length}`);
    expect(steps[1]?.title).toMatch(/^[1-9]/);
  });
});

describe('a mail pasted back opens at its step', () => {
  test.each([-1, 0, 60])('step index %i, by its link and by its lines', async (step) => {
    const text = printMail(await stepReport(run, step));
    expect(await readMail(text)).toEqual({ ok: { spec, step } });
    expect(await readMail(text.replace(/^Link:.*\n/m, ''))).toEqual({ ok: { spec, step } });
  });

  test('a mail of an earlier version, which counted from 0 and said so', async () => {
    const old = (steps: string, link: string): string =>
      `A finding\n\nScenario: lock-leak\nStrategy: unified\nRevision: v2\nSteps: ${steps}\n${link}`;
    expect((await readMail(old('60 of 200, counted from 0', ''))).ok?.step).toBe(60);
    expect((await readMail(old('60..70 of 200, counted from 0; the first 400 are shown', ''))).ok?.step).toBe(60);
    expect((await readMail(old('60 of 200, counted from\n  0', ''))).ok?.step).toBe(60);
    expect((await readMail(old('all 200', ''))).ok?.step).toBeUndefined();
    // The link decides, whatever the line says.
    expect((await readMail(old('60 of 200, counted from 0', '\nLink: #1/lock-leak/n=60\n'))).ok?.step).toBe(60);
    expect((await readMail(old('61 of 200', '\nLink: #1/lock-leak/n=60\n'))).ok?.step).toBe(60);
  });
});

test.each([['0'], ['0..3'], ['9..4'], ['900000'], ['..'], ['1-3']])('--steps %s is refused', async (steps) => {
  await expect(walk(['lock-leak', '--steps', steps])).rejects.toThrow(`--steps ${steps}: expected `);
});
