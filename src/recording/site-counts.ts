import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

function count(rec: Recording, end: number): Uint32Array {
  const counts = new Uint32Array(1 << 16);
  const { site } = rec.machine.log;
  for (let i = 0; i < end; i++) {
    const s = site[i] as number;
    counts[s] = (counts[s] as number) + 1;
  }
  return counts;
}

/** How often each site ran, by site id. */
export const siteCountTable = new Derived<Uint32Array>((rec) => count(rec, rec.length));

/**
 * How often each site ran, by site id. Of the whole recording it is worked out once; up to a step it is one pass over
 * the log each time. @param end first step that does not count; left out = all count
 */
export function siteCounts(rec: Recording, end = rec.length): Uint32Array {
  return end >= rec.length ? siteCountTable.of(rec) : count(rec, end);
}
