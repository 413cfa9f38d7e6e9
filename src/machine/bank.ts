import type { Journal } from './journal.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK, widen } from './journal.ts';

/**
 * One bank of machine state: a growable array of signed 32-bit cells. `set` is the only door for
 * writes, so undo is right because nothing can go round it.
 */
export class Bank {
  cells: Int32Array;
  private readonly tag: number;
  readonly id: number;
  readonly name: string;
  private readonly journal: Journal;

  constructor(id: number, name: string, journal: Journal, capacity: number) {
    this.id = id;
    this.name = name;
    this.journal = journal;
    this.tag = (id << LOC_BANK_SHIFT) >>> 0;
    this.cells = new Int32Array(capacity);
  }

  /** The cell's value; `index` must lie below a bound given to `ensure`. */
  get(index: number): number {
    return this.cells[index] as number;
  }

  /** Writes a cell and journals the change; writing the same value again is no change. */
  set(index: number, value: number): void {
    const old = this.cells[index] as number;
    if (old === value) return;
    this.cells[index] = value;
    this.journal.push(this.tag + index, old, value);
  }

  add(index: number, by: number): number {
    const value = (this.cells[index] as number) + by;
    this.set(index, value);
    return value;
  }

  /** Makes room for cells 0..count-1. Growth is not a state change: new cells read 0. */
  ensure(count: number): void {
    if (count <= this.cells.length) return;
    if (count > LOC_INDEX_MASK)
      throw new RangeError(`bank ${this.name}: ${count} cells are more than a location can name`);
    let n = this.cells.length;
    while (n < count) n *= 2;
    this.cells = widen(this.cells, new Int32Array(n));
  }
}
