import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { runScenario } from '../../src/recording/run.ts';
import { findingsOf, walkJson, walkText } from '../../src/recording/step-log.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { RunSpec, Scenario } from '../../src/scenario/types.ts';

function spec(id: string): RunSpec {
  return { scenario: scenarioById(id) as Scenario, strategy: 'unified', revision: 'v2' };
}

test('text: one line per step, indented by call depth, with what changed', () => {
  const rec = runScenario(spec('mixed'));
  const text = [...walkText(rec, spec('mixed'), 0, rec.length - 1)].join('');
  for (let i = 1; i <= rec.length; i++) expect(text).toMatch(new RegExp(`^ *${i} `, 'm'));
  expect(text).not.toMatch(/^ *0 /m);
  expect(text).toContain('hmm_vma_handle_migrate_prepare:install set_pte_at(page 0) none → migr-w:S0 YD');
  expect(text).toMatch(/^ +folio S0 ref: 1 → 2$/m);
  expect(text.trimEnd().split('\n').at(-1)).toBe('no findings');
});

test('JSON: the run and a stretch of its steps', () => {
  const rec = runScenario(spec('double-unmap'));
  const json = JSON.parse([...walkJson(rec, spec('double-unmap'), 2, 5)].join('')) as {
    steps: { step: number; text: string }[];
    findings: unknown[];
    counters: { findings: number };
  };
  expect(json.steps.map((s) => s.step)).toEqual([2, 3, 4, 5]);
  expect(json.findings).toEqual(findingsOf(rec));
  expect(json.counters.findings).toBe(json.findings.length);
  expect(findingsOf(rec)[0]).toMatchObject({ rule: 'rcu-imbalance', site: 'hmm_vma_walk_pmd:unmap' });
});

/** Runs the command line as a person would. */
function cli(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, 'src/cli/main.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the command line: 0 for a walk without findings, 1 with, 2 with the reason when it cannot run', () => {
  const good = cli('walk', 'mixed', '--steps', '1..4');
  expect(good.status).toBe(0);
  expect(good.stdout).toContain('steps, ended: returned');
  expect(cli('walk', 'double-unmap', '--steps', '1').status).toBe(1);
  const bad = cli('walk', 'mixed', '--revision', 'v99');
  expect(bad.status).toBe(2);
  expect(bad.stderr).toContain('--revision v99: expected v2, v7, fixed');
});
