import { T, T_STRIDE } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { childTable, entryHi, entryLo, entryPage } from '../machine/page-table.ts';
import { G } from '../machine/layout.ts';
import {
  _PAGE_PRESENT,
  _PAGE_PSE,
  pmd_present,
  pmdPfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_soft_dirty,
  pte_special,
  pte_uffd_wp,
  pte_write,
  pte_young,
  ptePfn,
} from '../machine/words/pte.ts';
import {
  _PAGE_SWP_EXCLUSIVE,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_hwpoison_entry,
  is_migration_entry,
  is_pte_marker,
  is_readable_exclusive_migration_entry,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  pteMarkerBits,
  swpDirty,
  swpOffset,
  swpPfn,
  swpYoung,
} from '../machine/words/swp.ts';

/**
 * What an entry is, for the eye. The order is the code used by the maps, so `KINDS[code]` names a cell.
 * `absent` = no table exists there, so there is no entry at all.
 */
export const KINDS = [
  'absent',
  'none',
  'table',
  'present',
  'zero',
  'huge',
  'migration',
  'device',
  'exclusive',
  'swap',
  'poison',
  'marker',
  'special',
  'outside',
] as const;
export type EntryKind = (typeof KINDS)[number];

/** One letter per kind, drawn on small cells so that colour is never the only sign. */
export const KIND_LETTER: Readonly<Record<EntryKind, string>> = {
  absent: '',
  none: '–',
  table: '▸',
  present: 'P',
  zero: 'Z',
  huge: 'H',
  migration: 'M',
  device: 'D',
  exclusive: 'X',
  swap: 'S',
  poison: '!',
  marker: 'm',
  special: 's',
  outside: '',
};

/** The kind as the picture's words. */
export const KIND_WORD: Readonly<Record<EntryKind, string>> = {
  absent: 'no table',
  none: 'none',
  table: 'table',
  present: 'present',
  zero: 'zero page',
  huge: 'huge page',
  migration: 'migration',
  device: 'device',
  exclusive: 'device-exclusive',
  swap: 'swap',
  poison: 'hwpoison',
  marker: 'marker',
  special: 'special',
  outside: 'no VMA',
};

/** A bit of an entry worth a chip. */
export interface Chip {
  readonly letter: string;
  readonly word: string;
}

/** One entry described. Numbers are -1 or 0 when they do not apply. */
export interface EntryView {
  /** table * 512 + slot; 0 when no table exists */
  readonly entry: number;
  /** first page it maps */
  readonly page: number;
  readonly level: number;
  readonly lo: number;
  readonly hi: number;
  readonly kind: EntryKind;
  /** kind with its variant: `migration rx`, `swap 3` */
  readonly title: string;
  readonly chips: readonly Chip[];
  /** page frame it names, -1 when none */
  readonly pfn: number;
  /** child table id, 0 when none */
  readonly table: number;
}

const chip = (on: boolean, letter: string, word: string): readonly Chip[] => (on ? [{ letter, word }] : []);

/** Code (index into KINDS) of a PTE. Branches only on the word, so that maps can call it per cell. */
export function pteKindCode(m: Machine, lo: number, hi: number): number {
  if (pte_none(lo, hi)) return 1;
  if (pte_present(lo, hi)) {
    if (!pte_special(lo, hi)) return 3;
    return ptePfn(lo, hi) === m.scalar.get(G.ZERO_PFN) ? 4 : 12;
  }
  if (is_migration_entry(lo, hi)) return 6;
  if (is_device_private_entry(lo, hi)) return 7;
  if (is_device_exclusive_entry(lo, hi)) return 8;
  if (is_hwpoison_entry(lo, hi)) return 10;
  return is_pte_marker(lo, hi) ? 11 : 9;
}

/** Code (index into KINDS) of a PMD entry. */
export function pmdKindCode(m: Machine, lo: number, hi: number): number {
  if (pte_none(lo, hi)) return 1;
  if (pmd_present(lo, hi)) {
    if ((lo & _PAGE_PSE) === 0) return 2;
    return pmdPfn(lo, hi) === m.scalar.get(G.HUGE_ZERO_PFN) ? 4 : 5;
  }
  if (is_migration_entry(lo, hi)) return 6;
  return is_device_private_entry(lo, hi) ? 7 : 9;
}

/** Describes entry number `e`. */
export function entryView(m: Machine, e: number): EntryView {
  const level = m.table.get((e >>> 9) * T_STRIDE + T.LEVEL);
  return wordView(m, e, entryPage(m, e), level, entryLo(m, e), entryHi(m, e));
}

/** An entry that does not exist because a table above is missing. */
export function absentView(page: number, level: number, kind: 'absent' | 'outside' = 'absent'): EntryView {
  return { entry: 0, page, level, lo: 0, hi: 0, kind, title: KIND_WORD[kind], chips: [], pfn: -1, table: 0 };
}

/** Describes a word as an entry of `level`; levels 3 and 4 hold tables only. */
export function wordView(m: Machine, entry: number, page: number, level: number, lo: number, hi: number): EntryView {
  const kind = KINDS[level === 1 ? pteKindCode(m, lo, hi) : pmdKindCode(m, lo, hi)] as EntryKind;
  const view = { entry, page, level, lo, hi, kind };
  switch (kind) {
    case 'table':
      return { ...view, title: 'table', chips: [], pfn: -1, table: childTable(m, entry) };
    case 'present':
    case 'zero':
    case 'huge':
    case 'special':
      return {
        ...view,
        title: presentTitle(kind, lo),
        chips: presentChips(lo, hi),
        pfn: level === 1 ? ptePfn(lo, hi) : pmdPfn(lo, hi),
        table: 0,
      };
    case 'migration':
      return {
        ...view,
        title: `migration ${migrationLetter(lo, hi)}`,
        chips: [...chip(swpYoung(lo, hi), 'A', 'young'), ...chip(swpDirty(lo, hi), 'D', 'dirty'), ...swapChips(lo)],
        pfn: swpPfn(lo, hi),
        table: 0,
      };
    case 'device':
      return {
        ...view,
        title: 'device',
        chips: [...accessChip(is_writable_device_private_entry(lo, hi)), ...swapChips(lo)],
        pfn: swpPfn(lo, hi),
        table: 0,
      };
    case 'exclusive':
    case 'poison':
      return { ...view, title: KIND_WORD[kind], chips: swapChips(lo), pfn: swpPfn(lo, hi), table: 0 };
    case 'swap':
      return {
        ...view,
        title: `swap slot ${swpOffset(lo, hi)}`,
        chips: [...swapChips(lo), ...chip((lo & _PAGE_SWP_EXCLUSIVE) !== 0, 'E', 'exclusive')],
        pfn: -1,
        table: 0,
      };
    case 'marker':
      return { ...view, title: `marker ${markerWord(pteMarkerBits(lo, hi))}`, chips: [], pfn: -1, table: 0 };
    default:
      return { ...view, title: KIND_WORD[kind], chips: [], pfn: -1, table: 0 };
  }
}

function presentTitle(kind: EntryKind, lo: number): string {
  if ((lo & _PAGE_PRESENT) === 0) return kind === 'huge' ? 'huge, invalidated' : 'protnone';
  return KIND_WORD[kind];
}

const accessChip = (write: boolean): readonly Chip[] => [
  write ? { letter: 'W', word: 'writable' } : { letter: 'R', word: 'read-only' },
];

function presentChips(lo: number, hi: number): readonly Chip[] {
  return [
    ...accessChip(pte_write(lo, hi)),
    ...chip(pte_young(lo, hi), 'A', 'young'),
    ...chip(pte_dirty(lo, hi), 'D', 'dirty'),
    ...chip(pte_soft_dirty(lo, hi), 's', 'soft-dirty'),
    ...chip(pte_uffd_wp(lo, hi), 'u', 'uffd-wp'),
  ];
}

function swapChips(lo: number): readonly Chip[] {
  return [
    ...chip((lo & _PAGE_SWP_SOFT_DIRTY) !== 0, 's', 'soft-dirty'),
    ...chip((lo & _PAGE_SWP_UFFD_WP) !== 0, 'u', 'uffd-wp'),
  ];
}

function migrationLetter(lo: number, hi: number): string {
  if (is_writable_migration_entry(lo, hi)) return 'w';
  return is_readable_exclusive_migration_entry(lo, hi) ? 'rx' : 'r';
}

function markerWord(bits: number): string {
  const words = [bits & 1 ? 'uffd-wp' : '', bits & 2 ? 'poisoned' : '', bits & 4 ? 'guard' : ''];
  return words.filter((w) => w !== '').join(' ');
}
