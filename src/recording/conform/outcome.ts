import { RULE, RULES, type Rule } from '../../kernel/rules.ts';
import { OP } from '../../machine/ops.ts';
import type { Recording } from '../recording.ts';
import type { Difference } from './difference.ts';
import type { Golden } from './golden-format.ts';

/**
 * What a first line of a kernel's complaint means in the model. Several rules: any of them will do.
 * `each`: the model has to complain as often as the kernel did.
 */
const SPLATS: readonly { readonly line: RegExp; readonly rules: readonly Rule[]; readonly each?: boolean }[] = [
  { line: /^BUG: sleeping function called from invalid context/, rules: [RULE.SLEEP_IN_ATOMIC] },
  { line: /^WARNING: bad unlock balance detected/, rules: [RULE.RCU_IMBALANCE] },
  { line: /^kernel BUG at /, rules: [RULE.BUG] },
  { line: /^WARNING: lib\/test_hmm\.c/, rules: [RULE.WARN], each: true },
  { line: /^WARNING: mm\//, rules: [RULE.WARN] },
  { line: /^WARNING: include\/linux\/leafops\.h/, rules: [RULE.WARN] },
  { line: /^INFO: task .* blocked for more than/, rules: [RULE.BLOCKED_FOREVER] },
  // lockdep and the scheduler repeat, later and elsewhere, what the lines above say first
  { line: /BUG: Invalid wait context/, rules: [RULE.SLEEP_IN_ATOMIC, RULE.LOCK_HELD_AT_EXIT] },
  { line: /^BUG: scheduling while atomic/, rules: [RULE.SLEEP_IN_ATOMIC, RULE.LOCK_HELD_AT_EXIT, RULE.RCU_IMBALANCE] },
  { line: /^WARNING: kernel\/(?:rcu|softirq|locking)/, rules: [RULE.RCU_IMBALANCE, RULE.SLEEP_IN_ATOMIC] },
  { line: /^Oops: /, rules: [RULE.BUG] },
  {
    line: /^WARNING: .*(?:lock held when returning to user space|suspicious RCU usage)/,
    rules: [RULE.LOCK_HELD_AT_EXIT, RULE.RCU_IMBALANCE],
  },
];

/** Lines that only give details of the line before. */
const DETAIL = /^(?:\s|#)/;

/** Findings that a kernel would have printed something for. */
const PRINTED: readonly Rule[] = [
  RULE.SLEEP_IN_ATOMIC,
  RULE.RCU_IMBALANCE,
  RULE.LOCK_HELD_AT_EXIT,
  RULE.WARN,
  RULE.BUG,
  RULE.BLOCKED_FOREVER,
];

/** How often each rule was broken in a recording. */
export function findingCounts(recording: Recording): ReadonlyMap<number, number> {
  const { log } = recording.machine;
  const counts = new Map<number, number>();
  for (let i = 0; i < recording.length; i++) {
    if (log.op[i] !== OP.FINDING) continue;
    const rule = log.a[i] as number;
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return counts;
}

/**
 * Compares how the run ended and what the kernel complained about.
 * @param hungReader a CPU read after the run never came back
 */
export function differInOutcome(golden: Golden, recording: Recording, hungReader: boolean): Difference | undefined {
  return differInEnd(golden, recording, hungReader) ?? differInSplats(golden, findingCounts(recording), hungReader);
}

function differInEnd(golden: Golden, recording: Recording, hungReader: boolean): Difference | undefined {
  const got = hungReader && recording.end === 'returned' ? 'blocked' : recording.end;
  const expected = expectedEnds(golden);
  return expected.includes(got)
    ? undefined
    : { where: 'status', expected: `${golden.status}: ${expected.join(' or ')}`, got };
}

function expectedEnds(golden: Golden): readonly string[] {
  if (golden.truncated) return ['livelock'];
  if (golden.splats.some((s) => s.startsWith('kernel BUG'))) return ['bug'];
  switch (golden.status) {
    case 'ok':
      return ['returned'];
    case 'hung':
      return ['blocked'];
    case 'bad':
    case 'dead':
      return ['returned', 'blocked', 'bug'];
  }
}

const nameOf = (rule: Rule): string => RULES.find((r) => r.id === rule)?.name ?? String(rule);

function differInSplats(
  golden: Golden,
  counts: ReadonlyMap<number, number>,
  hungReader: boolean,
): Difference | undefined {
  const has = (rule: Rule): boolean => counts.has(rule) || (rule === RULE.BLOCKED_FOREVER && hungReader);
  const explained = new Set<Rule>();
  for (const line of golden.splats) {
    if (DETAIL.test(line)) continue;
    const meaning = SPLATS.find((s) => s.line.test(line));
    if (!meaning)
      return { where: 'splats', expected: line, got: 'a complaint that the table of complaints does not know' };
    if (!meaning.rules.some(has))
      return { where: 'splats', expected: line, got: `no finding ${meaning.rules.map(nameOf).join(' or ')}` };
    for (const rule of meaning.rules) explained.add(rule);
    const times = golden.splats.filter((s) => meaning.line.test(s)).length;
    if (meaning.each === true && counts.get(meaning.rules[0] as Rule) !== times) {
      return {
        where: 'splats',
        expected: `${times} times: ${line}`,
        got: `${counts.get(meaning.rules[0] as Rule) ?? 0} findings`,
      };
    }
  }
  const more = PRINTED.find(
    (rule) => counts.has(rule) && !explained.has(rule) && !(rule === RULE.BLOCKED_FOREVER && golden.status === 'hung'),
  );
  return more === undefined
    ? undefined
    : { where: 'splats', expected: 'no complaint about it', got: `finding ${nameOf(more)}` };
}
