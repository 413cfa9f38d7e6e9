import type { EntryKind, ScenarioEntry, ScenarioFolio, ScenarioVma } from '../../scenario/types.ts';
import type { Before, BeforeEntry, FolioText } from './before.ts';
import type { EntryText } from './entry-text.ts';
import { pageOfLarge } from './page-ids.ts';

const PMD_PAGES = 512;
const DATA = 0x1000;
/** GUP_PIN_COUNTING_BIAS: what a pin of a small folio adds to its reference count */
const PIN_BIAS = 1024;

/** What the entries need to know besides the page table. */
export interface Surroundings {
  readonly vmas: readonly ScenarioVma[];
  readonly device: number;
  readonly foreign: ReadonlySet<string>;
  /** a surplus reference of a large folio is a pin */
  readonly pinned: boolean;
  readonly pages: number;
}

/** `before.pt` as stretches of the scenario. */
export function readEntries(before: Before, around: Surroundings): ScenarioEntry[] {
  const out: ScenarioEntry[] = [];
  for (const e of before.pmds) {
    const page = e.page - ((e.page + before.offset) % PMD_PAGES);
    const made = entryOf({ ...e, page }, 'pmd', PMD_PAGES, 1, before, around);
    if (made) out.push(made);
  }
  for (const s of stretchesOf(before.ptes, around.foreign)) out.push(...pteStretch(s, before, around));
  return out;
}

/** Areas whose tables exist although nothing is mapped there. */
export function readTables(before: Before): { page: number; level: 'pmd' | 'pte' }[] {
  const out: { page: number; level: 'pmd' | 'pte' }[] = [];
  for (const { page, entry, noPud } of before.pmds) {
    if (entry.kind === 'table') out.push({ page, level: 'pte' });
    else if (entry.kind === 'none' && !noPud) out.push({ page, level: 'pmd' });
  }
  return out;
}

interface Stretch {
  readonly first: BeforeEntry;
  readonly count: number;
}

function stretchesOf(ptes: readonly BeforeEntry[], foreign: ReadonlySet<string>): Stretch[] {
  const out: { first: BeforeEntry; count: number; last: BeforeEntry }[] = [];
  const once = countNames(ptes);
  for (const e of ptes) {
    const s = out.at(-1);
    if (s && continues(s.last, e, once, foreign)) {
      s.count++;
      s.last = e;
    } else out.push({ first: e, count: 1, last: e });
  }
  return out;
}

/** Pages that map each folio in the range. */
function countNames(ptes: readonly BeforeEntry[]): ReadonlyMap<string, number> {
  const n = new Map<string, number>();
  for (const { folio } of ptes) if (folio) n.set(folio.id, (n.get(folio.id) ?? 0) + 1);
  return n;
}

function continues(
  a: BeforeEntry,
  b: BeforeEntry,
  names: ReadonlyMap<string, number>,
  foreign: ReadonlySet<string>,
): boolean {
  if (b.page !== a.page + 1 || !sameEntry(a.entry, b.entry) || !sameFolio(a.folio, b.folio)) return false;
  if (!a.folio || !b.folio) return true;
  if (a.folio.order > 0) return a.folio.id === b.folio.id && pageInFolio(b) === pageInFolio(a) + 1;
  if (foreign.has(a.folio.id) !== foreign.has(b.folio.id)) return false;
  return names.get(a.folio.id) === 1 && names.get(b.folio.id) === 1;
}

function sameEntry(a: EntryText, b: EntryText): boolean {
  return (
    a.kind === b.kind &&
    a.mode === b.mode &&
    a.write === b.write &&
    a.young === b.young &&
    a.dirty === b.dirty &&
    a.special === b.special
  );
}

function sameFolio(a: FolioText | undefined, b: FolioText | undefined): boolean {
  return a?.order === b?.order && a?.ref === b?.ref && a?.map === b?.map && a?.flags === b?.flags;
}

const pageInFolio = (e: BeforeEntry): number => pageOfLarge(e.entry.id)?.offset ?? 0;

/**
 * A stretch of PTEs. Of a large folio that reaches beyond the range only the middle is measured; what
 * lies outside of the range and inside of the VMA is mapped like the nearest page inside.
 */
function pteStretch(s: Stretch, before: Before, around: Surroundings): ScenarioEntry[] {
  const { first, count } = s;
  if (!first.folio || first.folio.order === 0) {
    const made = entryOf(first, 'pte', count, 1, before, around);
    return made ? [made] : [];
  }
  const head = first.page - pageInFolio(first);
  const vma = around.vmas.find((v) => v.start <= first.page && first.page < v.end);
  const start = first.page === 0 ? Math.max(head, vma?.start ?? 0) : first.page;
  const beyond = first.page + count === around.pages;
  const end = beyond ? Math.min(head + PMD_PAGES, vma?.end ?? around.pages) : first.page + count;
  const inVma = Math.min(head + PMD_PAGES, vma?.end ?? around.pages) - Math.max(head, vma?.start ?? 0);
  const made = entryOf({ ...first, page: start }, 'pte', end - start, inVma, before, around);
  return made ? [{ ...made, folioPage: start - head }] : [];
}

/** @param own mappings that this process has of each folio of the stretch */
function entryOf(
  e: BeforeEntry,
  level: 'pte' | 'pmd',
  count: number,
  own: number,
  before: Before,
  around: Surroundings,
): ScenarioEntry | undefined {
  const { entry } = e;
  const kind = kindOf(entry);
  if (!kind) return undefined;
  const vma = around.vmas.find((v) => v.start <= e.page && e.page < v.end);
  const unreadable = vma !== undefined && vma.perms.startsWith('---');
  return {
    page: e.page,
    count,
    level,
    kind,
    ...(entry.write ? { write: true } : {}),
    ...(entry.young ? { young: true } : {}),
    ...(entry.dirty ? { dirty: true } : {}),
    ...(entry.special && kind === 'present' ? { special: true } : {}),
    ...(unreadable && kind === 'present' ? { protnone: true } : {}),
    ...(kind === 'migration' ? { migration: entry.mode } : {}),
    ...(e.folio ? { folio: folioOf(e.folio, kind, own, vma, around) } : {}),
    ...(kind === 'zero' ? {} : { data: DATA + before.offset + e.page }),
  };
}

function kindOf(entry: EntryText): EntryKind | undefined {
  switch (entry.kind) {
    case 'none':
    case 'table':
      return undefined;
    case 'huge':
    case 'present':
      return 'present';
    case 'huge-zero':
    case 'zero':
      return 'zero';
    case 'devexcl':
      return 'device-exclusive';
    case 'swap':
    case 'marker':
    case 'migration':
    case 'device':
      return entry.kind;
  }
}

function folioOf(
  f: FolioText,
  kind: EntryKind,
  own: number,
  vma: ScenarioVma | undefined,
  around: Surroundings,
): ScenarioFolio {
  const memory = f.flags.includes('P') ? 'private' : f.flags.includes('H') ? 'coherent' : 'system';
  const pages = 1 << f.order;
  const cached = f.flags.includes('A') ? 0 : vma?.kind === 'file' ? pages + 1 : vma?.kind === 'shmem' ? pages : 0;
  const surplus = Math.max(0, f.ref - f.map - cached - (f.flags.includes('C') ? pages : 0));
  const pins = f.order > 0 ? (around.pinned ? surplus : 0) : Math.floor(surplus / PIN_BIAS);
  const extraRefs = f.order > 0 ? surplus - pins : surplus % PIN_BIAS;
  // A migration entry is no mapping: it leaves the count of the mappings it replaced at 0.
  const sharedBy = kind === 'migration' ? 0 : Math.max(0, Math.round((f.map - own) / own));
  return {
    ...(f.order > 0 ? { name: f.id, order: 9 as const } : {}),
    ...(memory === 'system'
      ? { lru: f.flags.includes('R') ? ('list' as const) : ('none' as const) }
      : { memory, device: deviceOf(f.id, memory, around) }),
    ...(vma && vma.kind !== 'anon' ? { anon: f.flags.includes('A') } : {}),
    ...(f.flags.includes('X') ? { exclusive: true } : {}),
    ...(sharedBy > 0 ? { sharedBy } : {}),
    ...(extraRefs > 0 ? { extraRefs } : {}),
    ...(pins > 0 ? { pins } : {}),
    ...(f.flags.includes('L') ? { locked: true } : {}),
    ...(f.flags.includes('D') ? { dirty: true } : {}),
    ...(f.flags.includes('M') ? { mlocked: true } : {}),
  };
}

/** Devices 0 and 1 have private memory, 2 and 3 coherent memory. */
function deviceOf(id: string, memory: 'private' | 'coherent', around: Surroundings): number {
  const asking = memory === 'private' ? around.device & 1 : 2 | (around.device & 1);
  return around.foreign.has(id) ? asking ^ 1 : asking;
}
