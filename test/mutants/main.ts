import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { EQUIVALENT } from './catalogue/equivalent.ts';
import { MUTANTS } from './catalogue/index.ts';
import { type Verdict, measure, unbroken } from './measure.ts';

/*
 * npm run test:mutants [-- --json] [--only id,…]: how many deliberate breakages of the kernel code the rules catch.
 * Exit code 0: at least 95 % are caught and the unbroken kernel breaks no rule; 1: not so; 2: could not run.
 */

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    alarms: { type: 'boolean', default: false },
  },
});
const wanted = values.only.split(',').filter((id) => id !== '');
const mutants = wanted.length === 0 ? MUTANTS : MUTANTS.filter((m) => wanted.includes(m.id));
const ENOUGH = 0.95;

try {
  process.exitCode = values.alarms ? await alarms() : await all();
} catch (error) {
  console.error(error);
  process.exitCode = 2;
}

async function all(): Promise<number> {
  const result = await measure(mutants, availableParallelism(), (v) => {
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
