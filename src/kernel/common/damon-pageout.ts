import { F, PG } from '../../machine/layout.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { foliosBehind } from './folio-behind.ts';
import { folioHas, folio_get, folio_isolate_lru, folio_put, folio_putback_lru, folio_test_anon } from './folio.ts';
import { shrink_folio_list } from './vmscan.ts';

const S = sites('damon_pa_pageout', {
  enter: 'the pages behind [{a:page start}, {b:page end}) have not been used: reclaim them',
  notListed: '{a:folio folio} is on no LRU list: somebody else has it',
  file: '{a:folio folio} is memory of a file: not in this model',
  get: 'hold the folio',
  isolate: 'take it off its LRU list',
  put: 'the list of reclaim holds it now',
  putback: 'it stays: back to the LRU',
  exit: '{a:int kept} of them stay',
});

/**
 * damon_pa_pageout() (mm/damon/paddr.c, v6.19) → reclaim_pages(): reclaim that comes by page frame and holds no mmap
 * lock. Anonymous memory only. @returns folios that stay.
 */
export function* damon_pa_pageout(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const { m } = k;
  enter(k, S.enter, start, end, mm);
  if (k.concurrent) yield YIELD.OTHER;
  const isolated: number[] = [];
  for (const f of foliosBehind(m, mm, start, end)) {
    if (k.concurrent) yield YIELD.OTHER;
    if (m.f(f, F.LIVE) === 0 || !folioHas(m, f, PG.LRU)) at(k, S.notListed, f);
    else if (!folio_test_anon(m, f)) at(k, S.file, f);
    else {
      folio_get(k, S.get, f);
      if (folio_isolate_lru(k, S.isolate, f)) isolated.push(f);
      folio_put(k, S.put, f);
    }
  }
  const kept = yield* shrink_folio_list(k, isolated);
  for (const f of kept) {
    if (k.concurrent) yield YIELD.OTHER;
    folio_putback_lru(k, S.putback, f);
  }
  return exit(k, S.exit, kept.length, start);
}
