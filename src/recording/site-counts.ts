import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

/** How often each site ran, by site id. */
export const siteCountTable = new Derived<Uint32Array>((rec) => {
  const counts = new Uint32Array(1 << 16);
  const { site } = rec.machine.log;
  for (let i = 0; i < rec.length; i++) {
    const s = site[i] as number;
    counts[s] = (counts[s] as number) + 1;
  }
  return counts;
});

/** How often each site ran, by site id; one pass over the log on the first call. */
export function siteCounts(rec: Recording): Uint32Array {
  return siteCountTable.of(rec);
}
