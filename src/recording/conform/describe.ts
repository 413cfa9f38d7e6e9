import { F, G, PG } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { HPAGE_PMD_NR } from '../../machine/page-table.ts';
import type { HmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { hmmPfnOf } from '../../machine/words/hmm-pfn.ts';
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
  migratePfnToPfn,
} from '../../machine/words/migrate-pfn.ts';
import {
  pmdPfn,
  pmd_none,
  pmd_present,
  pmd_trans_huge,
  ptePfn,
  pte_dirty,
  pte_none,
  pte_present,
  pte_special,
  pte_write,
  pte_young,
} from '../../machine/words/pte.ts';
import { softleafKind, swpDirty, swpOffset, swpPfn, swpYoung } from '../../machine/words/swp.ts';
import { PageAnonExclusive } from '../../kernel/common/folio.ts';

/*
 * Machine state in the words of the measured files, with `@` and the model's frame number where a
 * measured file has its own name for a page.
 */

/** The model's name of a page frame. */
export const pageName = (pfn: number): string => `@${pfn}`;

/** The model's name of a folio: its first page's. */
export const folioName = (m: Machine, f: number): string => pageName(m.f(f, F.PFN));

function flagLetters(...pairs: readonly (readonly [boolean, string])[]): string {
  const letters = pairs.map(([on, letter]) => (on ? letter : '')).join('');
  return letters === '' ? '' : ` ${letters}`;
}

/** A PTE, for instance `present:@5 WYD`. */
export function pteText(m: Machine, lo: number, hi: number): string {
  if (pte_none(lo, hi)) return 'none';
  if (!pte_present(lo, hi)) return absentText(lo, hi);
  const pfn = ptePfn(lo, hi);
  const flags = flagLetters(
    [pte_write(lo, hi), 'W'],
    [pte_young(lo, hi), 'Y'],
    [pte_dirty(lo, hi), 'D'],
    [pte_special(lo, hi), 'S'],
  );
  return `${pfn === m.scalar.get(G.ZERO_PFN) ? 'zero' : 'present'}:${pageName(pfn)}${flags}`;
}

/** A PMD entry: `table`, `huge:@512 WYD`, `devpriv-w:@16777728`, … */
export function pmdText(m: Machine, lo: number, hi: number): string {
  if (pmd_none(lo, hi)) return 'none';
  if (!pmd_present(lo, hi)) return absentText(lo, hi);
  if (!pmd_trans_huge(lo, hi)) return 'table';
  const pfn = pmdPfn(lo, hi);
  const flags = flagLetters([pte_write(lo, hi), 'W'], [pte_young(lo, hi), 'Y'], [pte_dirty(lo, hi), 'D']);
  return `${isHugeZero(m, pfn) ? 'huge-zero' : 'huge'}:${pageName(pfn)}${flags}`;
}

export function isHugeZero(m: Machine, pfn: number): boolean {
  const first = m.scalar.get(G.HUGE_ZERO_PFN);
  return first !== 0 && pfn >= first && pfn < first + HPAGE_PMD_NR;
}

function absentText(lo: number, hi: number): string {
  const kind = softleafKind(lo, hi);
  const page = pageName(swpPfn(lo, hi));
  const aged = flagLetters([swpYoung(lo, hi), 'Y'], [swpDirty(lo, hi), 'D']);
  switch (kind) {
    case 'migration-read':
      return `migr-r:${page}${aged}`;
    case 'migration-read-exclusive':
      return `migr-rx:${page}${aged}`;
    case 'migration-write':
      return `migr-w:${page}${aged}`;
    case 'device-private-write':
      return `devpriv-w:${page}`;
    case 'device-private-read':
      return `devpriv-r:${page}`;
    case 'device-exclusive':
      return `devexcl:${page}`;
    case 'swap':
      return `swap:swap@${swpOffset(lo, hi)}`;
    default:
      return kind;
  }
}

/** Frame of the page behind an entry, or -1. */
export function framePte(lo: number, hi: number): number {
  if (pte_none(lo, hi)) return -1;
  if (pte_present(lo, hi)) return ptePfn(lo, hi);
  return hasFrame(lo, hi) ? swpPfn(lo, hi) : -1;
}

/** First frame of the folio behind a PMD entry, or -1 for a table or an empty entry. */
export function framePmd(lo: number, hi: number): number {
  if (pmd_none(lo, hi)) return -1;
  if (pmd_present(lo, hi)) return pmd_trans_huge(lo, hi) ? pmdPfn(lo, hi) : -1;
  return hasFrame(lo, hi) ? swpPfn(lo, hi) : -1;
}

function hasFrame(lo: number, hi: number): boolean {
  const kind = softleafKind(lo, hi);
  return kind.startsWith('migration') || kind.startsWith('device');
}

/** State letters of a folio, seen through its page `pfn`. */
export function folioLetters(m: Machine, f: number, pfn: number): string {
  const flags = m.f(f, F.FLAGS);
  const zone = m.f(f, F.ZONE);
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return [
    has(PG.LOCKED) ? 'L' : '',
    has(PG.LRU) ? 'R' : '',
    has(PG.ANON) ? 'A' : '',
    PageAnonExclusive(m, pfn) ? 'X' : '',
    has(PG.SWAPCACHE) ? 'C' : '',
    has(PG.DIRTY) ? 'D' : '',
    has(PG.MLOCKED) ? 'M' : '',
    zone === 1 || zone === 2 ? 'P' : '',
    zone >= 3 ? 'H' : '',
  ].join('');
}

/** Flags of an hmm pfn's high half, joined by |; '0' when there are none. */
export function hmmFlagsText(enc: HmmEncoding, hi: number): string {
  const order = enc.orderOf(hi);
  const names: string[] = [];
  for (const name of ['VALID', 'WRITE', 'ERROR', 'MIGRATE', 'COMPOUND'] as const)
    if ((hi & enc[name]) !== 0) names.push(name);
  if (order !== 0) names.push(`ORDER${order}`);
  for (const name of ['DMA_MAPPED', 'P2PDMA', 'P2PDMA_BUS'] as const) if ((hi & enc[name]) !== 0) names.push(name);
  return names.length === 0 ? '0' : names.join('|');
}

/** An entry of hmm_pfns[]. */
export function hmmText(enc: HmmEncoding, lo: number, hi: number): string {
  if (lo === 0 && hi === 0) return '0';
  const pfn = hmmPfnOf(lo, hi, enc);
  return pfn === 0 ? hmmFlagsText(enc, hi) : `${hmmFlagsText(enc, hi)}:${pageName(pfn)}`;
}

/** An entry of src[] or dst[]. */
export function migrateText(lo: number, hi: number): string {
  if (lo === 0 && hi === 0) return '0';
  const names: string[] = [];
  if ((lo & MIGRATE_PFN_VALID) !== 0) names.push('VALID');
  if ((lo & MIGRATE_PFN_MIGRATE) !== 0) names.push('MIGRATE');
  if ((lo & MIGRATE_PFN_WRITE) !== 0) names.push('WRITE');
  if ((lo & MIGRATE_PFN_COMPOUND) !== 0) names.push('COMPOUND');
  const page = (lo & MIGRATE_PFN_VALID) === 0 ? '' : `:${pageName(migratePfnToPfn(lo, hi))}`;
  return `${names.join('|')}${page}`;
}

/** migrate_vma.flags. */
export function selectText(flags: number): string {
  const names: string[] = [];
  if ((flags & MIGRATE_VMA_SELECT_SYSTEM) !== 0) names.push('SYSTEM');
  if ((flags & MIGRATE_VMA_SELECT_DEVICE_PRIVATE) !== 0) names.push('DEVICE_PRIVATE');
  if ((flags & MIGRATE_VMA_SELECT_DEVICE_COHERENT) !== 0) names.push('DEVICE_COHERENT');
  if ((flags & MIGRATE_VMA_SELECT_COMPOUND) !== 0) names.push('COMPOUND');
  if ((flags & MIGRATE_VMA_FAULT) !== 0) names.push('FAULT');
  return names.length === 0 ? '0' : names.join('|');
}
