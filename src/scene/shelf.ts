import { F, P_STRIDE, ZONE_SHIFT } from '../machine/layout.ts';
import { migrateWordFrame } from '../kernel/common/migrate-pfn.ts';
import { MIGRATE_PFN_VALID } from '../machine/words/migrate-pfn.ts';
import type { Recording } from '../recording/recording.ts';
import { layoutAt } from '../recording/word-layout.ts';
import { type Changes, folioBefore } from './changes.ts';
import { folioOfStep } from './cursor.ts';
import type { EntryView } from './entry-view.ts';
import { type FolioView, folioView } from './folio-view.ts';
import { frameTakenFrom } from './in-hand.ts';
import type { RowView } from './row-view.ts';
import { arrayNow, type Pages } from './run-index.ts';

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

/** Finds the folios worth a card and gives each a place beside the row it belongs to. */
export class Shelf {
  readonly placed: PlacedFolio[] = [];
  readonly ties: Tie[] = [];
  unplaced = 0;
  private readonly taken = { system: new Set<number>(), device: new Set<number>() };
  private readonly known = new Set<number>();
  private readonly recording: Recording;
  private readonly step: number;
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
    this.step = step;
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
    this.rows.forEach((row, i) => this.inHand(row, i));
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

  /** Between two words of its entry nothing names a folio; it stays beside the row while whoever lifted it holds its lock. */
  private inHand(row: RowView, at: number): void {
    if (row.pfn >= 0 || row.entry === 0 || row.kind !== 'none') return;
    const pfn = frameTakenFrom(this.recording, this.step, row);
    const f = pfn < 0 ? 0 : this.folioAt(pfn);
    const { machine: m } = this.recording;
    if (f !== 0 && m.f(f, F.LIVE) !== 0 && m.f(f, F.LOCKER) === (m.log.actor[this.step] as number) + 1)
      this.put(f, at, -1);
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
      if ((lo & MIGRATE_PFN_VALID) === 0 || layoutAt(this.recording, array.word + i, this.recording.position) !== which)
        return;
      const f = this.folioAt(migrateWordFrame(lo, hi));
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
    const before = (field: number): number | undefined => folioBefore(this.changes, f, field);
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
