import { RULES } from '../../kernel/rules.ts';
import { errnoName } from '../../kernel/errno.ts';
import { RANGE } from '../../kernel/structs.ts';
import { BANK } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { functionOfSite } from '../../machine/sites.ts';
import { stepLine, stepSentence } from '../../recording/narrate.ts';
import { namesOf, pageText } from '../../recording/names.ts';
import { pageOfStep } from '../../recording/moves.ts';
import type { Recording } from '../../recording/recording.ts';
import { callSpans, spanAt } from '../../recording/spans.ts';
import { valueAt } from '../../recording/writers.ts';
import { askFaultResult, told } from './about-state.ts';
import { lockName } from './lock-name.ts';
import { poolOf, walksIn } from './pool.ts';
import { type Draft, type Ground, code, literal } from './question.ts';

/*
 * Questions about which way the code goes: a lock, a result, a restart, a count of walks.
 */

const fnOf = (rec: Recording, step: number): string => functionOfSite(rec.machine.log.site[step] as number).name;

/** Which lock does the next step take, or wait for? */
export function askLock(g: Ground): Draft | undefined {
  const { rec, step, twins } = g;
  const right = lockName(rec, step);
  if (right === undefined) return undefined;
  const blocked = rec.machine.log.op[step] === OP.BLOCKED;
  const always = ['the mmap lock, for reading', 'the mmap lock, for writing', 'the lock of anon_vma 1'];
  const others = [rec, ...twins].flatMap((r) => poolOf(r).locks);
  return {
    text: blocked ? 'The next step has to wait. For what?' : 'The next step takes a lock. Which one?',
    right,
    wrong: [...others, ...always, 'the lock of folio S0', 'the end of an invalidation'],
    because: told(g, step),
  };
}

/** Does the trylock get the lock? */
export function askTrylock(g: Ground): Draft {
  const { rec, step } = g;
  const { a, b } = rec.machine.log;
  const taken = 'It is free: the walker takes it.';
  const refused = 'Somebody else holds it: refused at once.';
  const waits = 'Somebody else holds it: the walker waits until it is free.';
  return {
    text: `${code('folio_trylock')} is tried on folio ${namesOf(rec).folio(a[step] as number)}. What happens?`,
    right: b[step] === 1 ? taken : refused,
    wrong: [taken, refused, waits],
    because: `${told(g, step)} A trylock never waits.`,
  };
}

/** What does the function return? */
export function askReturn(g: Ground): Draft {
  const { rec, step, twins } = g;
  const fn = fnOf(rec, step);
  const ret = rec.machine.log.a[step] as number;
  const others = [rec, ...twins].flatMap((r) => poolOf(r).returns.get(fn) ?? []);
  const likely = ret > 0 || fn === 'migrate_vma_check_page' ? [String(ret + 1), String(ret - 1), '0', '1'] : [];
  return {
    text: `${code(`${fn}()`)} is about to return. What does it give back?`,
    right: code(errnoName(ret)),
    wrong: [...others, ...likely, '0', '-EBUSY', '-EFAULT', '-EAGAIN', '-EINVAL', '-ENOMEM'].map(code),
    because: `${code(`${fn}()`)} returns ${code(errnoName(ret))}. ${reason(g)}`,
  };
}

/** The last statement of the function itself before it returns. */
function reason({ rec, step }: Ground): string {
  const { actor, depth, op } = rec.machine.log;
  for (let i = step - 1; i >= 0; i--) {
    if (actor[i] !== actor[step] || (depth[i] as number) > (depth[step] as number)) continue;
    if (op[i] === OP.ENTER) break;
    return `Its last statement before that: ${literal(stepSentence(rec, i, 'student'))}.`;
  }
  return 'Nothing stopped it on its way.';
}

/** Has the notifier’s sequence moved on? */
export function askRetry(g: Ground): Draft {
  const { rec, step } = g;
  const yes = 'Yes: what was read is void, start again.';
  const no = 'No: what was read still holds.';
  return {
    text: 'The notifier’s sequence is compared with the one read at the beginning. Has it moved on?',
    right: rec.machine.log.b[step] === 1 ? yes : no,
    wrong: [yes, no, 'That is only known when the invalidation that runs is over: it waits.'],
    because: told(g, step),
  };
}

/** What does the walk do about the page? */
export function askFault(g: Ground): Draft | undefined {
  const { rec, step } = g;
  const exit = exitOf(rec, step);
  const page = pageOfStep(rec, step);
  if (exit === undefined || page === null) return undefined;
  if (fnOf(rec, step) === 'handle_mm_fault') return askFaultResult(g, exit, page);
  const { op, a } = rec.machine.log;
  let faultAt = -1;
  let wroteAt = -1;
  for (let i = step + 1; i < exit; i++) {
    if (op[i] === OP.ENTER && fnOf(rec, i) === 'hmm_vma_fault') faultAt = i;
    if (op[i] === OP.PFN_WRITE && wroteAt < 0) wroteAt = i;
  }
  const ret = a[exit] as number;
  const way = faultAt >= 0 ? FAULTED : ret < 0 ? STOPPED : wroteAt >= 0 ? REPORTED : LEFT;
  const shown = faultAt >= 0 ? faultAt : wroteAt >= 0 ? wroteAt : exit;
  return {
    text: `${code(`${fnOf(rec, step)}()`)} looks at ${pageText(rec, page)}. What will it do?`,
    right: way,
    wrong: [FAULTED, REPORTED, STOPPED, LEFT],
    because: `${told(g, shown)} ${code(stepLine(rec, exit))}`,
    reveal: shown,
  };
}

const FAULTED = 'Call the fault handler; then the walk starts again.';
const REPORTED = 'Write what is there into the array, without a fault.';
const STOPPED = 'Give up with an error, without a fault.';
const LEFT = 'Leave the array as it is, and go on.';

/** EXIT step of a call, undefined when it never returned. */
function exitOf(rec: Recording, enter: number): number | undefined {
  const x = callSpans(rec);
  const row = spanAt(x, enter, rec.machine.log.actor[enter] as number);
  return row >= 0 && x.returned[row] === 1 ? x.to[row] : undefined;
}

/** How often will the call walk the tables? */
export function askWalks(g: Ground): Draft {
  const { rec, step, twins } = g;
  const n = walksIn(rec, step);
  const others = [rec, ...twins].flatMap((r) => poolOf(r).walks);
  return {
    text: `${code('hmm_range_fault()')} begins. How many times will it call ${code('walk_page_range()')}?`,
    right: times(n),
    wrong: [...others, n + 1, n - 1, n + 2, 1, 2, 3, 8].filter((m) => m > 0).map(times),
    because:
      n === 1
        ? 'Nothing interrupts the walk: one call is enough.'
        : 'Each fault, and each split of a huge page, interrupts the walk; it starts again at `last`.',
    reveal: exitOf(rec, step) ?? step,
  };
}

const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);

/** Which pages will have MIGRATE when the call returns? */
export function askMigrates(g: Ground): Draft | undefined {
  const { rec, step } = g;
  const exit = exitOf(rec, step);
  if (exit === undefined || rec.enc.MIGRATE === 0) return undefined;
  const range = rec.machine.log.a[step] as number;
  const start = valueAt(rec, BANK.OBJ, range + RANGE.START, step);
  const pages = valueAt(rec, BANK.OBJ, range + RANGE.END, step) - start;
  const words = valueAt(rec, BANK.OBJ, range + RANGE.HMM_PFNS, step);
  if (pages <= 0 || pages > MOST_PAGES || words === 0) return undefined;
  const flagged = (bit: number): boolean[] =>
    Array.from({ length: pages }, (_, i) => (valueAt(rec, BANK.WORDS, (words + i) * 2 + 1, exit) & bit) !== 0);
  const has = flagged(rec.enc.MIGRATE);
  const valid = flagged(rec.enc.VALID);
  const first = start - rec.origin;
  const tell = (list: readonly boolean[]): string => pagesText(list, first);
  const right = tell(has);
  if (right.length > 60) return undefined;
  return {
    text: `${code('hmm_range_fault()')} begins. Which pages will have MIGRATE in ${code('hmm_pfns[]')} when it returns?`,
    right,
    wrong: [
      tell(valid),
      tell(has.map(() => true)),
      tell(has.map((x) => !x)),
      tell(has.map((x, i) => (i === 0 ? !x : x))),
      tell(has.map((x, i) => (i === pages - 1 ? !x : x))),
      tell(has.map(() => false)),
    ].filter((t) => t.length <= 60),
    because: `At its end: ${right}. ${code(stepLine(rec, exit))}`,
    reveal: exit,
  };
}

const MOST_PAGES = 4096;

/** `pages 0..3, 6` */
export function pagesText(has: readonly boolean[], first: number): string {
  const parts: string[] = [];
  for (let i = 0; i < has.length; i++) {
    if (has[i] !== true) continue;
    let j = i;
    while (has[j + 1] === true) j++;
    parts.push(i === j ? String(i + first) : `${i + first}..${j + first}`);
    i = j;
  }
  if (parts.length === 0) return 'none';
  return parts.length === 1 && !parts[0]?.includes('..') ? `page ${parts[0]}` : `pages ${parts.join(', ')}`;
}

/** What does the device do about the event? */
export function askNotifier(g: Ground): Draft {
  const { rec, step } = g;
  const ignored = 'It ignores it: the event is its own migration.';
  const drops = 'It drops its mirror of the range.';
  return {
    text: `Device ${rec.machine.log.a[step]} is told that entries are about to change. What does its driver do?`,
    right: rec.machine.log.c[step] === 1 ? ignored : drops,
    wrong: [ignored, drops, 'It makes the walk wait until the device is idle.', 'It returns -EBUSY to the walk.'],
    because: told(g, step),
  };
}

/** Can the folio be isolated; can the page be shared? */
export function askIsolate(g: Ground): Draft {
  const { rec, step } = g;
  const { op, a, b, c } = rec.machine.log;
  if (op[step] === OP.FOLIO_ISOLATE_LRU) {
    const yes = 'Yes: it is on a list, and leaves it.';
    const no = 'No: it is on no list.';
    return {
      text: `Folio ${namesOf(rec).folio(a[step] as number)} is to be taken off its LRU list. Does it work?`,
      right: c[step] === 1 ? yes : no,
      wrong: [yes, no, 'No: somebody holds its lock.'],
      because: told(g, step),
    };
  }
  const yes = 'Yes: the mark goes.';
  const no = 'No: the page may be pinned, the mark stays (-EBUSY).';
  return {
    text: `${namesOf(rec).frame(a[step] as number)} is marked as this process’s alone. Can the mark be taken away?`,
    right: b[step] === 0 ? yes : no,
    wrong: [yes, no, 'No: another process maps it.'],
    because: told(g, step),
  };
}

/** Which rule is broken? */
export function askFinding(g: Ground): Draft {
  const { rec, step } = g;
  const rule = RULES.find((r) => r.id === rec.machine.log.a[step]);
  const from = RULES.findIndex((r) => r === rule);
  const others = [...RULES.slice(from + 1), ...RULES.slice(0, Math.max(0, from))];
  return {
    text: 'Something goes wrong at the next step. What?',
    right: literal(rule?.says ?? 'a rule without a name'),
    wrong: others.map((r) => literal(r.says)),
    because: told(g, step),
  };
}
