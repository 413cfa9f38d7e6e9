import { F } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import {
  MIGRATE_VMA_SELECT_COMPOUND,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { pmdPfn, pmd_none, pmd_present, pmd_protnone, pmd_trans_huge } from '../../machine/words/pte.ts';
import { is_device_private_entry, swpPfn } from '../../machine/words/swp.ts';
import {
  folio_get,
  folio_put,
  folio_test_anon,
  folio_trylock,
  folio_unlock,
  is_device_coherent_pfn,
  is_huge_zero_pfn,
} from '../common/folio.ts';
import { set_pmd_migration_entry } from '../common/huge-migration.ts';
import { oops } from '../common/oops.ts';
import { EBUSY, ENOENT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE, WALK } from '../structs.ts';
import { assertHeld } from './assert.ts';
import { hmm_pfns_fill } from './hole.ts';
import {
  fillWords,
  hmm_select_migrate,
  pfnIndex,
  putWord,
  walkMigrate,
  walkPfns,
  walkRange,
  wordHi,
  wordLo,
} from './pfns.ts';

const S = sites('hmm_vma_handle_migrate_prepare_pmd', {
  enter: 'collect a huge PMD, pages [{a:page start}, {b:page end})',
  plain: 'not migrating',
  none: 'the PMD is none: an empty stretch to migrate',
  notValid: 'its first entry is not VALID: nothing to collect',
  notSelected: 'this kind of memory is not selected',
  hugeZero: 'the huge zero page: an empty stretch to migrate, the PMD stays',
  notHuge: 'present but not huge any more: walk again',
  get: 'hold the folio',
  trylock: 'lock the folio without waiting (a page-table lock is held)',
  busy: 'somebody else has the folio lock: ERROR',
  mark: 'mark the first entry MIGRATE and COMPOUND',
  install: 'replace the PMD by a migration entry',
  unmark: 'that failed ({a:errno r}): take the marks back',
  tails: 'the first entry stands for all: the others lose their report',
  unlock: 'it has to be split first: give lock and reference back',
  assert: 'the PMD lock is held: asserted',
  noStruct: 'range->migrate is NULL, and its flags are read',
  notAnon: 'a file folio cannot live on a device: not collected',
  exit: '',
});

/**
 * hmm_vma_handle_migrate_prepare_pmd() (series v2): turns a huge PMD into a PMD migration entry, or
 * asks for a split. The PMD lock is held on entry and exit.
 * @returns 0, -ENOENT (split first), -EBUSY (walk again).
 */
export function* hmm_vma_handle_migrate_prepare_pmd(
  k: Kernel,
  walk: number,
  pmdp: number,
  start: number,
  end: number,
): Run<number> {
  const m = k.m;
  const enc = k.enc;
  enter(k, S.enter, start, end, walk);
  const minfo = hmm_select_migrate(k, walkRange(k, walk));
  // Without CONFIG_DEVICE_MIGRATION this is a stub.
  if (minfo === 0 || k.config.deviceMigration === false) {
    at(k, S.plain);
    return exit(k, S.exit, 0, walk, start);
  }
  assertHeld(k, 'R-03', S.assert, walk, 'pmd');
  const migrate = walkMigrate(k, walk);
  const faultPage = migrate !== 0 ? m.obj.get(migrate + MIGRATE.FAULT_PAGE) : 0;
  const faultFolio = faultPage !== 0 ? m.folioOf(faultPage - 1) : 0;
  const arr = walkPfns(k, walk);
  const i = pfnIndex(k, walk, start);
  const lo = entryLo(m, pmdp);
  const hi = entryHi(m, pmdp);

  if (pmd_none(lo, hi)) {
    at(k, S.none);
    hmm_pfns_fill(k, start, end, walk, 0);
    return exit(k, S.exit, 0, walk, start);
  }
  const report = wordHi(k, arr, i);
  // Mend of F-11: under NUMA hinting the report is not VALID, but the page is there.
  const hinting = k.fixes.has('F-11') && (report & enc.VALID) === 0 && pmd_trans_huge(lo, hi) && pmd_protnone(lo, hi);
  if ((report & enc.VALID) === 0 && !hinting) {
    at(k, S.notValid);
    return exit(k, S.exit, 0, walk, start);
  }

  let folio: number;
  if (pmd_trans_huge(lo, hi)) {
    const pfn = pmdPfn(lo, hi);
    // F-19: a PMD-mapped device-coherent folio is selected by SYSTEM, not by DEVICE_COHERENT.
    const coherent = k.fixes.has('F-19') && is_device_coherent_pfn(pfn);
    const wanted = coherent
      ? (minfo & MIGRATE_VMA_SELECT_DEVICE_COHERENT) !== 0 &&
        m.f(m.folioOf(pfn), F.OWNER) === m.obj.get(migrate + MIGRATE.OWNER)
      : (minfo & MIGRATE_VMA_SELECT_SYSTEM) !== 0;
    if (!wanted) {
      at(k, S.notSelected);
      return exit(k, S.exit, 0, walk, start);
    }
    if (is_huge_zero_pfn(m, pfn)) {
      at(k, S.hugeZero);
      hmm_pfns_fill(k, start, end, walk, 0);
      return exit(k, S.exit, 0, walk, start);
    }
    folio = m.folioOf(pfn);
  } else if (!pmd_present(lo, hi)) {
    if (
      !is_device_private_entry(lo, hi) ||
      (minfo & MIGRATE_VMA_SELECT_DEVICE_PRIVATE) === 0 ||
      m.f(m.folioOf(swpPfn(lo, hi)), F.OWNER) !== m.obj.get(migrate + MIGRATE.OWNER)
    ) {
      at(k, S.notSelected);
      return exit(k, S.exit, 0, walk, start);
    }
    folio = m.folioOf(swpPfn(lo, hi));
  } else {
    at(k, S.notHuge);
    m.obj.set(walk + WALK.LAST, start);
    return exit(k, S.exit, -EBUSY, walk, start);
  }

  // Mend of F-32: as at PTE level, only anonymous memory is collected.
  if (k.fixes.has('F-32') && !folio_test_anon(m, folio)) {
    at(k, S.notAnon);
    return exit(k, S.exit, 0, walk, start);
  }
  folio_get(k, S.get, folio);
  if (folio !== faultFolio && !folio_trylock(k, S.trylock, folio)) {
    folio_put(k, S.busy, folio);
    // Mend of F-15: a page that cannot be collected keeps its valid report.
    if (!k.fixes.has('F-15')) hmm_pfns_fill(k, start, end, walk, enc.ERROR);
    return exit(k, S.exit, 0, walk, start);
  }

  // F-06: nobody has looked whether there is a struct.
  if (migrate === 0) yield* oops(k, S.noStruct);
  if ((m.obj.get(migrate + MIGRATE.FLAGS) & MIGRATE_VMA_SELECT_COMPOUND) !== 0 && ((start | end) & 511) === 0) {
    const marks = enc.MIGRATE | enc.COMPOUND | (hinting ? enc.VALID | enc.orderBits(9) : 0);
    putWord(k, S.mark, arr, i, wordLo(k, arr, i), report | marks);
    const r = set_pmd_migration_entry(k, m.obj.get(walk + WALK.MM), pmdp, start, folio);
    m.step(OP.SET_PMD_MIGRATION, S.install, start, m.obj.get(walk + WALK.MM), r);
    if (r === 0) {
      fillWords(k, S.tails, arr, i + 1, 511, 0);
      return exit(k, S.exit, 0, walk, start);
    }
    at(k, S.unmark, r);
    putWord(k, S.unmark, arr, i, wordLo(k, arr, i), report);
  }

  if (folio !== faultFolio) folio_unlock(k, S.unlock, folio);
  folio_put(k, S.unlock, folio);
  return exit(k, S.exit, -ENOENT, walk, start);
}
