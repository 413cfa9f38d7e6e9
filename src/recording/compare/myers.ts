/** Edits after which the search is given up: it takes time and room by their square. */
const MOST_EDITS = 400;

type Pair = readonly [i: number, j: number];

/**
 * The pairs that the shortest edit from a[a0, a1) to b[b0, b1) keeps, descending; undefined when it takes more than
 * MOST_EDITS insertions and deletions (Myers, An O(ND) Difference Algorithm, 1986).
 */
export function shortestEdit(
  a: Int32Array,
  a0: number,
  a1: number,
  b: Int32Array,
  b0: number,
  b1: number,
): readonly Pair[] | undefined {
  const n = a1 - a0;
  const m = b1 - b0;
  const most = Math.min(n + m, MOST_EDITS);
  if (Math.abs(n - m) > most) return undefined;
  const mid = most + 1;
  /** furthest place in a on each diagonal k = i - j */
  const far = new Int32Array(2 * mid + 1);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    trace.push(far.slice(mid - d - 1, mid + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (far[mid + k - 1] as number) < (far[mid + k + 1] as number));
      let i = down ? (far[mid + k + 1] as number) : (far[mid + k - 1] as number) + 1;
      while (i < n && i - k < m && a[a0 + i] === b[b0 + i - k]) i++;
      far[mid + k] = i;
      if (k === n - m && i >= n) return backwards(trace, n, m, a0, b0);
    }
  }
  return undefined;
}

/** Follows the edit back; trace[d] holds the diagonals -d - 1 … d + 1 as they were before edit d. */
function backwards(trace: readonly Int32Array[], n: number, m: number, a0: number, b0: number): Pair[] {
  const pairs: Pair[] = [];
  let i = n;
  let j = m;
  for (let d = trace.length - 1; d >= 0; d--) {
    const far = trace[d] as Int32Array;
    const mid = d + 1;
    const k = i - j;
    const down = k === -d || (k !== d && (far[mid + k - 1] as number) < (far[mid + k + 1] as number));
    const from = down ? k + 1 : k - 1;
    const i0 = d === 0 ? 0 : (far[mid + from] as number);
    const j0 = d === 0 ? 0 : i0 - from;
    while (i > i0 && j > j0) pairs.push([a0 + --i, b0 + --j]);
    i = i0;
    j = j0;
  }
  return pairs;
}
