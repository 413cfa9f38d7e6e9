import type { Actor, End } from '../../kernel/scheduler.ts';
import { Scheduler } from '../../kernel/scheduler.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';
import {
  A_STRIDE,
  AV_STRIDE,
  BANK,
  F_STRIDE,
  G,
  MM_STRIDE,
  P_STRIDE,
  SW_STRIDE,
  T_STRIDE,
  V_STRIDE,
  ZONES,
} from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { type StatePrint, printOf } from '../../machine/state-hash.ts';

/**
 * A machine in its initial state, on which the same actors can be run over and over: generators cannot be copied, so
 * every run makes new ones, and afterwards the journal takes the machine back.
 */
export interface Stand {
  readonly kernel: Kernel;
  /** the actors, each at its beginning */
  actors(): Actor[];
  /** steps after which a run is cut off */
  readonly maxSteps: number;
}

/** Takes the machine back to its initial state and forgets the run. */
export function rewind(m: Machine): void {
  const { loc, old, length } = m.journal;
  const banks = m.banks();
  for (let i = length - 1; i >= 0; i--) {
    const l = loc[i] as number;
    const cells = (banks[l >>> LOC_BANK_SHIFT] as { readonly cells: Int32Array }).cells;
    cells[l & LOC_INDEX_MASK] = old[i] as number;
  }
  m.actor = 0;
  m.depth = 0;
  m.startRecording();
}

/** Runs the actors the way a run without a schedule goes. The machine must stand at its initial state. */
export function runFreely(stand: Stand): End {
  return new Scheduler(stand.kernel, stand.actors(), stand.maxSteps).run();
}

/** Print of the machine as it is, from the cells that are in use. */
export function initialPrint(m: Machine): StatePrint {
  const used = (counter: number, stride: number): number => m.scalar.get(counter) * stride;
  const print = { lo: 0, hi: 0, sharedLo: 0, sharedHi: 0 };
  const add = (bank: number, cells: number): void => {
    const all = m.banks()[bank]?.cells;
    if (all) printOf(print, bank, all, Math.min(cells, all.length));
  };
  add(BANK.SCALAR, G.COUNT);
  add(BANK.PT, used(G.TABLES, 1024));
  add(BANK.TABLE, used(G.TABLES, T_STRIDE));
  add(BANK.FOLIO, used(G.FOLIOS, F_STRIDE));
  add(BANK.VMA, used(G.VMAS, V_STRIDE));
  add(BANK.MM, used(G.MMS, MM_STRIDE));
  add(BANK.WORDS, used(G.WORDS, 2));
  add(BANK.INTS, used(G.INTS, 1));
  add(BANK.OBJ, used(G.OBJS, 1));
  add(BANK.ACTOR, A_STRIDE * 8);
  add(BANK.ANON_VMA, used(G.ANON_VMAS, AV_STRIDE));
  add(BANK.SWAP, used(G.SWAP_SLOTS, SW_STRIDE));
  add(BANK.DEVICE, Number.MAX_SAFE_INTEGER);
  for (let z = 0; z < ZONES; z++) add(BANK.PAGE_SYSTEM + z, used(G.NEXT_PAGE + z, P_STRIDE));
  return print;
}
