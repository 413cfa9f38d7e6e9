import { F, V, VMA_KIND } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { ptePfn, pte_dirty, pte_none, pte_present, pte_special, pte_write } from '../../machine/words/pte.ts';
import {
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_private_entry,
  is_writable_device_private_entry,
  swpPfn,
} from '../../machine/words/swp.ts';
import {
  PageAnonExclusive,
  folioHasMapping,
  folio_get,
  folio_mark_dirty,
  folio_put,
  folio_test_anon,
  folio_test_large,
  folio_trylock,
  folio_unlock,
  is_device_coherent_pfn,
  is_zero_pfn,
  is_zone_device_pfn,
} from '../common/folio.ts';
import { migrationHi, migrationLo, migrationType } from '../common/migration-entry.ts';
import {
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_clear_flush,
  ptep_get_and_clear,
  ptlOf,
  set_pte_at,
} from '../common/pgtable.ts';
import { folio_remove_rmap_pte, folio_try_share_anon_rmap_pte } from '../common/rmap.ts';
import { oops } from '../common/oops.ts';
import { EAGAIN, EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE, WALK } from '../structs.ts';
import { assertHeld } from './assert.ts';
import { flushPage, flushPending } from './flush.ts';
import { holeFlags } from './hole.ts';
import { hmm_select_migrate, pfnIndex, putWord, walkMigrate, walkPfns, walkRange, wordHi, wordLo } from './pfns.ts';
import { migrate_vma_split_folio } from './split.ts';

const S = sites('hmm_vma_handle_migrate_prepare', {
  enter: 'collect one PTE: {a:page addr}',
  plain: 'not migrating',
  lock: 'take the PTE lock',
  hole: 'nothing mapped in anonymous memory: an empty page to migrate',
  notValid: 'the report is not VALID: nothing to collect',
  notSelected: 'this kind of memory is not selected',
  zero: 'the zero page: an empty page to migrate',
  large: 'a large folio: it has to be split first',
  unlock: 'a split sleeps: unmap and unlock',
  splitFailed: 'the split failed ({a:errno ret})',
  noPage: 'no page, or a page without a mapping',
  get: 'hold the folio',
  trylock: 'lock the folio without waiting (a page-table lock is held)',
  busy: 'somebody else has the folio lock: leave the page',
  clear: 'take the mapping away',
  share: 'make the exclusive page shareable',
  pinned: 'the page may be pinned for DMA: put the mapping back',
  dirty: 'the PTE was dirty: the folio is',
  install: 'write the migration entry',
  rmap: 'one mapping less',
  put: 'the reference of the mapping goes; the one just taken stays',
  mark: 'mark the entry MIGRATE',
  flush: 'flush the TLB of the page',
  assert: 'the PTE lock is held: asserted',
  noTable: 'the table is gone: there is no PTE',
  noStruct: 'range->migrate is NULL, and its fault page is read',
  exit: '',
});

/**
 * hmm_vma_handle_migrate_prepare() (series v2): decides per PTE and installs the migration entry.
 * Locks: the PTE lock on entry and on return 0; dropped on -EAGAIN and -EFAULT.
 * @returns 0, -EAGAIN (a folio was split: look again), -EFAULT (it could not be split).
 */
export function* hmm_vma_handle_migrate_prepare(
  k: Kernel,
  walk: number,
  pmdp: number,
  ptep: number,
  addr: number,
): Run<number> {
  const m = k.m;
  const enc = k.enc;
  const o = m.obj;
  enter(k, S.enter, addr, pmdp, walk);
  const minfo = hmm_select_migrate(k, walkRange(k, walk));
  if (minfo === 0) return exit(k, S.exit, 0, walk, addr);
  // RFC-8 turns the lock over both looks back into one for each.
  if (!k.fixes.has('RFC-8')) assertHeld(k, 'R-04', S.assert, walk, 'pte');
  const migrate = walkMigrate(k, walk);
  const faultPage = migrate !== 0 ? o.get(migrate + MIGRATE.FAULT_PAGE) : 0;
  const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  const arr = walkPfns(k, walk);
  const i = pfnIndex(k, walk, addr);

  if (o.get(walk + WALK.LOCKED) === 0) {
    // left over from an earlier form; the caller always holds the lock. And the table may be gone.
    const pte = yield* pte_offset_map_lock(k, S.lock, pmdp, addr);
    if (pte === 0) {
      at(k, S.noTable);
      if (!k.fixes.has('R-05')) yield* oops(k, S.noTable);
      return exit(k, S.exit, 0, walk, addr);
    }
    o.set(walk + WALK.PTL, ptlOf(pte));
    o.set(walk + WALK.LOCKED, 1);
  }

  const lo = entryLo(m, ptep);
  const hi = entryHi(m, ptep);
  const report = wordHi(k, arr, i);
  const present = pte_present(lo, hi);

  if (pte_none(lo, hi) && vmaGet(m, o.get(walk + WALK.VMA), V.KIND) === VMA_KIND.ANON) {
    putWord(k, S.hole, arr, i, 0, (report & enc.INOUT) | holeFlags(k));
    return exit(k, S.exit, 0, walk, addr);
  }
  const protnoneCollectable = k.fixes.has('F-11') && present && ptePfn(lo, hi) !== 0;
  if ((report & enc.VALID) === 0 && !protnoneCollectable) {
    at(k, S.notValid);
    return exit(k, S.exit, 0, walk, addr);
  }

  let pfn: number;
  let writable: boolean;
  if (!present) {
    if (!is_device_private_entry(lo, hi) || (minfo & MIGRATE_VMA_SELECT_DEVICE_PRIVATE) === 0) {
      at(k, S.notSelected);
      return exit(k, S.exit, 0, walk, addr);
    }
    pfn = swpPfn(lo, hi);
    if (m.f(m.folioOf(pfn), F.OWNER) !== o.get(migrate + MIGRATE.OWNER)) {
      at(k, S.notSelected);
      return exit(k, S.exit, 0, walk, addr);
    }
    if (folio_test_large(m, m.folioOf(pfn))) return yield* split(k, walk, addr, m.folioOf(pfn), faultPage);
    writable = is_writable_device_private_entry(lo, hi);
  } else {
    pfn = ptePfn(lo, hi);
    if (is_zero_pfn(m, pfn) && (minfo & MIGRATE_VMA_SELECT_SYSTEM) !== 0) {
      // F-16: a plain assignment, the in/out flags are lost.
      putWord(k, S.zero, arr, i, 0, holeFlags(k) | (k.fixes.has('F-16') ? report & enc.INOUT : 0));
      return exit(k, S.exit, 0, walk, addr);
    }
    if (is_zero_pfn(m, pfn) || pte_special(lo, hi)) {
      at(k, S.noPage);
      return exit(k, S.exit, 0, walk, addr);
    }
    const folio = m.folioOf(pfn);
    if (!is_zone_device_pfn(pfn)) {
      if ((minfo & MIGRATE_VMA_SELECT_SYSTEM) === 0) {
        at(k, S.notSelected);
        return exit(k, S.exit, 0, walk, addr);
      }
    } else if (is_device_coherent_pfn(pfn)) {
      if (
        (minfo & MIGRATE_VMA_SELECT_DEVICE_COHERENT) === 0 ||
        m.f(folio, F.OWNER) !== o.get(migrate + MIGRATE.OWNER)
      ) {
        at(k, S.notSelected);
        return exit(k, S.exit, 0, walk, addr);
      }
    }
    if (folio_test_large(m, folio)) return yield* split(k, walk, addr, folio, faultPage);
    writable = pte_write(lo, hi);
  }

  const folio = m.folioOf(pfn);
  if (!folioHasMapping(m, folio)) {
    at(k, S.noPage);
    return exit(k, S.exit, 0, walk, addr);
  }
  folio_get(k, S.get, folio);
  if (folio !== faultFolio && !folio_trylock(k, S.trylock, folio)) {
    folio_put(k, S.busy, folio);
    return exit(k, S.exit, 0, walk, addr);
  }

  const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, pfn);
  if (exclusive) {
    ptep_clear_flush(k, S.clear, ptep);
    if (folio_try_share_anon_rmap_pte(k, S.share, pfn) !== 0) {
      set_pte_at(k, S.pinned, ptep, lo, hi);
      // F-07: v2 unlocks even the fault folio, whose lock belongs to the fault handler.
      if (folio !== faultFolio || !k.fixes.has('F-07')) folio_unlock(k, S.pinned, folio);
      folio_put(k, S.pinned, folio);
      return exit(k, S.exit, 0, walk, addr);
    }
  } else ptep_get_and_clear(k, S.clear, ptep);

  // F-31: the test looks at a bit of the swap entry when the PTE is not present, and comes out true.
  // RFC-11: the first posting lost what the PTE knew of accesses.
  const keepsUse = !k.fixes.has('RFC-11');
  if (keepsUse && pte_dirty(lo, hi) && (present || !k.fixes.has('F-31'))) folio_mark_dirty(k, S.dirty, folio);

  const type = migrationType(writable, exclusive);
  set_pte_at(k, S.install, ptep, migrationLo(type, pfn, lo, hi), migrationHi(type, pfn, lo, hi, keepsUse));
  folio_remove_rmap_pte(k, S.rmap, pfn, o.get(walk + WALK.WALK_VMA));
  folio_put(k, S.put, folio);
  putWord(
    k,
    S.mark,
    arr,
    i,
    protnoneCollectable && (report & enc.VALID) === 0 ? pfn : wordLo(k, arr, i),
    report | enc.MIGRATE | (protnoneCollectable ? enc.VALID : 0),
  );
  if (present) flushPage(k, S.flush, walk, addr);
  return exit(k, S.exit, 0, walk, addr);
}

function* split(k: Kernel, walk: number, addr: number, folio: number, faultPage: number): Run<number> {
  const o = k.m.obj;
  at(k, S.large);
  // F-06: nobody has looked whether there is a struct.
  if (walkMigrate(k, walk) === 0) yield* oops(k, S.noStruct);
  // Mend of F-20: the reference is taken while the PTE lock still keeps the folio from being freed.
  const held = k.fixes.has('F-20');
  if (held) folio_get(k, S.get, folio);
  flushPending(k, S.unlock, walk);
  pte_unmap_unlock(k, S.unlock, o.get(walk + WALK.PTL));
  o.set(walk + WALK.LOCKED, 0);
  if (k.concurrent) yield YIELD.SPLIT;
  const ret = yield* migrate_vma_split_folio(k, folio, faultPage, held);
  if (ret !== 0) at(k, S.splitFailed, ret);
  else o.set(walk + WALK.SPLIT, 1);
  return exit(k, S.exit, ret !== 0 ? -EFAULT : -EAGAIN, walk, addr);
}
