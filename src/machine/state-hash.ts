import { type Journal, LOC_BANK_SHIFT } from './journal.ts';
import { BANK } from './layout.ts';

/** Banks that hold locks, private variables of running code, and counters: no value of theirs is kept by a reader. */
const PRIVATE = new Uint8Array(64);
for (const bank of [BANK.SCALAR, BANK.OBJ, BANK.WORDS, BANK.ACTOR, BANK.TABLE, BANK.MM, BANK.ANON_VMA])
  PRIVATE[bank] = 1;

/** A fingerprint of the machine's state, as far as a StateHash has followed it. */
export interface StatePrint {
  lo: number;
  hi: number;
  sharedLo: number;
  sharedHi: number;
}

/**
 * Fingerprint of the machine's state in 64 bits, kept up to date from the journal's rows (Zobrist hashing): each cell
 * adds a number of its own for its value, so undoing a write undoes its part, in any order. Cells that read 0 add
 * nothing, so growth of a bank changes nothing. Two states with equal cells have equal prints; the reverse holds up
 * to chance (one in 2^64 for each pair).
 * `shared…` leaves out locks, variables of running code and counters: what one actor can read of another's doing.
 */
export class StateHash implements StatePrint {
  lo = 0;
  hi = 0;
  sharedLo = 0;
  sharedHi = 0;
  /** row of the journal up to which the print holds */
  at = 0;
  private readonly journal: Journal;

  constructor(journal: Journal) {
    this.journal = journal;
  }

  /** Takes in the rows that have come since, up to row `to`. */
  advance(to = this.journal.length): void {
    const { loc, old, neu } = this.journal;
    for (let i = this.at; i < to; i++) {
      const l = loc[i] as number;
      const o = old[i] as number;
      const n = neu[i] as number;
      const lo = cellLo(l, o) ^ cellLo(l, n);
      const hi = cellHi(l, o) ^ cellHi(l, n);
      this.lo ^= lo;
      this.hi ^= hi;
      if (PRIVATE[l >>> LOC_BANK_SHIFT] === 0) {
        this.sharedLo ^= lo;
        this.sharedHi ^= hi;
      }
    }
    this.at = to;
  }

  /** Stands at another state whose print is known; the journal has been cut back to `at` rows. */
  restore(print: StatePrint, at: number): void {
    this.lo = print.lo;
    this.hi = print.hi;
    this.sharedLo = print.sharedLo;
    this.sharedHi = print.sharedHi;
    this.at = at;
  }
}

/** Adds what the first `count` cells of a bank are to a print that knows nothing of them. */
export function printOf(print: StatePrint, bank: number, cells: Int32Array, count: number): void {
  const tag = (bank << LOC_BANK_SHIFT) >>> 0;
  const shared = PRIVATE[bank] === 0;
  for (let i = 0; i < count; i++) {
    const value = cells[i] as number;
    if (value === 0) continue;
    const lo = cellLo(tag + i, value);
    const hi = cellHi(tag + i, value);
    print.lo ^= lo;
    print.hi ^= hi;
    if (!shared) continue;
    print.sharedLo ^= lo;
    print.sharedHi ^= hi;
  }
}

/** What a cell adds to the low half. */
function cellLo(loc: number, value: number): number {
  return value === 0 ? 0 : mix32(Math.imul(loc, 0x9e3779b1) ^ Math.imul(value, 0x85ebca77));
}

/** What a cell adds to the high half. */
function cellHi(loc: number, value: number): number {
  return value === 0 ? 0 : mix32((Math.imul(loc, 0xc2b2ae3d) + Math.imul(value, 0x27d4eb2f)) | 0);
}

/** Spreads every bit of a 32-bit number over all others (the finalizer of MurmurHash3). */
export function mix32(value: number): number {
  let x = value;
  x ^= x >>> 16;
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return x ^ (x >>> 16);
}
