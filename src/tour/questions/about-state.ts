import { BANK, F, F_STRIDE } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { namesOf, pageText } from '../../recording/names.ts';
import { stepLine, stepSentence } from '../../recording/narrate.ts';
import { valueAt } from '../../recording/writers.ts';
import { writtenEntry, writtenWord } from '../../recording/written.ts';
import { entryVariants, entryWords } from './entry-words.ts';
import { poolOf } from './pool.ts';
import { type Draft, type Ground, code, literal } from './question.ts';

/*
 * Questions about what a step makes of the memory: an entry, a word, a count.
 */

/** What a step did, as the recording tells it to students. */
export function told({ rec }: Ground, step: number): string {
  const sentence = stepSentence(rec, step, 'student');
  return `${literal(sentence.charAt(0).toUpperCase() + sentence.slice(1))}.`;
}

/** What does the entry hold after the step? */
export function askEntry(g: Ground): Draft | undefined {
  const { rec, step, twins } = g;
  const w = writtenEntry(rec, step);
  if (w === undefined || w.neu === w.old) return undefined;
  const others = [rec, ...twins].flatMap((r) => poolOf(r).entries);
  const sameFrame = others.filter((e) => frameOf(e) === frameOf(w.neu));
  return {
    text: `The ${w.place} is about to change. Now it holds ${entryWords(w.old)}. What will it hold?`,
    right: entryWords(w.neu),
    wrong: [...entryVariants(w.neu), ...sameFrame, ...others].map(entryWords),
    because: told(g, step),
  };
}

const frameOf = (entry: string): string => /:(\S+)/.exec(entry)?.[1] ?? '';

/** What does the word of hmm_pfns, src or dst say after the step? */
export function askWord(g: Ground): Draft {
  const { rec, step, twins } = g;
  const { place, layout, value } = writtenWord(rec, step);
  const others = [rec, ...twins].flatMap((r) => poolOf(r).words.get(layout) ?? []);
  return {
    text: `${code(place)} is about to be written. What will it say?`,
    right: code(value),
    wrong: [...wordVariants(value), ...others].map(code),
    because: told(g, step),
  };
}

/** Words that differ in one flag, or in having a page frame. */
function wordVariants(value: string): string[] {
  const [flags = '', frame] = value.split(':');
  const set = flags === '0' ? [] : flags.split('|');
  const tail = frame === undefined ? '' : `:${frame}`;
  const toggled = (flag: string): string => {
    const next = set.includes(flag) ? set.filter((f) => f !== flag) : [...set, flag];
    return `${next.length === 0 ? '0' : next.join('|')}${next.includes('VALID') ? tail : ''}`;
  };
  return [...['MIGRATE', 'WRITE', 'VALID'].map(toggled), flags, 'ERROR', '0'];
}

/** How many references, or mappings, has the folio after the step? */
export function askRefs(g: Ground): Draft {
  const { rec, step } = g;
  const { op, a, b } = rec.machine.log;
  const folio = a[step] as number;
  const after = b[step] as number;
  const maps = op[step] === OP.FOLIO_REMOVE_RMAP;
  const before = valueAt(rec, BANK.FOLIO, folio * F_STRIDE + (maps ? F.MAP : F.REF), step - 1);
  const name = namesOf(rec).folio(folio);
  const what = maps
    ? 'One mapping of'
    : op[step] === OP.FOLIO_GET
      ? 'A reference is taken on'
      : 'A reference is dropped on';
  const ends = maps ? 'goes away. How many mappings are left?' : 'How many does it have then?';
  return {
    text: maps ? `${what} folio ${name} ${ends}` : `${what} folio ${name}. ${ends}`,
    right: count(after, maps),
    wrong: [before, after + 1, after - 1, after + 2, 0, 1, 2, 3].filter((n) => n >= 0).map((n) => count(n, maps)),
    because: `${told(g, step)} Before the step it had ${before}.`,
  };
}

function count(n: number, maps: boolean): string {
  if (maps) return n === 0 ? 'none' : String(n);
  return n === 0 ? '0: it is freed' : String(n);
}

/** What will stand in the place of the page when the fault handler is done? */
export function askFaultResult(g: Ground, exit: number, page: number): Draft {
  const { rec, step, twins } = g;
  let last: { old: string; neu: string; at: number } | undefined;
  let first: string | undefined;
  for (let i = step + 1; i <= exit; i++) {
    const w = writtenEntry(rec, i);
    if (w === undefined || w.neu === 'table') continue;
    if (!w.place.endsWith(pageText(rec, page)) && !w.place.startsWith('PMD')) continue;
    first ??= w.old;
    last = { old: w.old, neu: w.neu, at: i };
  }
  const same = 'nothing new: the entry stays as it is';
  const others = [rec, ...twins].flatMap((r) => poolOf(r).entries).filter((e) => /^(present|zero|huge)/.test(e));
  return {
    text: `The fault handler is called for ${pageText(rec, page)}. What stands there when it is done?`,
    right: last === undefined ? same : entryWords(last.neu),
    wrong: [same, entryWords('zero:Z YS'), ...others.map(entryWords), 'a new page of its own, writable', 'nothing'],
    because: last === undefined ? `No entry was written. ${code(stepLine(rec, exit))}` : told(g, last.at),
    reveal: exit,
  };
}
