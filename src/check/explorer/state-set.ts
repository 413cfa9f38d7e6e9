/**
 * A set of 64-bit state prints of fixed size, so that a search cannot fill the memory: 8 bytes for each place. When it
 * is full it takes no more and says so; what is in it stays.
 */
export class StateSet {
  private readonly lo: Int32Array;
  private readonly hi: Int32Array;
  private readonly mask: number;
  private readonly most: number;
  size = 0;
  /** states were turned away: `size` is a lower bound from then on */
  full = false;

  /**
   * @param bits the set has room for about 2^bits states (7 of 8 places are used)
   * @throws {RangeError} for fewer than 3 bits, which would leave no place free
   */
  constructor(bits: number) {
    if (bits < 3) throw new RangeError(`${bits} bits: expected at least 3`);
    const places = 2 ** bits;
    this.lo = new Int32Array(places);
    this.hi = new Int32Array(places);
    this.mask = places - 1;
    this.most = places - places / 8;
  }

  /** Adds a print; true when it was not there. A full set says false to everything it does not know. */
  add(lo: number, hi: number): boolean {
    // Two zeros stand for a free place.
    const h = hi | (lo === 0 && hi === 0 ? 1 : 0) | 0;
    const l = lo | 0;
    for (let i = (Math.imul(l, 0x9e3779b1) ^ h) & this.mask; ; i = (i + 1) & this.mask) {
      const x = this.lo[i] as number;
      const y = this.hi[i] as number;
      if (x === l && y === h) return false;
      if (x !== 0 || y !== 0) continue;
      if (this.size >= this.most) {
        this.full = true;
        return false;
      }
      this.lo[i] = l;
      this.hi[i] = h;
      this.size++;
      return true;
    }
  }

  /** The set as plain data: the places, two zeros where one is free. */
  data(): readonly [Int32Array, Int32Array] {
    return [this.lo, this.hi];
  }

  /** Adds every print of another set. */
  absorb([lo, hi]: readonly [Int32Array, Int32Array]): void {
    for (let i = 0; i < lo.length; i++) if (lo[i] !== 0 || hi[i] !== 0) this.add(lo[i] as number, hi[i] as number);
  }

  clear(): void {
    this.lo.fill(0);
    this.hi.fill(0);
    this.size = 0;
    this.full = false;
  }
}
