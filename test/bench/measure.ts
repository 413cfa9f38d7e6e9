/** One line of the result. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The value below which the share `q` of the sorted values lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Milliseconds that `work` takes. */
export function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Runs several works in turn, round after round, so that a busy moment of the computer hits all of them alike; ms of each. */
export function interleaved(rounds: number, works: readonly (() => void)[]): number[][] {
  const times = works.map((): number[] => []);
  for (let r = 0; r < rounds; r++) for (const [i, work] of works.entries()) times[i]?.push(time(work));
  return times;
}

/** Pseudo-random numbers 0 … 2^32 - 1, the same in every run. */
export function random(seed: number): () => number {
  let x = seed >>> 0;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x;
  };
}
