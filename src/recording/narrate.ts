import { errnoName } from '../kernel/errno.ts';
import { OP } from '../machine/ops.ts';
import { functionOfSite, siteInfo } from '../machine/sites.ts';
import { formatValue } from './format.ts';
import { type TellDepth, opText } from './op-text.ts';
import type { Recording } from './recording.ts';
import { operandsAreTheSites } from './stack.ts';
import { siteTemplate } from './template.ts';

export type { TellDepth } from './op-text.ts';

/**
 * The text of a site with the step's operands in place; '' when the operands of the step are not those that the
 * text names (a primitive recorded at its caller's line).
 */
export function siteText(rec: Recording, step: number): string {
  const { log } = rec.machine;
  const pieces = siteTemplate(log.site[step] as number);
  const own = operandsAreTheSites(log.op[step] as number);
  let text = '';
  for (const piece of pieces) {
    if ('text' in piece) text += piece.text;
    else if (!own) return '';
    else text += formatValue(rec, piece.format, log[piece.operand][step] as number, step);
  }
  return text;
}

/**
 * What a step did, in one sentence. The recording is not moved.
 * @param depth 'student' in words; 'reviewer' as the kernel's calls with values
 */
export function stepSentence(rec: Recording, step: number, depth: TellDepth): string {
  if (step < 0) return 'Before the first step: the memory as the scenario describes it.';
  const { log } = rec.machine;
  const fn = functionOfSite(log.site[step] as number).name;
  const why = siteText(rec, step);
  const student = depth === 'student';
  switch (log.op[step]) {
    case OP.ENTER:
      return why === '' ? `${fn}() begins` : student ? `${fn}() begins: ${why}` : `${fn}(): ${why}`;
    case OP.EXIT:
      return returns(fn, log.a[step] as number, student);
    default:
  }
  const what = opText(rec, step, depth);
  if (what === undefined) return why === '' ? siteInfo(log.site[step] as number).label : why;
  if (why === '' || log.op[step] === OP.FINDING) return what;
  return student ? `${why}: ${what}` : `${what}; ${why}`;
}

function returns(fn: string, ret: number, student: boolean): string {
  if (student) return ret === 0 ? `${fn}() is done` : `${fn}() is done and returns ${errnoName(ret)}`;
  return `${fn}() = ${errnoName(ret)}`;
}

/** A step as one line of the log, for a reviewer: `hmm_vma_handle_pte:report hmm_pfns[3] = VALID|WRITE:S0`. */
export function stepLine(rec: Recording, step: number): string {
  if (step < 0) return 'initial memory';
  const { log } = rec.machine;
  const { fn, label } = siteInfo(log.site[step] as number);
  const text = stepSentence(rec, step, 'reviewer');
  return log.op[step] === OP.ENTER || log.op[step] === OP.EXIT ? text : `${fn}:${label} ${text}`;
}

const ASCII: Readonly<Record<string, string>> = {
  '→': '->',
  '←': '<-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '×': 'x',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '·': '*',
};

/** The same text in ASCII, for mail. */
export function asciiText(text: string): string {
  return text.replace(/[^\x20-\x7e\n]/g, (c) => ASCII[c] ?? '?');
}
