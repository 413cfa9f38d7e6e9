import {
  A,
  A_STRIDE,
  BANK,
  EXTERNAL_ACTOR,
  F,
  F_STRIDE,
  MM,
  MM_STRIDE,
  T,
  T_STRIDE,
  AV,
  AV_STRIDE,
} from '../machine/layout.ts';
import { OP, WAIT } from '../machine/ops.ts';
import { holdersOf, lockText } from './locks.ts';
import { tableText } from './names.ts';
import type { Recording } from './recording.ts';
import { lastWriter, valueAt } from './writers.ts';

/** What an actor waits for. `loop`: its own loop needs somebody to change something; `dead`: the kernel stopped under it. */
export type WaitKind = 'spinlock' | 'folio' | 'mmap' | 'anon_vma' | 'notifier' | 'loop' | 'dead' | 'other';

/** One actor that cannot go on: an edge from it to each of the holders. */
export interface Wait {
  readonly actor: number;
  readonly kind: WaitKind;
  /** table, folio, mm, anon_vma or device */
  readonly id: number;
  /** actors that would have to let go; EXTERNAL_ACTOR for somebody outside the scenario */
  readonly holders: readonly number[];
  /** step at which the wait began */
  readonly since: number;
  /** what is waited for, in words */
  readonly what: string;
}

/** Why actors that wait will wait for ever. */
export type StuckKind = 'deadlock' | 'lost-wake-up' | 'livelock' | 'outside' | 'dead';

/** The end of a run in which somebody still waits. */
export interface Stuck {
  readonly kind: StuckKind;
  /** the actors of the cycle, in order, when it is a deadlock */
  readonly cycle: readonly number[];
  readonly waits: readonly Wait[];
  /** the graph in words, a sentence each */
  readonly says: readonly string[];
}

const KIND: Readonly<Record<number, WaitKind>> = {
  [WAIT.SPINLOCK]: 'spinlock',
  [WAIT.FOLIO]: 'folio',
  [WAIT.MMAP]: 'mmap',
  [WAIT.ANON_VMA]: 'anon_vma',
  [WAIT.NOTIFIER]: 'notifier',
  [WAIT.LIVELOCK]: 'loop',
  [WAIT.DEAD]: 'dead',
};

/** Every actor that waits after `step`, with what it waits for and who has it. The recording is not moved. */
export function waitsAt(rec: Recording, step: number): Wait[] {
  const waits: Wait[] = [];
  for (let actor = 0; actor < rec.actors.length; actor++) {
    const cell = actor * A_STRIDE;
    const wait = valueAt(rec, BANK.ACTOR, cell + A.WAIT, step);
    if (wait === WAIT.NONE) continue;
    const id = valueAt(rec, BANK.ACTOR, cell + A.WAIT_ID, step);
    const kind = KIND[wait] ?? 'other';
    waits.push({
      actor,
      kind,
      id,
      holders: holders(rec, kind, id, actor, step),
      since: lastWriter(rec, BANK.ACTOR, cell + A.WAIT, step),
      what: whatText(rec, kind, id),
    });
  }
  return waits;
}

function holders(rec: Recording, kind: WaitKind, id: number, actor: number, step: number): number[] {
  const owner = (bank: number, index: number): number[] => {
    const holder = valueAt(rec, bank, index, step);
    return holder === 0 ? [] : [holder - 1];
  };
  switch (kind) {
    case 'spinlock':
      return owner(BANK.TABLE, id * T_STRIDE + T.LOCK);
    case 'folio':
      return owner(BANK.FOLIO, id * F_STRIDE + F.LOCKER);
    case 'anon_vma':
    case 'mmap': {
      const [bank, cell, at] =
        kind === 'mmap' ? ([BANK.MM, id * MM_STRIDE, MM] as const) : ([BANK.ANON_VMA, id * AV_STRIDE, AV] as const);
      const writer = owner(bank, cell + at.WRITER);
      if (writer.length > 0) return writer;
      const queued = owner(bank, cell + at.QUEUED);
      return queued.length > 0 && queued[0] !== actor ? queued : [...new Set(holdersOf(rec, kind, id, step))];
    }
    case 'notifier':
      return invalidating(rec, step);
    default:
      return [];
  }
}

/** Actors that have begun more invalidations than they have ended. */
function invalidating(rec: Recording, step: number): number[] {
  const { op, actor } = rec.machine.log;
  const open = new Map<number, number>();
  for (let i = 0; i <= step; i++) {
    const by = op[i] === OP.NOTIFIER_START ? 1 : op[i] === OP.NOTIFIER_END ? -1 : 0;
    if (by !== 0) open.set(actor[i] as number, (open.get(actor[i] as number) ?? 0) + by);
  }
  return [...open].filter(([, n]) => n > 0).map(([a]) => a);
}

function whatText(rec: Recording, kind: WaitKind, id: number): string {
  switch (kind) {
    case 'spinlock':
      return `the lock of the ${tableText(rec, id)}`;
    case 'folio':
      return `the ${lockText(rec, { kind: 'folio', id, write: false })}`;
    case 'mmap':
      return 'the mmap lock';
    case 'anon_vma':
      return `the lock of anon_vma ${id}`;
    case 'notifier':
      return `the end of an invalidation that device ${id} was told of`;
    case 'loop':
      return 'somebody to change what its loop looks at';
    case 'dead':
      return 'nothing any more: the kernel stopped under it';
    case 'other':
      return 'something else';
    default:
      return kind satisfies never;
  }
}

/** What an actor is called in sentences. */
export function actorName(rec: Recording, actor: number): string {
  if (actor === EXTERNAL_ACTOR) return 'somebody outside the scenario';
  const name = rec.actors[actor] ?? `actor ${actor}`;
  const same = rec.actors.filter((a) => a === name).length > 1;
  return same ? `${name} (${'abcdefgh'[actor] ?? actor})` : name;
}

/** A wait as a sentence: `walker waits for the folio lock of S0, which cpu_read holds`. */
export function waitText(rec: Recording, wait: Wait): string {
  const who = wait.holders.map((h) => (h === wait.actor ? 'it itself' : actorName(rec, h)));
  const held = who.length === 0 ? '' : `, which ${who.join(' and ')} ${who.length === 1 ? 'holds' : 'hold'}`;
  return `${actorName(rec, wait.actor)} waits for ${wait.what}${held}`;
}

/**
 * Why the run did not come to its end: the wait-for graph of its last step and what it amounts to. Undefined when
 * everybody returned. A cycle is a deadlock; a lock (or an invalidation) whose holder has returned is a lost wake-up:
 * nobody is left who would end the wait.
 */
export function stuckOf(rec: Recording): Stuck | undefined {
  const waits = waitsAt(rec, rec.length - 1);
  if (waits.length === 0) return undefined;
  const cycle = cycleOf(waits);
  const kind = kindOf(waits, cycle);
  return { kind, cycle, waits, says: [...waits.map((w) => `${waitText(rec, w)}.`), verdictText(rec, kind, cycle)] };
}

function kindOf(waits: readonly Wait[], cycle: readonly number[]): StuckKind {
  if (cycle.length > 0) return 'deadlock';
  if (waits.some((w) => w.kind === 'dead')) return 'dead';
  if (waits.some((w) => w.kind === 'loop')) return 'livelock';
  return waits.every((w) => w.holders.includes(EXTERNAL_ACTOR)) ? 'outside' : 'lost-wake-up';
}

/** The first cycle of the graph, from its lowest actor on; empty when there is none. */
function cycleOf(waits: readonly Wait[]): number[] {
  const edges = new Map(waits.map((w) => [w.actor, w.holders]));
  for (const { actor } of waits) {
    const path: number[] = [];
    if (reaches(edges, actor, actor, path, new Set())) return path;
  }
  return [];
}

function reaches(
  edges: ReadonlyMap<number, readonly number[]>,
  from: number,
  to: number,
  path: number[],
  seen: Set<number>,
): boolean {
  path.push(from);
  seen.add(from);
  for (const next of edges.get(from) ?? [])
    if (next === to || (!seen.has(next) && reaches(edges, next, to, path, seen))) return true;
  path.pop();
  return false;
}

function verdictText(rec: Recording, kind: StuckKind, cycle: readonly number[]): string {
  switch (kind) {
    case 'deadlock':
      return cycle.length === 1
        ? `Deadlock: ${actorName(rec, cycle[0] as number)} waits for itself.`
        : `Deadlock: ${[...cycle, cycle[0] as number].map((a) => actorName(rec, a)).join(' → ')}.`;
    case 'lost-wake-up':
      return 'Lost wake-up: whoever should end the wait has returned without doing so.';
    case 'livelock':
      return 'Livelock: the same statements run over the same memory again and again, and nobody is left to change it.';
    case 'outside':
      return 'Somebody outside the scenario has to let go first.';
    case 'dead':
      return 'The kernel stopped under one of them, with whatever it held.';
    default:
      return kind satisfies never;
  }
}
