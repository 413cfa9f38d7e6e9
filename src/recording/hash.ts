import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

/**
 * 64-bit fingerprint of a recording (16 hexadecimal digits): the step log and the journal, every column to its
 * length. Equal runs have equal fingerprints, in every browser and in Node. Linear in the steps and writes on the first call.
 */
export function fingerprint(rec: Recording): string {
  return prints.of(rec).hex;
}

const prints = new Derived<{ readonly hex: string }>((rec) => {
  const { log, journal } = rec.machine;
  const h = [0x811c9dc5, 0x9e3779b9] as [number, number];
  for (const column of [log.site, log.op, log.actor, log.depth, log.delta, log.a, log.b, log.c])
    mix(h, column, log.length);
  for (const column of [journal.loc, journal.old, journal.neu]) mix(h, column, journal.length);
  return { hex: h.map((x) => (x >>> 0).toString(16).padStart(8, '0')).join('') };
});

/** FNV-1a over 32-bit values, twice with different multipliers. */
function mix(h: [number, number], column: ArrayLike<number>, length: number): void {
  let [x, y] = h;
  for (let i = 0; i < length; i++) {
    const v = column[i] as number;
    x = Math.imul(x ^ v, 0x01000193);
    y = Math.imul(y ^ v ^ (y >>> 15), 0x85ebca6b);
  }
  h[0] = Math.imul(x ^ length, 0x01000193);
  h[1] = Math.imul(y ^ length, 0x85ebca6b);
}
