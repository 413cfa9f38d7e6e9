import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { alignTrace } from '../recording/ftrace/align.ts';
import { parseTrace } from '../recording/ftrace/parse.ts';
import { runScenario } from '../recording/run.ts';
import { stepNumber } from '../recording/step-number.ts';
import { UsageError, scenarioFrom, wayFrom } from './arguments.ts';

export const USAGE = `npm run cli -- ftrace <trace file> <scenario id or file> [--way strategy+revision+ID…] [--json]
  Lays the text of a kernel's function_graph tracer beside the model's calls. Functions that only one of them has are
  named, not compared.`;

/** The ftrace command. @returns 0 when all calls that both know agree in order, 1 when not. */
export function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { way: { type: 'string', default: 'unified' }, json: { type: 'boolean', default: false } },
  });
  const [file, what, ...more] = positionals;
  if (file === undefined || what === undefined || more.length > 0)
    throw new UsageError('expected a trace file and a scenario (an id or a file)');
  const { spec } = wayFrom('--way', values.way, scenarioFrom(what));
  const trace = parseTrace(readFileSync(file, 'utf8'));
  if (trace.error !== undefined) throw new UsageError(`${file}: ${trace.error}`);
  const beside = alignTrace(trace.ok, runScenario(spec));
  if (values.json) process.stdout.write(`${JSON.stringify(beside, null, 1)}\n`);
  else {
    for (const { fn, call, step } of beside.rows) {
      const line = call < 0 ? '-' : `line ${trace.ok.calls[call]?.line ?? 0}`;
      const mark = call < 0 ? 'model ' : step < 0 ? 'kernel' : '  =   ';
      process.stdout.write(
        `${mark} ${line.padEnd(12)} ${step < 0 ? '-'.padEnd(10) : `step ${stepNumber(step)}`.padEnd(10)} ${fn}()\n`,
      );
    }
    process.stdout.write(
      `${beside.both} calls in both, ${beside.onlyKernel} only in the trace, ${beside.onlyModel} only in the model\n`,
    );
    if (beside.elsewhere > 0)
      process.stdout.write(
        `left out: ${beside.elsewhere} calls of interrupts or of other tasks${beside.task === undefined ? '' : ` than ${beside.task}`}\n`,
      );
    const names = beside.unknown.slice(0, 12).map(([fn, n]) => `${fn} ${n}`);
    if (names.length > 0)
      process.stdout.write(`not modelled: ${names.join(', ')}${beside.unknown.length > 12 ? ', …' : ''}\n`);
    if (beside.untraced.length > 0)
      process.stdout.write(`not in the trace (inlined?): ${beside.untraced.join(', ')}\n`);
  }
  return beside.onlyKernel === 0 && beside.onlyModel === 0 ? 0 : 1;
}
