import type { Rule } from '../../kernel/rules.ts';
import { OP } from '../../machine/ops.ts';
import type { Machine } from '../../machine/machine.ts';
import { type HmmEncoding, hmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { Derived } from '../../recording/derived.ts';
import { type RuleFinding, ruleFindings } from '../../recording/rule-findings.ts';
import type { Recording } from '../../recording/recording.ts';
import { Checker } from './checker.ts';
import { CHECKS, ruleOfKernel } from './index.ts';

/**
 * A checker of all rules for a machine that stands at the beginning of its run. `advance` follows the steps as they are
 * made, `end` closes the run, `restart` begins another one on the same machine, which has been put back.
 */
export function createChecker(machine: Machine, enc: HmmEncoding = hmmEncoding('v2')): Checker {
  return new Checker(machine, enc, CHECKS);
}

/**
 * Findings of a recording that its rules find when they are read over it, in the order of their steps; those of the
 * running kernel are steps of it. They are kept with the recording (recording/rule-findings.ts), where everybody who
 * lists findings sees them. The recording is not moved.
 */
export function checkRecording(rec: Recording): readonly RuleFinding[] {
  if (!ruleFindings.has(rec)) ruleFindings.put(rec, read(rec));
  return ruleFindings.of(rec);
}

function read(rec: Recording): readonly RuleFinding[] {
  const at = rec.position;
  const rows = at < 0 ? (rec.length > 0 ? rec.deltaBegin(0) : 0) : rec.deltaEnd(at);
  const checker = new Checker(rec.machine, rec.enc, CHECKS, rows);
  checker.advance(0, rec.length);
  checker.end(rec.end === 'returned');
  return checker.findings.toSorted((x, y) => x.step - y.step);
}

/** All findings of a recording in the order of their steps: those of the running kernel, and those of the rules. */
export function allFindings(rec: Recording): readonly RuleFinding[] {
  return together.of(rec);
}

const together = new Derived<readonly RuleFinding[]>((rec) => {
  const { op, a, b, c, actor, site } = rec.machine.log;
  const found: RuleFinding[] = [...checkRecording(rec)];
  for (let step = 0; step < rec.length; step++)
    if (op[step] === OP.FINDING)
      found.push({
        rule: ruleOfKernel(a[step] as Rule).id,
        text: '',
        step,
        actor: actor[step] as number,
        site: site[step] as number,
        a: b[step] as number,
        b: c[step] as number,
        c: 0,
      });
  return found.toSorted((x, y) => x.step - y.step);
});
