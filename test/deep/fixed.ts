import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import * as fc from 'fast-check';
import { type Case, cases } from '../support/fixed-cases.ts';
import { judge, specOf } from '../support/fixed-run.ts';

/*
 * npm run test:deep [-- --cases n] [--seed n]: the law of test/property/fixed.test.ts over many cases. Any random scenario, asked for in any way, ends on a mended kernel
 * without a finding, an exception, a held lock, a migration entry or a reference too many. A failure is printed as the
 * smallest scenario found, with the seed and path that lead to it. Exit code 0 holds, 1 does not, 2 could not run.
 */

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string' },
  },
});
const total = Number(values.cases);
const seed = Number(values.seed);

/** Cases that are checked, and reported, at a time. */
const CHUNK = 1000;

if (values.part === undefined) await everyPart();
else onePart(values.part);

/** Starts one process for each processor and waits for all of them. */
async function everyPart(): Promise<void> {
  const parts = availableParallelism();
  const began = performance.now();
  const ends = Array.from({ length: parts }, (_, i) => {
    const args = [...process.execArgv, process.argv[1] as string, '--cases', String(total), '--seed', String(seed)];
    const child = spawn(process.execPath, [...args, '--part', `${i}/${parts}`], { stdio: 'inherit' });
    return new Promise<number>((done) =>
      child.on('exit', (code, signal) => {
        // A part that found nothing and still failed was ended from outside: that says nothing about the law.
        if (code === null) console.log(`part ${i} was ended by ${signal ?? 'a signal'}: not judged`);
        done(code ?? 2);
      }),
    );
  });
  const codes = await Promise.all(ends);
  const worst = Math.max(...codes);
  const verdict = worst === 0 ? 'the law holds' : worst === 1 ? 'the law does NOT hold' : 'could not run to the end';
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`${total} cases from seed ${seed}: ${verdict} (${seconds} s)`);
  process.exitCode = worst;
}

function onePart(part: string): void {
  const [index = 0, parts = 1] = part.split('/').map(Number);
  const law = fc.property(cases, ({ scenario, way }) => judge(specOf(scenario, way, 'fixed')).problems.length === 0);
  let done = 0;
  for (let chunk = index; chunk * CHUNK < total; chunk += parts) {
    const numRuns = Math.min(CHUNK, total - chunk * CHUNK);
    const found = fc.check(law, { numRuns, seed: seed + chunk });
    if (found.failed) {
      report(seed + chunk, found);
      process.exitCode = 1;
      return;
    }
    done += numRuns;
    if (done % (10 * CHUNK) === 0) console.log(`part ${part}: ${done} cases hold`);
  }
}

function report(at: number, found: fc.RunDetails<[Case]>): void {
  console.log(`seed ${at}, path ${found.counterexamplePath ?? ''}, after ${found.numRuns} cases`);
  const smallest = found.counterexample?.[0];
  if (smallest === undefined) return;
  const { scenario, way } = smallest;
  console.log(`${way}: ${JSON.stringify(scenario)}`);
  for (const problem of judge(specOf(scenario, way, 'fixed')).problems.slice(0, 10)) console.log(`  ${problem}`);
}
