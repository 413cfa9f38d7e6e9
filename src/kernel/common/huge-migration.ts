import { F, PG, V } from '../../machine/layout.ts';
import { entryHi, entryLo, entryPage } from '../../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import { pmd_present, pte_dirty, pte_soft_dirty, pte_uffd_wp, pte_write, pte_young } from '../../machine/words/pte.ts';
import {
  SWP_DEVICE_READ,
  SWP_DEVICE_WRITE,
  SWP_MIGRATION_READ,
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpType,
  swpYoung,
} from '../../machine/words/swp.ts';
import { EBUSY } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit } from '../kernel.ts';
import {
  PageAnonExclusive,
  folioHas,
  folio_get,
  folio_is_device_private,
  folio_mark_dirty,
  folio_put,
  folio_test_anon,
} from './folio.ts';
import { migrationType } from './migration-entry.ts';
import { PLAIN, mkPmdHi, mkPmdLo } from './mk-entry.ts';
import { pmdp_invalidate, set_pmd_at } from './pgtable.ts';
import { folio_add_anon_rmap_pmd, folio_remove_rmap_pmd, folio_try_share_anon_rmap_pmd } from './rmap.ts';

const S = sites('set_pmd_migration_entry', {
  enter: 'replace the huge PMD of {a:page address} by a migration entry',
  invalidate: 'clear the present bit and flush 2 MiB',
  clear: 'take the device-private entry away; nothing to flush',
  share: 'make the exclusive folio shareable',
  pinned: 'the folio may be pinned for DMA: put the PMD back (-EBUSY)',
  dirty: 'the PMD counts as dirty: the folio is',
  misread: 'a device-private PMD read with the predicates of a present one: wrong bits',
  install: 'write the PMD migration entry',
  rmap: 'one PMD mapping less',
  put: 'the reference of the mapping goes',
  exit: '',
});

/**
 * set_pmd_migration_entry() (mm/huge_memory.c): PMD and folio lock held.
 * Without switch F-27 a device-private PMD is read with the present-PMD predicates, as up to v7.0.
 * @returns 0, or -EBUSY when the folio may be pinned (the PMD is as before).
 */
export function set_pmd_migration_entry(k: Kernel, mm: number, pmd: number, page: number, folio: number): number {
  const m = k.m;
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  enter(k, S.enter, page, pmd, mm);
  const present = pmd_present(lo, hi);
  if (present) pmdp_invalidate(k, S.invalidate, pmd);
  else set_pmd_at(k, S.clear, pmd, 0, 0);

  const head = m.f(folio, F.PFN);
  const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, head);
  if (exclusive && folio_try_share_anon_rmap_pmd(k, S.share, folio) !== 0) {
    set_pmd_at(k, S.pinned, pmd, lo, hi);
    return exit(k, S.exit, -EBUSY, pmd, page);
  }

  const decode = present || !k.fixes.has('F-27');
  if (!present && decode) at(k, S.misread);
  const write = decode ? pte_write(lo, hi) : is_writable_device_private_entry(lo, hi);
  const young = decode && pte_young(lo, hi);
  const dirty = decode && pte_dirty(lo, hi);
  const softDirty = present
    ? pte_soft_dirty(lo, hi)
    : decode
      ? k.config.softDirty && pte_soft_dirty(lo, hi)
      : (lo & _PAGE_SWP_SOFT_DIRTY) !== 0;
  const uffdWp = decode ? pte_uffd_wp(lo, hi) : (lo & _PAGE_SWP_UFFD_WP) !== 0;
  if (dirty) folio_mark_dirty(k, S.dirty, folio);
  const type = migrationType(write, exclusive);
  const low = (softDirty ? _PAGE_SWP_SOFT_DIRTY : 0) | (uffdWp ? _PAGE_SWP_UFFD_WP : 0);
  set_pmd_at(k, S.install, pmd, swpLo(type, head, low), swpHi(type, head, young ? 1 : 0, dirty ? 1 : 0));
  folio_remove_rmap_pmd(k, S.rmap, folio, vma_lookup(m, mm, page));
  folio_put(k, S.put, folio);
  return exit(k, S.exit, 0, pmd, page);
}

const R = sites('remove_migration_pmd', {
  enter: 'the PMD migration entry of {a:page address} becomes a mapping of {b:folio new}',
  get: 'the mapping holds a reference',
  rmap: 'one PMD mapping more',
  install: 'write the new PMD',
  exit: '',
});

/** remove_migration_pmd() (mm/huge_memory.c): PMD lock held, `f` is the folio the entry shall map now. */
export function remove_migration_pmd(k: Kernel, vma: number, pmd: number, f: number): void {
  const m = k.m;
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const page = entryPage(m, pmd);
  enter(k, R.enter, page, f, vmaGet(m, vma, V.MM));
  folio_get(k, R.get, f);
  const head = m.f(f, F.PFN);
  const softDirty = (lo & _PAGE_SWP_SOFT_DIRTY) !== 0;
  const uffdWp = (lo & _PAGE_SWP_UFFD_WP) !== 0;
  // A write-protected entry stays so, even when the migration entry is of the WRITE kind (F-27's follow-up).
  const write = is_writable_migration_entry(lo, hi) && !uffdWp;
  const young = swpYoung(lo, hi);
  const dirty = folioHas(m, f, PG.DIRTY) && swpDirty(lo, hi);
  let newLo: number;
  let newHi: number;
  if (folio_is_device_private(m, f)) {
    const type = write ? SWP_DEVICE_WRITE : SWP_DEVICE_READ;
    newLo = swpLo(type, head, (softDirty ? _PAGE_SWP_SOFT_DIRTY : 0) | (uffdWp ? _PAGE_SWP_UFFD_WP : 0));
    newHi = swpHi(type, head, 0, 0);
  } else {
    const bits = { ...PLAIN, write, young, dirty, softDirty, uffdWp };
    newLo = mkPmdLo(m, vma, head, bits);
    newHi = mkPmdHi(m, vma, head, bits);
  }
  folio_add_anon_rmap_pmd(k, R.rmap, f, vma, page, swpType(lo, hi) !== SWP_MIGRATION_READ);
  set_pmd_at(k, R.install, pmd, newLo, newHi);
  exit(k, R.exit);
}
