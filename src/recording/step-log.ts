import { RULES } from '../kernel/rules.ts';
import { OP } from '../machine/ops.ts';
import { siteInfo } from '../machine/sites.ts';
import type { RunSpec } from '../scenario/types.ts';
import { type Change, changesOf, isBookkeeping } from './changes.ts';
import { COUNTERS, countersAt } from './counters.ts';
import { fingerprint } from './hash.ts';
import { stepLine, stepSentence } from './narrate.ts';
import { choiceCount, choicesOf } from './choices.ts';
import type { Recording } from './recording.ts';
import { ruleFindingText, ruleFindings } from './rule-findings.ts';
import { stepNumber } from './step-number.ts';
import { stuckOf } from './waits.ts';

/** A broken rule that the kernel itself noticed, or that a reading of the recording has found (rule-findings.ts). */
export interface FindingStep {
  readonly step: number;
  readonly rule: string;
  /** `function:label` */
  readonly site: string;
  readonly text: string;
}

/** The findings of a recording, in the order of their steps. */
export function findingsOf(rec: Recording): FindingStep[] {
  const { op, a, site } = rec.machine.log;
  const found: FindingStep[] = [];
  for (let step = 0; step < rec.length; step++) {
    if (op[step] !== OP.FINDING) continue;
    const rule = RULES.find((r) => r.id === a[step])?.name ?? `rule ${a[step]}`;
    found.push({ step, rule, site: siteName(site[step] as number), text: stepSentence(rec, step, 'student') });
  }
  for (const f of ruleFindings.of(rec))
    found.push({ step: f.step, rule: f.rule, site: siteName(f.site), text: ruleFindingText(rec, f) });
  return found.toSorted((x, y) => x.step - y.step);
}

function siteName(id: number): string {
  const { fn, label } = siteInfo(id);
  return `${fn}:${label}`;
}

/** Changes shown of one step at most; a split writes 512 entries. */
const SHOWN_CHANGES = 8;

/** The step log as text, piece by piece. */
export function* walkText(rec: Recording, spec: RunSpec, from: number, to: number): Generator<string> {
  const line = (indent: number, text: string): string => `${' '.repeat(indent)}${text}\n`;
  const { log } = rec.machine;
  const kernel = spec.kernel === undefined || spec.kernel === 'v2' ? spec.revision : spec.kernel;
  const fixes = spec.fixes && spec.fixes.length > 0 ? ` + ${spec.fixes.join(', ')}` : '';
  yield line(0, `${spec.scenario.title} (${spec.scenario.id}): ${spec.strategy}, ${kernel}${fixes}`);
  if (spec.schedule !== undefined)
    yield line(0, `schedule ${spec.schedule === '' ? '(empty)' : spec.schedule}: ${choiceCount(rec)} choices`);
  yield line(0, `${rec.length} steps, ended: ${rec.end}, recording ${fingerprint(rec)}`);
  yield '\n';
  const digits = String(stepNumber(to)).length;
  for (let step = from; step <= to; step++) {
    const depth = log.depth[step] as number;
    const who = rec.actors.length > 1 ? `${rec.actors[log.actor[step] as number] ?? '?'}: ` : '';
    const indent = depth * 2;
    const told = stepLine(rec, step);
    yield line(0, `${String(stepNumber(step)).padStart(digits)} ${' '.repeat(indent)}${who}${told}`);
    const changes = changesOf(rec, step, SHOWN_CHANGES + 4).filter((c) => !isBookkeeping(c) && !tells(told, c));
    for (const change of changes.slice(0, SHOWN_CHANGES)) yield line(digits + indent + 5, changeText(change));
    if (changes.length > SHOWN_CHANGES)
      yield line(digits + indent + 5, `… ${rec.deltaEnd(step) - rec.deltaBegin(step)} writes in all`);
  }
  yield '\n';
  const counters = countersAt(rec, rec.length - 1);
  yield line(
    0,
    COUNTERS.filter((c) => counters[c.id] !== 0)
      .map((c) => `${c.title.toLowerCase()} ${counters[c.id]}`)
      .join(', '),
  );
  const findings = findingsOf(rec);
  yield line(0, findings.length === 0 ? 'no findings' : `findings: ${findings.length}`);
  for (const f of findings) yield line(2, `step ${stepNumber(f.step)} ${f.site}: ${f.text}`);
  for (const sentence of stuckOf(rec)?.says ?? []) yield line(2, sentence);
}

/** `PTE of page 3: none → present:S0 W`, `folio S0 ref: 1 → 2` */
export function changeText(change: Change): string {
  return `${change.subject}${change.field === '' ? '' : ` ${change.field}`}: ${change.oldText} → ${change.neuText}`;
}

/** True when the step's line already says what the change says. */
function tells(line: string, change: Change): boolean {
  return (
    line.includes(`${change.oldText} → ${change.neuText}`) || line.includes(`${change.subject} = ${change.neuText}`)
  );
}

const OP_NAME: readonly string[] = Object.entries(OP).reduce<string[]>((names, [name, id]) => {
  names[id] = name;
  return names;
}, []);

/** The run and its steps as JSON, piece by piece; steps are indices, from 0. */
export function* walkJson(rec: Recording, spec: RunSpec, from: number, to: number): Generator<string> {
  const head = {
    scenario: spec.scenario.id,
    strategy: spec.strategy,
    revision: spec.revision,
    kernel: spec.kernel ?? 'v2',
    fixes: spec.fixes ?? [],
    ...(spec.schedule === undefined ? {} : { schedule: spec.schedule, choices: choicesOf(rec) }),
    end: rec.end,
    actors: rec.actors,
    fingerprint: fingerprint(rec),
    counters: countersAt(rec, rec.length - 1),
    findings: findingsOf(rec),
    length: rec.length,
  };
  yield `${JSON.stringify(head).slice(0, -1)},"steps":[\n`;
  for (let step = from; step <= to; step++) yield `${JSON.stringify(stepJson(rec, step))}${step < to ? ',' : ''}\n`;
  yield ']}\n';
}

function stepJson(rec: Recording, step: number): object {
  const { log } = rec.machine;
  return {
    step,
    actor: log.actor[step],
    depth: log.depth[step],
    site: siteName(log.site[step] as number),
    op: OP_NAME[log.op[step] as number],
    a: log.a[step],
    b: log.b[step],
    c: log.c[step],
    text: stepLine(rec, step),
    changes: changesOf(rec, step).map(({ subject, field, oldText, neuText }) => ({
      subject,
      field,
      old: oldText,
      new: neuText,
    })),
  };
}
