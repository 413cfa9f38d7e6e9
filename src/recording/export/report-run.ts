import { COUNTERS, countersAt } from '../counters.ts';
import type { Recording } from '../recording.ts';
import { type FindingStep, findingsOf } from '../step-log.ts';
import { stepAmong, stepNumber } from '../step-number.ts';
import { stuckOf } from '../waits.ts';
import { diagram, isShared, placeOf } from './diagram.ts';
import { type Run, headBlocks, textName } from './head.ts';
import type { Block, Report } from './report.ts';
import { lockBlocks, traceBlocks } from './report-step.ts';

/** Steps of a span that are written out at most. */
const MOST_STEPS = 400;
/** Steps that lead to a finding and are drawn with it. */
const LEAD = 24;
/** Steps drawn on either side of a change of actor, when all would be too many. */
const AROUND = 3;
const MOST_DRAWN = 80;

/** The steps from `from` to `to`, both included, in a column for each actor; of a very long span the first ones. */
export async function spanReport(run: Run, from: number, to: number): Promise<Report> {
  const { recording: rec } = run;
  const first = Math.max(0, Math.min(from, rec.length - 1));
  const last = Math.max(first, Math.min(to, rec.length - 1, first + MOST_STEPS - 1));
  const cut = last < Math.min(to, rec.length - 1) ? `; the first ${MOST_STEPS} are shown` : '';
  const steps = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return {
    title: `Steps ${stepNumber(first)} to ${stepNumber(last)}: ${run.spec.scenario.title}`,
    blocks: [
      ...(await headBlocks(run, first, `${stepNumber(first)}..${stepAmong(last, rec.length)}${cut}`)),
      { kind: 'lines', lines: diagram(rec, steps) },
    ],
  };
}

/** The whole run: how it ended, what it broke, its counters, and where its actors met. */
export async function runReport(run: Run): Promise<Report> {
  const { recording: rec, spec } = run;
  const findings = findingsOf(rec);
  const blocks: Block[] = [
    ...(spec.scenario.about === undefined ? [] : [{ kind: 'text', text: spec.scenario.about } as const]),
    ...(await headBlocks(run, findings[0]?.step ?? rec.length - 1, `all ${rec.length}`)),
    ...outcomeBlocks(rec, findings),
  ];
  const drawn = meetings(rec);
  if (drawn.length > 0)
    blocks.push({ kind: 'text', text: 'Where the actors meet:' }, { kind: 'lines', lines: diagram(rec, drawn) });
  return { title: `${spec.scenario.title}: ${textName(spec)}`, blocks };
}

/** What a finding says, without saying that it is one. */
const bare = (text: string): string => text.replace(/^finding: /, '');

/** Findings of one rule in one function are told once, with their number. */
function alike(rec: Recording, findings: readonly FindingStep[]): string[] {
  const groups = new Map<string, FindingStep[]>();
  for (const f of findings) {
    const key = `${f.rule} ${placeOf(rec, f.step)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [f]);
    else group.push(f);
  }
  return [...groups.values()].map((group) => {
    const f = group[0] as FindingStep;
    const more =
      group.length === 1
        ? ''
        : ` (and ${group.length - 1} more, the last at step ${stepNumber((group.at(-1) as FindingStep).step)})`;
    return `step ${stepNumber(f.step)}, ${placeOf(rec, f.step)}(): ${f.rule}: ${bare(f.text)}${more}`;
  });
}

function outcomeBlocks(rec: Recording, findings: readonly FindingStep[]): Block[] {
  const counters = countersAt(rec, rec.length - 1);
  const counted = COUNTERS.filter((c) => counters[c.id] !== 0).map((c) => `${c.title.toLowerCase()} ${counters[c.id]}`);
  const blocks: Block[] = [
    { kind: 'text', text: findings.length === 0 ? 'No rule is broken.' : `Broken rules: ${findings.length}.` },
  ];
  const items = [...alike(rec, findings), ...(stuckOf(rec)?.says ?? [])];
  if (items.length > 0) blocks.push({ kind: 'list', items });
  blocks.push({ kind: 'text', text: `Counted: ${counted.join(', ')}.` });
  return blocks;
}

/** Steps that other CPUs can see, near the moments at which another actor goes on; none when there is one actor only. */
export function meetings(rec: Recording): number[] {
  const { actor } = rec.machine.log;
  const shared: number[] = [];
  for (let i = 0; i < rec.length; i++) if (isShared(rec, i)) shared.push(i);
  if (new Set(shared.map((s) => actor[s])).size < 2) return [];
  if (shared.length <= MOST_DRAWN) return shared;
  const near = shared.filter((_, i) =>
    shared.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((s) => actor[s] !== actor[shared[i] as number]),
  );
  const last = shared.slice(-2 * AROUND).filter((s) => s > (near.at(-1) ?? -1));
  return [...near.slice(0, MOST_DRAWN), ...last];
}

/**
 * A finding: the rule and what it says, where, in which calls, with which locks, and the steps that led to it.
 * @param step a step of findingsOf()
 */
export async function findingReport(run: Run, step: number): Promise<Report> {
  const { recording: rec, spec } = run;
  const finding = findingsOf(rec).find((f) => f.step === step);
  if (finding === undefined) throw new RangeError(`step ${step} is no finding`);
  const lead: number[] = [];
  for (let i = step; i >= 0 && lead.length < LEAD; i--) if (isShared(rec, i)) lead.unshift(i);
  const place = `${placeOf(rec, step)}()`;
  const stuck = stuckOf(rec)?.says ?? [];
  return {
    title: `${finding.rule} in ${place}: ${spec.scenario.title}`,
    blocks: [
      { kind: 'text', text: `${bare(finding.text)}.` },
      ...(stuck.length > 0 ? [{ kind: 'list', items: stuck } as const] : []),
      ...(await headBlocks(run, step, stepAmong(step, rec.length))),
      ...traceBlocks(rec, step),
      ...lockBlocks(rec, step),
      { kind: 'text', text: 'How it comes to that:' },
      { kind: 'lines', lines: diagram(rec, lead) },
    ],
  };
}
