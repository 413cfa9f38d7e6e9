import { parseArgs } from 'node:util';
import { ASPECTS } from '../recording/compare/outcome.ts';
import { MOST_PAGES, type RunComparison, comparable, compareRuns, isSame } from '../recording/compare/runs.ts';
import { asciiText } from '../recording/narrate.ts';
import { LIBRARY } from '../scenario/library/index.ts';
import type { Scenario } from '../scenario/types.ts';
import { UsageError, scenarioFrom, wayFrom } from './arguments.ts';

export const USAGE = `npm run cli -- compare <scenario id or file|all> --a <way> --b <way> [--tag tag] [--json]
  Runs scenarios in two ways and says where they differ: result, findings, final entries and arrays, counters, order of
  locks, first differing step. A way is strategy, revision or kernel, and fix switches joined by + as in v2,
  fixed, v7+R-07, fault-then-migrate+base. "all" leaves out requests of more than ${MOST_PAGES} pages.`;

/** The compare command. @returns 0 when nothing differs, 1 when something does. */
export function main(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      a: { type: 'string', default: '' },
      b: { type: 'string', default: '' },
      tag: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
  });
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) throw new UsageError('expected one scenario (an id or a file), or all');
  const { taken, left } = scenariosOf(what, values.tag);
  // Read once, before anything runs: which words there are does not depend on the scenario.
  const { way: a } = wayFrom('--a', values.a, taken[0] as Scenario);
  const { way: b } = wayFrom('--b', values.b, taken[0] as Scenario);
  const found: RunComparison[] = [];
  for (const scenario of taken) {
    const result = compareRuns(scenario, a, b);
    found.push(result);
    if (!values.json && !(isSame(result) && taken.length > 1)) process.stdout.write(report(result));
  }
  const differ = found.filter((r) => !isSame(r));
  if (values.json)
    process.stdout.write(`${JSON.stringify({ a, b, left: left.map((s) => s.id), scenarios: found }, null, 1)}\n`);
  else {
    const notRun = found.filter((r) => r.problem !== undefined).length;
    process.stdout.write(
      `${found.length} ${found.length === 1 ? 'scenario' : 'scenarios'}: ${differ.length - notRun} differ, ${found.length - differ.length} the same, ${notRun} could not be run in both ways\n`,
    );
    if (left.length > 0)
      process.stdout.write(`left out, more than ${MOST_PAGES} pages: ${left.map((s) => s.id).join(' ')}\n`);
  }
  return differ.length === 0 ? 0 : 1;
}

function scenariosOf(what: string, tag: string): { taken: readonly Scenario[]; left: readonly Scenario[] } {
  if (what !== 'all') return { taken: [scenarioFrom(what)], left: [] };
  const list = tag === '' ? LIBRARY : LIBRARY.filter((s) => s.tags?.includes(tag));
  if (list.length === 0) throw new UsageError(`--tag ${tag}: no scenario of the library has it`);
  return comparable(list);
}

/** A scenario's differences as lines of text. */
function report(r: RunComparison): string {
  const lines = [`${r.scenario}: ${r.title}`];
  if (r.problem !== undefined) lines.push(`  could not be run: ${r.problem}`);
  else if (isSame(r)) lines.push(`  the same, ${r.steps?.[0] ?? 0} steps`);
  else {
    if (r.says !== undefined) lines.push(`  ${r.says}`);
    for (const aspect of ASPECTS) {
      const count = r.outcome?.counts[aspect] ?? 0;
      if (count === 0) continue;
      const shown = r.outcome?.list.filter((d) => d.aspect === aspect).slice(0, SHOWN) ?? [];
      lines.push(...shown.map((d) => `  ${aspect}: ${d.where}: ${d.a} | ${d.b}`));
      if (count > shown.length) lines.push(`  ${aspect}: and ${count - shown.length} more`);
    }
  }
  return `${asciiText(lines.join('\n'))}\n\n`;
}

/** Differences of one aspect that are printed; --json has more. */
const SHOWN = 6;
