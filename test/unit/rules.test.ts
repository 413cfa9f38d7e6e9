import { describe, expect, test } from 'vitest';
import { candidateOf } from '../../src/check/rules/candidates.ts';
import { specOfExample } from '../../src/check/rules/example.ts';
import { allFindings, checkRecording, createChecker } from '../../src/check/rules/findings.ts';
import { ledgerOf } from '../../src/check/rules/ledger-of.ts';
import { lockdepReport } from '../../src/check/rules/lockdep-report.ts';
import { ALL_RULES, ruleOfKernel } from '../../src/check/rules/index.ts';
import { RULES } from '../../src/kernel/rules.ts';
import { runScenario } from '../../src/recording/run.ts';
import { parseTemplate } from '../../src/recording/template.ts';
import { LIBRARY } from '../../src/scenario/library/index.ts';
import { OP } from '../../src/machine/ops.ts';

const rulesOf = (example: Parameters<typeof specOfExample>[0]): ReadonlySet<string> =>
  new Set(allFindings(runScenario(specOfExample(example))).map((f) => f.rule));

describe.each(ALL_RULES)('$id', (rule) => {
  test('its example keeps it', () => expect(rulesOf(rule.kept)).not.toContain(rule.id));

  test.runIf(rule.broken)('its example breaks it', () => {
    if (rule.broken) expect(rulesOf(rule.broken)).toContain(rule.id);
  });

  test('it says where it comes from, and its text can be printed', () => {
    expect(rule.broken !== undefined || rule.mutant !== undefined).toBe(true);
    expect(rule.source.where).toMatch(/\.(c|h|rst)/);
    expect(() => parseTemplate(rule.text)).not.toThrow();
    expect(rule.text !== '' || rule.kernel.length > 0).toBe(true);
  });
});

test('every finding of the running kernel belongs to a rule, and names are told once', () => {
  for (const { id } of RULES) expect(ruleOfKernel(id)).toBeDefined();
  expect(new Set(ALL_RULES.map((r) => r.id)).size).toBe(ALL_RULES.length);
});

test('small runs of the library on the mended kernel break no rule', () => {
  const found: string[] = [];
  for (const scenario of LIBRARY) {
    if (scenario.request.end - scenario.request.start > 16) continue;
    for (const strategy of ['unified', 'migrate-only', 'fault-then-migrate'] as const) {
      const rec = runScenario({ scenario, strategy, revision: 'fixed' });
      for (const f of checkRecording(rec).filter((x) => candidateOf(x) === undefined))
        found.push(`${scenario.id} ${strategy}: ${f.rule} at step ${f.step}`);
    }
  }
  expect(found).toEqual([]);
});

test('following a run as it is made, and once more from its beginning, finds what reading it as a whole finds', () => {
  const spec = specOfExample({ ledger: 'F-04' });
  const rec = runScenario(spec);
  const whole = checkRecording(rec);
  expect(whole.length).toBeGreaterThan(0);
  const other = runScenario(spec);
  other.seek(-1);
  const first = other.deltaBegin(0);
  const checker = createChecker(other.machine, other.enc);
  for (let round = 0; round < 2; round++) {
    checker.restart(first);
    for (let i = 0; i < other.length; i += 7) checker.advance(i, Math.min(i + 7, other.length));
    checker.end(other.end === 'returned');
    expect(checker.findings).toEqual(whole);
  }
});

test('findings do not depend on where the recording stands, and reading them does not move it', () => {
  const spec = specOfExample({ ledger: 'R-07' });
  const here = runScenario(spec);
  const there = runScenario(spec);
  there.seek(10);
  expect(checkRecording(there)).toEqual(checkRecording(here));
  expect(there.position).toBe(10);
  const kernel = Array.from(here.machine.log.op.subarray(0, here.length)).filter((op) => op === OP.FINDING).length;
  expect(allFindings(here).length).toBe(checkRecording(here).length + kernel);
});

describe('lockdepReport', () => {
  const reportOf = (ledger: string, on: boolean, rule: string): string => {
    const rec = runScenario(specOfExample({ ledger, on }));
    const finding = allFindings(rec).find((f) => f.rule === rule && lockdepReport(rec, f) !== undefined);
    return finding === undefined ? `no finding of ${rule}` : (lockdepReport(rec, finding) ?? '');
  };

  test.each([
    ['R-07', false, 'sleep-in-atomic', /BUG: sleeping function called from invalid context at mm\//],
    ['R-07', false, 'lock-held-at-exit', /WARNING: lock held when returning to user space!/],
    ['F-05', false, 'rcu-imbalance', /WARNING: bad unlock balance detected!/],
    ['F-35', false, 'lock-order', /WARNING: possible recursive locking detected/],
    ['RFC-8', true, 'unlock-not-owner', /WARNING: bad unlock balance detected!/],
  ] as const)('%s (%s): %s in the form of lockdep, ASCII, at most 75 columns', (ledger, on, rule, form) => {
    const report = reportOf(ledger, on, rule);
    expect(report).toMatch(form);
    expect(report).toMatch(/held by/);
    expect(report).toMatch(/stack backtrace:\n \w/);
    for (const line of report.split('\n')) expect(line.length).toBeLessThanOrEqual(75);
    expect(report).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

test('which row of the ledger a finding is, is found by running it with each switch the other way', () => {
  const rows = (run: Parameters<typeof specOfExample>[0], rule: string): string[] =>
    [...ledgerOf(specOfExample(run), rule)].filter((id) => id !== undefined);
  expect(rows({ ledger: 'R-07' }, 'lock-held-at-exit')).toContain('R-07');
  expect(rows({ ledger: 'RFC-11', on: true }, 'entry-bits')).toContain('RFC-11');
});
