import { HMM_PFN_2016, hmm2016PfnOf } from '../machine/words/hmm-pfn-2016.ts';
import { type HmmEncoding, hmmPfnOf } from '../machine/words/hmm-pfn.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_PFN_WRITE,
  MIGRATE_VMA_FAULT,
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../machine/words/migrate-pfn.ts';
import { hasDeviceBit, migrateWordFrame } from '../kernel/common/migrate-pfn.ts';
import {
  pmdPfn,
  pmd_present,
  pmd_protnone,
  pmd_trans_huge,
  pte_dirty,
  pte_none,
  pte_present,
  pte_protnone,
  pte_soft_dirty,
  pte_special,
  pte_uffd_wp,
  ptePfn,
  pte_write,
  pte_young,
} from '../machine/words/pte.ts';
import {
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_MARKER_UFFD_WP,
  is_migration_entry,
  pteMarkerBits,
  softleafKind,
  swpDirty,
  swpOffset,
  swpPfn,
  swpYoung,
} from '../machine/words/swp.ts';
import type { SoftleafKind } from '../machine/words/swp-type.ts';

/** Gives a page frame its short name: S0, T0+3, D1, Z, HZ+0 … */
export type FrameName = (pfn: number) => string;

const LEAF_NAMES: Readonly<Record<SoftleafKind, string>> = {
  swap: 'swap',
  hwpoison: 'hwpoison',
  'migration-read': 'migr-r',
  'migration-read-exclusive': 'migr-rx',
  'migration-write': 'migr-w',
  'device-private-write': 'devpriv-w',
  'device-private-read': 'devpriv-r',
  'device-exclusive': 'devexcl',
  marker: 'marker',
  'migration-device-read': 'migr-dev-r',
  'migration-device-read-exclusive': 'migr-dev-rx',
  'migration-device-write': 'migr-dev-w',
};

/**
 * A page-table entry as text: `none`, `table`, `present:S0 WYD`, `zero:Z YS`, `huge:T0+0 W`, `migr-w:S0 YD`,
 * `devpriv-r:D3`, `swap:swap#2`. Letters: W writable, Y young, D dirty, S special, d soft-dirty, u uffd-wp.
 * @param level 1 PTE, 2 PMD, 3 PUD, 4 PGD.
 */
export function entryText(lo: number, hi: number, level: number, frame: FrameName): string {
  if (pte_none(lo, hi)) return 'none';
  if (level === 1) return pte_present(lo, hi) ? presentText(lo, hi, frame) : leafText(lo, hi, frame);
  if (!pmd_present(lo, hi)) return leafText(lo, hi, frame);
  return pmd_trans_huge(lo, hi) ? hugeText(lo, hi, frame) : 'table';
}

function presentText(lo: number, hi: number, frame: FrameName): string {
  const name = frame(ptePfn(lo, hi));
  const kind = name === 'Z' ? 'zero' : pte_protnone(lo, hi) ? 'protnone' : 'present';
  return kind + named(name) + flags(lo, hi);
}

function hugeText(lo: number, hi: number, frame: FrameName): string {
  const name = frame(pmdPfn(lo, hi));
  const invalidated = (lo & 1) === 0 && !pmd_protnone(lo, hi);
  const kind = invalidated
    ? 'invalidated'
    : name.startsWith('HZ')
      ? 'huge-zero'
      : pmd_protnone(lo, hi)
        ? 'huge-protnone'
        : 'huge';
  return kind + named(name) + flags(lo, hi);
}

function named(name: string): string {
  return name === '' ? '' : `:${name}`;
}

function flags(lo: number, hi: number): string {
  let t = pte_write(lo, hi) ? 'W' : '';
  if (pte_young(lo, hi)) t += 'Y';
  if (pte_dirty(lo, hi)) t += 'D';
  if (pte_special(lo, hi)) t += 'S';
  if (pte_soft_dirty(lo, hi)) t += 'd';
  if (pte_uffd_wp(lo, hi)) t += 'u';
  return t === '' ? '' : ` ${t}`;
}

function leafText(lo: number, hi: number, frame: FrameName): string {
  const kind = softleafKind(lo, hi);
  if (kind === 'none' || kind === 'present') return kind;
  if (kind === 'swap') return `swap:swap#${swpOffset(lo, hi)}`;
  if (kind === 'marker') return `marker${markerText(pteMarkerBits(lo, hi))}`;
  let t = LEAF_NAMES[kind] + named(frame(swpPfn(lo, hi)));
  if (!is_migration_entry(lo, hi)) return t;
  const young = swpYoung(lo, hi);
  const dirty = swpDirty(lo, hi);
  if (young || dirty) t += ` ${young ? 'Y' : ''}${dirty ? 'D' : ''}`;
  return t;
}

function markerText(bits: number): string {
  const t: string[] = [];
  if ((bits & PTE_MARKER_UFFD_WP) !== 0) t.push('uffd-wp');
  if ((bits & PTE_MARKER_POISONED) !== 0) t.push('poisoned');
  if ((bits & PTE_MARKER_GUARD) !== 0) t.push('guard');
  return t.length === 0 ? '' : ` ${t.join('|')}`;
}

/** Flags of an hmm word's high half: `VALID|WRITE|MIGRATE|ORDER9`, '0' when there are none. */
export function hmmFlagsText(hi: number, enc: HmmEncoding): string {
  const t: string[] = [];
  for (const name of ['VALID', 'WRITE', 'ERROR', 'MIGRATE', 'COMPOUND', 'DEVICE_PRIVATE'] as const)
    if ((hi & enc[name]) !== 0) t.push(name);
  const order = enc.orderOf(hi);
  if (order !== 0) t.push(`ORDER${order}`);
  for (const name of ['DMA_MAPPED', 'P2PDMA', 'P2PDMA_BUS'] as const) if ((hi & enc[name]) !== 0) t.push(name);
  return t.length === 0 ? '0' : t.join('|');
}

/** An hmm_pfns[] word: flags, then `:frame` when it carries one. '0' when empty. */
function hmmText(lo: number, hi: number, enc: HmmEncoding, frame: FrameName): string {
  const pfn = hmmPfnOf(lo, hi, enc);
  return hmmFlagsText(hi, enc) + (pfn === 0 ? '' : named(frame(pfn)));
}

/** A src[] or dst[] word: `VALID|MIGRATE|WRITE:S0`, '0' when empty. */
function migrateText(lo: number, hi: number, frame: FrameName): string {
  const t: string[] = [];
  if ((lo & MIGRATE_PFN_VALID) !== 0) t.push('VALID');
  if ((lo & MIGRATE_PFN_MIGRATE) !== 0) t.push('MIGRATE');
  if ((lo & MIGRATE_PFN_WRITE) !== 0) t.push('WRITE');
  if ((lo & MIGRATE_PFN_COMPOUND) !== 0) t.push('COMPOUND');
  if (hasDeviceBit(lo)) t.push('DEVICE_PRIVATE');
  const pfn = (lo & MIGRATE_PFN_VALID) !== 0 ? named(frame(migrateWordFrame(lo, hi))) : '';
  return (t.length === 0 ? '0' : t.join('|')) + pfn;
}

/** A word of pfns[] of 2016: `VALID|WRITE|LOCKED|MIGRATE:S0`, '0' when empty. */
function hmm2016Text(lo: number, hi: number, frame: FrameName): string {
  const t = FLAGS_2016.filter((name) => (lo & HMM_PFN_2016[name]) !== 0);
  const pfn = (lo & HMM_PFN_2016.VALID) !== 0 ? named(frame(hmm2016PfnOf(lo, hi))) : '';
  return (t.length === 0 ? '0' : t.join('|')) + pfn;
}

const FLAGS_2016 = ['VALID', 'WRITE', 'LOCKED', 'MIGRATE', 'DEVICE', 'UNADDRESSABLE'] as const;

/** A word in a layout (word-layout.ts); a word of no known array is read as an hmm_pfns[] word. */
export function wordText(kind: string, lo: number, hi: number, enc: HmmEncoding, frame: FrameName): string {
  if (kind === 'src' || kind === 'dst') return migrateText(lo, hi, frame);
  return kind === 'pfns_2016' ? hmm2016Text(lo, hi, frame) : hmmText(lo, hi, enc, frame);
}

const SELECT: readonly (readonly [bit: number, name: string])[] = [
  [MIGRATE_VMA_SELECT_SYSTEM, 'SYSTEM'],
  [MIGRATE_VMA_SELECT_DEVICE_PRIVATE, 'DEVICE_PRIVATE'],
  [MIGRATE_VMA_SELECT_DEVICE_COHERENT, 'DEVICE_COHERENT'],
  [MIGRATE_VMA_SELECT_COMPOUND, 'COMPOUND'],
  [MIGRATE_VMA_FAULT, 'FAULT'],
];

/** MIGRATE_VMA_* bits (migrate.flags, minfo): `SYSTEM|COMPOUND`, '0' when there are none. */
export function selectText(bits: number): string {
  const t = SELECT.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  return t.length === 0 ? '0' : t.join('|');
}
