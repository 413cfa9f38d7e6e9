import { parseArgs } from 'node:util';
import { type Weights, costTable, estimateCycles, parseWeights } from '../recording/cost.ts';
import { countersAt } from '../recording/counters.ts';
import type { Run } from '../recording/export/head.ts';
import { printMail } from '../recording/export/print-mail.ts';
import { findingReport, runReport, spanReport } from '../recording/export/report-run.ts';
import { stepReport } from '../recording/export/report-step.ts';
import type { Recording } from '../recording/recording.ts';
import { runScenario } from '../recording/run.ts';
import { findingsOf, walkJson, walkText } from '../recording/step-log.ts';
import { checkRecording } from '../check/rules/findings.ts';
import { LIBRARY } from '../scenario/library/index.ts';
import { KERNELS, REVISIONS, STRATEGIES } from '../scenario/schema.ts';
import type { RunSpec } from '../scenario/types.ts';
import { UsageError, oneOf, scenarioFrom, switchesFrom } from './arguments.ts';

const FORMATS = ['text', 'json', 'mail'] as const;

export const USAGE = `npm run cli -- walk <scenario id or file> [--strategy s] [--revision r] [--kernel k] [--fix ID,…] [--schedule s] [--steps a..b] [--format text|json|mail] [--weights counter=cycles,…]
  Runs a scenario and prints its step log; as text with an estimate of its cost. As mail: a step, a span of steps, or (without
  --steps) the run and its findings; at most 75 columns of ASCII, and pasting the text into the app opens the run.
  Steps count from 1, as in the app; in JSON (and in n= of a link) they are indices, from 0.`;

/**
 * `walk`: runs a scenario and prints its step log. Gives 0 when the run returned without a finding, 1 when it did not.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      strategy: { type: 'string', default: 'unified' },
      revision: { type: 'string', default: 'v2' },
      kernel: { type: 'string', default: 'v2' },
      fix: { type: 'string', multiple: true, default: [] },
      schedule: { type: 'string' },
      steps: { type: 'string', default: '' },
      format: { type: 'string', default: 'text' },
      weights: { type: 'string', default: '' },
    },
  });
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0)
    throw new UsageError(`expected one scenario, an id or a file; ids: ${LIBRARY.map((s) => s.id).join(' ')}`);
  const format = oneOf('--format', values.format, FORMATS);
  const spec: RunSpec = {
    scenario: scenarioFrom(what),
    strategy: oneOf('--strategy', values.strategy, STRATEGIES),
    revision: oneOf('--revision', values.revision, REVISIONS),
    kernel: oneOf('--kernel', values.kernel, KERNELS),
    fixes: switchesFrom('--fix', values.fix),
    ...(values.schedule === undefined ? {} : { schedule: values.schedule }),
  };
  const weights = weightsFrom(values.weights);
  const rec = runScenario(spec);
  checkRecording(rec);
  const [from, to] = stepsFrom(values.steps, rec);
  if (format === 'mail')
    process.stdout.write(await mail({ spec, recording: rec, address: '' }, values.steps, from, to));
  else {
    for (const part of format === 'json' ? walkJson(rec, spec, from, to) : walkText(rec, spec, from, to))
      process.stdout.write(part);
    if (format === 'text')
      process.stdout.write(`\n${costTable(estimateCycles(countersAt(rec, rec.length - 1), weights)).join('\n')}\n`);
  }
  return rec.end === 'returned' && findingsOf(rec).length === 0 ? 0 : 1;
}

/** One step, a span of steps, or the run and each of its findings as mail. */
async function mail(run: Run, steps: string, from: number, to: number): Promise<string> {
  if (steps !== '') return printMail(await (from === to ? stepReport(run, from) : spanReport(run, from, to)));
  const findings = findingsOf(run.recording).map((f) => findingReport(run, f.step));
  return [await runReport(run), ...(await Promise.all(findings))].map(printMail).join('\n\n');
}

function weightsFrom(text: string): Weights {
  try {
    return parseWeights(text);
  } catch (error) {
    throw new UsageError(`--weights: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Reads `10..40`, `10..`, `..40` or `12`, counted from 1, both ends included. Gives indices. */
function stepsFrom(text: string, { length }: Recording): readonly [from: number, to: number] {
  if (text === '') return [0, length - 1];
  const [, a = '', dots, b = ''] = /^(\d*)(\.\.)?(\d*)$/.exec(text) ?? [];
  if (a === '' && b === '') throw new UsageError(`--steps ${text}: expected a step, or a..b`);
  const from = a === '' ? 1 : Number(a);
  const to = Math.min(dots === undefined ? from : b === '' ? length : Number(b), length);
  if (from < 1 || from > to)
    throw new UsageError(`--steps ${text}: expected steps from 1 to ${length}, the first of them not after the last`);
  return [from - 1, to - 1];
}
