import type {
  Operation,
  Revision,
  RunSpec,
  Scenario,
  ScenarioConditions,
  ScenarioEntry,
  ScenarioRequest,
  ScenarioRival,
  ScenarioVma,
  Strategy,
} from '../../scenario/types.ts';
import type { Word } from './words.ts';

/** A small scenario as a point of the grammar: each field is one of few values. */
export interface Draft {
  /** pages and 2 MiB areas, in order; small words before a huge one end where it begins */
  readonly words: readonly Word[];
  readonly range: RangeKind;
  readonly vma: VmaLayout;
  readonly ask: Ask;
  readonly select: ScenarioRequest['select'];
  readonly way: Way;
  readonly around: Around;
  readonly rivals: readonly RivalSketch[];
}

/** Which part of a memory with 2 MiB areas is asked for: its first pages, all of it, some inside, the seam in the middle. */
export type RangeKind = 'head' | 'whole' | 'inner' | 'seam';
export type Ask = 'read' | 'write' | 'nothing' | 'by-page';
export type Way = 'unified' | 'setup' | 'setup-fault' | 'fault-only' | 'fault-then-migrate' | 'cpu-read' | 'cpu-write';
/** The VMAs around the words. */
export type VmaLayout =
  | 'anon'
  | 'read-only'
  | 'no-access'
  | 'mixedmap'
  | 'shmem'
  | 'file'
  | 'two'
  | 'registers-first'
  | 'ends-early'
  | 'none'
  | 'hugetlb';
/** Conditions beside rivals. */
export type Around = Omit<ScenarioConditions, 'rivals'>;
/** A rival, and what of the memory it works on: its first page, its last, all of it. */
export interface RivalSketch {
  readonly does: ScenarioRival['does'];
  readonly on: 'first' | 'last' | 'all';
  readonly device?: number;
}

/** Address of page 0 when it lies on a 2 MiB boundary, as in the library. */
const BASE = 0x200000000;

/** Pages of the words: where each begins, from the memory's first page on. */
export interface Layout {
  readonly starts: readonly number[];
  readonly length: number;
  /** the words' first page lies so many pages after a 2 MiB boundary */
  readonly phase: number;
}

/** Where a memory begins in which pages are left of a large folio: not with the folio's first. */
const PART_PHASE = 8;

/** Lays words out side by side; the first huge one begins on a 2 MiB boundary. */
export function layoutOf(words: readonly Word[]): Layout {
  const starts: number[] = [];
  let at = 0;
  for (const w of words) {
    starts.push(at);
    at += w.huge ? 512 : 1;
  }
  const firstHuge = words.findIndex((w) => w.huge);
  const small = words.some((w) => w.part) ? PART_PHASE : 0;
  const phase = firstHuge < 0 ? small : (512 - (starts[firstHuge] as number)) % 512;
  return { starts, length: at, phase };
}

/** Pages asked for beside a seam, on each side. */
const BESIDE = 2;

/** First and end page of the request, from the memory's first page on; undefined when the words have no such part. */
export function requestRange(words: readonly Word[], kind: RangeKind, layout: Layout): [number, number] | undefined {
  const huge = words.findIndex((w) => w.huge);
  const length = Math.max(1, layout.length);
  if (huge < 0) return kind === 'whole' ? [0, length] : undefined;
  const at = layout.starts[huge] as number;
  switch (kind) {
    case 'head':
      return [0, at + BESIDE];
    case 'whole':
      return [0, length];
    case 'inner':
      return [at + 8, at + 8 + BESIDE];
    case 'seam':
      // Between a huge word and what follows it.
      return at + 512 < length ? [at + 512 - BESIDE, Math.min(length, at + 512 + BESIDE)] : undefined;
    default:
      return kind satisfies never;
  }
}

/**
 * The run that a draft stands for, or undefined when its parts do not go together. The scenario may still be refused by
 * checkScenario.
 */
export function specOf(d: Draft, revision: Revision, fixes: readonly string[]): RunSpec | undefined {
  const layout = layoutOf(d.words);
  const range = requestRange(d.words, d.range, layout);
  if (range === undefined) return undefined;
  // Page 0 is where the request begins.
  const [start, end] = range;
  const before = d.vma === 'registers-first' ? 1 : 0;
  const behind = d.vma === 'ends-early' ? 1 : 0;
  if ((before > 0 && start > 0) || (behind > 0 && end < layout.length)) return undefined;
  const shift = before - start;
  const pages = before + end - start + behind;
  const vmas = vmasOf(d, shift, layout.length, pages);
  if (vmas === undefined) return undefined;
  const request: ScenarioRequest = {
    start: 0,
    end: pages,
    fault: d.ask !== 'nothing',
    write: d.ask === 'write',
    select: d.select,
    device: d.select.includes('DEVICE_COHERENT') ? 2 : 0,
    ...(d.ask === 'by-page' ? { perPage: { even: 'write', odd: 'nothing' } as const } : {}),
  };
  const rivals = d.rivals.map((r) => rivalOf(r, before, pages - behind));
  const conditions: ScenarioConditions = { ...d.around, ...(rivals.length === 0 ? {} : { rivals }) };
  const phase = (layout.phase - shift + 512) % 512;
  const scenario: Scenario = {
    format: 'walkscope-scenario',
    version: 1,
    id: 'found',
    title: titleOf(d),
    base: `0x${(BASE + phase * 4096).toString(16)}`,
    vmas,
    entries: entriesOf(d, layout, shift),
    ...(d.words.some((w) => w.name === 'TN')
      ? { tables: layout.starts.map((s) => ({ page: s + shift, level: 'pmd' as const })) }
      : {}),
    request,
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
  };
  const operations = operationsOf(d.way, request, before);
  return {
    scenario,
    strategy: STRATEGY[d.way],
    revision,
    ...(fixes.length === 0 ? {} : { fixes }),
    ...(operations === undefined ? {} : { operations }),
    ...(rivals.length === 0 ? {} : { schedule: '' }),
  };
}

/** A draft in a line: `P N · read · unified`. */
export function titleOf(d: Draft): string {
  const memory = d.words.length === 0 ? 'nothing' : d.words.map((w) => w.name).join(' ');
  const parts = [memory, ...(d.range === 'whole' ? [] : [d.range]), ...(d.vma === 'anon' ? [] : [d.vma]), d.ask, d.way];
  if (d.select.join() !== 'SYSTEM') parts.push(d.select.join('+'));
  for (const [name, value] of Object.entries(d.around)) parts.push(`${name} ${String(value)}`);
  for (const r of d.rivals) parts.push(`${r.does} (${r.on})`);
  return parts.join(' · ');
}

const STRATEGY: Readonly<Record<Way, Strategy>> = {
  unified: 'unified',
  setup: 'migrate-only',
  'setup-fault': 'migrate-only',
  'fault-only': 'fault-only',
  'fault-then-migrate': 'fault-then-migrate',
  'cpu-read': 'migrate-only',
  'cpu-write': 'migrate-only',
};

function operationsOf(way: Way, request: ScenarioRequest, page: number): readonly Operation[] | undefined {
  if (way === 'setup-fault') return [{ call: 'migrate_vma', fault: true, request }];
  if (way === 'cpu-read' || way === 'cpu-write') return [{ call: 'cpu', write: way === 'cpu-write', page }];
  return undefined;
}

function entriesOf(d: Draft, layout: Layout, shift: number): ScenarioEntry[] {
  if (d.vma === 'none') return [];
  return d.words.flatMap((w, i) =>
    w.entries
      .filter((e) => e.kind !== 'none')
      .map((e) => inVma(named(e, w, i, layout), (layout.starts[i] as number) + shift, d.vma)),
  );
}

/** The pages of a large folio that PTEs map are those of one folio. */
function named(e: ScenarioEntry, { name, part }: Word, word: number, layout: Layout): ScenarioEntry {
  if (part)
    return {
      ...e,
      folioPage: (layout.phase + (layout.starts[word] as number)) % 512,
      folio: { ...e.folio, name: `large-${name}` },
    };
  return e.folio?.order === 9 && e.level === 'pte' ? { ...e, folio: { ...e.folio, name: `large${word}` } } : e;
}

/** An entry as it can be in a VMA: not writable where that is not allowed, page cache where the VMA maps a file. */
function inVma(e: ScenarioEntry, at: number, vma: VmaLayout): ScenarioEntry {
  const placed = { ...e, page: e.page + at };
  if ((vma === 'read-only' || vma === 'no-access') && e.write === true) return { ...placed, write: false };
  if ((vma === 'shmem' || vma === 'file') && e.kind === 'present') {
    const { exclusive: _, ...folio } = e.folio ?? {};
    return { ...placed, folio: { ...folio, anon: false } };
  }
  return placed;
}

function vmasOf(d: Draft, shift: number, length: number, pages: number): ScenarioVma[] | undefined {
  const start = Math.min(0, shift);
  const end = Math.max(pages, shift + length);
  const flags = [d.words.some((w) => w.huge) ? 'hugepage' : 'nohugepage'] as const;
  const anon = (from: number, to: number, perms = 'rw-p'): ScenarioVma => ({
    start: from,
    end: to,
    perms,
    kind: 'anon',
    flags,
  });
  switch (d.vma) {
    case 'anon':
      return [anon(start, end)];
    case 'read-only':
      return [anon(start, end, 'r--p')];
    case 'no-access':
      return [anon(start, end, '---p')];
    case 'mixedmap':
      return [{ start, end, perms: 'rw-p', kind: 'anon', flags: [...flags, 'mixedmap'] }];
    case 'shmem':
      return [{ start, end, perms: 'rw-s', kind: 'shmem' }];
    case 'file':
      return [{ start, end, perms: 'rw-s', kind: 'file' }];
    case 'two':
      return pages > 1 && !d.words.some((w) => w.huge) ? [anon(start, 1), anon(1, end)] : undefined;
    case 'registers-first':
      // A page of device registers before the words.
      return [{ start, end: 1, perms: 'rw-s', kind: 'special', flags: ['io', 'pfnmap'] }, anon(1, end)];
    case 'ends-early':
      // And one behind them of which nobody knows.
      return [anon(start, end - 1)];
    case 'none':
      return d.words.length === 0 ? [anon(pages + 8, pages + 16)] : undefined;
    case 'hugetlb':
      return d.words.length === 1 && d.words[0]?.name === 'T'
        ? [{ start, end, perms: 'rw-p', kind: 'hugetlb' }]
        : undefined;
    default:
      return d.vma satisfies never;
  }
}

function rivalOf(r: RivalSketch, from: number, to: number): ScenarioRival {
  const [start, end] = r.on === 'all' ? [from, to] : r.on === 'first' ? [from, from + 1] : [to - 1, to];
  return {
    does: r.does,
    start,
    end,
    ...(r.device === undefined ? {} : { device: r.device }),
    when: 'before-first-pte-lock',
  };
}
