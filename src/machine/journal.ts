/**
 * The undo/redo journal: every change of a state cell, in order, as three columns.
 * A location packs bank and cell:  31..26 bank id | 25..0 cell index.
 */
export class Journal {
  loc = new Uint32Array(1 << 12);
  /** value before the write (signed 32 bits) */
  old = new Int32Array(1 << 12);
  /** value after the write (signed 32 bits) */
  neu = new Int32Array(1 << 12);
  length = 0;

  push(loc: number, old: number, neu: number): void {
    const i = this.length;
    if (i === this.loc.length) this.grow();
    this.loc[i] = loc;
    this.old[i] = old;
    this.neu[i] = neu;
    this.length = i + 1;
  }

  /** Makes room for `rows` rows at once, so that a run of known size copies nothing while it grows. */
  reserve(rows: number): void {
    if (rows > this.loc.length) this.resize(rows);
  }

  private grow(): void {
    this.resize(this.loc.length * 2);
  }

  private resize(n: number): void {
    this.loc = widen(this.loc, new Uint32Array(n));
    this.old = widen(this.old, new Int32Array(n));
    this.neu = widen(this.neu, new Int32Array(n));
  }
}

/** Copies `from` into the larger `to` and gives `to`. */
export function widen<T extends { set(a: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}

export const LOC_BANK_SHIFT = 26;
export const LOC_INDEX_MASK = (1 << LOC_BANK_SHIFT) - 1;
