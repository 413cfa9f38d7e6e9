/**
 * npm test: every check, in the order in which they are cheap. All of them run even if one fails, so that one run tells
 * everything; the exit code is 0 only if all hold and both kinds of tests really ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Count, closingLine, countEndToEnd, countUnit } from './count.ts';

/** The npm scripts that are the checks. Each also works by itself: npm run <name>. */
const CHECKS = [
  'format:check',
  'lint',
  'typecheck',
  'unused',
  'test:unit',
  'build',
  'size',
  'build:single',
  'test:e2e',
] as const;

interface Outcome {
  readonly check: string;
  readonly holds: boolean;
  readonly seconds: number;
}

// Reports of this run only: another run in the same tree must not be counted as this one.
const reports = mkdtempSync(join(tmpdir(), 'walkscope-test-'));

const outcomes: Outcome[] = [];
for (const check of CHECKS) {
  console.log(`\n=== ${check}`);
  const began = Date.now();
  const holds = npmRun(check);
  outcomes.push({ check, holds, seconds: (Date.now() - began) / 1000 });
}

const unit = read('unit.json', countUnit);
const endToEnd = read('e2e.json', countEndToEnd);
rmSync(reports, { recursive: true, force: true });
outcomes.push({ check: 'both kinds of tests ran', holds: ran(unit) && ran(endToEnd), seconds: 0 });

console.log('\n=== summary');
for (const { check, holds, seconds } of outcomes) {
  console.log(`${holds ? 'holds ' : 'FAILED'}  ${seconds.toFixed(1).padStart(6)} s  ${check}`);
}
const line = closingLine([unit, endToEnd].filter((count) => count !== undefined));
// For .ci/run, which ends with this line even after npm has had its say about a failure.
mkdirSync('.reports', { recursive: true });
writeFileSync('.reports/closing-line.txt', `${line}\n`);
console.log(line);
process.exitCode = outcomes.every((outcome) => outcome.holds) ? 0 : 1;

function npmRun(script: string): boolean {
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error('start this with: npm test');
  const { status } = spawnSync(process.execPath, [npm, 'run', '--silent', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, WALKSCOPE_REPORTS: reports, WALKSCOPE_BUILT: '1' },
  });
  return status === 0;
}

function read(name: string, count: (json: string) => Count): Count | undefined {
  const path = join(reports, name);
  return existsSync(path) ? count(readFileSync(path, 'utf8')) : undefined;
}

function ran(count: Count | undefined): boolean {
  return count !== undefined && count.passed + count.failed > 0;
}
