import { F, G, P, ZONE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { PGD_PAGES, setEntry } from '../machine/page-table.ts';
import type { Mirror, Window } from './build-devices.ts';
import {
  addMappings,
  type FolioPlan,
  folioPlan,
  LARGE_PAGES,
  makeFolio,
  makeSwapSlot,
  setData,
  setExclusive,
} from './build-folios.ts';
import { TableBuilder } from './build-tables.ts';
import type { BuiltVma } from './build-vmas.ts';
import { type WordMaker, wordMaker } from './entry-word.ts';
import { Gaps } from './gaps.ts';
import { hasFolio, type Meaning, meaningOf, vmaFinder } from './resolve.ts';
import type { Scenario, ScenarioEntry } from './types.ts';

/** Pages of a process by sort, as in its mm. */
export interface Resident {
  anon: number;
  file: number;
  swap: number;
}

/** One stretch, with all that its pages have in common. */
interface Stretch {
  readonly entry: ScenarioEntry;
  readonly means: Meaning;
  readonly vma: BuiltVma;
  readonly word: WordMaker;
  readonly childWord: WordMaker;
  readonly plan: FolioPlan;
}

/** A large folio: where it lies, and the stretch whose mapping its unnamed pages get. */
interface Large {
  readonly folio: number;
  /** machine page of its first page */
  readonly page: number;
  readonly stretch: Stretch;
  mapped: number;
}

/** Everything outside a VMA that a 'none' stretch can be. */
const NO_VMA: Omit<BuiltVma, 'spec'> & { readonly spec: { start: 0; end: 0; perms: '---p'; kind: 'anon' } } = {
  spec: { start: 0, end: 0, perms: '---p', kind: 'anon' },
  id: 0,
  start: 0,
  end: 0,
  pgoff: 0,
  file: -1,
  anonVma: 0,
};

/** Puts the entries of a scenario and the folios behind them into the machine. */
export class EntryBuilder {
  readonly resident: Resident[];
  readonly mirrors: Mirror[] = [];
  readonly owners = new Set<number>();
  readonly window: Window;
  private readonly m: Machine;
  private readonly s: Scenario;
  private readonly vmas: readonly BuiltVma[];
  private readonly offset: number;
  /** the process, then its children */
  private readonly tables: readonly TableBuilder[];
  /** large folios, by name or (without one) by stretch and place in it */
  private readonly large = new Map<string, Large>();

  constructor(m: Machine, s: Scenario, vmas: readonly BuiltVma[], mms: readonly number[], offset: number) {
    this.m = m;
    this.s = s;
    this.vmas = vmas;
    this.offset = offset;
    this.tables = mms.map((mm) => new TableBuilder(m, mm));
    this.resident = mms.map(() => ({ anon: 0, file: 0, swap: 0 }));
    this.window = { start: s.request.start + offset, end: s.request.end + offset };
  }

  /**
   * Makes the PUD tables above the VMAs: a process maps its program, libraries and stack as well, so the 512 GiB around
   * an empty VMA are never quite empty.
   */
  addPuds(): void {
    for (const vma of this.vmas) {
      for (let page = vma.start; page < vma.end; page = (page & ~(PGD_PAGES - 1)) + PGD_PAGES)
        this.tables[0]?.pud(page);
    }
  }

  /** Makes the tables above a page although nothing may lie in them. */
  addTable(page: number, level: 'pmd' | 'pte'): void {
    const table = this.tables[0] as TableBuilder;
    if (level === 'pmd') table.pmd(page + this.offset);
    else table.pte(page + this.offset);
  }

  addAll(): void {
    const find = vmaFinder(this.s.vmas);
    this.s.entries.forEach((entry, i) => this.add(this.stretch(entry, this.vmas[find(entry.page)] ?? NO_VMA), i));
    this.mapRest();
  }

  private stretch(entry: ScenarioEntry, vma: BuiltVma): Stretch {
    const means = meaningOf(this.s, entry, vma.spec);
    return {
      entry,
      means,
      vma,
      word: wordMaker(entry, means, vma.spec, false),
      childWord: wordMaker(entry, means, vma.spec, true),
      plan: folioPlan(entry, means, vma),
    };
  }

  private add(st: Stretch, index: number): void {
    const { entry, means } = st;
    if (means.device >= 0 && hasFolio(entry)) this.owners.add(means.device);
    if (entry.level === 'pmd') this.addPmds(st);
    else if (entry.kind === 'swap') this.addSwap(st);
    else if (!hasFolio(entry)) this.addPlain(st);
    else if (means.order === 0) this.addSmall(st);
    else this.addLargePtes(st, index);
  }

  /** Entries without a folio: none, zero page, marker, special mapping. */
  private addPlain(st: Stretch): void {
    const { m } = this;
    const { entry, word } = st;
    const table = this.tables[0] as TableBuilder;
    const first = entry.page + this.offset;
    // A special mapping shows frames that have no struct page the kernel would look at.
    const frames = entry.kind === 'present' ? m.newPages(ZONE.SYSTEM, entry.count) : -1;
    const zero = m.scalar.get(G.ZERO_PFN);
    for (let i = 0; i < entry.count; i++) {
      const pfn = frames >= 0 ? frames + i : zero;
      setEntry(m, table.pte(first + i), word.lo(pfn), word.hi(pfn));
      if (frames >= 0) m.pageSet(pfn, P.DATA, dataOf(entry, i));
    }
  }

  private addSwap(st: Stretch): void {
    const { m } = this;
    const { entry, means, plan } = st;
    const first = entry.page + this.offset;
    for (let i = 0; i < entry.count; i++) {
      const data = dataOf(entry, i);
      const f = entry.folio === undefined ? 0 : makeFolio(m, plan, first + i, 0);
      if (f !== 0) setData(m, f, 0, data);
      this.setPte(st, first + i, makeSwapSlot(m, 1 + means.sharedBy, data, f));
    }
    this.count(means, 'swap', entry.count);
  }

  /** Small folios, one for each page. */
  private addSmall(st: Stretch): void {
    const { m } = this;
    const { entry, means, plan } = st;
    const first = entry.page + this.offset;
    const mappings = means.maps ? 1 + means.sharedBy : 0;
    let firstFolio = 0;
    for (let i = 0; i < entry.count; i++) {
      const f = makeFolio(m, plan, first + i, mappings);
      if (i === 0) firstFolio = f;
      const pfn = m.f(f, F.PFN);
      if (means.exclusive) setExclusive(m, pfn);
      setData(m, f, 0, dataOf(entry, i));
      this.setPte(st, first + i, pfn);
    }
    // Device pages of a stretch, and the memory behind them, were taken one after the other.
    if (means.device >= 0) this.mirror(st, firstFolio, first, first + entry.count, 0);
    this.countMapped(means, entry.count);
  }

  /** Pages of large folios, mapped one by one. */
  private addLargePtes(st: Stretch, index: number): void {
    const { entry } = st;
    const from = entry.folioPage ?? 0;
    const head = entry.page + this.offset - from;
    for (let i = 0; i < entry.count; ) {
      const nth = Math.floor((from + i) / LARGE_PAGES);
      const large = this.largeAt(st, entry.folio?.name ?? `${index}.${nth}`, head + nth * LARGE_PAGES);
      const end = Math.min(entry.count, (nth + 1) * LARGE_PAGES - from);
      this.mapPtes(st, large, entry.page + this.offset + i, entry.page + this.offset + end);
      i = end;
    }
  }

  private largeAt(st: Stretch, key: string, page: number): Large {
    const known = this.large.get(key);
    if (known !== undefined) return known;
    const folio = makeFolio(this.m, st.plan, page, 0);
    const large = { folio, page, stretch: st, mapped: 0 };
    this.large.set(key, large);
    const shift = page - this.offset - st.entry.page;
    for (let i = 0; i < LARGE_PAGES; i++) setData(this.m, folio, i, dataOf(st.entry, i + shift));
    return large;
  }

  /** Maps the pages [start, end) of a large folio by PTEs. */
  private mapPtes(st: Stretch, large: Large, start: number, end: number): void {
    const { m } = this;
    const { means } = st;
    const pfn = m.f(large.folio, F.PFN) - large.page;
    for (let page = start; page < end; page++) {
      if (means.exclusive) setExclusive(m, pfn + page);
      this.setPte(st, page, pfn + page);
    }
    if (means.maps) addMappings(m, large.folio, (end - start) * (1 + means.sharedBy));
    large.mapped += end - start;
    this.countMapped(means, end - start);
    if (means.device >= 0) this.mirror(st, large.folio, start, end, start - large.page);
  }

  /** A large folio mapped by PTEs is mapped as far as its VMA goes, where the scenario says nothing else. */
  private mapRest(): void {
    const gaps = new Gaps(this.s.entries);
    for (const large of this.large.values()) {
      if (large.mapped >= LARGE_PAGES) continue;
      const { stretch, page } = large;
      const from = Math.max(page, stretch.vma.start) - this.offset;
      const to = Math.min(page + LARGE_PAGES, stretch.vma.end) - this.offset;
      for (const [start, end] of gaps.within(from, to))
        this.mapPtes(stretch, large, start + this.offset, end + this.offset);
    }
  }

  /** PMD entries: every 2 MiB area that the stretch touches gets one, whole. */
  private addPmds(st: Stretch): void {
    const { m } = this;
    const { entry, means, plan } = st;
    const end = entry.page + this.offset + entry.count;
    const mappings = means.maps ? 1 + means.sharedBy : 0;
    for (let page = (entry.page + this.offset) & ~(LARGE_PAGES - 1); page < end; page += LARGE_PAGES) {
      if (entry.kind === 'none') {
        this.tables[0]?.pmd(page);
        continue;
      }
      if (entry.kind === 'zero') {
        this.setPmd(st, page, m.scalar.get(G.HUGE_ZERO_PFN));
        continue;
      }
      const f = makeFolio(m, plan, page, mappings);
      m.setF(f, F.ENTIRE, mappings);
      const pfn = m.f(f, F.PFN);
      if (means.exclusive) setExclusive(m, pfn);
      const shift = page - this.offset - entry.page;
      for (let i = 0; i < LARGE_PAGES; i++) setData(m, f, i, dataOf(entry, i + shift));
      this.setPmd(st, page, pfn);
      this.countMapped(means, LARGE_PAGES);
      if (means.device >= 0) this.mirror(st, f, page, page + LARGE_PAGES, 0);
    }
  }

  private setPmd(st: Stretch, page: number, pfn: number): void {
    const n = 1 + st.means.sharedBy;
    for (let i = 0; i < n; i++) {
      const word = i === 0 ? st.word : st.childWord;
      setEntry(this.m, (this.tables[i] as TableBuilder).pmd(page), word.lo(pfn), word.hi(pfn));
    }
  }

  private setPte(st: Stretch, page: number, pfn: number): void {
    const { m, tables } = this;
    setEntry(m, (tables[0] as TableBuilder).pte(page), st.word.lo(pfn), st.word.hi(pfn));
    for (let i = st.means.sharedBy; i > 0; i--) {
      setEntry(m, (tables[i] as TableBuilder).pte(page), st.childWord.lo(pfn), st.childWord.hi(pfn));
    }
  }

  private countMapped(means: Meaning, pages: number): void {
    if (means.maps) this.count(means, means.anon ? 'anon' : 'file', pages);
  }

  private count(means: Meaning, sort: keyof Resident, pages: number): void {
    for (let i = 0; i <= means.sharedBy; i++) (this.resident[i] as Resident)[sort] += pages;
  }

  private mirror(st: Stretch, folio: number, start: number, end: number, inFolio: number): void {
    this.window.start = Math.min(this.window.start, start);
    this.window.end = Math.max(this.window.end, end);
    if (!st.means.mirrored) return;
    this.mirrors.push({ device: st.means.device, start, end, folio, inFolio, write: st.entry.write === true });
  }
}

function dataOf(e: ScenarioEntry, i: number): number {
  return ((e.data ?? 0x1000 + e.page) + i) | 0;
}
