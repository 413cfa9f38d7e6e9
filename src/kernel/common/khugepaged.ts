import { F, PG } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { ptePfn, pte_present, pte_special, pte_uffd_wp, pte_young } from '../../machine/words/pte.ts';
import { _PAGE_SWP_UFFD_WP } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { collapse_huge_page } from './collapse.ts';
import { hugepage_vma, pmdWithTable } from './collapse-vma.ts';
import { folio_expected_ref_count, noneOrZero } from './collapse-isolate.ts';
import { folioHas, folio_is_zone_device, folio_test_anon } from './folio.ts';
import { mmap_read_trylock, mmap_read_unlock } from './mmap-lock.ts';
import { pte_offset_map_lock, pte_unmap_unlock, ptlOf } from './pgtable.ts';

const S = sites('hpage_collapse_scan_pmd', {
  enter: 'are the small pages of the 2 MiB at {a:page addr} worth a huge one?',
  trylock: 'the mmap lock for reading, if nobody else has it or wants it',
  busy: 'somebody else does: not now',
  vma: 'no VMA there that may have huge pages',
  pmd: 'no PTE table there: nothing to collapse',
  lock: 'map and lock the table',
  vanished: 'the table has vanished',
  uffdWp: 'page {a:page addr} is write-protected by userfaultfd: no',
  unsuitable: 'page {a:page addr} is no anonymous memory of the system: no',
  shared: 'too many pages are shared with other processes: no',
  swapped: 'too many pages are swapped out: no',
  busyFolio: '{a:folio folio} is locked, or not on an LRU list: no',
  refs: '{a:folio folio}: somebody holds a reference too many: no',
  idle: 'nobody has used the memory lately: no',
  unlock: 'unmap and unlock',
  worth: 'yes: {a:int none} empty, {b:int swapped} to be read in',
  drop: 'drop the mmap lock',
  exit: '',
});

/** khugepaged_max_ptes_swap and khugepaged_max_ptes_shared; empty entries may be all but one (511). */
const MAX_PTES_SWAP = 64;
const MAX_PTES_SHARED = 256;
const MAX_PTES_NONE = 511;

/**
 * khugepaged's look at one 2 MiB area, hpage_collapse_scan_pmd() (mm/khugepaged.c, v6.19), and the collapse if it is
 * worth while. The mmap lock is only tried. @returns 1 when a huge page was made, else 0.
 */
export function* hpage_collapse_scan_pmd(k: Kernel, mm: number, page: number): Run<number> {
  const haddr = page & ~511;
  enter(k, S.enter, haddr, mm);
  if (!(yield* mmap_read_trylock(k, S.trylock, mm))) {
    at(k, S.busy, mm);
    return exit(k, S.exit, 0, haddr);
  }
  const swapped = yield* scan(k, mm, haddr);
  if (swapped < 0) {
    mmap_read_unlock(k, S.drop, mm);
    return exit(k, S.exit, 0, haddr);
  }
  // collapse_huge_page() drops the lock itself: it needs it for writing.
  const made = yield* collapse_huge_page(k, mm, haddr, swapped);
  return exit(k, S.exit, made, haddr);
}

/** The scan itself. @returns how many pages have to be read in, or -1: not worth it. */
function* scan(k: Kernel, mm: number, haddr: number): Run<number> {
  if (hugepage_vma(k, mm, haddr) === 0) {
    at(k, S.vma, haddr);
    return -1;
  }
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = pmdWithTable(k, mm, haddr);
  if (pmd === 0) {
    at(k, S.pmd, haddr);
    return -1;
  }
  const first = yield* pte_offset_map_lock(k, S.lock, pmd, haddr);
  if (first === 0) {
    at(k, S.vanished, haddr);
    return -1;
  }
  const swapped = count(k, first, haddr);
  pte_unmap_unlock(k, S.unlock, ptlOf(first));
  return swapped;
}

/** Looks at the 512 entries under their lock. @returns entries to be read in, or -1. */
function count(k: Kernel, first: number, haddr: number): number {
  const { m } = k;
  const no = (site: number, a: number): number => {
    at(k, site, a);
    return -1;
  };
  let none = 0;
  let swapped = 0;
  let shared = 0;
  let young = 0;
  for (let i = 0; i < 512; i++) {
    const lo = entryLo(m, first + i);
    const hi = entryHi(m, first + i);
    const page = haddr + i;
    if (noneOrZero(k, first + i)) {
      none++;
      continue;
    }
    if (!pte_present(lo, hi)) {
      if (++swapped > MAX_PTES_SWAP) return no(S.swapped, page);
      if ((lo & _PAGE_SWP_UFFD_WP) !== 0) return no(S.uffdWp, page);
      continue;
    }
    if (pte_uffd_wp(lo, hi)) return no(S.uffdWp, page);
    const f = pte_special(lo, hi) ? 0 : m.folioOf(ptePfn(lo, hi));
    if (f === 0 || folio_is_zone_device(m, f) || !folio_test_anon(m, f)) return no(S.unsuitable, page);
    if (m.f(f, F.MAP) > 1 << m.f(f, F.ORDER) && ++shared > MAX_PTES_SHARED) return no(S.shared, page);
    if (!folioHas(m, f, PG.LRU) || folioHas(m, f, PG.LOCKED)) return no(S.busyFolio, f);
    if (m.f(f, F.REF) !== folio_expected_ref_count(k, f)) return no(S.refs, f);
    if (pte_young(lo, hi)) young++;
  }
  if (none > MAX_PTES_NONE || young === 0 || (swapped > 0 && young < 256)) return no(S.idle, haddr);
  at(k, S.worth, none, swapped);
  return swapped;
}
