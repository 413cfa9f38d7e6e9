import { A, AV, AV_STRIDE, EXTERNAL_ACTOR, G, MM, MM_STRIDE, T, T_STRIDE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { OP, WAIT } from '../machine/ops.ts';
import { holdersOf } from '../recording/locks.ts';
import type { Recording } from '../recording/recording.ts';
import { folioView } from './folio-view.ts';

/** A lock that is held, waited for, or just refused. */
export interface LockView {
  /** stable over the recording: `table:7`, `folio:3`, `mmap:1`, `anon:2` */
  readonly key: string;
  readonly kind: 'table' | 'folio' | 'mmap' | 'anon';
  readonly id: number;
  /** holder: actor, EXTERNAL_ACTOR, or -1 when several readers share it or nobody holds it */
  readonly holder: number;
  readonly mode: 'exclusive' | 'read' | 'free';
  readonly readers: number;
  readonly waiters: readonly number[];
  /** this very step tried and was refused */
  readonly refused: boolean;
}

const KIND_OF_WAIT = new Map<number, LockView['kind']>([
  [WAIT.SPINLOCK, 'table'],
  [WAIT.FOLIO, 'folio'],
  [WAIT.MMAP, 'mmap'],
  [WAIT.ANON_VMA, 'anon'],
]);

/**
 * Every lock that is held or waited for at the machine's position, plus the one this step was refused.
 * Of folio locks only those of `folios` are looked at: there can be hundreds of thousands of folios.
 */
export function locksNow(recording: Recording, step: number, folios: readonly number[]): readonly LockView[] {
  const m = recording.machine;
  const found = new Map<string, LockView>();
  const add = (kind: LockView['kind'], id: number, holder: number, mode: LockView['mode'], readers = 0): void => {
    const key = `${kind}:${id}`;
    found.set(key, { key, kind, id, holder, mode, readers, waiters: [], refused: false });
  };
  eachTable(m, (t, holder) => add('table', t, holder, 'exclusive'));
  for (const f of folios) {
    const { locker } = folioView(recording, f);
    if (locker >= 0) add('folio', f, locker, 'exclusive');
  }
  const mms = m.scalar.get(G.MMS);
  for (let mm = 1; mm < mms; mm++) {
    const writer = m.mm.get(mm * MM_STRIDE + MM.WRITER);
    const readers = m.mm.get(mm * MM_STRIDE + MM.READERS);
    if (writer > 0) add('mmap', mm, writer - 1, 'exclusive');
    else if (readers > 0) add('mmap', mm, soleReader(recording, step, mm), 'read', readers);
  }
  const avs = m.scalar.get(G.ANON_VMAS);
  for (let av = 1; av < avs; av++) {
    const writer = m.anonVma.get(av * AV_STRIDE + AV.WRITER);
    const readers = m.anonVma.get(av * AV_STRIDE + AV.READERS);
    if (writer > 0) add('anon', av, writer - 1, 'exclusive');
    else if (readers > 0) add('anon', av, -1, 'read', readers);
  }
  addWaiters(recording, found);
  addRefusal(recording, step, found);
  return [...found.values()];
}

function eachTable(m: Machine, visit: (table: number, holder: number) => void): void {
  const n = m.scalar.get(G.TABLES);
  for (let t = 1; t < n; t++) {
    const holder = m.table.get(t * T_STRIDE + T.LOCK);
    if (holder > 0) visit(t, holder - 1);
  }
}

/** The actor that reads under the mmap lock, when it is the only one; -1 otherwise. */
function soleReader(recording: Recording, step: number, mm: number): number {
  const readers = holdersOf(recording, 'mmap', mm, step);
  return readers.length === 1 ? (readers[0] as number) : -1;
}

function addWaiters(recording: Recording, found: Map<string, LockView>): void {
  const m = recording.machine;
  for (let a = 0; a < recording.actors.length; a++) {
    const kind = KIND_OF_WAIT.get(m.actorGet(a, A.WAIT));
    if (kind === undefined) continue;
    const id = m.actorGet(a, A.WAIT_ID);
    const key = `${kind}:${id}`;
    const lock = found.get(key) ?? { key, kind, id, holder: -1, mode: 'free', readers: 0, waiters: [], refused: false };
    found.set(key, { ...lock, waiters: [...lock.waiters, a] });
  }
}

function addRefusal(recording: Recording, step: number, found: Map<string, LockView>): void {
  const { log } = recording.machine;
  if (step < 0 || log.op[step] !== OP.FOLIO_TRYLOCK || log.b[step] !== 0) return;
  const key = `folio:${log.a[step] as number}`;
  const lock = found.get(key);
  if (lock !== undefined) found.set(key, { ...lock, refused: true });
}

/** How an actor is called on a lock: its number, or `x` for a thread outside the scenario. */
export const actorMark = (actor: number): string => (actor === EXTERNAL_ACTOR ? 'x' : String(actor));

/** How an actor is called in a sentence. */
export function actorWord(recording: Recording, actor: number): string {
  if (actor === EXTERNAL_ACTOR) return 'a thread outside';
  return recording.actors[actor] ?? `actor ${actor}`;
}
