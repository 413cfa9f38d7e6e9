import { F, F_STRIDE, PG } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { EAGAIN, EBUSY, EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit, might_sleep } from '../kernel.ts';
import { anon_vma_lock_write, anon_vma_unlock_write } from './anon-vma.ts';
import { dmirror_devmem_folio_split } from '../drivers/dmirror-memory.ts';
import {
  bornLocked,
  cacheRefs,
  folioHas,
  folio_get,
  folio_is_device_private,
  folio_nr_pages,
  folio_put,
  folio_test_anon,
  releaseLock,
} from './folio.ts';
import { remove_migration_ptes } from './migrate.ts';
import { filemap_divided, filemap_release_folio } from './page-cache.ts';
import { try_to_migrate } from './try-to-migrate.ts';

const S = sites('split_folio', {
  enter: 'split {a:folio folio} into pages of its own; {b:int ref} references, {c:int mapcount} mappings',
  busy: 'under writeback (-EBUSY)',
  zero: 'the huge zero page cannot be split (-EINVAL)',
  noAnonVma: 'no anon_vma (-EBUSY)',
  kept: 'the file system keeps something at it (-EBUSY)',
  anonVma: 'nobody may add or remove mappings meanwhile: anon_vma lock for writing',
  refs: 'references: {a:int} expected, {b:int} found',
  pinned: 'somebody holds a reference too many: -EAGAIN, nothing has changed',
  unmap: 'replace all mappings by migration entries',
  frozen: 'still mapped or referenced: -EAGAIN, the mapping stays split',
  divide: 'the folio becomes {b:int pages} folios of one page',
  device: 'the driver divides the backing memory',
  remap: 'put the mappings back, page by page',
  piece: 'unlock and put the pieces; the head keeps the caller’s lock and reference',
  unlock: 'anon_vma lock released',
  exit: '',
  list: 'reclaim goes on with the pieces: its list holds each of them',
});

/**
 * split_folio() (mm/huge_memory.c, uniform split to order 0): the folio is locked by the caller, who
 * holds exactly one reference beyond mappings and caches. On success `f` is the head page's folio. Lock and
 * reference stay with the page `keep` (lock_at), the head when left out. With `list` (split_folio_to_list()) the other
 * pieces go there, each with a reference of the list's.
 * @returns 0, -EAGAIN (an extra reference, or a mapping that could not be removed), -EBUSY, -EINVAL.
 */
export function* split_folio(k: Kernel, site: number, f: number, keep = -1, list?: number[]): Run<number> {
  const m = k.m;
  might_sleep(k, site);
  enter(k, S.enter, f, m.f(f, F.REF), m.f(f, F.MAP));
  if (folioHas(m, f, PG.WRITEBACK)) {
    at(k, S.busy);
    return exit(k, S.exit, -EBUSY, f);
  }
  if (folioHas(m, f, PG.ZERO)) {
    at(k, S.zero);
    return exit(k, S.exit, -EINVAL, f);
  }
  const anon = folio_test_anon(m, f);
  const av = m.f(f, F.ANON_VMA);
  if (anon) {
    if (av === 0) {
      at(k, S.noAnonVma);
      return exit(k, S.exit, -EBUSY, f);
    }
    yield* anon_vma_lock_write(k, S.anonVma, av);
  } else if (!filemap_release_folio(k, f)) {
    at(k, S.kept);
    return exit(k, S.exit, -EBUSY, f);
  }
  let ret = 0;
  const expected = m.f(f, F.MAP) + cacheRefs(m, f) + 1;
  at(k, S.refs, expected, m.f(f, F.REF));
  if (m.f(f, F.REF) !== expected) {
    at(k, S.pinned);
    ret = -EAGAIN;
  } else {
    at(k, S.unmap);
    yield* try_to_migrate(k, f, true, true);
    if (k.concurrent) yield YIELD.OTHER;
    if (m.f(f, F.REF) !== cacheRefs(m, f) + 1) {
      at(k, S.frozen);
      yield* remove_migration_ptes(k, f, f, true);
      ret = -EAGAIN;
    } else {
      const pieces = divide(k, f);
      at(k, S.remap);
      for (const piece of pieces) yield* remove_migration_ptes(k, piece, piece, true);
      if (k.concurrent) yield YIELD.OTHER;
      at(k, S.piece);
      for (const piece of pieces) {
        if (piece === (keep < 0 ? f : m.folioOf(keep))) continue;
        if (list) {
          folio_get(k, S.list, piece);
          list.push(piece);
        }
        releaseLock(k, S.piece, piece);
        folio_put(k, S.piece, piece);
      }
    }
  }
  if (anon) anon_vma_unlock_write(k, S.unlock, av);
  return exit(k, S.exit, ret, f);
}

/**
 * Divides the struct pages: `f` keeps its first page, every other page becomes a folio of its own,
 * locked like the head, with one reference. Gives all pieces, the head first.
 */
function divide(k: Kernel, f: number): number[] {
  const m = k.m;
  const nr = folio_nr_pages(m, f);
  m.step(OP.AT, S.divide, f, nr, 0);
  const head = m.f(f, F.PFN);
  const zone = m.f(f, F.ZONE);
  const owner = m.f(f, F.OWNER);
  const flags = m.f(f, F.FLAGS);
  const index = m.f(f, F.INDEX);
  const av = m.f(f, F.ANON_VMA);
  const mapping = m.f(f, F.MAPPING);
  const cached = cacheRefs(m, f) / nr;
  m.setF(f, F.ORDER, 0);
  m.setF(f, F.REF, 1 + cached);
  m.setF(f, F.ENTIRE, 0);
  const pieces = [f];
  for (let i = 1; i < nr; i++) {
    const piece = m.newFolioAt(head + i, 0, zone, owner);
    const o = piece * F_STRIDE;
    m.folio.set(o + F.REF, 1 + cached);
    m.folio.set(o + F.FLAGS, flags & ~PG.LOCKED);
    m.folio.set(o + F.INDEX, index + i);
    m.folio.set(o + F.ANON_VMA, av);
    m.folio.set(o + F.MAPPING, mapping);
    bornLocked(m, piece);
    pieces.push(piece);
  }
  if (mapping !== 0) filemap_divided(m, pieces);
  if (folio_is_device_private(m, f)) {
    at(k, S.device, f);
    dmirror_devmem_folio_split(k, f, pieces);
  }
  return pieces;
}

const U = sites('folio_split_unmapped', {
  enter: 'split the unmapped {a:folio folio}; {b:int ref} references',
  again: 'a reference too many: -EAGAIN',
  divide: 'all pieces stay locked, none is mapped',
  exit: '',
});

/**
 * folio_split_unmapped() (mm/huge_memory.c): no mapping to remove or restore, pieces stay locked.
 * @returns 0 or -EAGAIN.
 */
export function folio_split_unmapped(k: Kernel, f: number): number {
  const m = k.m;
  enter(k, U.enter, f, m.f(f, F.REF));
  if (m.f(f, F.REF) !== m.f(f, F.MAP) + cacheRefs(m, f) + 1) {
    at(k, U.again);
    return exit(k, U.exit, -EAGAIN, f);
  }
  at(k, U.divide);
  divide(k, f);
  return exit(k, U.exit, 0, f);
}
