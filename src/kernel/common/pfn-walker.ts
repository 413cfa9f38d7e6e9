import { findEntry } from '../../machine/page-table.ts';
import { OP } from '../../machine/ops.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, enter, exit } from '../kernel.ts';
import { folioOfEntry } from './folio-behind.ts';
import { folio_get, folio_put, folio_trylock, folio_unlock } from './folio.ts';

const S = sites('pfn_walker', {
  enter: 'look at the pages behind [{a:page start}, {b:page end}), by page frame',
  get: 'hold the page',
  trylock: 'lock it, if nobody else has the lock',
  pause: 'take a while over it',
  resume: 'go on',
  unlock: 'give the lock back',
  put: 'and later the reference',
  exit: '',
});

/**
 * Somebody who comes to pages by page frame and not through a page table, as reclaim, compaction and page_idle do:
 * takes a reference on each page of the range, and its lock where it is free, works for a while, gives the locks back,
 * and later the references. Migration entries do not keep such a walker out.
 */
export function* pfn_walker(k: Kernel, mm: number, start: number, end: number): Run<void> {
  enter(k, S.enter, start, end);
  const held: { readonly folio: number; readonly locked: boolean }[] = [];
  for (let page = start; page < end; page++) {
    if (folioOfEntry(k.m, findEntry(k.m, mm, page, 1), false) === 0) continue;
    if (k.concurrent) yield YIELD.OTHER;
    const folio = folioOfEntry(k.m, findEntry(k.m, mm, page, 1), false);
    if (folio === 0) continue;
    folio_get(k, S.get, folio);
    held.push({ folio, locked: folio_trylock(k, S.trylock, folio) });
  }
  yield* pause(k);
  for (const { folio, locked } of held) {
    if (k.concurrent) yield YIELD.OTHER;
    if (locked) folio_unlock(k, S.unlock, folio);
  }
  yield* pause(k);
  for (const { folio } of held) {
    if (k.concurrent) yield YIELD.OTHER;
    folio_put(k, S.put, folio);
  }
  exit(k, S.exit);
}

function* pause(k: Kernel): Run<void> {
  const m = k.m;
  m.step(OP.SLEEP, S.pause, m.actor, 0, 0);
  yield YIELD.SLEEP;
  m.step(OP.WAKE, S.resume, m.actor, 0, 0);
}
