import { entryHi, entryLo } from '../../machine/page-table.ts';
import { pmd_bad, pmd_none, pmd_present, pmd_trans_huge } from '../../machine/words/pte.ts';
import { is_migration_entry } from '../../machine/words/swp.ts';
import { pmd_migration_entry_wait } from '../common/migrate.ts';
import {
  pmd_lock,
  pte_offset_map,
  pte_offset_map_lock,
  pte_unmap,
  pte_unmap_unlock,
  ptlOf,
  spin_unlock,
} from '../common/pgtable.ts';
import { EAGAIN, EBUSY, EFAULT, ENOENT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { WALK } from '../structs.ts';
import { assertHeld } from './assert.ts';
import { flushPending } from './flush.ts';
import { hmm_pfns_fill, hmm_vma_walk_hole } from './hole.ts';
import { hmm_vma_handle_absent_pmd, hmm_vma_handle_pmd } from './handle-pmd.ts';
import { hmm_vma_handle_pte } from './handle-pte.ts';
import {
  fillWords,
  hmm_range_need_fault,
  hmm_select_migrate,
  pfnIndex,
  restoreWords,
  savedWords,
  waitsLater,
  walkPfns,
  walkRange,
} from './pfns.ts';
import { hmm_vma_handle_migrate_prepare_pmd } from './prepare-pmd.ts';
import { hmm_vma_handle_migrate_prepare } from './prepare.ts';
import { hmm_vma_walk_split } from './split.ts';

const S = sites('hmm_vma_walk_pmd', {
  enter: 'one PMD entry, pages [{a:page start}, {b:page end})',
  again: 'read the PMD without a lock: {a:pmd}',
  hole: 'the PMD is none',
  holeLock: 'look once more under the PMD lock',
  migrationWait: 'a PMD migration entry, and a page is required: wait for it',
  migrationLater: 'somebody else is migrating the huge page: wait, but not with collected folios locked',
  migrationSkip: 'a PMD migration entry: skipped',
  lock: 'take the PMD lock: reported and collected must be the same entry',
  reread: 'read it again: {a:pmd}',
  absent: 'not present',
  absentFailed: 'the absent PMD gave {a:errno r}',
  huge: 'a huge PMD',
  hugeFailed: 'the huge PMD gave {a:errno r}',
  prepare: 'report done: now collect it',
  unlock: 'release the PMD lock',
  split: 'it cannot be collected whole: split it',
  splitFailed: 'the split failed ({a:errno r}): fill ERROR',
  splitDone: 'split: walk this PMD again from last = {a:page last}',
  table: 'it points to a PTE table',
  bad: 'a bad PMD',
  map: 'map the PTE table',
  vanished: 'the table has vanished: look at the PMD again',
  pteFailed: 'the PTE gave {a:errno r}',
  pteAgain: 'a large folio was split under us: look again at {a:page addr}',
  prepareFailed: 'collecting gave {a:errno r}: ERROR from {b:page addr} on',
  unmap: 'the table is done',
  assert: 'the PTE lock is not held: asserted',
  requestBack: 'the request is put back where a report has been written',
  exit: '',
});

/**
 * hmm_vma_walk_pmd() (mm/hmm.c): everything below one PMD entry. In v6.19 it reports and takes no lock;
 * series v2 also collects, under the locks.
 * Locks on exit: none beyond the mmap lock, except the leak of R-07.
 * @returns 0, -EBUSY (walk again from last), -EFAULT, -EPERM.
 */
export function* hmm_vma_walk_pmd(k: Kernel, pmdp: number, from: number, end: number, walk: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, S.enter, from, end, walk);
  const range = walkRange(k, walk);
  const minfo = hmm_select_migrate(k, range);
  let start = from;
  let addr = start;

  again: for (;;) {
    // Mend of F-09: what was done of a table stays done when the PMD has become something else meanwhile.
    if (k.fixes.has('F-09')) start = addr;
    const npages = end - start;
    o.set(walk + WALK.LOCKED, 0);
    o.set(walk + WALK.PMDLOCKED, 0);
    if (k.concurrent) yield YIELD.OTHER;
    at(k, S.again, pmdp);
    let lo = entryLo(m, pmdp);
    let hi = entryHi(m, pmdp);

    if (pmd_none(lo, hi)) {
      at(k, S.hole);
      const r = yield* hmm_vma_walk_hole(k, start, end, -1, walk);
      if (r !== 0 || minfo === 0) return exit(k, S.exit, r, walk);
      const ptl = yield* pmd_lock(k, S.holeLock, pmdp);
      const still = pmd_none(entryLo(m, pmdp), entryHi(m, pmdp));
      spin_unlock(k, S.holeLock, ptl);
      if (still) return exit(k, S.exit, r, walk);
    }

    if (is_migration_entry(lo, hi)) {
      const i = pfnIndex(k, walk, addr);
      const required = hmm_range_need_fault(k, range, i, npages, 0);
      if (required !== 0 && minfo === 0) {
        at(k, S.migrationWait, addr);
        o.set(walk + WALK.LAST, addr);
        yield* pmd_migration_entry_wait(k, pmdp);
        return exit(k, S.exit, -EBUSY, walk);
      }
      if (required !== 0 && waitsLater(k, range)) {
        at(k, S.migrationLater, addr);
        o.set(walk + WALK.WAIT_FOR, addr + 1);
        return exit(k, S.exit, -EBUSY, walk);
      }
      fillWords(k, S.migrationSkip, walkPfns(k, walk), i, npages, 0);
      return exit(k, S.exit, 0, walk);
    }

    if (minfo !== 0) {
      o.set(walk + WALK.PTL, yield* pmd_lock(k, S.lock, pmdp));
      o.set(walk + WALK.PMDLOCKED, 1);
    } else if (k.concurrent) yield YIELD.OTHER;
    const wasHuge = pmd_trans_huge(lo, hi);
    // v6.19 reads a second time what it took for a huge page, and nothing else.
    if (minfo !== 0 || wasHuge || k.text !== 'v6.19') {
      lo = entryLo(m, pmdp);
      hi = entryHi(m, pmdp);
    }
    at(k, S.reread, pmdp);
    if (minfo === 0 && wasHuge && k.text === 'v6.19' && !pmd_trans_huge(lo, hi)) continue again;
    // Mend of F-08: what changed between the two reads is looked at anew instead of being taken for an absent PMD.
    if (k.fixes.has('F-08') && (pmd_none(lo, hi) || is_migration_entry(lo, hi))) {
      if (minfo !== 0) unlockPmd(k, walk);
      continue again;
    }

    if (pmd_trans_huge(lo, hi) || !pmd_present(lo, hi)) {
      let r: number;
      const asked =
        k.fixes.has('F-03') && minfo !== 0
          ? savedWords(k, walkPfns(k, walk), pfnIndex(k, walk, start), npages)
          : undefined;
      if (!pmd_present(lo, hi)) {
        at(k, S.absent);
        r = yield* hmm_vma_handle_absent_pmd(k, walk, start, end, pmdp, lo, hi);
        if (r !== 0 || minfo === 0) {
          // an error that did not go through the fault comes back with the PMD lock still held.
          if (r !== 0 && k.fixes.has('R-07') && o.get(walk + WALK.PMDLOCKED) !== 0) unlockPmd(k, walk);
          if (r !== 0) at(k, S.absentFailed, r);
          return exit(k, S.exit, r, walk);
        }
      } else {
        at(k, S.huge);
        r = yield* hmm_vma_handle_pmd(k, walk, addr, end, pmdp, lo, hi);
        if (r !== 0 || minfo === 0) {
          if (r !== 0) at(k, S.hugeFailed, r);
          return exit(k, S.exit, r, walk);
        }
      }
      at(k, S.prepare);
      r = yield* hmm_vma_handle_migrate_prepare_pmd(k, walk, pmdp, start, end);
      unlockPmd(k, walk);
      if (r === -ENOENT) {
        at(k, S.split);
        r = yield* hmm_vma_walk_split(k, pmdp, addr, walk);
        if (r !== 0) {
          at(k, S.splitFailed, r);
          // Mend of F-15: pages that cannot be collected keep their valid report.
          if (!k.fixes.has('F-15')) hmm_pfns_fill(k, addr, end, walk, k.enc.ERROR);
          return exit(k, S.exit, 0, walk);
        }
        // Mend of F-03: the second pass must find what was asked for, not the report of the huge PMD.
        if (asked) restoreWords(k, S.requestBack, walkPfns(k, walk), pfnIndex(k, walk, start), asked);
        at(k, S.splitDone, start);
        o.set(walk + WALK.LAST, start);
        return exit(k, S.exit, -EBUSY, walk);
      }
      return exit(k, S.exit, r, walk);
    }

    at(k, S.table);
    if (o.get(walk + WALK.PMDLOCKED) !== 0) unlockPmd(k, walk);

    if (pmd_bad(lo, hi)) {
      at(k, S.bad);
      if (hmm_range_need_fault(k, range, pfnIndex(k, walk, start), npages, 0) !== 0)
        return exit(k, S.exit, -EFAULT, walk);
      hmm_pfns_fill(k, start, end, walk, k.enc.ERROR);
      return exit(k, S.exit, 0, walk);
    }

    let pte: number;
    // RFC-8: the first posting reported without the PTE lock and collected under it.
    const lockTwice = minfo !== 0 && k.fixes.has('RFC-8');
    if (minfo !== 0 && !lockTwice) {
      pte = yield* pte_offset_map_lock(k, S.map, pmdp, addr);
      if (pte !== 0) {
        o.set(walk + WALK.PTL, ptlOf(pte));
        o.set(walk + WALK.LOCKED, 1);
      }
    } else pte = pte_offset_map(k, S.map, pmdp, addr);
    if (pte === 0) {
      at(k, S.vanished);
      continue again;
    }

    let mapped = true;
    for (; addr < end; addr++, pte++) {
      const asked =
        k.fixes.has('F-03') && minfo !== 0 ? savedWords(k, walkPfns(k, walk), pfnIndex(k, walk, addr), 1) : undefined;
      if (k.concurrent && o.get(walk + WALK.LOCKED) === 0) yield YIELD.OTHER;
      let r = yield* hmm_vma_handle_pte(k, walk, addr, end, pmdp, pte);
      if (r !== 0) {
        at(k, S.pteFailed, r);
        return exit(k, S.exit, r, walk);
      }
      if (k.text === 'v6.19' || k.config.deviceMigration === false) continue;
      r = yield* hmm_vma_handle_migrate_prepare(k, walk, pmdp, pte, addr);
      if (lockTwice && r === 0 && o.get(walk + WALK.LOCKED) !== 0) {
        pte_unmap_unlock(k, S.unmap, o.get(walk + WALK.PTL));
        o.set(walk + WALK.LOCKED, 0);
      }
      if (r === -EAGAIN) {
        at(k, S.pteAgain, addr);
        assertHeld(k, 'R-11', S.assert, walk, 'none');
        if (lockTwice) pte_unmap(k, S.unmap);
        if (asked) restoreWords(k, S.requestBack, walkPfns(k, walk), pfnIndex(k, walk, addr), asked);
        continue again;
      }
      if (r !== 0) {
        at(k, S.prepareFailed, r, addr);
        mapped = false;
        // Mend of F-15: the page keeps its valid report, and the pages after it get theirs.
        if (k.fixes.has('F-15')) {
          if (++addr < end) continue again;
          break;
        }
        hmm_pfns_fill(k, addr, end, walk, k.enc.ERROR);
        break;
      }
    }
    // F-05: after a failed split the callee has unmapped already; v2 unmaps the table a second time.
    if (o.get(walk + WALK.LOCKED) !== 0) {
      flushPending(k, S.unmap, walk);
      pte_unmap_unlock(k, S.unmap, o.get(walk + WALK.PTL));
      if (k.fixes.has('F-34')) o.set(walk + WALK.LOCKED, 0);
    } else if (mapped || !k.fixes.has('F-05')) pte_unmap(k, S.unmap);
    return exit(k, S.exit, 0, walk);
  }
}

function unlockPmd(k: Kernel, walk: number): void {
  spin_unlock(k, S.unlock, k.m.obj.get(walk + WALK.PTL));
  k.m.obj.set(walk + WALK.PMDLOCKED, 0);
}
