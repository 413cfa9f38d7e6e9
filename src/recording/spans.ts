import { OP } from '../machine/ops.ts';
import { Derived } from './derived.ts';
import type { Recording } from './recording.ts';

/** Every call of a modelled function, one row each, in the order of entry. */
export interface CallSpans {
  readonly length: number;
  /** site of the ENTER step; functionOfSite() names the function */
  readonly site: Uint16Array;
  readonly actor: Uint8Array;
  /** call depth as in the step log */
  readonly depth: Uint8Array;
  /** the ENTER step */
  readonly from: Int32Array;
  /** the EXIT step; of a call that never returned, the last step before its caller went on, or of the recording */
  readonly to: Int32Array;
  /** return value; 0 for a call that never returned */
  readonly ret: Int32Array;
  /** 1 when the call returned */
  readonly returned: Uint8Array;
  /** row of the caller, -1 for an outermost call */
  readonly parent: Int32Array;
  /** rows of each actor, ascending */
  readonly ofActor: readonly Int32Array[];
}

/** Worked out once per recording. */
export const spanTable = new Derived<CallSpans>(collect);

/** All calls of a recording: one pass over the log on the first call. */
export function callSpans(rec: Recording): CallSpans {
  return spanTable.of(rec);
}

function collect(rec: Recording): CallSpans {
  const { log } = rec.machine;
  const { op, actor, depth } = log;
  const steps = log.length;
  let length = 0;
  for (let i = 0; i < steps; i++) if (op[i] === OP.ENTER) length++;
  const x = {
    length,
    site: new Uint16Array(length),
    actor: new Uint8Array(length),
    depth: new Uint8Array(length),
    from: new Int32Array(length),
    to: new Int32Array(length).fill(steps - 1),
    ret: new Int32Array(length),
    returned: new Uint8Array(length),
    parent: new Int32Array(length),
  };
  /** open row of each actor, -1 = none; its parents are the calls around it */
  const open = new Int32Array(256).fill(-1);
  let row = 0;
  for (let i = 0; i < steps; i++) {
    const o = op[i] as number;
    if (o !== OP.ENTER && o !== OP.EXIT) continue;
    const who = actor[i] as number;
    const d = depth[i] as number;
    // Calls as deep as this one that were left without an EXIT ended before this step.
    const keep = o === OP.EXIT ? d : d - 1;
    let top = open[who] as number;
    while (top >= 0 && (x.depth[top] as number) > keep) {
      x.to[top] = i - 1;
      top = x.parent[top] as number;
    }
    if (o === OP.ENTER) {
      x.site[row] = log.site[i] as number;
      x.actor[row] = who;
      x.depth[row] = d;
      x.from[row] = i;
      x.parent[row] = top;
      open[who] = row++;
    } else if (top >= 0) {
      x.to[top] = i;
      x.ret[top] = log.a[i] as number;
      x.returned[top] = 1;
      open[who] = x.parent[top] as number;
    }
  }
  return { ...x, ofActor: rowsByActor(x.actor) };
}

function rowsByActor(actor: Uint8Array): Int32Array[] {
  const counts: number[] = [];
  for (const who of actor) counts[who] = (counts[who] ?? 0) + 1;
  const rows = Array.from({ length: counts.length }, (_, who) => new Int32Array(counts[who] ?? 0));
  const next = rows.map(() => 0);
  for (let row = 0; row < actor.length; row++) {
    const who = actor[row] as number;
    const at = next[who] as number;
    (rows[who] as Int32Array)[at] = row;
    next[who] = at + 1;
  }
  return rows;
}

/**
 * Row of the innermost call of `actor` that runs at `step` (the ENTER and EXIT steps belong to it), -1 outside all.
 * Logarithmic in the calls.
 */
export function spanAt(x: CallSpans, step: number, actor: number): number {
  const rows = x.ofActor[actor];
  if (!rows) return -1;
  let lo = 0;
  let hi = rows.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((x.from[rows[mid] as number] as number) <= step) lo = mid + 1;
    else hi = mid;
  }
  let row = lo === 0 ? -1 : (rows[lo - 1] as number);
  while (row >= 0 && (x.to[row] as number) < step) row = x.parent[row] as number;
  return row;
}
