import type { RuleFinding } from '../../recording/rule-findings.ts';
import { OP } from '../../machine/ops.ts';
import { functionOfSite, siteInfo } from '../../machine/sites.ts';
import { type HeldLock, locksHeld } from '../../recording/locks.ts';
import { asciiText } from '../../recording/narrate.ts';
import { namesOf, tableText } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { stackAt } from '../../recording/stack.ts';
import { CLASS, CLASS_SYMBOL } from './lock-class.ts';

/** Columns of a report at most: it is pasted into mails. */
const COLUMNS = 75;
/** Locks and callers listed at most. */
const MOST_LOCKS = 8;
const MOST_CALLERS = 12;

/**
 * A finding about locks in the form in which a kernel developer knows it from lockdep: who, where, which locks are held,
 * how one got there. ASCII, at most 75 columns; undefined when the rule is not about locks. The recording is not moved.
 */
export function lockdepReport(rec: Recording, finding: RuleFinding): string | undefined {
  const lines = body(rec, finding);
  if (lines === undefined) return undefined;
  return [...lines, '', 'stack backtrace:', ...callers(rec, finding)].map(fit).join('\n').concat('\n');
}

function body(rec: Recording, f: RuleFinding): string[] | undefined {
  const held = locksHeld(rec, f.step - 1).filter((lock) => lock.actor === f.actor);
  switch (f.rule) {
    case 'lock-circle':
      return circular(rec, f, held, f.b, f.c);
    case 'lock-order':
      return f.b === f.c ? recursive(rec, f, held, f.b) : circular(rec, f, held, f.b, f.c);
    case 'unlock-not-owner':
      return unbalanced(rec, f, held, fromKernel(rec, f) ? `folio lock of ${namesOf(rec).folio(f.a)}` : symbol(f.c));
    case 'rcu-imbalance':
      return unbalanced(rec, f, held, symbol(CLASS.RCU));
    case 'lock-held-at-exit':
      return atReturn(rec, f, held);
    case 'sleep-in-atomic':
      return sleeping(rec, f, held);
    case 'use-after-free':
      return held.some((lock) => lock.kind === 'folio' && lock.id === f.a) ? freed(rec, f, held) : undefined;
    default:
      return undefined;
  }
}

/** A finding that the running kernel made itself: its numbers are those of its own rule. */
const fromKernel = (rec: Recording, f: RuleFinding): boolean => rec.machine.log.op[f.step] === OP.FINDING;

const who = (rec: Recording, actor: number): string => `${rec.actors[actor] ?? 'somebody'}/${actor}`;
const symbol = (lockClass: number): string => `(${CLASS_SYMBOL[lockClass] ?? '?'})`;

function place(f: { readonly site: number; readonly step: number }): string {
  const { fn, label } = siteInfo(f.site);
  return `${fn}:${label}, step ${f.step + 1}`;
}

function header(title: string): string[] {
  const line = '='.repeat(Math.min(COLUMNS, title.length));
  return [line, title, line.replaceAll('=', '-')];
}

function circular(rec: Recording, f: RuleFinding, held: readonly HeldLock[], wanted: number, have: number): string[] {
  return [
    ...header('WARNING: possible circular locking dependency detected'),
    `${who(rec, f.actor)} is trying to acquire lock:`,
    ` ${symbol(wanted)}, at: ${place(f)}`,
    '',
    'but it already holds lock:',
    ` ${symbol(have)}${takenAt(rec, held, have)}`,
    '',
    f.rule === 'lock-circle'
      ? 'which is taken under the new lock elsewhere in this run.'
      : 'which the order of mm/rmap.c puts inside the new lock.',
    '',
    ' Possible unsafe locking scenario:',
    '',
    '       CPU0                          CPU1',
    '       ----                          ----',
    `  lock${symbol(have)};`,
    `                                lock${symbol(wanted)};`,
    `                                lock${symbol(have)};`,
    `  lock${symbol(wanted)};`,
    '',
    ' *** DEADLOCK ***',
    '',
    ...listed(rec, f, held),
  ];
}

function recursive(rec: Recording, f: RuleFinding, held: readonly HeldLock[], lockClass: number): string[] {
  return [
    ...header('WARNING: possible recursive locking detected'),
    `${who(rec, f.actor)} is trying to acquire lock:`,
    ` ${symbol(lockClass)}, at: ${place(f)}`,
    '',
    'but it already holds a lock of the same class:',
    ` ${symbol(lockClass)}${takenAt(rec, held, lockClass)}`,
    '',
    ' Two tasks that take two of them in different orders wait for each other.',
    '',
    ...listed(rec, f, held),
  ];
}

function unbalanced(rec: Recording, f: RuleFinding, held: readonly HeldLock[], lock: string): string[] {
  return [
    ...header('WARNING: bad unlock balance detected!'),
    `${who(rec, f.actor)} is trying to release lock ${lock} at:`,
    ` ${place(f)}`,
    'but it does not hold that lock!',
    '',
    ...listed(rec, f, held),
  ];
}

function atReturn(rec: Recording, f: RuleFinding, held: readonly HeldLock[]): string[] {
  return [
    ...header('WARNING: lock held when returning to user space!'),
    `${who(rec, f.actor)} is leaving the kernel with locks still held, at:`,
    ` ${place(f)}`,
    '',
    ...listed(rec, f, held),
  ];
}

function sleeping(rec: Recording, f: RuleFinding, held: readonly HeldLock[]): string[] {
  const spins = held.filter((lock) => lock.kind === 'pmd' || lock.kind === 'pte').length;
  const rcu = held.filter((lock) => lock.kind === 'rcu').length;
  return [
    `BUG: sleeping function called from invalid context at ${functionOfSite(f.site).file}`,
    `in_atomic(): ${spins > 0 ? 1 : 0}, RCU nest depth: ${rcu}, expected: 0, name: ${who(rec, f.actor)}`,
    `called at ${place(f)}`,
    '',
    ...listed(rec, f, held),
  ];
}

function freed(rec: Recording, f: RuleFinding, held: readonly HeldLock[]): string[] {
  return [
    ...header('WARNING: held lock freed!'),
    `${who(rec, f.actor)} is freeing ${namesOf(rec).folio(f.a)}, with a lock still held there, at:`,
    ` ${place(f)}`,
    '',
    ...listed(rec, f, held),
  ];
}

/** Where the actor took the latest lock of a class that it holds. */
function takenAt(rec: Recording, held: readonly HeldLock[], lockClass: number): string {
  const lock = held.findLast((h) => KIND_CLASS[h.kind] === lockClass);
  return lock === undefined || lock.since < 0
    ? ''
    : `, at: ${place({ step: lock.since, site: rec.machine.log.site[lock.since] as number })}`;
}

const KIND_CLASS: Readonly<Record<HeldLock['kind'], number>> = {
  mmap: CLASS.MMAP,
  folio: CLASS.FOLIO,
  anon_vma: CLASS.ANON_VMA,
  pmd: CLASS.PMD,
  pte: CLASS.PTE,
  rcu: CLASS.RCU,
};

/** `2 locks held by walker/0:` and each of them. */
function listed(rec: Recording, f: RuleFinding, held: readonly HeldLock[]): string[] {
  const n = held.length;
  if (n === 0) return [`no locks held by ${who(rec, f.actor)}.`];
  const lines = [`${n} ${n === 1 ? 'lock' : 'locks'} held by ${who(rec, f.actor)}:`];
  held.slice(0, MOST_LOCKS).forEach((lock, i) => {
    const since =
      lock.since < 0
        ? 'held from the beginning'
        : place({ step: lock.since, site: rec.machine.log.site[lock.since] as number });
    lines.push(` #${i}: ${symbol(KIND_CLASS[lock.kind])} of ${subject(rec, lock)}`, `     at: ${since}`);
  });
  if (n > MOST_LOCKS) lines.push(` and ${n - MOST_LOCKS} more`);
  return lines;
}

function subject(rec: Recording, lock: HeldLock): string {
  if (lock.kind === 'folio') return namesOf(rec).folio(lock.id);
  if (lock.kind === 'pmd' || lock.kind === 'pte') return `the ${tableText(rec, lock.id)}`;
  return lock.kind === 'mmap' ? `mm ${lock.id}${lock.write ? ', for writing' : ''}` : `${lock.kind} ${lock.id}`;
}

/** The calls that led there, the innermost first. */
function callers(rec: Recording, f: RuleFinding): string[] {
  const stack = stackAt(rec, f.step, f.actor);
  return stack
    .toReversed()
    .slice(0, MOST_CALLERS)
    .map((frame) => ` ${frame.fn}`);
}

function fit(line: string): string {
  const text = asciiText(line);
  return text.length <= COLUMNS ? text : `${text.slice(0, COLUMNS - 3)}...`;
}
