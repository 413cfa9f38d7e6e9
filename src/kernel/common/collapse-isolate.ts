import { F } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { ptePfn, pte_none, pte_present, pte_special, pte_uffd_wp } from '../../machine/words/pte.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit } from '../kernel.ts';
import {
  cacheRefs,
  folio_is_zone_device,
  folio_isolate_lru,
  folio_putback_lru,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  is_zero_pfn,
} from './folio.ts';

const S = sites('__collapse_huge_page_isolate', {
  enter: 'lock and isolate every page of the table; nobody can reach them through it any more',
  nonpresent: 'entry {a:int} is not present: give up',
  uffdWp: 'entry {a:int} is write-protected by userfaultfd: give up',
  unsuitable: 'entry {a:int} is no memory of the system: give up',
  trylock: 'lock the page, if nobody else has the lock',
  busy: 'somebody has it locked: give up',
  refs: '{a:folio folio}: {b:int} references instead of {c:int}: give up',
  unlock: 'unlock it again',
  isolate: 'off the LRU list',
  gone: 'it is on no list, somebody else has it: give up',
  release: 'unlock what was locked so far',
  putback: 'and back to the LRU',
  exit: '{a:bool isolated}',
});

/** True when an entry maps nothing that has to be copied: it is empty or the zero page. */
export function noneOrZero(k: Kernel, pte: number): boolean {
  const [lo, hi] = [entryLo(k.m, pte), entryHi(k.m, pte)];
  return pte_none(lo, hi) || (pte_present(lo, hi) && is_zero_pfn(k.m, ptePfn(lo, hi)));
}

/** folio_expected_ref_count(): references that mappings and caches account for. */
export const folio_expected_ref_count = (k: Kernel, f: number): number => k.m.f(f, F.MAP) + cacheRefs(k.m, f);

/**
 * __collapse_huge_page_isolate() (mm/khugepaged.c, v6.19): the PTE lock is held. Folio locks are only tried.
 * @param large gets the large folios, which are isolated once. @returns false when all has been given back.
 */
export function __collapse_huge_page_isolate(k: Kernel, first: number, large: number[]): boolean {
  enter(k, S.enter, first);
  for (let i = 0; i < 512; i++) {
    if (noneOrZero(k, first + i) || isolateOne(k, first + i, i, large)) continue;
    release_pte_pages(k, first, i, large);
    exit(k, S.exit, 0);
    return false;
  }
  exit(k, S.exit, 1);
  return true;
}

function isolateOne(k: Kernel, pte: number, i: number, large: number[]): boolean {
  const { m } = k;
  const [lo, hi] = [entryLo(m, pte), entryHi(m, pte)];
  const no = (site: number, a: number, b = 0, c = 0): boolean => {
    at(k, site, a, b, c);
    return false;
  };
  if (!pte_present(lo, hi)) return no(S.nonpresent, i);
  if (pte_uffd_wp(lo, hi)) return no(S.uffdWp, i);
  const f = pte_special(lo, hi) ? 0 : m.folioOf(ptePfn(lo, hi));
  if (f === 0 || folio_is_zone_device(m, f)) return no(S.unsuitable, i);
  if (large.includes(f)) return true;
  if (!folio_trylock(k, S.trylock, f)) return no(S.busy, f);
  const expected = folio_expected_ref_count(k, f);
  if (m.f(f, F.REF) !== expected) {
    const found = m.f(f, F.REF);
    folio_unlock(k, S.unlock, f);
    return no(S.refs, f, found, expected);
  }
  if (!folio_isolate_lru(k, S.isolate, f)) {
    folio_unlock(k, S.unlock, f);
    return no(S.gone, f);
  }
  if (folio_test_large(m, f)) large.push(f);
  return true;
}

/** release_pte_pages(): unlocks and puts back what the first `count` entries map. */
function release_pte_pages(k: Kernel, first: number, count: number, large: readonly number[]): void {
  const { m } = k;
  const release = (f: number): void => {
    folio_unlock(k, S.release, f);
    folio_putback_lru(k, S.putback, f);
  };
  for (let pte = first; pte < first + count; pte++) {
    if (noneOrZero(k, pte)) continue;
    const f = m.folioOf(ptePfn(entryLo(m, pte), entryHi(m, pte)));
    if (!folio_test_large(m, f)) release(f);
  }
  for (const f of large) release(f);
}
