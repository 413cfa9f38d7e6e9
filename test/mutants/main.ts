import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { EQUIVALENT } from './catalogue/equivalent.ts';
import { MUTANTS } from './catalogue/index.ts';
import { type Verdict, measure, unbroken } from './measure.ts';
import type { Mutant } from './mutant.ts';

/*
 * npm run test:mutants [-- --json] [--only id,…] [--shard k/n] [--jobs n]: how many deliberate breakages of the kernel code
 * the rules catch. --shard 2/8 takes the second eighth of them, so that a slow machine can go through them in pieces.
 * Exit code 0: at least 95 % are caught and the unbroken kernel breaks no rule; 1: not so; 2: could not run.
 */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    shard: { type: 'string', default: '1/1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    alarms: { type: 'boolean', default: false },
  },
});
const wanted = values.only.split(',').filter((id) => id !== '');
const asked = wanted.length === 0 ? MUTANTS : MUTANTS.filter((m) => wanted.includes(m.id));
const jobs = Number(values.jobs);
const ENOUGH = 0.95;

try {
  if (!(jobs >= 1)) throw new RangeError(`--jobs ${values.jobs}: expected a number from 1`);
  process.exitCode = values.alarms ? await alarms() : await all(shardOf(asked));
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}

/** Part k of n parts, as `k/n`. @throws {RangeError} when it is not that */
function shardOf(mutants: readonly Mutant[]): readonly Mutant[] {
  const [k = 0, n = 0] = values.shard.split('/').map(Number);
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 1 && k <= n))
    throw new RangeError(`--shard ${values.shard}: expected k/n, such as 2/8`);
  return mutants.filter((_, i) => i % n === k - 1);
}

async function all(mutants: readonly Mutant[]): Promise<number> {
  const result = await measure(mutants, jobs, (v) => {
    if (!values.json) console.log(line(v));
  });
  if (values.json) console.log(JSON.stringify(result));
  else {
    for (const { id, why } of EQUIVALENT) console.log(`${id} is not counted: ${why}`);
    console.log(`${result.caught} of ${result.total} caught, ${result.falseAlarms} false alarms`);
  }
  return result.caught >= ENOUGH * result.total && result.falseAlarms === 0 ? 0 : 1;
}

/** Only the unbroken kernel: which cases break a rule. */
async function alarms(): Promise<number> {
  const { cases, alarms: found } = await unbroken();
  for (const p of found)
    console.log(p.name, p.end, p.broken.map((b) => `${b.rule} at step ${b.step} ${b.site}`).join(', '));
  console.log(`${found.length} of ${cases.length} cases`);
  return found.length === 0 ? 0 : 1;
}

function line(v: Verdict): string {
  const what = v.caught ? `${v.rule} at ${v.site}, ${v.steps} steps: ${v.schedule}` : 'NOT CAUGHT';
  return `${v.id.padEnd(40)} ${what} (${v.ms} ms)`;
}
