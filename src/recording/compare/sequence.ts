import { Column } from '../columns.ts';
import { type Pairs, commonPairs, longestAscent, newScratch, type Scratch } from './anchors.ts';
import { shortestEdit } from './myers.ts';

/*
 * Which elements of two sequences belong together, in order. Equal beginnings and ends are taken as they are; then the
 * elements that matter are matched among themselves, and the others between those. In each case what differs little goes by
 * the shortest edit, what differs much by its unique elements (patience), so that a long pair of sequences never costs
 * more than n log n a level. The result does not depend on which sequence comes first.
 */

/**
 * Partner of each element of `a` in `b`, -1 = none; partners ascend.
 * @param matters one cell per kind of element, 1 = matched before the others; elements are 0 … its length - 1
 */
export function matchSequences(a: Int32Array, b: Int32Array, matters: Uint8Array): Int32Array {
  if (comesFirst(a, b)) return match(a, b, matters);
  const back = match(b, a, matters);
  const out = new Int32Array(a.length).fill(-1);
  for (let j = 0; j < back.length; j++) if ((back[j] as number) >= 0) out[back[j] as number] = j;
  return out;
}

/** A fixed order of any two sequences, so that swapping them changes nothing. */
function comesFirst(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return a.length < b.length;
  const at = a.findIndex((x, i) => x !== b[i]);
  return at < 0 || (a[at] as number) < (b[at] as number);
}

/** Half-open ranges [a0, a1) and [b0, b1) still to be matched. */
type Gap = readonly [a0: number, a1: number, b0: number, b1: number];

function match(a: Int32Array, b: Int32Array, matters: Uint8Array): Int32Array {
  const out = new Int32Array(a.length).fill(-1);
  const scratch = newScratch(matters.length, b.length);
  let [a0, a1, b0, b1] = trim(a, b, [0, a.length, 0, b.length], out);
  const inA = placesThatMatter(a, a0, a1, matters);
  const inB = placesThatMatter(b, b0, b1, matters);
  const x = inA.map((i) => a[i] as number);
  const y = inB.map((j) => b[j] as number);
  const sure = new Int32Array(x.length).fill(-1);
  matchGaps(x, y, [[0, x.length, 0, y.length]], sure, scratch);
  const gaps: Gap[] = [];
  for (let n = 0; n < sure.length; n++) {
    if ((sure[n] as number) < 0) continue;
    const i = inA[n] as number;
    const j = inB[sure[n] as number] as number;
    out[i] = j;
    if (a0 < i && b0 < j) gaps.push([a0, i, b0, j]);
    a0 = i + 1;
    b0 = j + 1;
  }
  gaps.push([a0, a1, b0, b1]);
  matchGaps(a, b, gaps, out, scratch);
  return out;
}

function placesThatMatter(a: Int32Array, from: number, to: number, matters: Uint8Array): Int32Array {
  const places = new Column();
  for (let i = from; i < to; i++) if (matters[a[i] as number] === 1) places.push(i);
  return places.finish();
}

/** Takes equal beginnings and ends as they are; gives what lies between. */
function trim(a: Int32Array, b: Int32Array, [a0, a1, b0, b1]: Gap, out: Int32Array): Gap {
  while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) out[a0++] = b0++;
  while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) out[--a1] = --b1;
  return [a0, a1, b0, b1];
}

function matchGaps(a: Int32Array, b: Int32Array, gaps: Gap[], out: Int32Array, scratch: Scratch): void {
  for (let gap = gaps.pop(); gap !== undefined; gap = gaps.pop()) {
    const [a0, a1, b0, b1] = trim(a, b, gap, out);
    if (a0 === a1 || b0 === b1) continue;
    const edit = shortestEdit(a, a0, a1, b, b0, b1);
    if (edit === undefined) split(longestAscent(common(a, b, [a0, a1, b0, b1], scratch)), [a0, a1, b0, b1], out, gaps);
    else for (const [i, j] of edit) out[i] = j;
  }
}

const common = (a: Int32Array, b: Int32Array, [a0, a1, b0, b1]: Gap, scratch: Scratch): Pairs =>
  commonPairs(a, a0, a1, b, b0, b1, scratch);

/** Fixes the pairs that are certain and leaves the gaps between them. Without a pair nothing is in common: it ends here. */
function split(sure: Pairs, [a0, a1, b0, b1]: Gap, out: Int32Array, gaps: Gap[]): void {
  let i0 = a0;
  let j0 = b0;
  for (let n = 0; n < sure.i.length; n++) {
    const i = sure.i[n] as number;
    const j = sure.j[n] as number;
    out[i] = j;
    if (i0 < i && j0 < j) gaps.push([i0, i, j0, j]);
    i0 = i + 1;
    j0 = j + 1;
  }
  if (sure.i.length > 0 && i0 < a1 && j0 < b1) gaps.push([i0, a1, j0, b1]);
}
