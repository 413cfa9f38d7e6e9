import { OP } from '../machine/ops.ts';
import { Column } from './columns.ts';
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
  const site = new Column();
  const actorOf = new Column();
  const depthOf = new Column();
  const from = new Column();
  const to = new Column();
  const ret = new Column();
  const returned = new Column();
  const parent = new Column();
  /** open rows of each actor, outermost first */
  const stacks: number[][] = [];
  const rows: Column[] = [];
  const { op, actor, depth } = log;
  for (let i = 0; i < log.length; i++) {
    const o = op[i] as number;
    if (o !== OP.ENTER && o !== OP.EXIT) continue;
    const who = actor[i] as number;
    while (stacks.length <= who) {
      stacks.push([]);
      rows.push(new Column());
    }
    const stack = stacks[who] as number[];
    const d = depth[i] as number;
    // Calls as deep as this one that were left without an EXIT ended before this step.
    while (stack.length > 0 && depthOf.get(stack.at(-1) as number) > (o === OP.EXIT ? d : d - 1))
      to.set(stack.pop() as number, i - 1);
    if (o === OP.ENTER) {
      const row = site.length;
      site.push(log.site[i] as number);
      actorOf.push(who);
      depthOf.push(d);
      from.push(i);
      to.push(log.length - 1);
      ret.push(0);
      returned.push(0);
      parent.push(stack.at(-1) ?? -1);
      stack.push(row);
      (rows[who] as Column).push(row);
    } else {
      const row = stack.pop();
      if (row === undefined) continue;
      to.set(row, i);
      ret.set(row, log.a[i] as number);
      returned.set(row, 1);
    }
  }
  return {
    length: site.length,
    site: Uint16Array.from(site.finish()),
    actor: Uint8Array.from(actorOf.finish()),
    depth: Uint8Array.from(depthOf.finish()),
    from: from.finish(),
    to: to.finish(),
    ret: ret.finish(),
    returned: Uint8Array.from(returned.finish()),
    parent: parent.finish(),
    ofActor: rows.map((r) => r.finish()),
  };
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
