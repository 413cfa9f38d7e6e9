import type { RuleFinding } from '../../recording/rule-findings.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';
import {
  A,
  A_STRIDE,
  AV,
  AV_STRIDE,
  BANK,
  F,
  F_STRIDE,
  MM,
  MM_STRIDE,
  P,
  P_STRIDE,
  T,
  T_STRIDE,
  ZONES,
  ZONE_SHIFT,
} from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import type { HmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { Check } from './check.ts';
import { CLASS, tableClass } from './lock-class.ts';

import { State } from './state.ts';

type CheckClass = new (state: State) => Check;

/**
 * Runs the checks of the rules over the steps of a machine, once and forwards. The machine is only read, and may stand
 * wherever it is: the checker follows the journal in a copy of its own.
 */
export class Checker {
  readonly state: State;
  private readonly all: readonly Check[];
  private readonly beforeOp: readonly (readonly Check[])[];
  private readonly afterOp: readonly (readonly Check[])[];
  private readonly onEntry: readonly Check[];
  private readonly onLock: readonly Check[];
  private readonly onCount: readonly Check[];
  private readonly onFolio: readonly Check[];
  private readonly onQuiet: readonly Check[];
  /** first journal row that has not been followed */
  private row = 0;
  /** spinlocks held by anybody */
  private spins = 0;
  private unquiet = false;
  /** entries written in the present step, and what they were before it */
  private written: Int32Array = new Int32Array(1024);
  private writtenLo: Int32Array = new Int32Array(1024);
  private writtenHi: Int32Array = new Int32Array(1024);
  private writtenCount = 0;
  private stamp = new Int32Array(4096);
  private stampNow = 0;

  /** @param rows journal rows that the machine stands after; all of them when left out */
  constructor(machine: Machine, enc: HmmEncoding, checks: readonly CheckClass[], rows = machine.journal.length) {
    this.state = new State(machine, enc);
    this.all = checks.map((C) => new C(this.state));
    const heard = (method: keyof Check): readonly Check[] => this.all.filter((c) => isOverridden(c, method));
    const byOp = (ops: (c: Check) => readonly number[]): readonly (readonly Check[])[] =>
      Array.from({ length: 64 }, (_, op) => this.all.filter((c) => ops(c).includes(op)));
    this.beforeOp = byOp((c) => c.opsBefore);
    this.afterOp = byOp((c) => c.opsAfter);
    this.onEntry = heard('entry');
    this.onLock = heard('lock');
    this.onCount = heard('count');
    this.onFolio = heard('folio');
    this.onQuiet = heard('quiet');
    this.restart(rows);
  }

  /**
   * Begins anew. @param rows journal rows that the machine stands after: 0 when it is at the beginning of its run.
   */
  restart(rows = 0): void {
    this.state.restart(rows);
    this.row = 0;
    this.unquiet = false;
    this.spins = 0;
    const table = this.state.cells[BANK.TABLE] as Int32Array;
    for (let at = T.LOCK; at < table.length; at += T_STRIDE) if (table[at] !== 0) this.spins++;
    for (const check of this.all) check.restart();
  }

  get findings(): readonly RuleFinding[] {
    return this.state.findings;
  }

  /** Follows steps [from, to) of the log; call it with consecutive stretches. */
  advance(from: number, to: number): void {
    const { state } = this;
    const { log, journal } = state.machine;
    // What was written to the last step after it was followed.
    const first = from < log.length ? (log.delta[from] as number) : journal.length;
    if (this.row < first) this.follow(first);
    for (let i = from; i < to; i++) {
      const op = log.op[i] as number;
      state.step = i;
      state.op = op;
      state.site = log.site[i] as number;
      state.actor = log.actor[i] as number;
      state.a = log.a[i] as number;
      state.b = log.b[i] as number;
      state.c = log.c[i] as number;
      if (op !== OP.FINDING) for (const check of this.beforeOp[op] as readonly Check[]) check.before();
      const end = i + 1 < log.length ? (log.delta[i + 1] as number) : journal.length;
      if (this.row < end) this.follow(end);
      if (op !== OP.FINDING) for (const check of this.afterOp[op] as readonly Check[]) check.after();
      if (this.unquiet && this.spins === 0) this.quiet();
    }
  }

  /** The run is over. @param returned every actor came back (else most of what is open is no wonder). */
  end(returned: boolean): void {
    if (this.row < this.state.machine.journal.length) this.follow(this.state.machine.journal.length);
    if (this.unquiet && this.spins === 0) this.quiet();
    for (const check of this.all) check.end(returned);
  }

  private quiet(): void {
    const { state } = this;
    this.unquiet = false;
    for (const check of this.onQuiet) check.quiet();
    for (const check of this.onFolio)
      for (let i = 0; i < state.changed.length; i++) check.folio(state.changed[i] as number);
    state.settled();
  }

  /** Follows the journal up to a row. */
  private follow(end: number): void {
    const { loc, neu } = this.state.machine.journal;
    for (let i = this.row; i < end; i++) {
      const l = loc[i] as number;
      const bank = l >>> LOC_BANK_SHIFT;
      const index = l & LOC_INDEX_MASK;
      const value = neu[i] as number;
      let cells = this.state.cells[bank] as Int32Array;
      if (index >= cells.length) cells = this.grow(bank, index);
      const was = cells[index] as number;
      if (bank === BANK.PT) this.note(index >>> 1);
      cells[index] = value;
      if (bank !== BANK.PT) this.changed(bank, index, was, value);
    }
    this.row = end;
    if (this.writtenCount > 0) this.settle();
  }

  private grow(bank: number, index: number): Int32Array {
    const old = this.state.cells[bank] as Int32Array;
    const now = this.state.machine.banks()[bank]?.cells.length ?? 0;
    const cells = new Int32Array(Math.max(index + 1, now, old.length * 2));
    cells.set(old);
    this.state.cells[bank] = cells;
    return cells;
  }

  /** An entry is about to be written: what it is now is what it was before the step. */
  private note(e: number): void {
    if (e >= this.stamp.length) {
      const wider = new Int32Array(Math.max(e + 1, this.stamp.length * 2));
      wider.set(this.stamp);
      this.stamp = wider;
    }
    if (this.stamp[e] === this.stampNow + 1) return;
    this.stamp[e] = this.stampNow + 1;
    const n = this.writtenCount++;
    if (n === this.written.length) {
      this.written = widened(this.written);
      this.writtenLo = widened(this.writtenLo);
      this.writtenHi = widened(this.writtenHi);
    }
    this.written[n] = e;
    this.writtenLo[n] = this.state.entryLo(e);
    this.writtenHi[n] = this.state.entryHi(e);
  }

  /** The step's entries are written: what they are now. */
  private settle(): void {
    const { state } = this;
    this.stampNow++;
    for (let n = 0; n < this.writtenCount; n++) {
      const e = this.written[n] as number;
      if (state.levelOf(e) > 2) continue;
      state.roomForEntry(e);
      const kind = state.kind[e] as number;
      const frame = state.frame[e] as number;
      state.settle(e);
      this.unquiet = true;
      for (const check of this.onEntry)
        check.entry(e, kind, frame, this.writtenLo[n] as number, this.writtenHi[n] as number);
    }
    this.writtenCount = 0;
  }

  /** A cell that names the holder of a lock. The checks hear of it first: what is held is as before. */
  private lock(bank: number, id: number, lockClass: number, was: number, now: number): void {
    for (const check of this.onLock) check.lock(bank, id, lockClass, was, now);
    if (was !== 0) this.state.hold(was - 1, lockClass, -1);
    if (now !== 0) this.state.hold(now - 1, lockClass, 1);
  }

  /** A cell that counts the holders of a lock: the present actor takes or drops it. */
  private count(bank: number, id: number, lockClass: number, was: number, now: number): void {
    for (const check of this.onCount) check.count(bank, id, lockClass, was, now);
    this.state.hold(lockClass === CLASS.RCU ? id : this.state.actor, lockClass, now - was);
  }

  private changed(bank: number, index: number, was: number, now: number): void {
    const { state } = this;
    if (bank === BANK.FOLIO) {
      const f = (index / F_STRIDE) | 0;
      const field = index % F_STRIDE;
      if (field === F.LOCKER) this.lock(bank, f, CLASS.FOLIO, was, now);
      state.touch(f);
      this.unquiet = true;
    } else if (bank === BANK.TABLE) {
      if (index % T_STRIDE === T.LOCK) {
        if (was === 0) this.spins++;
        if (now === 0) this.spins--;
        const t = (index / T_STRIDE) | 0;
        this.lock(bank, t, tableClass(state.table(t, T.LEVEL)), was, now);
      }
    } else if (bank === BANK.MM) {
      const field = index % MM_STRIDE;
      if (field === MM.WRITER) this.lock(bank, (index / MM_STRIDE) | 0, CLASS.MMAP, was, now);
      else if (field === MM.READERS) this.count(bank, (index / MM_STRIDE) | 0, CLASS.MMAP, was, now);
    } else if (bank === BANK.ANON_VMA) {
      const field = index % AV_STRIDE;
      if (field === AV.WRITER) this.lock(bank, (index / AV_STRIDE) | 0, CLASS.ANON_VMA, was, now);
      else if (field === AV.READERS) this.count(bank, (index / AV_STRIDE) | 0, CLASS.ANON_VMA, was, now);
    } else if (bank === BANK.ACTOR) {
      if (index % A_STRIDE === A.RCU) this.count(bank, (index / A_STRIDE) | 0, CLASS.RCU, was, now);
    } else if (bank >= BANK.PAGE_SYSTEM && bank < BANK.PAGE_SYSTEM + ZONES && index % P_STRIDE === P.FOLIO) {
      state.moveFrame(((bank - BANK.PAGE_SYSTEM) << ZONE_SHIFT) | ((index / P_STRIDE) | 0), was, now);
      this.unquiet = true;
    }
  }
}

function widened(from: Int32Array): Int32Array {
  const to = new Int32Array(from.length * 2);
  to.set(from);
  return to;
}

/** True when the check, or what it extends, has a method of its own. */
function isOverridden(check: Check, method: keyof Check): boolean {
  return check[method] !== Check.prototype[method];
}
