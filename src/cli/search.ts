import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Question, questionText } from '../check/explorer/question.ts';
import { fewest } from '../check/explorer/search.ts';
import { candidateOfHit } from '../check/rules/candidates.ts';
import { ALL_RULES, ruleById } from '../check/rules/index.ts';
import { siteNamed } from '../machine/sites.ts';
import { stepAmong } from '../recording/step-number.ts';
import { encodeLink } from '../scenario/link.ts';
import { REVISIONS } from '../scenario/schema.ts';
import type { Revision } from '../scenario/types.ts';
import { type SearchResult, searchWith } from './search-run.ts';
import { UsageError, oneOf, switchesFrom } from './arguments.ts';

export const USAGE = `npm run cli -- search [--rule ID|all] [--site fn:label] [--differ r1,r2] [--restarts n] [--revision r] [--fix ID,…] [--bound n] [--seconds n] [--workers n] [--first] [--json]
  Looks through all small scenarios and schedules for a run that breaks a rule, reaches a statement, ends differently on
  another text (v2,fixed or v2,v2+F-04; with several actors: in a way in which the other text does not end under any
  schedule within the bound), or walks anew more than n times. Exit code 0: none within the bound, or only candidates
  (broken rules of the mended kernel that are written up).`;

/** Weight of the standard bound (check/explorer/grammar.ts), the page's, too: a matter of minutes. */
const STANDARD_BOUND = 2;

/** The search command. @returns the exit code: 0 nothing found but candidates that are written up, 1 something else. */
export async function main(args: readonly string[]): Promise<number> {
  const values = parse(args);
  const { question, revision, fixes } = asked(values);
  const bound = number('--bound', values.bound, STANDARD_BOUND, 0, 8);
  const seconds = number('--seconds', values.seconds, Number.POSITIVE_INFINITY, 0, 1e6);
  const workers = number('--workers', values.workers, availableParallelism(), 1, 64);
  const result = await searchWith(
    {
      question,
      revision,
      fixes,
      bound,
      stateBits: workers > 4 ? 22 : 24,
      first: values.first,
      peel: question.kind === 'rule' && revision !== 'fixed',
    },
    workers,
    seconds,
    values.json ? () => undefined : (line) => process.stderr.write(line),
  );
  process.stdout.write(values.json ? `${await json(result)}\n` : await text(result, question));
  return result.found.every((f) => candidateOfHit(f) !== undefined) ? 0 : 1;
}

const parse = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      rule: { type: 'string' },
      site: { type: 'string' },
      differ: { type: 'string' },
      restarts: { type: 'string' },
      revision: { type: 'string', default: 'v2' },
      fix: { type: 'string', multiple: true, default: [] },
      bound: { type: 'string' },
      seconds: { type: 'string' },
      workers: { type: 'string' },
      first: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  }).values;

type Values = ReturnType<typeof parse>;

/** The one question of the arguments, and the text it is asked of. */
function asked(values: Values): { question: Question; revision: Revision; fixes: readonly string[] } {
  const given = (['rule', 'site', 'differ', 'restarts'] as const).filter((name) => values[name] !== undefined);
  if (given.length > 1) throw new UsageError(`--${given.join(' and --')}: one question at a time`);
  const { revision, fixes } = textOf('--revision', values.revision);
  const text = { revision, fixes: [...fixes, ...switchesFrom('--fix', values.fix)] };
  if (values.site !== undefined) {
    if (siteNamed(values.site) === undefined)
      throw new UsageError(`--site ${values.site}: expected function:label, such as hmm_vma_walk_pmd:absentFailed`);
    return { question: { kind: 'site', site: values.site }, ...text };
  }
  if (values.restarts !== undefined)
    return { question: { kind: 'restarts', more: number('--restarts', values.restarts, 0, 0, 1000) }, ...text };
  if (values.differ !== undefined) {
    const two = values.differ.split(',');
    if (two.length !== 2) throw new UsageError(`--differ ${values.differ}: expected two texts, such as v2,fixed`);
    return {
      question: { kind: 'differ', ...textOf('--differ', two[1] as string) },
      ...textOf('--differ', two[0] as string),
    };
  }
  const rule = values.rule ?? 'all';
  if (rule !== 'all' && ruleById(rule) === undefined)
    throw new UsageError(`--rule ${rule}: expected all, ${ALL_RULES.map((r) => r.id).join(', ')}`);
  return { question: { kind: 'rule', rule }, ...text };
}

/** Reads `v2` or `v2+F-04+R-07`. */
function textOf(option: string, value: string): { revision: Revision; fixes: readonly string[] } {
  const [name = '', ...fixes] = value.split('+');
  return { revision: oneOf(option, name, REVISIONS), fixes: switchesFrom(option, fixes) };
}

function number(option: string, value: string | undefined, without: number, least: number, most: number): number {
  if (value === undefined) return without;
  const n = Number(value);
  if (value.trim() === '' || !Number.isFinite(n) || n < least || n > most)
    throw new UsageError(`${option} ${value}: expected a number from ${least} to ${most}`);
  return n;
}

/** The rows that the findings come down to: for each the one that explains most of them. */
function mainRow(result: SearchResult): (ledger: readonly string[]) => string | undefined {
  const few = fewest(result.found.map((f) => f.ledger).filter((l) => l.length > 0));
  return (ledger) => few.find((id) => ledger.includes(id));
}

async function json(result: SearchResult): Promise<string> {
  const row = mainRow(result);
  const findings = await Promise.all(
    result.found.map(async (f) => {
      const ledger = row(f.ledger);
      const candidate = candidateOfHit(f);
      const { spec } = f;
      return {
        rule: f.rule,
        ...(ledger === undefined ? {} : { ledger, ledgers: f.ledger }),
        ...(candidate === undefined ? {} : { candidate: candidate.id }),
        site: f.site,
        scenario: spec.scenario,
        strategy: spec.strategy,
        revision: spec.revision,
        fixes: spec.fixes ?? [],
        schedule: spec.schedule ?? null,
        step: f.step,
        steps: f.steps,
        link: await encodeLink({ spec, step: f.step }),
      };
    }),
  );
  const { states, distinct, weight, complete, seconds, sites, runs, cut, full, bound } = result;
  return JSON.stringify(
    { findings, states, distinct, bound, seconds, complete, reached: weight, runs, sites, cut, statesFull: full },
    null,
    1,
  );
}

async function text(result: SearchResult, question: Question): Promise<string> {
  const lines: string[] = [];
  for (const f of result.found) {
    const known = candidateOfHit(f);
    const rows = known ? ` (candidate ${known.id})` : f.ledger.length === 0 ? '' : ` (${f.ledger.join(', ')})`;
    const fixes = f.spec.fixes === undefined ? '' : ` + ${f.spec.fixes.join(', ')}`;
    lines.push(`${f.rule} at ${f.site}${rows}`);
    lines.push(`  ${f.spec.scenario.title}; ${f.spec.revision}${fixes}; step ${stepAmong(f.step, f.steps)}`);
    lines.push(`  ${await encodeLink({ spec: f.spec, step: f.step })}`);
  }
  const ids = new Set(result.found.flatMap((f) => f.ledger));
  if (ids.size > 0) lines.push(`ledger: ${[...ids].toSorted((a, b) => (a < b ? -1 : 1)).join(' ')}`);
  const n = result.distinct.toLocaleString('en');
  const states = `${result.full ? 'more than ' : ''}${n} distinct states, ${result.runs} runs, ${result.seconds.toFixed(1)} s`;
  const reach = result.complete
    ? `everything up to bound ${result.bound} tried`
    : `stopped at bound ${result.weight} of ${result.bound}`;
  const cut = result.cut === 0 ? '' : `; ${result.cut} scenarios not tried to the end`;
  if (result.found.length === 0)
    lines.push(`nothing found to ${questionText(question)}: no violation within the bound`);
  lines.push(`${reach}: ${states}${cut}`);
  return `${lines.join('\n')}\n`;
}
