import { Controlled } from '../../src/kernel/controlled.ts';
import type { End } from '../../src/kernel/scheduler.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../src/machine/journal.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { type Stand, rewind } from '../../src/check/explorer/stand.ts';

/** One run of the plain enumeration: what was chosen at each choice, and how often somebody was preempted. */
export interface PlainRun {
  readonly chosen: readonly number[];
  readonly preemptions: number;
  readonly end: End;
}

export interface Plain {
  readonly runs: readonly PlainRun[];
  /** every state reached, as text: all cells that are not 0, and the place of each actor */
  readonly states: ReadonlySet<string>;
}

/**
 * Every schedule with at most `preemptions` preemptions, one by one, nothing left out and nothing hashed: what the explorer must agree
 * with. It knows nothing of the explorer but the machine and the scheduler.
 */
export function plainSearch(stand: Stand, preemptions: number): Plain {
  const states = new Set<string>();
  const runs: PlainRun[] = [];
  const queue: number[][] = [[]];
  for (let prefix = queue.shift(); prefix !== undefined; prefix = queue.shift()) {
    rewind(stand.kernel.m);
    const chosen: number[] = [];
    let cost = 0;
    const given = prefix;
    const choose = (ready: number, current: number): number => {
      const n = chosen.length;
      const stays = (ready & (1 << current)) !== 0;
      let next = given[n];
      if (next === undefined) {
        // The first that can go on; the others are runs of their own.
        const able = [0, 1, 2, 3].filter((a) => (ready & (1 << a)) !== 0);
        next = stays ? current : (able[0] as number);
        for (const a of able) if (a !== next && cost + (stays ? 1 : 0) <= preemptions) queue.push([...chosen, a]);
      }
      if (stays && next !== current) cost++;
      chosen.push(next);
      return next;
    };
    const end = new Controlled(stand.kernel, stand.actors(), stand.maxSteps, choose).run() as End;
    runs.push({ chosen, preemptions: cost, end });
    for (const state of statesOf(stand.kernel.m)) states.add(state);
  }
  return { runs, states };
}

/** The states of the run that the machine has just made, one for each step. */
export function* statesOf(m: Machine): Generator<string> {
  const { log, journal } = m;
  const banks = m.banks();
  const cells = new Map<number, number>();
  banks.forEach((bank, id) =>
    bank?.cells.forEach((value, i) => {
      if (value !== 0) cells.set(id * 2 ** 26 + i, value);
    }),
  );
  const write = (row: number, value: number): void => {
    const l = journal.loc[row] as number;
    const key = (l >>> LOC_BANK_SHIFT) * 2 ** 26 + (l & LOC_INDEX_MASK);
    if (value === 0) cells.delete(key);
    else cells.set(key, value);
  };
  for (let row = journal.length - 1; row >= 0; row--) write(row, journal.old[row] as number);
  const places = new Map<number, string>();
  let row = 0;
  for (let step = 0; step < log.length; step++) {
    const end = step + 1 < log.length ? (log.delta[step + 1] as number) : journal.length;
    for (; row < end; row++) write(row, journal.neu[row] as number);
    places.set(log.actor[step] as number, `${log.site[step]}@${log.depth[step]}`);
    const memory = [...cells].toSorted((a, b) => a[0] - b[0]).map(([k, v]) => `${k}=${v}`);
    const at = [...places].toSorted((a, b) => a[0] - b[0]).map(([a, p]) => `${a}:${p}`);
    yield `${memory.join(' ')} | ${at.join(' ')}`;
  }
}
