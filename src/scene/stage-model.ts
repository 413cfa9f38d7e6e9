import type { Machine } from '../machine/machine.ts';
import { entryHi, entryLo, findEntry } from '../machine/page-table.ts';
import { namesOf } from '../recording/names.ts';
import type { Recording } from '../recording/recording.ts';
import { type Changes, changesOf } from './changes.ts';
import { type Cursor, cursorOf, tableFor } from './cursor.ts';
import { type EntryView, KINDS, absentView, entryView, pteKindCode, wordView } from './entry-view.ts';
import { type LockView, locksNow } from './lock-view.ts';
import { type Notice, noticesOf, openBrackets } from './notices.ts';
import type { RowView } from './row-view.ts';
import { type Bracket, type Pages, runIndex } from './run-index.ts';
import { type PlacedFolio, Shelf, type Tie } from './shelf.ts';
import { type VmaView, vmasOf } from './vma-view.ts';
import { atLeast, windowOf } from './window.ts';

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
