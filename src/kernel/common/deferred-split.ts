import { PG, V } from '../../machine/layout.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { foliosBehind } from './folio-behind.ts';
import {
  folioHas,
  folio_get,
  folio_is_zone_device,
  folio_put,
  folio_test_anon,
  folio_test_large,
  folio_trylock,
  folio_unlock,
} from './folio.ts';
import { split_huge_pmd_address } from './huge-split.ts';
import { mmap_write_lock, mmap_write_unlock } from './mmap-lock.ts';
import { split_folio } from './split-folio.ts';
import { vmasIn } from './vma-split.ts';
import { vmaGet } from '../../machine/vma.ts';

const S = sites('deferred_split_scan', {
  enter: 'memory is short: huge pages behind [{a:page start}, {b:page end}) that are hardly used are split',
  get: 'keep the folio; nothing else protects it yet',
  gone: '{a:folio folio} has been freed or split meanwhile: passed over',
  trylock: 'lock it, if nobody else has the lock',
  busy: 'somebody has {a:folio folio} locked: left for another time',
  split: 'split {a:folio folio}',
  done: 'split: {b:errno ret}',
  unlock: 'unlock what is left of it',
  put: 'let it go',
  exit: '{a:int split} folios split',
});

/** Large anonymous folios of system memory, as they lie on the queue of folios to split. */
function queued(k: Kernel, mm: number, start: number, end: number): number[] {
  const { m } = k;
  return foliosBehind(m, mm, start, end).filter(
    (f) =>
      folio_test_large(m, f) && folio_test_anon(m, f) && !folio_is_zone_device(m, f) && !folioHas(m, f, PG.HUGETLB),
  );
}

/**
 * deferred_split_scan() (mm/huge_memory.c, v6.19): the shrinker that splits underused huge pages. It comes by folio and
 * holds no mmap lock. @returns folios that were split.
 */
export function* deferred_split_scan(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const { m } = k;
  enter(k, S.enter, start, end, mm);
  const folios: number[] = [];
  if (k.concurrent) yield YIELD.OTHER;
  for (const f of queued(k, mm, start, end)) {
    folio_get(k, S.get, f);
    folios.push(f);
  }
  let split = 0;
  for (const f of folios) {
    if (k.concurrent) yield YIELD.OTHER;
    if (!folio_test_large(m, f)) at(k, S.gone, f);
    else if (!folio_trylock(k, S.trylock, f)) at(k, S.busy, f);
    else {
      at(k, S.split, f);
      const ret = yield* split_folio(k, S.split, f);
      at(k, S.done, f, ret);
      if (ret === 0) split++;
      folio_unlock(k, S.unlock, f);
    }
    folio_put(k, S.put, f);
  }
  return exit(k, S.exit, split, start);
}

const A = sites('vma_adjust_trans_huge', {
  enter: 'a VMA is cut inside 2 MiB: huge mappings of [{a:page start}, {b:page end}) become PTEs',
  lock: 'take the mmap lock for writing',
  unlock: 'drop the mmap lock',
  exit: '',
});

/**
 * vma_adjust_trans_huge() (mm/huge_memory.c), as a system call that cuts a VMA inside a huge page calls it, under the
 * mmap lock held for writing: the mapping is split, the folio stays whole. @returns 0.
 */
export function* vma_adjust_trans_huge(k: Kernel, mm: number, start: number, end: number): Run<number> {
  const { m } = k;
  enter(k, A.enter, start, end, mm);
  yield* mmap_write_lock(k, A.lock, mm);
  for (const vma of vmasIn(m, mm, start, end)) {
    const to = Math.min(end, vmaGet(m, vma, V.END));
    for (let page = Math.max(start, vmaGet(m, vma, V.START)); page < to; page = (page | 511) + 1)
      yield* split_huge_pmd_address(k, vma, page, false);
  }
  mmap_write_unlock(k, A.unlock, mm);
  return exit(k, A.exit, 0, start);
}
