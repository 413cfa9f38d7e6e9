import { DEPTH_BLOCK, depthBlocks } from '../../recording/depths.ts';
import type { Recording } from '../../recording/recording.ts';
import { callSpans, spanAt } from '../../recording/spans.ts';

/** Deepest call depth of an actor per pixel column; 0 where the actor does not run. */
export function depthColumns(rec: Recording, actor: number, from: number, to: number, width: number): Uint8Array {
  const columns = new Uint8Array(width);
  const scale = width / (to - from);
  const fill = (first: number, end: number, d: number): void => {
    const x0 = Math.max(0, Math.floor((first - from) * scale));
    const x1 = Math.min(width, Math.max(x0 + 1, Math.ceil((end - from) * scale)));
    for (let x = x0; x < x1; x++) if ((columns[x] as number) < d) columns[x] = d;
  };
  if (scale * DEPTH_BLOCK < 1) {
    const blocks = depthBlocks(rec, actor);
    const last = Math.min(blocks.length, Math.ceil(to / DEPTH_BLOCK));
    for (let b = Math.floor(from / DEPTH_BLOCK); b < last; b++)
      fill(b * DEPTH_BLOCK, (b + 1) * DEPTH_BLOCK, blocks[b] as number);
    return columns;
  }
  const { actor: who, depth } = rec.machine.log;
  for (let i = Math.max(0, from); i < Math.min(to, rec.length); i++)
    if (who[i] === actor) fill(i, i + 1, depth[i] as number);
  return columns;
}

/** Rows of callSpans() of an actor that overlap the window: those that run at its first step, then those that begin in it. */
export function spansIn(rec: Recording, actor: number, from: number, to: number): number[] {
  const x = callSpans(rec);
  const rows = x.ofActor[actor];
  if (rows === undefined) return [];
  const found: number[] = [];
  for (let row = spanAt(x, from, actor); row >= 0; row = x.parent[row] as number)
    if ((x.from[row] as number) < from) found.unshift(row);
  let lo = 0;
  let hi = rows.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((x.from[rows[mid] as number] as number) < from) lo = mid + 1;
    else hi = mid;
  }
  for (; lo < rows.length && (x.from[rows[lo] as number] as number) < to; lo++) found.push(rows[lo] as number);
  return found;
}

/** Deepest call of each actor over the whole recording, at least 1. */
export function maxDepths(rec: Recording): number[] {
  return rec.actors.map((_, actor) => depthBlocks(rec, actor).reduce((most, d) => Math.max(most, d), 1));
}
