import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bindSites } from '../patch/anchor/bind.ts';
import { rangeDiff } from '../patch/range-diff.ts';
import { rangeDiffText } from '../patch/range-text.ts';
import { loadedVersions, newestPair } from '../patch/range-versions.ts';
import { readPatches } from '../patch/read/read.ts';
import type { PatchSet } from '../patch/read/types.ts';
import { summaryOf, summaryText } from '../patch/summary.ts';
import { UsageError } from './arguments.ts';

export const USAGE = `npm run cli -- patch <file…> [--sites] [--json] [--range-diff]
  Reads mails, mboxes, patches, diffs or saved archive pages and binds the model's sites to their lines.
  --sites lists every bound site. --range-diff compares the newest two versions of a series that are loaded, patch by
  patch (= same, ! changed, < only before, > only after), as text of at most 75 columns. Gives 1 when a part of the input could not be used.`;

/** The patch command. @returns 0 when everything was read, 1 when a part of the input is broken. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      sites: { type: 'boolean', default: false },
      'range-diff': { type: 'boolean', default: false },
    },
  });
  if (positionals.length === 0) throw new UsageError('expected at least one file');
  const set = await readPatches(positionals.map((name) => ({ name, content: readFileSync(name) })));
  const code = set.problems.some((p) => p.severity === 'broken') ? 1 : 0;
  if (values['range-diff']) {
    process.stdout.write(rangeText(set));
    return code;
  }
  const binding = bindSites(set);
  const text = values.json
    ? JSON.stringify(summaryOf(set, binding), null, 1)
    : summaryText(set, binding, values.sites).join('\n');
  process.stdout.write(`${text}\n`);
  return code;
}

/** @throws UsageError when there are no two versions of something. */
function rangeText(set: PatchSet): string {
  const versions = loadedVersions(set);
  const [from, to] = newestPair(versions)?.map((i) => versions[i]) ?? [];
  if (from === undefined || to === undefined)
    throw new UsageError(
      '--range-diff: expected two versions of a series: with a subject or most changed lines in common',
    );
  return rangeDiffText(rangeDiff(from, to));
}
