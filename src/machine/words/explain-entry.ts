import { fieldOf, getField, type Layout } from './field.ts';
import { _PAGE_PRESENT, _PAGE_PROTNONE, _PAGE_PSE, pmd_bad, pte_none, pte_present } from './pte.ts';
import {
  NONE_LAYOUT,
  PMD_LEAF_INVERTED_LAYOUT,
  PMD_LEAF_LAYOUT,
  PTE_LAYOUT,
  PTE_PROTNONE_LAYOUT,
  PUD_LEAF_INVERTED_LAYOUT,
  PUD_LEAF_LAYOUT,
  TABLE_LAYOUT,
} from './pte-layout.ts';
import { swapLayoutOf } from './swp-layout.ts';
import { SWP_KINDS, SWP_KINDS_DP } from './swp-type.ts';
import { hiOf, loOf } from './word.ts';

/** Where an entry stands. A PGD or P4D entry explains as a PUD. */
export type EntryLevel = 'pte' | 'pmd' | 'pud';

/** A word recognised: which layout it follows and what it says in one line. */
export interface Reading {
  readonly kind: string;
  readonly layout: Layout;
  readonly summary: string;
}

/** Flags of swap entries worth a word in the summary, in its order. */
const SWAP_FLAGS = [
  ['MARKER_UFFD_WP', 'UFFD_WP'],
  ['MARKER_POISONED', 'POISONED'],
  ['MARKER_GUARD', 'GUARD'],
  ['YOUNG', 'A'],
  ['DIRTY', 'D'],
  ['SOFT_DIRTY', 'soft-dirty'],
  ['UFFD_WP', 'uffd-wp'],
  ['EXCLUSIVE', 'exclusive'],
] as const;

/** Tells what a page-table entry is; `dp` reads swap types as the device-private page frame series numbers them. */
export function readEntry(word: bigint, level: EntryLevel, dp: boolean): Reading {
  const lo = loOf(word);
  const hi = hiOf(word);
  if (pte_none(lo, hi)) {
    return { kind: 'none', layout: NONE_LAYOUT, summary: word === 0n ? 'empty' : 'empty, stray A and D ignored' };
  }
  if (level === 'pte') {
    if (!pte_present(lo, hi)) return readSwap(word, dp);
    return lo & _PAGE_PRESENT ? leaf('present', PTE_LAYOUT, word) : leaf('protnone', PTE_PROTNONE_LAYOUT, word);
  }
  if (lo & _PAGE_PSE) return readHuge(word, lo, level);
  if (level === 'pmd' && !pte_present(lo, hi)) return readSwap(word, dp);
  const pfn = `0x${getField(fieldOf(TABLE_LAYOUT, 'pfn'), word).toString(16)}`;
  if (pmd_bad(lo, hi)) return { kind: 'bad', layout: TABLE_LAYOUT, summary: `bad: not a table, pfn ${pfn}` };
  return { kind: 'table', layout: TABLE_LAYOUT, summary: `page table at frame ${pfn}` };
}

function readHuge(word: bigint, lo: number, level: 'pmd' | 'pud'): Reading {
  if (lo & _PAGE_PRESENT) return leaf('huge', level === 'pmd' ? PMD_LEAF_LAYOUT : PUD_LEAF_LAYOUT, word);
  const layout = level === 'pmd' ? PMD_LEAF_INVERTED_LAYOUT : PUD_LEAF_INVERTED_LAYOUT;
  return leaf(lo & _PAGE_PROTNONE ? 'huge-protnone' : 'huge-invalidated', layout, word);
}

function leaf(kind: string, layout: Layout, word: bigint): Reading {
  const value = (name: string) => getField(fieldOf(layout, name), word);
  const text = (name: string, shown: string) => (value(name) === 1n ? [shown] : []);
  const summary = [
    kind,
    ...text('SPECIAL', 'special'),
    value('RW') === 1n ? 'RW' : 'RO',
    ...text('ACCESSED', 'A'),
    ...text('DIRTY', 'D'),
    ...text('SAVED_DIRTY', 'saved D'),
    ...text('SOFT_DIRTY', 'soft-dirty'),
    ...text('UFFD_WP', 'uffd-wp'),
    ...text('NX', 'NX'),
    `pfn 0x${value('pfn').toString(16)}`,
  ].join(', ');
  return { kind, layout, summary };
}

function readSwap(word: bigint, dp: boolean): Reading {
  const type = Number(word >> 59n);
  const kind = (dp ? SWP_KINDS_DP : SWP_KINDS)[type] ?? 'swap';
  const layout = swapLayoutOf(kind, dp);
  const parts: string[] = [kind === 'swap' ? `swap file ${type}` : kind];
  for (const field of layout.fields) {
    const value = getField(field, word);
    if (field.name === 'offset') parts.push(`slot 0x${value.toString(16)}`);
    else if (field.name === 'pfn')
      parts.push(`${kind.includes('device-private') ? 'device pfn' : 'pfn'} 0x${value.toString(16)}`);
  }
  for (const [name, shown] of SWAP_FLAGS) {
    const field = layout.fields.find((f) => f.name === name);
    if (field && getField(field, word) === 1n) parts.push(shown);
  }
  return { kind, layout, summary: parts.join(', ') };
}
