import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { A, A_STRIDE, AV, AV_STRIDE, BANK, F, F_STRIDE, MM, MM_STRIDE, T, T_STRIDE } from '../machine/layout.ts';
import { Column } from './columns.ts';
import { Derived } from './derived.ts';
import { factsOf } from './facts.ts';
import { formatValue } from './format.ts';
import { namesOf, tableText } from './names.ts';
import type { Recording } from './recording.ts';
import { indexAbove } from './ascending.ts';

/** Kinds of locks, by the number stored in LockIntervals.kind. 'rcu' is the read section of a mapped PTE table. */
export const LOCK_KINDS = ['mmap', 'pmd', 'pte', 'folio', 'anon_vma', 'rcu'] as const;
export type LockKind = (typeof LOCK_KINDS)[number];

/** Every time a lock was held, one row each, ascending by `from`. */
export interface LockIntervals {
  readonly length: number;
  /** index into LOCK_KINDS */
  readonly kind: Uint8Array;
  /** table, folio, mm, anon_vma, or for 'rcu' the actor */
  readonly id: Int32Array;
  /** who holds it; EXTERNAL_ACTOR for somebody outside the scenario */
  readonly actor: Uint8Array;
  /** 1 when held for writing (mmap, anon_vma) */
  readonly write: Uint8Array;
  /** step that took it, -1 when it was held before the first step */
  readonly from: Int32Array;
  /** step that dropped it, or `steps` when it was never dropped */
  readonly to: Int32Array;
  /** steps of the recording */
  readonly steps: number;
  /** largest `to` of each node of a binary tree over the rows; see locksHeld */
  readonly reach: Int32Array;
}

/** A lock that is held at a step. */
export interface HeldLock {
  readonly kind: LockKind;
  readonly id: number;
  readonly actor: number;
  readonly write: boolean;
  /** step that took it, -1: before the first step */
  readonly since: number;
}

/** Worked out once per recording. */
export const lockTable = new Derived<LockIntervals>((rec) => new Collector(rec).run());

/** All lock holdings of a recording: one pass over the journal on the first call. */
export function lockIntervals(rec: Recording): LockIntervals {
  return lockTable.of(rec);
}

const MMAP = 0;
const PMD = 1;
const PTE = 2;
const FOLIO = 3;
const ANON_VMA = 4;
const RCU = 5;

/** Reads the cells that say who holds what: a lock is held while its cell says so, whichever code wrote it. */
class Collector {
  private readonly rec: Recording;
  private readonly levels: Uint8Array;
  private readonly kind = new Column();
  private readonly id = new Column();
  private readonly actor = new Column();
  private readonly write = new Column();
  private readonly from = new Column();
  private readonly to = new Column();
  /** locks held before the first step */
  private readonly before: { bank: number; id: number; holder: number; to: number }[] = [];
  /** per bank: the open row of each object's owner cell, or FREE or UNSEEN */
  private readonly openOwner: Readonly<Record<number, Int32Array>>;
  /** open rows of a cell that counts its holders (readers, RCU depth), by location */
  private readonly openCount = new Map<number, number[]>();

  constructor(rec: Recording) {
    this.rec = rec;
    this.levels = factsOf(rec).tableLevel;
    const m = rec.machine;
    const rows = (cells: Int32Array, stride: number): Int32Array =>
      new Int32Array(Math.ceil(cells.length / stride)).fill(UNSEEN);
    this.openOwner = {
      [BANK.TABLE]: rows(m.table.cells, T_STRIDE),
      [BANK.FOLIO]: rows(m.folio.cells, F_STRIDE),
      [BANK.MM]: rows(m.mm.cells, MM_STRIDE),
      [BANK.ANON_VMA]: rows(m.anonVma.cells, AV_STRIDE),
    };
  }

  run(): LockIntervals {
    const { rec } = this;
    const { journal, log } = rec.machine;
    const { loc, old, neu, length } = journal;
    let step = -1;
    let end = rec.length > 0 ? rec.deltaBegin(0) : length;
    for (let i = 0; i < length; i++) {
      while (i >= end) end = rec.deltaEnd(++step);
      const l = loc[i] as number;
      const bank = l >>> LOC_BANK_SHIFT;
      const index = l & LOC_INDEX_MASK;
      if (bank === FOLIO_BANK) {
        if (index % FOLIO_STRIDE === FOLIO_LOCKER)
          this.owned(bank, (index / FOLIO_STRIDE) | 0, old[i] as number, neu[i] as number, step);
        continue;
      }
      const stride = STRIDE[bank] as number;
      if (stride === 0) continue;
      const field = index % stride;
      if (field === OWNER[bank]) this.owned(bank, (index / stride) | 0, old[i] as number, neu[i] as number, step);
      else if (field === COUNT[bank]) {
        const id = (index / stride) | 0;
        const actor = bank === BANK.ACTOR ? id : (log.actor[Math.max(0, step)] as number);
        this.counted(l, countedKind(bank), id, old[i] as number, neu[i] as number, actor, step);
      }
    }
    this.heldThroughout();
    return this.finish();
  }

  /** A cell that names its holder (actor + 1). */
  private owned(bank: number, id: number, was: number, now: number, step: number): void {
    const open = this.openOwner[bank] as Int32Array;
    const row = open[id] as number;
    if (row >= 0) this.to.set(row, step);
    // A holder whom no write of the recording put there was there before.
    else if (was !== 0) this.before.push({ bank, id, holder: was, to: step });
    open[id] = now === 0 ? FREE : this.begin(this.kindOf(bank, id), id, now - 1, writes(bank), step);
  }

  /** Locks that were held before the first step and are never written. */
  private heldThroughout(): void {
    for (const bank of OWNED_BANKS) {
      const cells = this.rec.machine.banks()[bank]?.cells ?? new Int32Array(0);
      const open = this.openOwner[bank] as Int32Array;
      const stride = STRIDE[bank] as number;
      for (let id = 0, at = OWNER[bank] as number; at < cells.length; id++, at += stride)
        if (cells[at] !== 0 && open[id] === UNSEEN)
          this.before.push({ bank, id, holder: cells[at] as number, to: this.rec.length });
    }
  }

  private kindOf(bank: number, id: number): number {
    if (bank === BANK.TABLE) return this.levels[id] === 1 ? PTE : PMD;
    return bank === BANK.FOLIO ? FOLIO : bank === BANK.MM ? MMAP : ANON_VMA;
  }

  /** A cell that counts its holders; the step's actor is one of them. */
  private counted(l: number, kind: number, id: number, was: number, now: number, actor: number, step: number): void {
    let rows = this.openCount.get(l);
    if (!rows) {
      rows = [];
      this.openCount.set(l, rows);
    }
    for (let n = was; n < now; n++) rows.push(this.begin(kind, id, actor, 0, step));
    for (let n = was; n > now && rows.length > 0; n--) {
      // Nearly always the one that came last goes first.
      let at = rows.length - 1;
      while (at > 0 && this.actor.get(rows[at] as number) !== actor) at--;
      this.to.set(rows[at] as number, step);
      rows.copyWithin(at, at + 1);
      rows.pop();
    }
  }

  private begin(kind: number, id: number, actor: number, write: number, step: number): number {
    this.kind.push(kind);
    this.id.push(id);
    this.actor.push(actor);
    this.write.push(write);
    this.from.push(step);
    this.to.push(this.rec.length);
    return this.kind.length - 1;
  }

  private finish(): LockIntervals {
    const before = this.before.toSorted((x, y) => x.bank - y.bank || x.id - y.id);
    const join = (column: Column, first: (x: (typeof before)[number]) => number): Int32Array => {
      const all = new Int32Array(before.length + column.length);
      all.set(before.map(first));
      all.set(column.used(), before.length);
      return all;
    };
    const to = join(this.to, (x) => x.to);
    return {
      length: to.length,
      kind: new Uint8Array(join(this.kind, (x) => this.kindOf(x.bank, x.id))),
      id: join(this.id, (x) => x.id),
      actor: new Uint8Array(join(this.actor, (x) => x.holder - 1)),
      write: new Uint8Array(join(this.write, (x) => writes(x.bank))),
      from: join(this.from, () => -1),
      to,
      steps: this.rec.length,
      reach: reachTree(to),
    };
  }
}

/** What openOwner says of an object that holds no open row: free now, or not written so far. */
const FREE = -2;
const UNSEEN = -1;

/** 1 for the banks whose owner cell means "held for writing". */
function writes(bank: number): number {
  return bank === BANK.MM || bank === BANK.ANON_VMA ? 1 : 0;
}

// The folio bank has by far the most writes; its numbers are constants to the compiler this way.
const FOLIO_BANK = BANK.FOLIO;
const FOLIO_STRIDE = F_STRIDE;
const FOLIO_LOCKER = F.LOCKER;

/*
 * Where lock cells lie, by bank: the size of an object (0 = no locks in this bank), its field that names the
 * holder, its field that counts holders (-1 = none).
 */
const STRIDE = new Uint8Array(64);
const OWNER = new Int8Array(64).fill(-1);
const COUNT = new Int8Array(64).fill(-1);
for (const [bank, stride, owner, count] of [
  [BANK.TABLE, T_STRIDE, T.LOCK, -1],
  [BANK.FOLIO, F_STRIDE, F.LOCKER, -1],
  [BANK.MM, MM_STRIDE, MM.WRITER, MM.READERS],
  [BANK.ANON_VMA, AV_STRIDE, AV.WRITER, AV.READERS],
  [BANK.ACTOR, A_STRIDE, -1, A.RCU],
] as const) {
  STRIDE[bank] = stride;
  OWNER[bank] = owner;
  COUNT[bank] = count;
}

/** Banks whose objects name the holder of their lock. */
const OWNED_BANKS: readonly number[] = [BANK.TABLE, BANK.FOLIO, BANK.MM, BANK.ANON_VMA];

function countedKind(bank: number): number {
  return bank === BANK.ACTOR ? RCU : bank === BANK.MM ? MMAP : ANON_VMA;
}

/** Node n has children 2n and 2n + 1; leaf i is node size + i. */
function reachTree(to: Int32Array): Int32Array {
  let size = 1;
  while (size < to.length) size *= 2;
  const tree = new Int32Array(size * 2).fill(-2);
  tree.set(to, size);
  for (let n = size - 1; n > 0; n--) tree[n] = Math.max(tree[2 * n] as number, tree[2 * n + 1] as number);
  return tree;
}

/** Rows of `x` held after `step`, in the order in which they were taken, at most `limit`. */
export function heldRows(x: LockIntervals, step: number, limit = Number.POSITIVE_INFINITY): number[] {
  const size = x.reach.length / 2;
  // Rows are ascending by the step that they begin at.
  const count = indexAbove(x.from, step);
  const rows: number[] = [];
  const visit = (node: number, first: number, width: number): void => {
    if (first >= count || rows.length >= limit || (x.reach[node] as number) <= step) return;
    if (width === 1) {
      rows.push(first);
      return;
    }
    visit(2 * node, first, width / 2);
    visit(2 * node + 1, first + width / 2, width / 2);
  };
  if (x.length > 0) visit(1, 0, size);
  return rows;
}

/**
 * Locks held after `step`, in the order in which they were taken. Logarithmic in the holdings, plus the answer.
 * @param limit give at most so many (a large migration locks every folio)
 */
export function locksHeld(rec: Recording, step: number, limit = Number.POSITIVE_INFINITY): HeldLock[] {
  const x = lockIntervals(rec);
  return heldRows(x, step, limit).map((row) => ({
    kind: LOCK_KINDS[x.kind[row] as number] as LockKind,
    id: x.id[row] as number,
    actor: x.actor[row] as number,
    write: x.write[row] === 1,
    since: x.from[row] as number,
  }));
}

/** Rows of the intervals of each kind, ascending. */
const rowsOfKind = new Derived<readonly Int32Array[]>((rec) => {
  const { kind, length } = lockIntervals(rec);
  const rows = LOCK_KINDS.map(() => new Column());
  for (let row = 0; row < length; row++) rows[kind[row] as number]?.push(row);
  return rows.map((column) => column.finish());
});

/**
 * Who holds one lock after `step`: all readers, or the one holder. Linear in the holdings of that kind of lock, so
 * meant for the kinds that are few: mmap, anon_vma, rcu.
 */
export function holdersOf(rec: Recording, kind: LockKind, id: number, step: number): number[] {
  const x = lockIntervals(rec);
  const holders: number[] = [];
  for (const row of rowsOfKind.of(rec)[LOCK_KINDS.indexOf(kind)] ?? []) {
    if ((x.from[row] as number) > step) break;
    if (x.id[row] === id && (x.to[row] as number) > step) holders.push(x.actor[row] as number);
  }
  return holders;
}

/** A lock in words: `PTE lock of page 0`, `folio lock of S0`, `mmap lock (read)`. */
export function lockText(rec: Recording, lock: Pick<HeldLock, 'kind' | 'id' | 'write'>): string {
  switch (lock.kind) {
    case 'mmap':
      return `mmap lock (${lock.write ? 'write' : 'read'})`;
    case 'pmd':
    case 'pte':
      return `${lock.kind.toUpperCase()} lock of the ${tableText(rec, lock.id)}`;
    case 'folio':
      return `folio lock of ${namesOf(rec).folio(lock.id)}`;
    case 'anon_vma':
      return `anon_vma ${lock.id} (${lock.write ? 'write' : 'read'})`;
    case 'rcu':
      return `PTE table mapped (RCU) by ${formatValue(rec, 'actor', lock.id, 0)}`;
    default:
      return lock.kind satisfies never;
  }
}
