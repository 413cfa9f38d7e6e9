import { OP } from '../../machine/ops.ts';
import { WHAT, placeCode } from './place-code.ts';
import { type WordPlaces, wordPlaces } from './words.ts';
import type { Recording } from '../recording.ts';
import { FolioKeys } from './frames.ts';
import type { KeyNumbers } from './key-numbers.ts';
import { NO_PHASE, phaseOfOp, phaseTable } from './phase.ts';

/** What identifies the steps of a recording among those of other recordings of the same scenario. */
export interface StepKeys {
  /** steps of several recordings are the same event when their keys are equal */
  readonly key: Int32Array;
  /** index into PHASES */
  readonly phase: Uint8Array;
  /** page of the scenario that the step, or the one before it of the same actor, works on; NO_PAGE before the first */
  readonly page: Int32Array;
}

export const NO_PAGE = -(2 ** 31);

/** What the ops name beside a page: 1 the function, 2 the site, 0 nothing. */
const NAMES = new Uint8Array(256);
NAMES[OP.ENTER] = 1;
NAMES[OP.EXIT] = 1;
NAMES[OP.AT] = 2;
NAMES[OP.USER] = 2;

/** Ops about a table: the 2 MiB or so that it maps is their place, not the page that brought the actor there. */
const BY_AREA: ReadonlySet<number> = new Set([OP.LOCK_PTE, OP.LOCK_PMD, OP.UNLOCK_SPIN, OP.UNLOCK_PTE]);

/** Operands, as a bit set of a 1, b 2, c 4, that belong to the event itself beside its page, folio or table. */
const IDENTITY = new Uint8Array(256);
for (const [op, bits] of [
  [OP.NOTIFIER_START, 1],
  [OP.NOTIFIER_END, 1],
  [OP.INVALIDATE_CB, 1],
  [OP.INTERVAL_READ_BEGIN, 1],
  [OP.INTERVAL_CHECK_RETRY, 1],
  [OP.INTERVAL_READ_RETRY, 1],
  [OP.DEVICE_PTE, 1],
  [OP.BLOCKED, 1],
  [OP.FINDING, 1],
  [OP.USER, 1],
  [OP.CPU_ACCESS, 2],
] as const)
  IDENTITY[op] = bits;

/**
 * The keys of a recording's steps: who does it, in which phase, what it is (for calls which function, for plain statements
 * which site), and where: page, folio, table. Which function does a lock or an entry write is no part of it, nor is what
 * came of it. One pass over steps and writes.
 */
export function stepKeys(rec: Recording, numbers: KeyNumbers): StepKeys {
  return new Keys(rec, numbers).run();
}

class Keys {
  private readonly rec: Recording;
  private readonly numbers: KeyNumbers;
  private readonly folios: FolioKeys;
  private readonly begins = phaseTable();
  /** per actor: the page it works on */
  private readonly at = new Int32Array(256).fill(NO_PAGE);
  /** per actor and depth: phase of the call, and the page it was entered at */
  private readonly phaseAt = new Uint8Array(256 * 256);
  private readonly pageAt = new Int32Array(256 * 256);
  private readonly pair: [number, number] = [0, 0];
  private readonly words: WordPlaces;
  private h1 = 0;
  private h2 = 0;

  constructor(rec: Recording, numbers: KeyNumbers) {
    this.rec = rec;
    this.numbers = numbers;
    this.folios = new FolioKeys(rec);
    this.words = wordPlaces(rec);
  }

  run(): StepKeys {
    const { rec, at } = this;
    const { op, actor } = rec.machine.log;
    const out = {
      key: new Int32Array(rec.length),
      phase: new Uint8Array(rec.length),
      page: new Int32Array(rec.length),
    };
    for (let i = 0; i < rec.length; i++) {
      const who = actor[i] as number;
      const named = this.pageOf(i);
      if (named !== NO_PAGE) at[who] = named;
      this.folios.follow(i, at[who] as number);
      const phase = this.phaseOf(i);
      out.phase[i] = phase;
      out.key[i] = this.keyOf(i, phase, op[i] as number);
      out.page[i] = at[who] as number;
    }
    return out;
  }

  private phaseOf(i: number): number {
    const { op, site, actor, depth } = this.rec.machine.log;
    const frame = ((actor[i] as number) << 8) | (depth[i] as number);
    if (op[i] === OP.ENTER) {
      const own = this.begins[site[i] as number] as number;
      this.phaseAt[frame] = own !== NO_PHASE ? own : depth[i] === 0 ? 0 : (this.phaseAt[frame - 1] as number);
      this.pageAt[frame] = this.at[actor[i] as number] as number;
    }
    return phaseOfOp(this.phaseAt[frame] as number, op[i] as number);
  }

  private keyOf(i: number, phase: number, op: number): number {
    const { site, actor, depth, a, b } = this.rec.machine.log;
    this.h1 = 0x12345;
    this.h2 = 0x6789b;
    this.mix((actor[i] as number) | (phase << 8) | (op << 16));
    const names = NAMES[op] as number;
    if (names !== 0) this.mix(names === 1 ? (site[i] as number) >> 5 : (site[i] as number));
    const identity = IDENTITY[op] as number;
    if ((identity & 1) !== 0) this.mix(a[i] as number);
    if ((identity & 2) !== 0) this.mix(b[i] as number);
    if (op === OP.EXIT) this.mix(this.pageAt[((actor[i] as number) << 8) | (depth[i] as number)] as number);
    else this.place(i, op);
    return this.numbers.of(this.h1, this.h2);
  }

  /** Where the step is: its folio, else the area of its table, else the page. */
  private place(i: number, op: number): void {
    const { rec } = this;
    const { log } = rec.machine;
    const page = this.at[log.actor[i] as number] as number;
    if (op === OP.PFN_WRITE) this.mix(this.words.get(log.c[i] as number)?.kind ?? 0);
    const what = placeCode(op, log.site[i] as number) >> 4;
    if (BY_AREA.has(op)) this.mix(page >> 9);
    else if (what === WHAT.PAGE) this.mix(page);
    else {
      if (what === WHAT.FOLIO) this.folios.put(log.a[i] as number, this.pair);
      else this.folios.putFrame(log.a[i] as number, this.pair);
      this.mix(this.pair[0]);
      this.mix(this.pair[1]);
    }
  }

  /** Page of the scenario that a step names; NO_PAGE when it names none. */
  private pageOf(i: number): number {
    const { rec } = this;
    const { log } = rec.machine;
    const op = log.op[i] as number;
    if (op === OP.PFN_WRITE) {
      const place = this.words.get(log.c[i] as number);
      return place === undefined ? NO_PAGE : place.page + (log.a[i] as number);
    }
    if (op === OP.EXIT) return NO_PAGE;
    const slot = placeCode(op, log.site[i] as number) & 15;
    if (slot === WHAT.NO_SLOT) return NO_PAGE;
    return ((slot === 0 ? log.a : slot === 1 ? log.b : log.c)[i] as number) - rec.origin;
  }

  private mix(v: number): void {
    this.h1 = Math.imul(this.h1 ^ v, 0x9e3779b1);
    this.h1 ^= this.h1 >>> 15;
    this.h2 = Math.imul(this.h2 ^ v, 0x85ebca6b);
    this.h2 ^= this.h2 >>> 13;
  }
}
