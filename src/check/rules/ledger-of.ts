import { runScenario } from '../../recording/run.ts';
import { FIX_SWITCHES, kernelOf } from '../../scenario/revision.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { allFindings } from './findings.ts';

/**
 * The rows of the ledger that a broken rule is: those whose switch alone makes the difference. Each is tried by running
 * the scenario once more with the switch the other way, so it is meant for small runs.
 * @param rule the rule whose findings should go away
 */
export function* ledgerOf(spec: RunSpec, rule: string): Generator<string | undefined> {
  const { fixes } = kernelOf(spec);
  for (const { id, on } of FIX_SWITCHES) {
    // Flipped is: a defect mended, or a text of before v2 taken back.
    if (on === 'changed' || (on === 'mended') === fixes.has(id)) continue;
    yield breaks(otherWay(spec, id), rule) ? undefined : id;
  }
}

/** The same run with one switch the other way. */
export function otherWay(spec: RunSpec, id: string): RunSpec {
  const { fixes } = kernelOf(spec);
  const rest = [...fixes].filter((x) => x !== id);
  // The revision's own switches are named one by one, so that one of them can be left out.
  return { ...spec, revision: 'v2', fixes: fixes.has(id) ? rest : [...rest, id] };
}

function breaks(spec: RunSpec, rule: string): boolean {
  try {
    return allFindings(runScenario(spec)).some((f) => f.rule === rule);
  } catch {
    // The other text cannot run this scenario: that says nothing.
    return true;
  }
}
