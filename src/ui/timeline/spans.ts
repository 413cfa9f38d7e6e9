import type { Recording } from '../../recording/recording.ts';
import { callSpans, spanAt } from '../../recording/spans.ts';

/** Deepest call depth of an actor per pixel column; 0 where the actor does not run. */
export function depthColumns(rec: Recording, actor: number, from: number, to: number, width: number): Uint8Array {
  const { actor: who, depth } = rec.machine.log;
  const columns = new Uint8Array(width);
  const scale = width / (to - from);
  for (let i = from; i < to; i++) {
    if (who[i] !== actor) continue;
    const x0 = Math.floor((i - from) * scale);
    const x1 = Math.max(x0 + 1, Math.ceil((i + 1 - from) * scale));
    const d = depth[i] as number;
    for (let x = x0; x < x1 && x < width; x++) if ((columns[x] as number) < d) columns[x] = d;
  }
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

/** Deepest call of each actor over the whole recording. */
export function maxDepths(rec: Recording): number[] {
  const { actor, depth } = rec.machine.log;
  const deepest = rec.actors.map(() => 1);
  for (let i = 0; i < rec.length; i++) {
    const a = actor[i] as number;
    if ((depth[i] as number) > (deepest[a] ?? 0)) deepest[a] = depth[i] as number;
  }
  return deepest;
}
