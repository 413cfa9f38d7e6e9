import { BANK } from '../../machine/layout.ts';
import { siteInfo } from '../../machine/sites.ts';
import { type Change, changesOf } from '../changes.ts';
import { locksHeld, lockText } from '../locks.ts';
import { asciiText, stepSentence } from '../narrate.ts';
import type { Recording } from '../recording.ts';
import { stackAt } from '../stack.ts';
import { changeText } from '../step-log.ts';
import { stepAmong, stepNumber } from '../step-number.ts';
import { actorName } from '../waits.ts';
import { MAIL_COLUMNS, wrap } from '../wrap.ts';
import { placeOf } from './diagram.ts';
import { type Run, headBlocks } from './head.ts';
import { oneLine } from './print-mail.ts';
import type { Block, Report } from './report.ts';
import { TOOL } from './tool.ts';

/** Changes and locks of one step that are listed at most; a split writes 512 entries. */
const MOST = 12;

/** A step: what it does, the call trace, the words it changed bit for bit, the locks held after it. */
export async function stepReport(run: Run, step: number): Promise<Report> {
  const { recording: rec } = run;
  const changes = changesOf(rec, step, MOST + 1).filter((c) => c.kind !== 'machine');
  const blocks: Block[] = [
    { kind: 'text', text: `${stepSentence(rec, step, 'reviewer')}.` },
    ...(await headBlocks(run, step, stepAmong(step, rec.length))),
    ...traceBlocks(rec, step),
  ];
  if (changes.length > 0) {
    const more = changes.length > MOST ? [`... ${rec.deltaEnd(step) - rec.deltaBegin(step)} writes in all`] : [];
    const lines = [...changes.slice(0, MOST).flatMap(changeLines), ...more];
    blocks.push({ kind: 'text', text: 'What it changes:' }, { kind: 'lines', lines });
  }
  blocks.push(...lockBlocks(rec, step));
  return {
    title: `${step < 0 ? 'Before the first step' : `${placeOf(rec, step)}(), step ${stepNumber(step)}`}: ${run.spec.scenario.title}`,
    blocks,
  };
}

/** The calls that the actor of the step stands in, outermost first, as a trace. */
export function traceBlocks(rec: Recording, step: number): Block[] {
  if (step < 0) return [];
  const actor = rec.machine.log.actor[step] as number;
  const frames = stackAt(rec, step);
  if (frames.length === 0) return [];
  const lines = frames.flatMap((f, depth) =>
    wrap(2 + Math.min(depth, 20), 24, asciiText(`${f.file}:${f.fn}() at ${siteInfo(f.site).label}`)),
  );
  return [
    { kind: 'text', text: `Calls of CPU${actor} (${actorName(rec, actor)}), outermost first:` },
    { kind: 'lines', lines },
  ];
}

/** The locks held after a step. */
export function lockBlocks(rec: Recording, step: number): Block[] {
  const held = locksHeld(rec, step, MOST + 1);
  if (held.length === 0) return [];
  const items = held
    .slice(0, MOST)
    .map(
      (l) =>
        `${actorName(rec, l.actor)}: ${lockText(rec, l)}${l.since < 0 ? ', from before' : `, since step ${stepNumber(l.since)}`}`,
    );
  if (held.length > MOST) items.push('…');
  return [
    { kind: 'text', text: 'Locks held after it:' },
    { kind: 'list', items },
  ];
}

const half = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** A 64-bit word with its bits before and after; a field in one line. */
function changeLines(c: Change): string[] {
  if (c.bank !== BANK.PT && c.bank !== BANK.WORDS) return wrap(2, 4, asciiText(changeText(c)));
  return [
    ...wrap(2, 4, asciiText(c.subject)),
    ...wrap(4, 11, `before 0x${half(c.oldHi)}${half(c.old)} ${asciiText(c.oldText)}`),
    ...wrap(4, 11, `after  0x${half(c.neuHi)}${half(c.neu)} ${asciiText(c.neuText)}`),
  ];
}

/** A step in one line of at most 75 ASCII characters: tool, scenario, step, `file:function` and what it does. */
export function citation(run: Run, step: number): string {
  const { recording: rec, spec } = run;
  const where = step < 0 ? 'before the first step' : `${placeOf(rec, step)}() ${stepSentence(rec, step, 'reviewer')}`;
  const line = oneLine(`${TOOL.name} ${spec.scenario.id}#${stepNumber(step)}: ${where}`);
  return line.length <= MAIL_COLUMNS ? line : `${line.slice(0, MAIL_COLUMNS - 3).trimEnd()}...`;
}
