import { F, G, P_STRIDE, T, T_STRIDE, V, VM, VMA_KIND, ZONE_SHIFT } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { HPAGE_PMD_NR, entryHi, entryLo, findEntry } from '../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../machine/vma.ts';
import { namesOf } from '../recording/names.ts';
import type { Recording } from '../recording/recording.ts';
import { migratePfnToPfn } from '../machine/words/migrate-pfn.ts';
import { type Changes, changesOf } from './changes.ts';
import { type Cursor, cursorOf, folioOfStep, tableFor } from './cursor.ts';
import { type EntryView, KINDS, absentView, entryView, pteKindCode, wordView } from './entry-view.ts';
import { type FolioView, folioView } from './folio-view.ts';
import { type LockView, locksNow } from './lock-view.ts';
import { type Notice, noticesOf, openBrackets } from './notices.ts';
import { type Bracket, type Pages, arrayNow, runIndex } from './run-index.ts';

/** One VMA of the process. */
export interface VmaView {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly perms: string;
  readonly kind: string;
}

/** A row of a table: the entry, what it was before this step if this step wrote it, and where the pages below it stand. */
export interface RowView extends EntryView {
  readonly slot: number;
  /** name of the page frame it names, empty without one */
  readonly name: string;
  readonly before: EntryView | undefined;
  /** in the requested range */
  readonly asked: boolean;
  /** for a PMD row with a table below: how many of its 512 entries are of each kind, by kind code */
  readonly mix: readonly number[];
}

/** A folio on the stage: which row of the window it stands beside. */
export interface PlacedFolio {
  readonly view: FolioView;
  readonly column: 'system' | 'device';
  /** row of the window its card begins at, and how many rows it covers */
  readonly row: number;
  readonly span: number;
  readonly refBefore: number | undefined;
  readonly mapBefore: number | undefined;
  /** this step is about it */
  readonly subject: boolean;
  /** page it is the destination of, -1 */
  readonly destination: number;
}

/** A line between an entry and the folio it names. */
export interface Tie {
  readonly key: string;
  readonly page: number;
  /** 1 = from a PTE row, 2 = from a PMD row */
  readonly level: number;
  readonly folio: number;
  readonly kind: 'maps' | 'migration' | 'device' | 'destination';
}

/** Everything the stage shows at one step, without coordinates. */
export interface StageModel {
  readonly step: number;
  readonly mm: number;
  /** page in focus: pinned, or the walker's */
  readonly focus: number;
  readonly pinned: boolean;
  readonly actor: number;
  readonly cursors: readonly Cursor[];
  readonly vmas: readonly VmaView[];
  readonly request: Pages;
  /** tables on the focus page's path by level 4 … 1, 0 where missing */
  readonly path: { readonly pgd: number; readonly pud: number; readonly pmd: number; readonly pte: number };
  readonly pmdRows: readonly RowView[];
  readonly pteRows: readonly RowView[];
  /** kind code of each of the 512 entries of the PTE table in focus; empty without one */
  readonly kinds: Uint8Array;
  /** PMD entry over the focus page */
  readonly pmd: EntryView;
  readonly folios: readonly PlacedFolio[];
  /** folios that found no place */
  readonly unplaced: number;
  readonly ties: readonly Tie[];
  readonly locks: readonly LockView[];
  readonly changes: Changes;
  readonly notices: readonly Notice[];
  readonly brackets: readonly Bracket[];
}

/** What the viewer asks of the model: how much fits, and where to look. */
export interface StageView {
  /** PTE rows that fit */
  readonly pteRows: number;
  readonly pmdRows: number;
  /** page pinned by the person, -1 = follow the walker */
  readonly pin: number;
  /** the requested range, when the scenario's is known */
  readonly request?: Pages;
}

/** Builds the model; the machine must stand at `step`. */
export function stageModel(recording: Recording, step: number, view: StageView): StageModel {
  const m = recording.machine;
  const index = runIndex(recording);
  const mm = 1;
  const vmas = vmasOf(m, mm);
  const request = view.request ?? requestOf(index.asked, vmas);
  const actor = step >= 0 ? (m.log.actor[step] as number) : 0;
  const cursors = recording.actors.flatMap((_, a) => cursorOf(recording, step, a) ?? []);
  const own = cursors.find((c) => c.actor === actor) ?? cursors[0];
  const focus = view.pin >= 0 ? view.pin : (own?.page ?? request.start);
  const changes = changesOf(recording, step);
  const path = {
    pgd: tableFor(recording, focus, 4),
    pud: tableFor(recording, focus, 3),
    pmd: tableFor(recording, focus, 2),
    pte: tableFor(recording, focus, 1),
  };
  const pmdEntry = findEntry(m, mm, focus, 2);
  const pmd = pmdEntry !== 0 ? entryView(m, pmdEntry) : absentView(focus & ~511, 2);
  const rowOf = (e: EntryView): RowView => ({
    ...e,
    slot: slotOf(e),
    name: nameOf(recording, e),
    before: beforeOf(m, e, changes),
    asked: overlaps(e, request),
    mix: e.table !== 0 && e.level === 2 ? mixOf(m, e.table) : [],
  });
  const pteRows =
    path.pte === 0
      ? []
      : windowOf(focus, view.pteRows, request).map((page) => rowOf(entryView(m, path.pte * 512 + (page & 511))));
  const pmdRows =
    path.pmd === 0
      ? []
      : windowOf(
          focus >> 9,
          view.pmdRows,
          atLeast({ start: request.start >> 9, end: ((request.end - 1) >> 9) + 1 }, Math.min(5, view.pmdRows)),
        ).map((area) => rowOf(entryView(m, path.pmd * 512 + (area & 511))));
  const shelf = new Shelf(recording, step, changes, pteRows, pmd, view.pteRows);
  shelf.fill(request);
  return {
    step,
    mm,
    focus,
    pinned: view.pin >= 0,
    actor,
    cursors,
    vmas,
    request,
    path,
    pmdRows,
    pteRows,
    kinds: kindsOf(m, path.pte),
    pmd,
    folios: shelf.placed,
    unplaced: shelf.unplaced,
    ties: shelf.ties,
    locks: locksNow(
      recording,
      step,
      shelf.placed.map((p) => p.view.id),
    ),
    changes,
    notices: noticesOf(recording, step, changes),
    brackets: openBrackets(index, step),
  };
}

function requestOf(asked: Pages, vmas: readonly VmaView[]): Pages {
  if (asked.end > asked.start) return asked;
  const first = vmas[0];
  return first ? { start: first.start, end: first.end } : { start: 0, end: 8 };
}

const overlaps = (e: EntryView, r: { start: number; end: number }): boolean =>
  e.page < r.end && e.page + (1 << (9 * (e.level - 1))) > r.start;
/** A PTE names one page; a PMD leaf names a folio, whose name needs no page in it. */
function nameOf(recording: Recording, e: EntryView): string {
  if (e.pfn < 0) return '';
  const name = namesOf(recording).frame(e.pfn);
  return e.level === 2 ? name.replace(/\+0$/, '') : name;
}

const slotOf = (e: EntryView): number => (e.page >>> (9 * (e.level - 1))) & 511;

/**
 * The entries to show in full: those of the request when they fit; else a window that holds the focus and moves
 * by half its size, so that it stands still while the walker goes through it, in either direction.
 */
export function windowOf(focus: number, rows: number, range: Pages): number[] {
  const table = focus & ~511;
  const first = Math.max(table, Math.min(range.start, focus));
  const last = Math.min(table + HPAGE_PMD_NR, Math.max(range.end, focus + 1));
  if (focus >= range.start && focus < range.end && last - first <= rows) return span(first, last);
  const half = Math.max(1, rows >> 1);
  const at = table + Math.floor((focus - table) / half) * half - (half >> 1);
  const begin = Math.max(table, Math.min(at, table + HPAGE_PMD_NR - rows));
  return span(begin, Math.min(begin + rows, table + HPAGE_PMD_NR));
}

/** A stretch with neighbours, so that it spans `n` entries: a table is seen to be more than the one entry in use. */
function atLeast(range: Pages, n: number): Pages {
  const missing = Math.max(0, n - (range.end - range.start));
  const before = Math.min(missing >> 1, range.start & 511);
  return { start: range.start - before, end: range.end + missing - before };
}

const span = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function beforeOf(m: Machine, e: EntryView, changes: Changes): EntryView | undefined {
  const old = changes.entries.get(e.entry);
  return old === undefined ? undefined : wordView(m, e.entry, e.page, e.level, old.lo, old.hi);
}

function kindsOf(m: Machine, table: number): Uint8Array {
  if (table === 0) return new Uint8Array(0);
  const kinds = new Uint8Array(512);
  for (let i = 0, e = table * 512; i < 512; i++, e++) kinds[i] = pteKindCode(m, entryLo(m, e), entryHi(m, e));
  return kinds;
}

function mixOf(m: Machine, table: number): readonly number[] {
  const mix = KINDS.map(() => 0);
  for (const code of kindsOf(m, table)) mix[code] = (mix[code] as number) + 1;
  return mix;
}

const VMA_WORD: Readonly<Record<number, string>> = {
  [VMA_KIND.ANON]: 'anon',
  [VMA_KIND.SHMEM]: 'shmem',
  [VMA_KIND.FILE]: 'file',
  [VMA_KIND.HUGETLB]: 'hugetlb',
  [VMA_KIND.SPECIAL]: 'special',
};

/** VMAs of a process in address order. */
export function vmasOf(m: Machine, mm: number): readonly VmaView[] {
  const found: VmaView[] = [];
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) {
    if (vmaGet(m, v, V.LIVE) === 0 || vmaGet(m, v, V.MM) !== mm) continue;
    const flags = vmaGet(m, v, V.FLAGS);
    const perms = `${flags & VM.READ ? 'r' : '-'}${flags & VM.WRITE ? 'w' : '-'}${flags & VM.EXEC ? 'x' : '-'}${flags & VM.SHARED ? 's' : 'p'}`;
    found.push({
      id: v,
      start: vmaGet(m, v, V.START),
      end: vmaGet(m, v, V.END),
      perms,
      kind: VMA_WORD[vmaGet(m, v, V.KIND)] ?? 'special',
    });
  }
  return found.toSorted((x, y) => x.start - y.start);
}

/** True when the page lies in a VMA of the process. */
export const hasVma = (m: Machine, mm: number, page: number): boolean => vma_lookup(m, mm, page) !== 0;

/** Table base, for labels. */
export const tableBase = (m: Machine, table: number): number => m.table.get(table * T_STRIDE + T.BASE);

/** Finds the folios worth a card and gives each a place beside the row it belongs to. */
class Shelf {
  readonly placed: PlacedFolio[] = [];
  readonly ties: Tie[] = [];
  unplaced = 0;
  private readonly taken = { system: new Set<number>(), device: new Set<number>() };
  private readonly known = new Set<number>();
  private readonly recording: Recording;
  private readonly changes: Changes;
  private readonly rows: readonly RowView[];
  private readonly pmd: EntryView;
  private readonly slots: number;
  private readonly subject: number;

  constructor(
    recording: Recording,
    step: number,
    changes: Changes,
    rows: readonly RowView[],
    pmd: EntryView,
    slots: number,
  ) {
    this.recording = recording;
    this.changes = changes;
    this.rows = rows;
    this.pmd = pmd;
    this.slots = rows.length === 0 ? slots : Math.max(rows.length, Math.min(slots, rows.length + 2));
    this.subject = folioOfStep(recording, step);
  }

  /** First the folios that entries name, then destinations, sources, and what the step is about. */
  fill(request: Pages): void {
    const m = this.recording.machine;
    if (this.rows.length === 0 && this.pmd.pfn >= 0) this.mapped(this.pmd, 0, this.slots);
    this.rows.forEach((row, i) => this.mapped(row, i, 1));
    for (const which of ['dst', 'src'] as const) this.fromArray(which, request);
    const f = this.subject;
    if (f !== 0 && m.f(f, F.LIVE) !== 0) this.put(f, this.homeRow(f), -1);
  }

  private mapped(e: EntryView, row: number, rows: number): void {
    if (e.pfn < 0) return;
    const f = this.folioAt(e.pfn);
    if (f === 0) return;
    const last = e.level === 1 ? this.lastRowOf(f, row) : rows - 1;
    this.put(f, row, -1, last - row + 1);
    const kind = e.kind === 'migration' ? 'migration' : e.kind === 'device' ? 'device' : 'maps';
    this.ties.push({ key: `${e.level}:${e.page}`, page: e.page, level: e.level, folio: f, kind });
  }

  /** A large folio's card covers every row that names it without a gap. */
  private lastRowOf(f: number, row: number): number {
    let last = row;
    while (last + 1 < this.rows.length) {
      const { pfn } = this.rows[last + 1] as RowView;
      if (pfn < 0 || this.folioAt(pfn) !== f) break;
      last++;
    }
    return last;
  }

  private fromArray(which: 'src' | 'dst', request: Pages): void {
    const m = this.recording.machine;
    const array = arrayNow(this.recording, which, request);
    if (array === undefined) return;
    const pages = this.rows.length > 0 ? this.rows.map((r) => r.page) : [this.pmd.page];
    pages.forEach((page, row) => {
      const i = page - array.first;
      if (i < 0 || i >= array.length) return;
      const lo = m.words.cells[(array.word + i) * 2] as number;
      const hi = m.words.cells[(array.word + i) * 2 + 1] as number;
      if ((lo & 1) === 0) return;
      const f = this.folioAt(migratePfnToPfn(lo, hi));
      if (f === 0 || m.f(f, F.LIVE) === 0) return;
      const fresh = !this.known.has(f);
      this.put(f, row, which === 'dst' ? page : -1, m.f(f, F.ORDER) > 0 ? this.slots - row : 1);
      if (fresh && which === 'dst')
        this.ties.push({
          key: `dst:${page}`,
          page,
          level: this.rows.length > 0 ? 1 : 2,
          folio: f,
          kind: 'destination',
        });
    });
  }

  private homeRow(f: number): number {
    const index = this.recording.machine.f(f, F.INDEX);
    const row = this.rows.findIndex((r) => r.page === index);
    return row >= 0 ? row : 0;
  }

  private put(f: number, row: number, destination: number, span = 1): void {
    if (this.known.has(f)) return;
    this.known.add(f);
    const view = folioView(this.recording, f);
    const column = view.memory === 'system' ? 'system' : 'device';
    const at = this.freeRow(column, row, span);
    if (at < 0) {
      this.unplaced++;
      return;
    }
    const fits = this.fits(column, at, span) ? span : 1;
    for (let i = at; i < at + fits; i++) this.taken[column].add(i);
    const before = (field: number): number | undefined => this.changes.folioFields.get(f * 16 + field);
    this.placed.push({
      view,
      column,
      row: at,
      span: fits,
      refBefore: before(F.REF),
      mapBefore: before(F.MAP),
      subject: f === this.subject,
      destination,
    });
  }

  private fits(column: 'system' | 'device', row: number, span: number): boolean {
    for (let i = row; i < row + span; i++) if (i >= this.slots || this.taken[column].has(i)) return false;
    return true;
  }

  /** The row itself, else the nearest free one. */
  private freeRow(column: 'system' | 'device', row: number, span: number): number {
    if (this.fits(column, row, span)) return row;
    for (let d = 0; d <= this.slots; d++) {
      if (this.fits(column, row + d, 1)) return row + d;
      if (row - d >= 0 && this.fits(column, row - d, 1)) return row - d;
    }
    return -1;
  }

  private folioAt(pfn: number): number {
    const m = this.recording.machine;
    const bank = m.page[pfn >>> ZONE_SHIFT];
    if (bank === undefined || (pfn & ((1 << ZONE_SHIFT) - 1)) * P_STRIDE >= bank.cells.length) return 0;
    return m.folioOf(pfn);
  }
}
