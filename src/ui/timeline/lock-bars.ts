import { LOCK_KINDS, type LockKind, lockIntervals } from '../../recording/locks.ts';
import type { Recording } from '../../recording/recording.ts';

/** Times at which locks of one kind were held, by first step: columns, because a long walk has hundreds of thousands. */
export interface LockBars {
  readonly kind: LockKind;
  readonly length: number;
  readonly from: Int32Array;
  /** step that drops it */
  readonly to: Int32Array;
  readonly actor: Uint8Array;
}

/** The lock rows of a recording: one for each kind of lock it takes, widest-lived kinds first. */
export function lockBars(rec: Recording): readonly LockBars[] {
  const x = lockIntervals(rec);
  const counts = LOCK_KINDS.map(() => 0);
  for (let i = 0; i < x.length; i++) counts[x.kind[i] as number] = (counts[x.kind[i] as number] as number) + 1;
  return LOCK_KINDS.flatMap((kind, k) => {
    const n = counts[k] as number;
    if (n === 0) return [];
    const bars = { kind, length: n, from: new Int32Array(n), to: new Int32Array(n), actor: new Uint8Array(n) };
    for (let i = 0, at = 0; i < x.length; i++) {
      if (x.kind[i] !== k) continue;
      bars.from[at] = x.from[i] as number;
      bars.to[at] = x.to[i] as number;
      bars.actor[at++] = x.actor[i] as number;
    }
    return [bars];
  });
}
