import { BANK, T, T_STRIDE } from '../machine/layout.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../machine/journal.ts';
import { OP } from '../machine/ops.ts';
import { PTRS_PER_TABLE, entryPage } from '../machine/page-table.ts';
import type { Recording } from './recording.ts';
import { operandKinds } from './operands.ts';

/** Where stepping leads. All give a step number, or -1 when there is no such step. */
export type Way = 1 | -1;

function scan(rec: Recording, from: number, way: Way, hit: (i: number) => boolean): number {
  for (let i = from + way; i >= 0 && i < rec.length; i += way) if (hit(i)) return i;
  return -1;
}

/**
 * Step over: the next step of the same actor that lies no deeper. On a function's entry that is its exit,
 * so a call can be skipped from its first line too; backwards, on an exit, its entry.
 */
export function over(rec: Recording, at: number, way: Way): number {
  const { actor, depth, op } = rec.machine.log;
  if (at < 0) return way === 1 ? 0 : -1;
  const who = actor[at];
  const level = depth[at] as number;
  const bracket = way === 1 ? OP.ENTER : OP.EXIT;
  const other = way === 1 ? OP.EXIT : OP.ENTER;
  if (op[at] === bracket) return scan(rec, at, way, (i) => actor[i] === who && depth[i] === level && op[i] === other);
  return scan(rec, at, way, (i) => actor[i] === who && (depth[i] as number) <= level);
}

/** Step out: the caller's next step (backwards: the caller's step before the call). */
export function out(rec: Recording, at: number, way: Way): number {
  if (at < 0) return -1;
  const { actor, depth } = rec.machine.log;
  const who = actor[at];
  const level = depth[at] as number;
  return scan(rec, at, way, (i) => actor[i] === who && (depth[i] as number) < level);
}

/** The next step at one of the sites that `accept` takes, too. */
export function toSite(
  rec: Recording,
  at: number,
  way: Way,
  wanted: ReadonlySet<number>,
  accept: (step: number) => boolean = () => true,
): number {
  if (wanted.size === 0) return -1;
  const mask = new Uint8Array(1 << 16);
  for (const s of wanted) mask[s] = 1;
  const { site } = rec.machine.log;
  return scan(rec, at, way, (i) => mask[site[i] as number] === 1 && accept(i));
}

/** The page that a step is about, or null when it names none. */
export function pageOfStep(rec: Recording, i: number): number | null {
  const kinds = operandKinds(rec, i);
  const { a, b, c } = rec.machine.log;
  const at = kinds.indexOf('page');
  return at < 0 ? null : ((at === 0 ? a : at === 1 ? b : c)[i] as number);
}

/** The next step that is about a page or writes an entry that maps it. */
export function toPage(rec: Recording, at: number, way: Way, page: number): number {
  const m = rec.machine;
  const { loc } = m.journal;
  return scan(rec, at, way, (i) => {
    if (pageOfStep(rec, i) === page) return true;
    for (let d = rec.deltaBegin(i); d < rec.deltaEnd(i); d++) {
      const l = loc[d] as number;
      if (l >>> LOC_BANK_SHIFT !== BANK.PT) continue;
      const entry = (l & LOC_INDEX_MASK) >>> 1;
      const table = Math.floor(entry / PTRS_PER_TABLE);
      if (m.table.get(table * T_STRIDE + T.LEVEL) === 1 && entryPage(m, entry) === page) return true;
    }
    return false;
  });
}
