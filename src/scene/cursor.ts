import { A, G, P_STRIDE, T, T_STRIDE, V, ZONE_SHIFT } from '../machine/layout.ts';
import { OP, WAIT } from '../machine/ops.ts';
import { findEntry } from '../machine/page-table.ts';
import { functionOfSite } from '../machine/sites.ts';
import { vma_lookup, vmaGet } from '../machine/vma.ts';
import { childTable, entryLo } from '../machine/page-table.ts';
import type { Recording } from '../recording/recording.ts';
import { operandOf } from '../recording/operands.ts';
import { pageOfWord } from './run-index.ts';

/** How many cursors stand above this one at the same page: they are drawn one under the other, by the actors' numbers. */
export function stacked(cursors: readonly Cursor[], d: Cursor): number {
  return cursors.filter((c) => c.page === d.page && c.actor < d.actor).length;
}

/** How far back a cursor is looked for before it counts as unknown. */
const LOOK_BACK = 4096;

/** Where one actor is: the page it works on, and how deep in the tables. */
export interface Cursor {
  readonly actor: number;
  readonly page: number;
  /** 4 PGD … 1 PTE */
  readonly level: number;
  /** what it waits for: a WAIT kind, 0 = it runs */
  readonly wait: number;
  readonly waitId: number;
}

/**
 * The page `actor` works on at `step`: that of its latest step that names one in the pages of interest.
 * -1 when it has named none.
 */
export function pageOf(recording: Recording, step: number, actor: number): number {
  const log = recording.machine.log;
  const stop = Math.max(0, step - LOOK_BACK);
  for (let i = step; i >= stop; i--) {
    if (log.actor[i] !== actor) continue;
    const page = pageOfStep(recording, i);
    if (page >= 0) return page;
  }
  return -1;
}

/** The page a step names, also through an index into hmm_pfns, src or dst; -1 when none or far from any VMA. */
export function pageOfStep(recording: Recording, step: number): number {
  const { log } = recording.machine;
  if (log.op[step] === OP.PFN_WRITE) return pageOfWord(recording, log.c[step] as number, log.a[step] as number);
  const page = operandOf(recording, step, 'page');
  return page >= 0 && isMapped(recording, page) ? page : -1;
}

/** Ends of ranges and addresses without any VMA near are no place for a cursor; the request's own pages always are. */
function isMapped(recording: Recording, page: number): boolean {
  const m = recording.machine;
  const n = m.scalar.get(G.MMS);
  for (let mm = 1; mm < n; mm++) if (vma_lookup(m, mm, page) !== 0) return true;
  return m.scalar.get(G.VMAS) <= 1 || nearVma(recording, page);
}

function nearVma(recording: Recording, page: number): boolean {
  const m = recording.machine;
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) if (page >= vmaGet(m, v, V.START) - 512 && page <= vmaGet(m, v, V.END)) return true;
  return false;
}

const LEVEL_WORDS: readonly (readonly [RegExp, number])[] = [
  [/pgd/, 4],
  [/pud/, 3],
  [/pmd/, 2],
  [/pte|prepare$|set_pte|insert_page/, 1],
];

/** How deep in the tables a step works, from what it does or from its function's name; 0 = it does not say. */
function levelOfStep(recording: Recording, step: number): number {
  const log = recording.machine.log;
  switch (log.op[step]) {
    case OP.LOCK_PMD:
    case OP.SET_PMD:
    case OP.SET_PMD_MIGRATION:
    case OP.INVALIDATE_PMD:
    case OP.POPULATE:
      return 2;
    case OP.LOCK_PTE:
    case OP.MAP_PTE:
    case OP.SET_PTE:
    case OP.CLEAR_PTE:
    case OP.CLEAR_FLUSH_PTE:
      return 1;
    default: {
      const name = functionOfSite(log.site[step] as number).name;
      return LEVEL_WORDS.find(([word]) => word.test(name))?.[1] ?? 0;
    }
  }
}

/** The cursor of an actor, or undefined when it has not touched a page yet. */
export function cursorOf(recording: Recording, step: number, actor: number): Cursor | undefined {
  const page = pageOf(recording, step, actor);
  if (page < 0) return undefined;
  const m = recording.machine;
  let said = lockedLevel(recording, page, actor);
  const log = m.log;
  for (let i = step; i >= 0 && i > step - 64 && said === 0; i--)
    if (log.actor[i] === actor) said = levelOfStep(recording, i);
  const deepest = deepestLevel(recording, page);
  const wait = m.actorGet(actor, A.WAIT);
  return {
    actor,
    page,
    level: Math.max(deepest, said === 0 ? deepest : said),
    wait: wait === WAIT.NONE ? 0 : wait,
    waitId: m.actorGet(actor, A.WAIT_ID),
  };
}

/** The level whose table the actor holds the lock of, 0 = none: under a lock it works on what the lock protects. */
function lockedLevel(recording: Recording, page: number, actor: number): number {
  const m = recording.machine;
  for (const level of [1, 2]) {
    const table = tableFor(recording, page, level);
    if (table !== 0 && m.table.get(table * T_STRIDE + T.LOCK) === actor + 1) return level;
  }
  return 0;
}

/** The lowest level at which an entry for the page exists. */
export function deepestLevel(recording: Recording, page: number, mm = 1): number {
  const m = recording.machine;
  for (let level = 1; level <= 3; level++) if (findEntry(m, mm, page, level) !== 0) return level;
  return 4;
}

/** The table of `level` through which `page` is reached, 0 when it does not exist. */
export function tableFor(recording: Recording, page: number, level: number, mm = 1): number {
  const m = recording.machine;
  if (level === 4) return findEntry(m, mm, page, 4) >>> 9;
  const above = findEntry(m, mm, page, level + 1);
  return above !== 0 && (entryLo(m, above) & 0x81) === 1 ? childTable(m, above) : 0;
}

/** The folio a step is about: named directly or through a page frame; 0 when none. */
export function folioOfStep(recording: Recording, step: number): number {
  if (step < 0) return 0;
  const m = recording.machine;
  const f = operandOf(recording, step, 'folio');
  if (f > 0 && f < m.scalar.get(G.FOLIOS)) return f;
  const pfn = operandOf(recording, step, 'pfn');
  if (pfn <= 0) return 0;
  const zone = pfn >>> ZONE_SHIFT;
  const bank = m.page[zone];
  return bank !== undefined && (pfn & 0xffffff) * P_STRIDE < bank.cells.length ? m.folioOf(pfn) : 0;
}
