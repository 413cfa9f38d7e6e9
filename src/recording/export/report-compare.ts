import { COUNTERS, type Counters, countersAt } from '../counters.ts';
import { stepLine } from '../narrate.ts';
import type { Recording } from '../recording.ts';
import { findingsOf } from '../step-log.ts';
import { stepNumber } from '../step-number.ts';
import { placeOf } from './diagram.ts';
import { type Run, headBlocks, textName } from './head.ts';
import type { Block, Report } from './report.ts';

const LETTERS = 'ABCD';

/** First step at which two recordings do not do the same; -1 when they never part. */
export function partingStep(x: Recording, y: Recording): number {
  const p = x.machine.log;
  const q = y.machine.log;
  const columns = [
    [p.site, q.site],
    [p.op, q.op],
    [p.actor, q.actor],
    [p.a, q.a],
    [p.b, q.b],
    [p.c, q.c],
  ] as const;
  const common = Math.min(x.length, y.length);
  for (let i = 0; i < common; i++) if (columns.some(([u, w]) => u[i] !== w[i])) return i;
  return x.length === y.length ? -1 : common;
}

/** Two to four runs side by side: what each came to, the counters that differ, and where each parts from the first. */
export async function compareReport(runs: readonly Run[]): Promise<Report> {
  const [first, ...others] = runs;
  if (first === undefined || others.length === 0 || runs.length > LETTERS.length)
    throw new RangeError(`a comparison has 2 to ${LETTERS.length} runs, not ${runs.length}`);
  const partings = others.map((o) => partingStep(first.recording, o.recording));
  const parting = partings.find((p) => p >= 0) ?? first.recording.length - 1;
  const counters = runs.map((r) => countersAt(r.recording, r.recording.length - 1));
  return {
    title: `${runs.map((r) => textName(r.spec)).join(' / ')}: ${first.spec.scenario.title}`,
    blocks: [
      ...(await headBlocks(first, Math.min(parting, first.recording.length - 1), `all ${first.recording.length}`)),
      { kind: 'list', items: runs.map((r, i) => `${LETTERS[i]}: ${textName(r.spec)}${outcome(r.recording)}`) },
      counterTable(runs, counters),
      ...others.flatMap((o, i) => partingBlocks(first, o, partings[i] as number, LETTERS[i + 1] ?? '?')),
    ],
  };
}

function outcome(rec: Recording): string {
  const rules = findingsOf(rec).map((f) => `${f.rule} at step ${stepNumber(f.step)}`);
  return `: ${rec.length} steps, ended: ${rec.end}; ${rules.length === 0 ? 'no rule broken' : rules.slice(0, 4).join(', ')}`;
}

function counterTable(runs: readonly Run[], counters: readonly Counters[]): Block {
  const rows = COUNTERS.map((c) => [c.title, ...counters.map((x) => String(x[c.id]))]).filter(([, head, ...rest]) =>
    rest.some((value) => value !== head),
  );
  if (rows.length === 0) return { kind: 'text', text: 'All counters are equal.' };
  return { kind: 'table', head: ['Counters that differ', ...runs.map((_, i) => LETTERS[i] ?? '?')], rows };
}

function partingBlocks(first: Run, other: Run, at: number, letter: string): Block[] {
  if (at < 0) return [{ kind: 'text', text: `A and ${letter} do the same, step by step.` }];
  const says = (rec: Recording): string =>
    at < rec.length ? `${placeOf(rec, at)}(): ${stepLine(rec, at)}` : 'has ended';
  return [
    { kind: 'text', text: `A and ${letter} part at step ${stepNumber(at)}:` },
    { kind: 'list', items: [`A ${says(first.recording)}`, `${letter} ${says(other.recording)}`] },
  ];
}
