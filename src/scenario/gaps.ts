import type { ScenarioEntry } from './types.ts';

/** The pages about which no entry of a scenario says anything. */
export class Gaps {
  /** starts and ends of the stretches, by start; they do not overlap */
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;

  constructor(entries: readonly ScenarioEntry[]) {
    const sorted = entries.toSorted((a, b) => a.page - b.page);
    this.starts = Float64Array.from(sorted, (e) => e.page);
    this.ends = Float64Array.from(sorted, (e) => e.page + e.count);
  }

  /** The stretches [start, end) inside [from, to) that no entry names. */
  within(from: number, to: number): [number, number][] {
    const gaps: [number, number][] = [];
    let page = from;
    for (let i = this.firstEndingAfter(from); page < to; i++) {
      const next = i < this.starts.length ? Math.min(to, this.starts[i] as number) : to;
      if (next > page) gaps.push([page, next]);
      if (i >= this.starts.length) break;
      page = Math.max(page, this.ends[i] as number);
    }
    return gaps;
  }

  private firstEndingAfter(page: number): number {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((this.ends[mid] as number) <= page) low = mid + 1;
      else high = mid;
    }
    return low;
  }
}
