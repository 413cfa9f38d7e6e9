import { functionOfSite } from '../../machine/sites.ts';
import { LOCK_OPS, OP } from '../../machine/ops.ts';
import { errnoName } from '../../kernel/errno.ts';
import { type Change, changesOf, isBookkeeping } from '../changes.ts';
import { asciiText, siteText } from '../narrate.ts';
import { opText } from '../op-text.ts';
import type { Recording } from '../recording.ts';
import { changeText } from '../step-log.ts';
import { actorName } from '../waits.ts';
import { MAIL_COLUMNS, wrap } from '../wrap.ts';

/*
 * Steps in columns, one for each CPU, as lockdep and the comments of the kernel draw them:
 *
 *   CPU0 (walker)                         CPU1 (munmap)
 *   ----                                  ----
 *   mm/hmm.c:hmm_vma_walk_pmd()
 *     pmd_lock(page 0)
 *                                         mm/memory.c:unmap_page_range()
 *                                           waits for the lock of the ...
 */

/** More columns than this would be too narrow to read: then each line names its CPU instead. */
const MOST_COLUMNS = 4;
const INDENT = 2;
const GAP = 2;
const SHOWN_CHANGES = 4;

/** What another CPU can see or wait for: the steps that an account of a race is made of. */
const SHARED: ReadonlySet<number> = new Set([
  ...LOCK_OPS,
  OP.FOLIO_FREE,
  OP.SET_PTE,
  OP.CLEAR_PTE,
  OP.CLEAR_FLUSH_PTE,
  OP.SET_PMD,
  OP.SET_PMD_MIGRATION,
  OP.INVALIDATE_PMD,
  OP.POPULATE,
  OP.BLOCKED,
  OP.FLUSH_TLB_RANGE,
  OP.NOTIFIER_START,
  OP.NOTIFIER_END,
  OP.INTERVAL_READ_BEGIN,
  OP.INTERVAL_CHECK_RETRY,
  OP.INTERVAL_READ_RETRY,
  OP.CPU_ACCESS,
  OP.SLEEP,
  OP.WAKE,
  OP.FINDING,
]);

/** Ops whose own text says all there is: what they change besides is how the machine keeps count of it. */
const SELF_EXPLAINING: ReadonlySet<number> = new Set([...LOCK_OPS, OP.FOLIO_FREE, OP.NOTIFIER_START, OP.NOTIFIER_END]);

/** True for steps that other CPUs can see or wait for. */
export function isShared(rec: Recording, step: number): boolean {
  return SHARED.has(rec.machine.log.op[step] as number);
}

/** `mm/hmm.c:hmm_vma_walk_pmd` of a step. */
export function placeOf(rec: Recording, step: number): string {
  const { file, name } = functionOfSite(rec.machine.log.site[step] as number);
  return `${file}:${name}`;
}

/** What the step changed, without what its own text says already and without bookkeeping. */
function shownChanges(rec: Recording, step: number, said: string): Change[] {
  if (SELF_EXPLAINING.has(rec.machine.log.op[step] as number)) return [];
  return changesOf(rec, step, SHOWN_CHANGES * 3).filter(
    (c) => !isBookkeeping(c) && !said.includes(`${c.oldText} → ${c.neuText}`) && !said.includes(`= ${c.neuText}`),
  );
}

/** What a step did, as short as a diagram needs it. */
function callText(rec: Recording, step: number): string {
  const { op, a } = rec.machine.log;
  const why = siteText(rec, step);
  if (op[step] === OP.ENTER) return why === '' ? 'begins' : why;
  if (op[step] === OP.EXIT) return `returns ${errnoName(a[step] as number)}`;
  return opText(rec, step, 'reviewer') ?? (why === '' ? 'goes on' : why);
}

interface Turn {
  readonly actor: number;
  readonly lines: readonly string[];
}

/**
 * Steps as lines of at most 75 ASCII columns, a column for each actor that takes part, in the order in which they ran.
 * Where an actor's steps do not follow each other stands `...`.
 */
export function diagram(rec: Recording, steps: readonly number[]): string[] {
  const { actor } = rec.machine.log;
  const actors = [...new Set(steps.map((s) => actor[s] as number))].toSorted((x, y) => x - y);
  if (actors.length === 0) return [];
  const columns = actors.length > MOST_COLUMNS ? 1 : actors.length;
  const width = Math.floor((MAIL_COLUMNS - INDENT - GAP * (columns - 1)) / columns);
  const turns = turnsOf(rec, steps, columns === 1 && actors.length > 1, width);
  if (columns === 1) return turns.flatMap((t) => t.lines.map((l) => ' '.repeat(INDENT) + l));
  const at = new Map(actors.map((a, i) => [a, INDENT + i * (width + GAP)]));
  const heads = actors.map((a) =>
    asciiText(`CPU${a} (${actorName(rec, a)})`)
      .slice(0, width)
      .padEnd(width + GAP),
  );
  const rules = actors.map(() => '----'.padEnd(width + GAP));
  return [
    `${' '.repeat(INDENT)}${heads.join('')}`.trimEnd(),
    `${' '.repeat(INDENT)}${rules.join('')}`.trimEnd(),
    ...turns.flatMap((t) => t.lines.map((l) => ' '.repeat(at.get(t.actor) ?? INDENT) + l)),
  ];
}

function turnsOf(rec: Recording, steps: readonly number[], named: boolean, width: number): Turn[] {
  const turns: Turn[] = [];
  let before = -1;
  let place = '';
  for (const step of steps) {
    const actor = rec.machine.log.actor[step] as number;
    const lines: string[] = [];
    const put = (indent: number, text: string): void => {
      lines.push(...wrap(indent, indent + 2, asciiText(text), width));
    };
    const turn = before < 0 || rec.machine.log.actor[before] !== actor;
    if (!turn && step !== before + 1) lines.push('...');
    const here = placeOf(rec, step);
    if (turn || here !== place) put(0, `${named && turn ? `CPU${actor}: ` : ''}${here}()`);
    const said = callText(rec, step);
    put(2, said);
    const changes = shownChanges(rec, step, said);
    for (const c of changes.slice(0, SHOWN_CHANGES)) put(4, changeText(c));
    if (changes.length > SHOWN_CHANGES) put(4, `... ${rec.deltaEnd(step) - rec.deltaBegin(step)} writes in all`);
    turns.push({ actor, lines });
    before = step;
    place = here;
  }
  return turns;
}
