import { Bank } from './bank.ts';
import { Journal } from './journal.ts';
import {
  A,
  A_STRIDE,
  BANK,
  D_STRIDE,
  F,
  F_STRIDE,
  G,
  MM,
  MM_STRIDE,
  P,
  P_STRIDE,
  SW_STRIDE,
  T,
  T_STRIDE,
  V_STRIDE,
  ZONES,
  ZONE_SHIFT,
  AV_STRIDE,
} from './layout.ts';
import { StepLog } from './steps.ts';

/** Everything that can change in the simulated computer, plus the journal and the step log that record it. */
export class Machine {
  readonly journal = new Journal();
  readonly log = new StepLog();
  private readonly bankList: (Bank | undefined)[] = [];

  readonly scalar = this.bank(BANK.SCALAR, 'scalar', G.COUNT);
  /** page-table entries, two cells (lo, hi) each; entry e of table t is number t * 512 + e */
  readonly pt = this.bank(BANK.PT, 'pt', 1 << 13);
  readonly table = this.bank(BANK.TABLE, 'table', T_STRIDE * 16);
  readonly folio = this.bank(BANK.FOLIO, 'folio', F_STRIDE * 32);
  readonly vma = this.bank(BANK.VMA, 'vma', V_STRIDE * 8);
  readonly mm = this.bank(BANK.MM, 'mm', MM_STRIDE * 4);
  /** arrays of 64-bit words (hmm_pfns, src, dst), two cells each */
  readonly words = this.bank(BANK.WORDS, 'words', 1 << 11);
  /** arrays of integers: page cache, device page tables, LRU batches */
  readonly ints = this.bank(BANK.INTS, 'ints', 1 << 11);
  /** C structs of the running code: hmm_range, hmm_vma_walk, migrate_vma … */
  readonly obj = this.bank(BANK.OBJ, 'obj', 1 << 10);
  readonly actorBank = this.bank(BANK.ACTOR, 'actor', A_STRIDE * 8);
  readonly anonVma = this.bank(BANK.ANON_VMA, 'anon_vma', AV_STRIDE * 8);
  readonly swap = this.bank(BANK.SWAP, 'swap', SW_STRIDE * 16);
  readonly device = this.bank(BANK.DEVICE, 'device', D_STRIDE * 8);
  /** struct pages, one bank per zone */
  readonly page: readonly Bank[] = Array.from({ length: ZONES }, (_, z) =>
    this.bank(BANK.PAGE_SYSTEM + z, `page[${z}]`, P_STRIDE * 64),
  );

  /** running actor and its call depth; the scheduler swaps them */
  actor = 0;
  depth = 0;

  /** virtual address of page number 0 (a multiple of 512 GiB), for display only */
  basePage: number;

  /** @param basePage virtual page number that page number 0 of the model stands for; a multiple of 2^27 */
  constructor(basePage = 0) {
    this.basePage = basePage;
    this.begin();
  }

  /** Makes the machine as good as new, but keeps its memory: for a search that builds thousands of them a second. */
  reset(basePage: number): void {
    this.basePage = basePage;
    for (const bank of this.bankList) bank?.cells.fill(0);
    this.actor = 0;
    this.depth = 0;
    this.begin();
    this.startRecording();
  }

  /** Id 0 of every kind stays unused, so that 0 can mean "none". */
  private begin(): void {
    for (const g of [G.TABLES, G.FOLIOS, G.VMAS, G.MMS, G.WORDS, G.INTS, G.OBJS, G.ANON_VMAS, G.SWAP_SLOTS])
      this.scalar.set(g, 1);
  }

  /** Every bank by id (holes are undefined). */
  banks(): readonly (Bank | undefined)[] {
    return this.bankList;
  }

  private bank(id: number, name: string, capacity: number): Bank {
    const b = new Bank(id, name, this.journal, capacity);
    this.bankList[id] = b;
    return b;
  }

  /** Writes one row of the step log; writes that follow belong to it. */
  step(op: number, site: number, a: number, b: number, c: number): void {
    this.log.push(site, op, this.actor, this.depth, this.journal.length, a, b, c);
  }

  /** Takes the next `count` ids of a kind and gives the first. */
  take(counter: number, count = 1): number {
    const first = this.scalar.get(counter);
    this.scalar.set(counter, first + count);
    return first;
  }

  /** A new page-table page of `level`, all entries none. `base` = page number of its first entry. */
  newTable(level: number, mm: number, base: number, parentEntry: number): number {
    const t = this.take(G.TABLES);
    this.pt.ensure((t + 1) * 1024);
    this.table.ensure((t + 1) * T_STRIDE);
    const o = t * T_STRIDE;
    this.table.set(o + T.LEVEL, level);
    this.table.set(o + T.MM, mm);
    this.table.set(o + T.BASE, base);
    this.table.set(o + T.PARENT, parentEntry);
    this.table.set(o + T.LIVE, 1);
    return t;
  }

  newMm(): number {
    const mm = this.take(G.MMS);
    this.mm.ensure((mm + 1) * MM_STRIDE);
    this.mm.set(mm * MM_STRIDE + MM.PGD, this.newTable(4, mm, 0, 0));
    return mm;
  }

  newVma(): number {
    const v = this.take(G.VMAS);
    this.vma.ensure((v + 1) * V_STRIDE);
    return v;
  }

  newAnonVma(): number {
    const av = this.take(G.ANON_VMAS);
    this.anonVma.ensure((av + 1) * AV_STRIDE);
    return av;
  }

  newSwapSlot(): number {
    const s = this.take(G.SWAP_SLOTS);
    this.swap.ensure((s + 1) * SW_STRIDE);
    return s;
  }

  /** `count` zeroed words; the offset is that of the first word (cells are twice that). */
  newWords(count: number): number {
    const w = this.take(G.WORDS, count);
    this.words.ensure((w + count) * 2);
    return w;
  }

  newInts(count: number): number {
    const i = this.take(G.INTS, count);
    this.ints.ensure(i + count);
    return i;
  }

  /**
   * A struct of `cells` cells, all 0; the id is its first cell. The cell before it holds the size, by
   * which the structs of kernel/structs.ts are told apart.
   */
  newObj(cells: number): number {
    const o = this.take(G.OBJS, cells + 1) + 1;
    this.obj.ensure(o + cells);
    this.obj.set(o - 1, cells);
    return o;
  }

  /** `count` page frames of a zone, the first aligned to `align` pages; gives the first pfn. */
  newPages(zone: number, count: number, align = 1): number {
    const g = G.NEXT_PAGE + zone;
    const at = Math.ceil(this.scalar.get(g) / align) * align;
    this.scalar.set(g, at + count);
    (this.page[zone] as Bank).ensure((at + count) * P_STRIDE);
    return (zone << ZONE_SHIFT) | at;
  }

  /**
   * A new folio over `1 << order` fresh page frames of a zone: reference count 1, no mapping, no flags.
   * `owner` = device + 1 for device memory.
   */
  newFolio(zone: number, order: number, owner = 0): number {
    const pfn = this.newPages(zone, 1 << order, 1 << order);
    return this.newFolioAt(pfn, order, zone, owner);
  }

  /** A folio over page frames that exist already. */
  newFolioAt(pfn: number, order: number, zone: number, owner: number): number {
    const f = this.take(G.FOLIOS);
    this.folio.ensure((f + 1) * F_STRIDE);
    const o = f * F_STRIDE;
    this.folio.set(o + F.PFN, pfn);
    this.folio.set(o + F.ORDER, order);
    this.folio.set(o + F.REF, 1);
    this.folio.set(o + F.ZONE, zone);
    this.folio.set(o + F.OWNER, owner);
    this.folio.set(o + F.LIVE, 1);
    this.setPageFolio(pfn, 1 << order, f);
    return f;
  }

  setPageFolio(pfn: number, count: number, f: number): void {
    const bank = this.page[pfn >>> ZONE_SHIFT] as Bank;
    let i = (pfn & ((1 << ZONE_SHIFT) - 1)) * P_STRIDE + P.FOLIO;
    for (let n = 0; n < count; n++, i += P_STRIDE) bank.set(i, f);
  }

  /** Folio of a page frame, 0 when none. */
  folioOf(pfn: number): number {
    return (this.page[pfn >>> ZONE_SHIFT] as Bank).get((pfn & ((1 << ZONE_SHIFT) - 1)) * P_STRIDE + P.FOLIO);
  }

  pageGet(pfn: number, field: number): number {
    return (this.page[pfn >>> ZONE_SHIFT] as Bank).get((pfn & ((1 << ZONE_SHIFT) - 1)) * P_STRIDE + field);
  }

  pageSet(pfn: number, field: number, value: number): void {
    (this.page[pfn >>> ZONE_SHIFT] as Bank).set((pfn & ((1 << ZONE_SHIFT) - 1)) * P_STRIDE + field, value);
  }

  /** Folio field `F.…` of folio f. */
  f(f: number, field: number): number {
    return this.folio.get(f * F_STRIDE + field);
  }

  setF(f: number, field: number, value: number): void {
    this.folio.set(f * F_STRIDE + field, value);
  }

  actorGet(actor: number, field: number): number {
    return this.actorBank.get(actor * A_STRIDE + field);
  }

  actorAdd(actor: number, field: number, by: number): number {
    return this.actorBank.add(actor * A_STRIDE + field, by);
  }

  actorSet(actor: number, field: number, value: number): void {
    this.actorBank.set(actor * A_STRIDE + field, value);
  }

  /** Forgets journal and log, so that the present state is the recording's beginning. */
  startRecording(): void {
    this.journal.length = 0;
    this.log.length = 0;
  }

  mmapReaders(mm: number): number {
    return this.mm.get(mm * MM_STRIDE + MM.READERS);
  }

  /** Actor's mm. */
  actorMm(actor: number): number {
    return this.actorGet(actor, A.MM);
  }
}
