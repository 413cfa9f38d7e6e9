import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bindSites } from '../patch/anchor/bind.ts';
import { readPatches } from '../patch/read/read.ts';
import { summaryOf, summaryText } from '../patch/summary.ts';
import { UsageError } from './usage.ts';

export const USAGE = `npm run cli -- patch <file…> [--sites] [--json]
  Reads mails, mboxes, patches, diffs or saved archive pages and binds the model's sites to their lines.
  --sites lists every bound site. Gives 1 when a part of the input could not be used.`;

/** The patch command. @returns 0 when everything was read, 1 when a part of the input is broken. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, sites: { type: 'boolean', default: false } },
  });
  if (positionals.length === 0) throw new UsageError('expected at least one file');
  const set = await readPatches(positionals.map((name) => ({ name, content: readFileSync(name) })));
  const binding = bindSites(set);
  const text = values.json
    ? JSON.stringify(summaryOf(set, binding), null, 1)
    : summaryText(set, binding, values.sites).join('\n');
  process.stdout.write(`${text}\n`);
  return set.problems.some((p) => p.severity === 'broken') ? 1 : 0;
}
