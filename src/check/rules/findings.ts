import type { Rule } from '../../kernel/rules.ts';
import { OP } from '../../machine/ops.ts';
import type { Machine } from '../../machine/machine.ts';
import { type HmmEncoding, hmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { Derived } from '../../recording/derived.ts';
import type { Recording } from '../../recording/recording.ts';
import { Checker } from './checker.ts';
import { CHECKS, ruleOfKernel } from './index.ts';
import type { Finding } from './rule.ts';

/**
 * A checker of all rules for a machine that stands at the beginning of its run. `advance` follows the steps as they are
 * made, `end` closes the run, `restart` begins another one on the same machine, which has been put back.
 */
export function createChecker(machine: Machine, enc: HmmEncoding = hmmEncoding('v2')): Checker {
  return new Checker(machine, enc, CHECKS);
}

/** Findings of a recording that its rules find when they are read over it; those of the running kernel are steps of it. */
export function checkRecording(rec: Recording): readonly Finding[] {
  return checked.of(rec);
}

/** Worked out once per recording; the recording is not moved. */
export const checked = new Derived<readonly Finding[]>((rec) => {
  const { machine } = rec;
  const at = rec.position;
  const rows = at < 0 ? (rec.length > 0 ? rec.deltaBegin(0) : 0) : rec.deltaEnd(at);
  const checker = new Checker(machine, rec.enc, CHECKS, rows);
  checker.advance(0, rec.length);
  checker.end(rec.end === 'returned');
  return checker.findings;
});

/** All findings of a recording in the order of their steps: those of the running kernel, and those of the rules. */
export function allFindings(rec: Recording): readonly Finding[] {
  return together.of(rec);
}

const together = new Derived<readonly Finding[]>((rec) => {
  const { op, a, b, c, actor, site } = rec.machine.log;
  const found: Finding[] = [...checkRecording(rec)];
  for (let step = 0; step < rec.length; step++)
    if (op[step] === OP.FINDING)
      found.push({
        rule: ruleOfKernel(a[step] as Rule).id,
        step,
        actor: actor[step] as number,
        site: site[step] as number,
        a: b[step] as number,
        b: c[step] as number,
        c: 0,
      });
  return found.toSorted((x, y) => x.step - y.step);
});
