import { A, G, T, T_STRIDE } from '../../machine/layout.ts';
import {
  mmu_interval_check_retry,
  mmu_interval_read_begin,
  mmu_notifier_invalidate_range_end,
  mmu_notifier_range_init,
} from '../common/mmu_notifier.ts';
import { migration_entry_wait, pmd_migration_entry_wait } from '../common/migrate.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { is_migration_entry } from '../../machine/words/swp.ts';
import { pmdIsTable } from '../common/pgtable.ts';
import { oops } from '../common/oops.ts';
import { type MmWalkOps, walk_page_range } from '../common/pagewalk.ts';
import { EBUSY, EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit, finding } from '../kernel.ts';
import { RULE } from '../rules.ts';
import { MIGRATE, MMU_NOTIFY, RANGE, WALK } from '../structs.ts';
import { hmm_vma_walk_hole } from './hole.ts';
import { hmm_vma_walk_hugetlb_entry } from './hugetlb.ts';
import { hmm_select_migrate } from './pfns.ts';
import { Progress } from './progress.ts';
import { migrate_vma_restore } from './undo.ts';
import { hmm_vma_walk_pmd } from './walk-pmd.ts';
import { hmm_vma_walk_pud } from '../classic/walk-pud.ts';
import { hmm_vma_walk_test } from './walk-test.ts';

const S = sites('hmm_range_fault', {
  enter: 'range object {a:obj range}',
  init: 'walk state: last = {a:page last}, nothing locked',
  check: 'has the notifier sequence moved on since it was read?',
  collision: 'the sequence has moved on: the caller has to start anew (-EBUSY)',
  walk: 'walk the tables from last = {a:page last} to {b:page end}',
  again: 'the walk returned {a:errno ret}: walk again from last = {b:page last}',
  range: 'tell the caller what was collected: vma {a:vma}, pages [{b:page start}, {c:page end})',
  end: 'the MIGRATE event ends',
  undo: 'the walk failed with {a:errno ret}: what was collected is put back',
  leak: 'a page-table lock is still held',
  exit: '',
  noMm: 'neither a notifier nor a migrate_vma says which address space is meant',
  refused: 'the request is refused: {a:errno}',
  nothing: 'no VMA was met: tell the caller that nothing was collected',
  anew: 'begin anew without troubling the caller',
});

const HMM_WALK_OPS: MmWalkOps = {
  MM: WALK.MM,
  VMA: WALK.WALK_VMA,
  test_walk: hmm_vma_walk_test,
  pte_hole: hmm_vma_walk_hole,
  pud_entry: hmm_vma_walk_pud,
  pmd_entry: hmm_vma_walk_pmd,
  hugetlb_entry: hmm_vma_walk_hugetlb_entry,
};

/**
 * hmm_range_fault() (mm/hmm.c): makes hmm_pfns[] describe the range, faults what is asked
 * for and, when migrating, replaces what can migrate by migration entries.
 * @param range hmm_range object; the mmap lock is held for reading by the caller.
 * @returns 0, -EBUSY (sequence moved on), -EFAULT, -EPERM, -ERANGE or -EINVAL.
 */
export function* hmm_range_fault(k: Kernel, range: number): Run<number> {
  const o = k.m.obj;
  enter(k, S.enter, range, o.get(range + RANGE.START), o.get(range + RANGE.END));
  if (yield* refused(k, range)) {
    at(k, S.refused, -EINVAL);
    return exit(k, S.exit, -EINVAL, range);
  }
  let ret: number;
  while ((ret = yield* walkUntilDone(k, range)) === WALK_ANEW) {
    at(k, S.anew);
    const device = o.get(range + RANGE.NOTIFIER) - 1;
    o.set(range + RANGE.NOTIFIER_SEQ, yield* mmu_interval_read_begin(k, S.anew, device));
  }
  leakCheck(k);
  return exit(k, S.exit, ret, range);
}

/** Not an errno: the walk has to begin anew, and the caller need not know (M-06, F-14). */
const WALK_ANEW = 1;

/** Requests that make no sense; v2 does not look (F-06, S-02, L-04) and stumbles over the NULL pointer later. */
function* refused(k: Kernel, range: number): Run<boolean> {
  const o = k.m.obj;
  const notifier = o.get(range + RANGE.NOTIFIER);
  const migrate = o.get(range + RANGE.MIGRATE);
  if (notifier === 0 && (migrate === 0 || k.config.deviceMigration === false)) {
    at(k, S.noMm);
    if (k.fixes.has('S-02')) return true;
    yield* oops(k, S.noMm);
  }
  const wanted = (o.get(range + RANGE.DEFAULT_FLAGS) & k.enc.MIGRATE) !== 0;
  if (wanted && migrate === 0 && k.fixes.has('F-06')) return true;
  const unlocked = notifier !== 0 && k.config.driver?.has('drops-mmap-lock') === true;
  return unlocked && hmm_select_migrate(k, range) !== 0 && k.fixes.has('L-04');
}

/** The loop over the walks and what follows it. @returns an errno, or WALK_ANEW. */
function* walkUntilDone(k: Kernel, range: number): Run<number> {
  const o = k.m.obj;
  const notifier = o.get(range + RANGE.NOTIFIER);
  const end = o.get(range + RANGE.END);
  const walk = k.m.newObj(WALK.SIZE);
  at(k, S.init, o.get(range + RANGE.START));
  o.set(walk + WALK.RANGE, range);
  o.set(walk + WALK.LAST, o.get(range + RANGE.START));
  o.set(walk + WALK.MM, o.get(range + RANGE.MM));

  const progress = new Progress(k);
  let ret: number;
  do {
    if (
      notifier !== 0 &&
      (yield* mmu_interval_check_retry(k, S.check, notifier - 1, o.get(range + RANGE.NOTIFIER_SEQ)))
    ) {
      at(k, S.collision);
      ret = -EBUSY;
      break;
    }
    at(k, S.walk, o.get(walk + WALK.LAST), end);
    ret = yield* walk_page_range(k, o.get(walk + WALK.LAST), end, HMM_WALK_OPS, walk);
    if (ret === -EBUSY && o.get(walk + WALK.WAIT_FOR) !== 0) break;
    if (ret === -EBUSY) {
      at(k, S.again, ret, o.get(walk + WALK.LAST));
      const last = o.get(walk + WALK.LAST);
      if (progress.stuck(last)) yield* progress.forever(S.again, last);
    }
  } while (ret === -EBUSY);

  const migrate = o.get(range + RANGE.MIGRATE);
  if (hmm_select_migrate(k, range) === 0) return ret;
  // Mend of F-06: the end of the event must not depend on the struct.
  if (migrate === 0 || k.config.deviceMigration === false) return ret;
  // v2 takes "an owner is set" for "the event was started" (F-02): with a NULL owner it never ends.
  const started = k.fixes.has('F-02') ? o.get(walk + WALK.EVENT_STARTED) !== 0 : o.get(walk + WALK.EVENT_OWNER) !== 0;
  if (!started) {
    // Mend of F-33: without a VMA nothing was collected, and the caller's struct must say so.
    if (notifier !== 0 && k.fixes.has('F-33')) {
      at(k, S.nothing);
      o.set(migrate + MIGRATE.VMA, 0);
      o.set(migrate + MIGRATE.START, o.get(range + RANGE.START));
      o.set(migrate + MIGRATE.END, o.get(range + RANGE.START));
    }
    return ret;
  }
  if (notifier !== 0) {
    at(k, S.range, o.get(walk + WALK.VMA), o.get(range + RANGE.START), o.get(walk + WALK.END));
    o.set(migrate + MIGRATE.VMA, o.get(walk + WALK.VMA));
    o.set(migrate + MIGRATE.START, o.get(range + RANGE.START));
    o.set(migrate + MIGRATE.END, o.get(walk + WALK.END));
  }
  at(k, S.end);
  const event = mmu_notifier_range_init(
    k,
    MMU_NOTIFY.MIGRATE,
    o.get(walk + WALK.MM),
    o.get(walk + WALK.EVENT_START),
    o.get(walk + WALK.EVENT_END),
    o.get(walk + WALK.EVENT_OWNER),
  );
  yield* mmu_notifier_invalidate_range_end(k, S.end, event);
  if (ret === 0 || notifier === 0) return ret;
  const waitFor = o.get(walk + WALK.WAIT_FOR) - 1;
  // Mend of M-06: after a split of its own the walk begins anew by itself; so it does after a wait (F-14).
  // Requests page by page are overwritten by then, so those go back to the caller.
  const again =
    ret === -EBUSY &&
    (waitFor >= 0 || (k.fixes.has('M-06') && o.get(walk + WALK.SPLIT) !== 0)) &&
    o.get(range + RANGE.PFN_FLAGS_MASK) === 0;
  // Mend of F-04 (-EBUSY) and F-26 (other errors): a failing walk on the fault path undoes its collection
  // itself, so that a plain retry by the caller finds no migration entry of its own.
  if (again || waitFor >= 0 || k.fixes.has(ret === -EBUSY ? 'F-04' : 'F-26')) {
    at(k, S.undo, ret);
    yield* migrate_vma_restore(k, range);
  }
  if (waitFor >= 0) yield* waitForMigration(k, o.get(walk + WALK.MM), waitFor);
  return again ? WALK_ANEW : ret;
}

/** Sleeps until the foreign migration entry is gone; nothing is collected now. */
function* waitForMigration(k: Kernel, mm: number, page: number): Run<void> {
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = findEntry(k.m, mm, page, 2);
  if (pmd === 0) return;
  if (is_migration_entry(entryLo(k.m, pmd), entryHi(k.m, pmd))) yield* pmd_migration_entry_wait(k, pmd);
  else if (pmdIsTable(k.m, pmd)) yield* migration_entry_wait(k, pmd, page);
}

/** lockdep's view at the return to the caller: no page-table lock may be held any more. */
function leakCheck(k: Kernel): void {
  const m = k.m;
  if (m.actorGet(m.actor, A.SPIN) === 0) return;
  const tables = m.scalar.get(G.TABLES);
  for (let t = 1; t < tables; t++)
    if (m.table.get(t * T_STRIDE + T.LOCK) === m.actor + 1) finding(k, S.leak, RULE.LOCK_HELD_AT_EXIT, t);
}
