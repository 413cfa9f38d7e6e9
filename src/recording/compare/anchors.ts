import { Column } from '../columns.ts';

/** Places i in one sequence and j in another that hold the same element; the i ascend. */
export interface Pairs {
  readonly i: Int32Array;
  readonly j: Int32Array;
}

/** Room for counting by kind of element, used again and again; all counts are 0 between two uses. */
export interface Scratch {
  readonly inA: Int32Array;
  readonly inB: Int32Array;
  /** per kind: a place in b */
  readonly place: Int32Array;
  /** per place in b: the next one of that kind */
  readonly next: Int32Array;
}

/** @param length of b */
export function newScratch(kinds: number, length: number): Scratch {
  return {
    inA: new Int32Array(kinds),
    inB: new Int32Array(kinds),
    place: new Int32Array(kinds),
    next: new Int32Array(length),
  };
}

/** Elements that are unique in both ranges; where there are none, the n-th of a kind with the n-th. */
export function commonPairs(
  a: Int32Array,
  a0: number,
  a1: number,
  b: Int32Array,
  b0: number,
  b1: number,
  s: Scratch,
): Pairs {
  const i = new Column();
  const j = new Column();
  const bump = (counts: Int32Array, k: number): void => {
    counts[k] = (counts[k] as number) + 1;
  };
  for (let n = a0; n < a1; n++) bump(s.inA, a[n] as number);
  for (let n = b1 - 1; n >= b0; n--) {
    const k = b[n] as number;
    s.next[n] = s.inB[k] === 0 ? -1 : (s.place[k] as number);
    s.place[k] = n;
    bump(s.inB, k);
  }
  for (let n = a0; n < a1; n++) {
    const k = a[n] as number;
    if (s.inA[k] !== 1 || s.inB[k] !== 1) continue;
    i.push(n);
    j.push(s.place[k] as number);
  }
  if (i.length === 0) {
    for (let n = a0; n < a1; n++) {
      const k = a[n] as number;
      if (s.inB[k] === 0 || (s.place[k] as number) < 0) continue;
      i.push(n);
      j.push(s.place[k] as number);
      s.place[k] = s.next[s.place[k] as number] as number;
    }
  }
  for (let n = a0; n < a1; n++) s.inA[a[n] as number] = 0;
  for (let n = b0; n < b1; n++) s.inB[b[n] as number] = 0;
  return { i: i.finish(), j: j.finish() };
}

/** The longest run of pairs whose j ascend, too. n log n. */
export function longestAscent({ i, j }: Pairs): Pairs {
  /** per length: the pair that ends the run of that length with the smallest j */
  const ends = new Int32Array(i.length);
  const before = new Int32Array(i.length);
  let length = 0;
  for (let n = 0; n < i.length; n++) {
    let lo = 0;
    let hi = length;
    while (lo < hi) {
      const mid = (lo + hi) >>> 1;
      if ((j[ends[mid] as number] as number) < (j[n] as number)) lo = mid + 1;
      else hi = mid;
    }
    before[n] = lo === 0 ? -1 : (ends[lo - 1] as number);
    ends[lo] = n;
    if (lo === length) length++;
  }
  const run = { i: new Int32Array(length), j: new Int32Array(length) };
  let n = length === 0 ? -1 : (ends[length - 1] as number);
  for (let at = length - 1; at >= 0; at--, n = before[n] as number) {
    run.i[at] = i[n] as number;
    run.j[at] = j[n] as number;
  }
  return run;
}
