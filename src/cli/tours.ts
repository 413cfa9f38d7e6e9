import { parseArgs } from 'node:util';
import { stepNumber } from '../recording/step-number.ts';
import { type StopResult, checkTour } from '../tour/check.ts';
import { TOURS } from '../tour/library/index.ts';
import { parseTour } from '../tour/parse.ts';
import type { Tour } from '../tour/types.ts';
import { UsageError, fromFile } from './arguments.ts';

export const USAGE = `npm run cli -- tours --check [tour id or file …] [--json]
  Replays every stop of every tour that ships, or of those named; ends with the line “N stops, N failed”.`;

/** The tours command. Gives 0 when every stop replays, 1 when one does not. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { check: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  if (!values.check) throw new UsageError('expected --check');
  const results: StopResult[] = [];
  for (const tour of await toursFrom(positionals)) {
    const checked = checkTour(tour);
    results.push(...checked);
    if (!values.json) for (const r of checked) process.stdout.write(`${line(r)}\n`);
  }
  const failed = results.filter((r) => r.problem !== undefined).length;
  if (values.json) process.stdout.write(`${JSON.stringify({ stops: results.length, failed, results }, null, 1)}\n`);
  process.stdout.write(`${results.length} stops, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function toursFrom(names: readonly string[]): Promise<readonly Tour[]> {
  if (names.length === 0) return Promise.all(TOURS.map((t) => t.load()));
  const known = `a tour: ${TOURS.map((t) => t.id).join(' ')}`;
  return Promise.all(
    names.map(async (name) => TOURS.find((t) => t.id === name)?.load() ?? fromFile(name, parseTour, known)),
  );
}

function line(r: StopResult): string {
  const where = `${r.tour} ${r.stop} “${r.title}”`;
  return r.problem === undefined ? `${where}: step ${stepNumber(r.step ?? -1)}` : `${where}: FAILED: ${r.problem}`;
}
