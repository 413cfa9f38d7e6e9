import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conform } from '../recording/conform/conform.ts';
import type { Difference } from '../recording/conform/difference.ts';
import { GoldenError, parseGolden } from '../recording/conform/golden-format.ts';
import { KERNELS } from '../scenario/schema.ts';
import { UsageError, oneOf } from './arguments.ts';

export const USAGE = `npm run cli -- conform <dir> [--kernel base|v2|k715] [--op op] [--file name] [--json]
  Runs the measured runs in a directory on the engine and compares event by event.`;

/** One file's verdict; \`first\` is the first difference, or why the file could not be run. */
interface FileResult {
  readonly file: string;
  readonly agree: boolean;
  readonly first?: Difference;
}

/** The conform command. @returns the exit code: 0 all agree, 1 not all. */
export function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kernel: { type: 'string' },
      op: { type: 'string' },
      file: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const dir = positionals[0];
  if (dir === undefined || positionals.length > 1) throw new UsageError('expected one directory');
  if (values.kernel !== undefined) oneOf('--kernel', values.kernel, KERNELS);

  const results: FileResult[] = [];
  for (const file of filesOf(dir, values.file)) {
    const result = check(join(dir, file), file, values.kernel, values.op);
    if (!result) continue;
    results.push(result);
    if (!values.json) process.stdout.write(`${line(result)}\n`);
  }
  if (results.length === 0) throw new UsageError(`${dir}: no measured run fits`);
  const agree = results.filter((r) => r.agree).length;
  if (values.json)
    process.stdout.write(`${JSON.stringify({ agree, total: results.length, files: results }, null, 1)}\n`);
  else process.stdout.write(`${agree} of ${results.length} agree\n`);
  return agree === results.length ? 0 : 1;
}

/** Names of the JSON files of a directory, or the one asked for (with or without .json). */
function filesOf(dir: string, name: string | undefined): string[] {
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${dir}: expected a directory`);
  const all = readdirSync(dir)
    .filter((f) => f.endsWith('.json'))
    .toSorted();
  if (name === undefined) return all.filter((f) => /__\w+__.+\.json$/.test(f));
  const wanted = name.endsWith('.json') ? name : `${name}.json`;
  if (!all.includes(wanted)) throw new UsageError(`${dir}: no file ${wanted}`);
  return [wanted];
}

/** Something was asked for, and this is something else. */
const isOther = (asked: string | undefined, is: string | undefined): boolean =>
  asked !== undefined && is !== undefined && asked !== is;

/** Runs one file; undefined when it is of another kernel or operation. */
function check(path: string, file: string, kernel: string | undefined, op: string | undefined): FileResult | undefined {
  // <scenario>__<kernel>__<op>.json
  const [, ofKernel, ofOp] = file.replace(/\.json$/, '').split('__');
  if (isOther(kernel, ofKernel) || isOther(op, ofOp)) return undefined;
  try {
    const golden = parseGolden(readFileSync(path, 'utf8'));
    if ((kernel !== undefined && golden.kernel.label !== kernel) || (op !== undefined && golden.op !== op))
      return undefined;
    const first = conform(golden);
    return first ? { file, agree: false, first } : { file, agree: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const where = error instanceof GoldenError ? 'file' : 'run';
    return {
      file,
      agree: false,
      first: { where, expected: where === 'file' ? 'a measured run' : 'a run', got: reason },
    };
  }
}

function line({ file, first }: FileResult): string {
  return first ? `${file}: ${first.where}: expected ${first.expected} | got ${first.got}` : `${file}: agrees`;
}
