/**
 * Small numbers for pairs of 32-bit hashes: equal pairs, equal numbers, in the order in which they are first seen. A table with
 * open addressing; a Map over as many numbers takes several times as long.
 */
export class KeyNumbers {
  private h1 = new Int32Array(1 << 12);
  private h2 = new Int32Array(1 << 12);
  /** number + 1, 0 = free */
  private number = new Int32Array(1 << 12);
  private mask = (1 << 12) - 1;
  size = 0;

  of(h1: number, h2: number): number {
    let at = h1 & this.mask;
    while (this.number[at] !== 0) {
      if (this.h1[at] === h1 && this.h2[at] === h2) return (this.number[at] as number) - 1;
      at = (at + 1) & this.mask;
    }
    this.h1[at] = h1;
    this.h2[at] = h2;
    this.number[at] = ++this.size;
    if (this.size * 2 > this.mask) this.grow();
    return this.size - 1;
  }

  private grow(): void {
    const { h1, h2, number } = this;
    const length = (this.mask + 1) * 2;
    this.mask = length - 1;
    this.h1 = new Int32Array(length);
    this.h2 = new Int32Array(length);
    this.number = new Int32Array(length);
    for (let i = 0; i < number.length; i++) {
      if (number[i] === 0) continue;
      let at = (h1[i] as number) & this.mask;
      while (this.number[at] !== 0) at = (at + 1) & this.mask;
      this.h1[at] = h1[i] as number;
      this.h2[at] = h2[i] as number;
      this.number[at] = number[i] as number;
    }
  }
}
