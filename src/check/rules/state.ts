import type { RuleFinding } from '../../recording/rule-findings.ts';
import { LOC_BANK_SHIFT, LOC_INDEX_MASK } from '../../machine/journal.ts';
import {
  BANK,
  F,
  F_STRIDE,
  G,
  MM,
  MM_STRIDE,
  P_STRIDE,
  PG,
  T,
  T_STRIDE,
  V,
  V_STRIDE,
  ZONE_SHIFT,
  ZONES,
} from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { levelShift } from '../../machine/page-table.ts';
import type { HmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { KIND, frameOf, isMapping, kindOf } from './entries.ts';
import { ACTORS, LOCK_CLASSES } from './lock-class.ts';
import { MOST_PER_RULE, type RuleInfo } from './rule.ts';

const FRAME_MASK = (1 << ZONE_SHIFT) - 1;
/** What a frame's entries are counted in, packed: PTE mappings | PMD mappings | migration entries. */
const ONE_PTE = 1;
const ONE_PMD = 1 << 10;
const ONE_MIGRATION = 1 << 20;

/**
 * The machine as it is after the step that is looked at: a copy of its banks that follows the journal, so that the
 * machine itself need not move, and what the rules ask of it over and over: what each entry is, how often each folio
 * is mapped. One pass forward; `restart` goes back to the beginning.
 */
export class State {
  readonly machine: Machine;
  readonly enc: HmmEncoding;
  /** cells of each bank by bank id, after the present step */
  readonly cells: Int32Array[] = [];
  /** kind and frame of each entry of PTE and PMD tables, after the present step */
  kind = new Uint8Array(0);
  frame = new Int32Array(0);
  /** by folio: mappings found in the tables, PMD mappings among them, migration entries */
  mapped = new Int32Array(0);
  pmds = new Int32Array(0);
  migrations = new Int32Array(0);
  /** by zone and frame: packed counts of the entries that name it */
  private perFrame: Int32Array[] = [];
  /** folios of which something changed since the last moment without a spinlock */
  readonly changed: number[] = [];
  private changedMark = new Uint8Array(0);

  /** by actor and lock class: how many it holds, and the step that took the last */
  readonly held = new Int32Array(ACTORS * LOCK_CLASSES);
  readonly takenAt = new Int32Array(ACTORS * LOCK_CLASSES);

  step = -1;
  op = 0;
  site = 0;
  actor = 0;
  a = 0;
  b = 0;
  c = 0;
  readonly findings: RuleFinding[] = [];
  private readonly perRule = new Map<string, number>();

  constructor(machine: Machine, enc: HmmEncoding) {
    this.machine = machine;
    this.enc = enc;
  }

  /** Begins anew with the machine as it was before the first `rows` rows of its journal, at which it stands now. */
  restart(rows: number): void {
    const { loc, old } = this.machine.journal;
    const banks = this.machine.banks();
    for (let id = 0; id < banks.length; id++) {
      const from = banks[id]?.cells ?? NO_CELLS;
      const to = this.cells[id];
      if (to !== undefined && to.length === from.length) to.set(from);
      else this.cells[id] = from.slice();
    }
    for (let i = rows - 1; i >= 0; i--) {
      const l = loc[i] as number;
      (this.cells[l >>> LOC_BANK_SHIFT] as Int32Array)[l & LOC_INDEX_MASK] = old[i] as number;
    }
    this.step = -1;
    this.findings.length = 0;
    this.perRule.clear();
    this.changed.length = 0;
    this.changedMark.fill(0);
    this.held.fill(0);
    this.takenAt.fill(-1);
    this.count();
  }

  /** Locks of a class that an actor holds. */
  holds(actor: number, lockClass: number): number {
    return this.held[actor * LOCK_CLASSES + lockClass] as number;
  }

  /** An actor holds `by` locks of a class more. */
  hold(actor: number, lockClass: number, by: number): void {
    const at = actor * LOCK_CLASSES + lockClass;
    this.held[at] = (this.held[at] as number) + by;
    if (by > 0) this.takenAt[at] = this.step;
  }

  /** Counts every entry of the tables as they are. */
  private count(): void {
    this.kind.fill(0);
    this.frame.fill(0);
    this.mapped.fill(0);
    this.pmds.fill(0);
    this.migrations.fill(0);
    this.perFrame = Array.from({ length: ZONES }, (_, z) => {
      const frames = Math.ceil((this.cells[BANK.PAGE_SYSTEM + z] as Int32Array).length / P_STRIDE);
      const have = this.perFrame[z];
      return have?.length === frames ? have.fill(0) : new Int32Array(frames);
    });
    this.roomForFolio(this.scalar(G.FOLIOS));
    const tables = this.scalar(G.TABLES);
    this.roomForEntry(tables * 512 - 1);
    const pt = this.cells[BANK.PT] as Int32Array;
    for (let t = 1; t < tables; t++) {
      const level = this.table(t, T.LEVEL);
      if (level > 2 || this.table(t, T.LIVE) === 0) continue;
      for (let e = t * 512; e < t * 512 + 512; e++)
        if (((pt[e * 2] as number) | (pt[e * 2 + 1] as number)) !== 0) this.settle(e);
    }
    for (const f of this.changed) this.changedMark[f] = 0;
    this.changed.length = 0;
  }

  /** Makes room for an entry that a bank grew for. */
  roomForEntry(e: number): void {
    if (e < this.kind.length) return;
    const length = Math.max(e + 1, this.kind.length * 2, 4096);
    this.kind = grown(this.kind, new Uint8Array(length));
    this.frame = grown(this.frame, new Int32Array(length));
  }

  private roomForFolio(f: number): void {
    if (f < this.mapped.length) return;
    const length = Math.max(f + 1, this.mapped.length * 2, 64);
    this.mapped = grown(this.mapped, new Int32Array(length));
    this.pmds = grown(this.pmds, new Int32Array(length));
    this.migrations = grown(this.migrations, new Int32Array(length));
    this.changedMark = grown(this.changedMark, new Uint8Array(length));
  }

  /** Decodes an entry anew; what it named before is not counted any more, what it names now is. */
  settle(e: number): void {
    const lo = this.entryLo(e);
    const hi = this.entryHi(e);
    const level = this.levelOf(e);
    const kind = kindOf(lo, hi, level);
    const frame = frameOf(kind, lo, hi, level);
    const was = this.kind[e] as number;
    if (was !== KIND.NONE) this.tally(was, this.frame[e] as number, level, -1);
    this.kind[e] = kind;
    this.frame[e] = frame;
    if (kind !== KIND.NONE) this.tally(kind, frame, level, 1);
  }

  private tally(kind: number, frame: number, level: number, by: 1 | -1): void {
    const one = kind === KIND.MIGRATION ? ONE_MIGRATION : isMapping(kind) ? (level > 1 ? ONE_PMD : ONE_PTE) : 0;
    if (one === 0) return;
    const zone = frame >>> ZONE_SHIFT;
    if (zone >= ZONES) return;
    const index = frame & FRAME_MASK;
    let counts = this.perFrame[zone] as Int32Array;
    if (index >= counts.length) {
      counts = grown(counts, new Int32Array(Math.max(index + 1, counts.length * 2)));
      this.perFrame[zone] = counts;
    }
    counts[index] = (counts[index] as number) + by * one;
    const f = this.folioOf(frame);
    if (f !== 0) this.give(f, one, by);
  }

  private give(f: number, packed: number, by: 1 | -1): void {
    this.roomForFolio(f);
    const pmds = (packed >>> 10) & 1023;
    this.mapped[f] = (this.mapped[f] as number) + by * ((packed & 1023) + pmds);
    this.pmds[f] = (this.pmds[f] as number) + by * pmds;
    this.migrations[f] = (this.migrations[f] as number) + by * (packed >>> 20);
    this.touch(f);
  }

  /** A frame belongs to another folio from now on: its entries count for that one. */
  moveFrame(frame: number, from: number, to: number): void {
    const packed = this.perFrame[frame >>> ZONE_SHIFT]?.[frame & FRAME_MASK] ?? 0;
    if (packed !== 0 && from !== 0) this.give(from, packed, -1);
    if (packed !== 0 && to !== 0) this.give(to, packed, 1);
    if (from !== 0) this.touch(from);
    if (to !== 0) this.touch(to);
  }

  /** Something of the folio changed: it is looked at when no spinlock is held any more. */
  touch(f: number): void {
    this.roomForFolio(f);
    if (this.changedMark[f] !== 0) return;
    this.changedMark[f] = 1;
    this.changed.push(f);
  }

  /** The folios that changed have been looked at. */
  settled(): void {
    for (const f of this.changed) this.changedMark[f] = 0;
    this.changed.length = 0;
  }

  /** A broken rule at the present step. */
  found(rule: RuleInfo, a = 0, b = 0, c = 0): void {
    this.foundAt(rule, this.step, this.actor, this.site, a, b, c);
  }

  /** A broken rule at an earlier step. */
  foundAt(rule: RuleInfo, step: number, actor: number, site: number, a: number, b: number, c: number): void {
    const n = (this.perRule.get(rule.id) ?? 0) + 1;
    this.perRule.set(rule.id, n);
    if (n <= MOST_PER_RULE) this.findings.push({ rule: rule.id, text: rule.text, step, actor, site, a, b, c });
  }

  /*
   * Cells. All of them are as after the present step.
   */

  get(bank: number, index: number): number {
    return (this.cells[bank] as Int32Array)[index] ?? 0;
  }

  scalar(index: number): number {
    return this.get(BANK.SCALAR, index);
  }

  /** Field F.… of a folio. */
  f(f: number, field: number): number {
    return (this.cells[BANK.FOLIO] as Int32Array)[f * F_STRIDE + field] ?? 0;
  }

  hasFlag(f: number, flag: number): boolean {
    return (this.f(f, F.FLAGS) & flag) !== 0;
  }

  table(t: number, field: number): number {
    return (this.cells[BANK.TABLE] as Int32Array)[t * T_STRIDE + field] ?? 0;
  }

  obj(cell: number): number {
    return this.get(BANK.OBJ, cell);
  }

  entryLo(e: number): number {
    return (this.cells[BANK.PT] as Int32Array)[e * 2] ?? 0;
  }

  entryHi(e: number): number {
    return (this.cells[BANK.PT] as Int32Array)[e * 2 + 1] ?? 0;
  }

  levelOf(e: number): number {
    return this.table(e >>> 9, T.LEVEL);
  }

  mmOf(e: number): number {
    return this.table(e >>> 9, T.MM);
  }

  /** True when the entry above points to the table: a processor and a walk can get to it. */
  isLinked(t: number): boolean {
    const parent = this.table(t, T.PARENT);
    if (parent === 0 || this.table(t, T.LIVE) === 0) return false;
    const lo = this.entryLo(parent);
    return (lo & 0x81) === 1 && ((this.entryHi(parent) << 20) | (lo >>> 12)) === t;
  }

  /** First page that the entry maps. */
  pageOf(e: number): number {
    return this.table(e >>> 9, T.BASE) + ((e & 511) << levelShift(this.levelOf(e)));
  }

  /** Field P.… of a page frame. */
  page(frame: number, field: number): number {
    const cells = this.cells[BANK.PAGE_SYSTEM + (frame >>> ZONE_SHIFT)];
    return cells?.[(frame & FRAME_MASK) * P_STRIDE + field] ?? 0;
  }

  /** Folio of a page frame, 0 when none. */
  folioOf(frame: number): number {
    return this.page(frame, 0);
  }

  /** References that page cache, swap cache and an LRU batch hold. */
  cacheReferences(f: number): number {
    const pages = 1 << this.f(f, F.ORDER);
    const flags = this.f(f, F.FLAGS);
    let refs = 0;
    if (this.f(f, F.MAPPING) !== 0) refs += pages + ((flags & PG.PRIVATE) !== 0 ? 1 : 0);
    if ((flags & PG.SWAPCACHE) !== 0) refs += pages;
    if ((flags & PG.BATCH) !== 0) refs += 1;
    return refs;
  }

  /** First cell of the VMA of a page in its bank; -1 when there is none. */
  vmaAt(mm: number, page: number): number {
    const vma = this.cells[BANK.VMA] as Int32Array;
    const end = this.scalar(G.VMAS) * V_STRIDE;
    for (let o = V_STRIDE; o < end; o += V_STRIDE)
      if (
        vma[o + V.LIVE] === 1 &&
        vma[o + V.MM] === mm &&
        (vma[o + V.START] as number) <= page &&
        page < (vma[o + V.END] as number)
      )
        return o;
    return -1;
  }

  /** The top table of an mm. */
  pgdOf(mm: number): number {
    return this.get(BANK.MM, mm * MM_STRIDE + MM.PGD);
  }

  /** The entry that maps a page of an mm at level 2 or 1, whichever is the last on the way; 0 when there is no table. */
  leafOf(pgd: number, page: number): number {
    let e = pgd * 512 + ((page >>> 27) & 511);
    for (let level = 4; level > 1; level--) {
      const lo = this.entryLo(e);
      if ((lo & 0x81) !== 1) return level === 2 ? e : 0;
      const child = (this.entryHi(e) << 20) | (lo >>> 12);
      e = child * 512 + ((page >>> (9 * (level - 2))) & 511);
    }
    return e;
  }
}

const NO_CELLS = new Int32Array(0);

function grown<T extends { set(a: ArrayLike<number>): void }>(from: ArrayLike<number>, to: T): T {
  to.set(from);
  return to;
}
