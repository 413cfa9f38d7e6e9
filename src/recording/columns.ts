/** A growable column of signed 32-bit integers. */
export class Column {
  private cells = new Int32Array(1 << 8);
  length = 0;

  push(value: number): void {
    if (this.length === this.cells.length) {
      const wider = new Int32Array(this.cells.length * 2);
      wider.set(this.cells);
      this.cells = wider;
    }
    this.cells[this.length++] = value;
  }

  get(i: number): number {
    return this.cells[i] as number;
  }

  set(i: number, value: number): void {
    this.cells[i] = value;
  }

  /** A view of the column's used part. */
  used(): Int32Array {
    return this.cells.subarray(0, this.length);
  }

  /** The column trimmed to its length. */
  finish(): Int32Array {
    return this.cells.slice(0, this.length);
  }
}
