import { mutantsOf } from '../mutant.ts';

/** mm/migrate_device.c, mm/migrate.c, mm/rmap.c: unmapping, committing, restoring. */
export const COMMIT = [
  ...mutantsOf('common/migrate-device-unmap.ts', [
    [
      'unmap-keeps-isolation-reference',
      'isolation and collection both keep a reference',
      'folio_put(k, DU.put, folio);',
      '',
    ],
    [
      'unmap-skips-rmap',
      'a page is not unmapped in the other processes',
      'yield* try_to_migrate(k, folio, false);',
      '',
    ],
    [
      'unmap-keeps-pinned',
      'a page that is pinned or still mapped counts as collected',
      'm.f(folio, F.MAP) > 0 || !migrate_vma_check_page(k, pfn, faultPage)',
      'folio < 0',
    ],
    [
      'unmap-forgets-putback',
      'a page that cannot migrate is not put back to the LRU',
      'folio_get(k, DU.putback, folio);\n        folio_putback_lru(k, DU.putback, folio);',
      '',
    ],
    [
      'unmap-restore-forgets-entries',
      'migration entries of a page that stays are not removed',
      'yield* remove_migration_ptes(k, folio, folio);',
      '',
    ],
    [
      'unmap-restore-stays-locked',
      'a page that stays is not unlocked',
      'if (folio !== faultFolio) folio_unlock(k, DU.unlock, folio);',
      '',
    ],
    ['unmap-restore-keeps-reference', 'a page that stays keeps its reference', 'folio_put(k, DU.drop, folio);', ''],
  ]),
  ...mutantsOf('common/migrate-device-pages.ts', [
    [
      'pages-never-end-event',
      'the event of inserted pages has no end',
      'if (event !== 0) yield* mmu_notifier_invalidate_range_end(k, DP.insertEnd, event);',
      '',
    ],
    [
      'pages-skip-recheck',
      'a page that was unmapped meanwhile counts as migrated',
      '!stillThere(k, mm, addr)',
      'addr < 0',
    ],
  ]),
  ...mutantsOf('common/migrate-device-finalize.ts', [
    [
      'finalize-maps-freed-page',
      'a page that did not migrate gets the destination that was given back',
      'dstPfn = pfn;\n    }',
      'if (dstPfn < 0) dstPfn = pfn;\n    }',
    ],
    [
      'finalize-forgets-lru',
      'a system page that comes back is on no LRU list',
      'if (!is_zone_device_pfn(dstPfn)) folio_add_lru(k, DF.lru, d);',
      '',
    ],
    ['finalize-forgets-entries', 'finalize leaves the migration entries', 'yield* remove_migration_ptes(k, s, d);', ''],
    [
      'finalize-stays-locked',
      'finalize does not unlock the source',
      'if (s !== faultFolio) folio_unlock(k, DF.unlock, s);',
      '',
    ],
    ['finalize-keeps-reference', 'finalize keeps the reference of the source', 'folio_put(k, DF.put, s);', ''],
    [
      'finalize-destination-stays-locked',
      'finalize does not unlock the destination',
      'folio_unlock(k, DF.unlockDst, d);',
      '',
    ],
    [
      'finalize-destination-keeps-reference',
      'finalize keeps the reference of the destination',
      'folio_put(k, DF.putDst, d);',
      '',
    ],
  ]),
  ...mutantsOf('common/migrate.ts', [
    ['restore-forgets-reference', 'the new mapping holds no reference', 'folio_get(k, R.get, f);', ''],
    [
      'restore-writes-nothing',
      'the new entry is counted, but not written',
      'set_pte_at(k, R.install, pte, newLo, newHi);',
      'at(k, R.install);',
    ],
    [
      'restore-always-writable',
      'what could only be read comes back writable',
      'const write = is_writable_migration_entry(lo, hi);',
      'const write = true;',
    ],
    ['restore-forgets-young', 'a page that was used comes back unused', 'young: swpYoung(lo, hi),', 'young: false,'],
    [
      'restore-forgets-exclusive',
      'a page comes back without its exclusive mark',
      'swpType(lo, hi) !== SWP_MIGRATION_READ);\n  else',
      'false);\n  else',
    ],
    ['restore-keeps-pte-lock', 'the PTE lock is kept after restoring', 'pte_unmap_unlock(k, S.unlock, ptl);', ''],
    [
      'move-ignores-references',
      'a page that somebody holds is moved all the same',
      'if (m.f(src, F.REF) !== expected) {',
      'if (expected < 0) {',
    ],
    [
      'migrate-mapping-forgets-index',
      'the new page does not know where it belongs',
      'm.setF(dst, F.INDEX, m.f(src, F.INDEX));',
      '',
    ],
    [
      'migrate-mapping-forgets-anon-vma',
      'the new page does not know to whom it belongs',
      'm.setF(dst, F.ANON_VMA, m.f(src, F.ANON_VMA));',
      '',
    ],
    [
      'migrate-flags-forget-dirty',
      'the new page is clean although the old one was not',
      'm.f(src, F.FLAGS) & (PG.DIRTY |',
      'm.f(src, F.FLAGS) & (',
    ],
  ]),
  ...mutantsOf('common/try-to-migrate.ts', [
    [
      'try-to-migrate-installs-nothing',
      'a mapping is taken away and nothing takes its place',
      'migrationLo(type, pfn, lo, hi), migrationHi(type, pfn, lo, hi)',
      '0, 0',
    ],
    [
      'try-to-migrate-starts-no-event',
      'the mirrors are not told',
      'yield* mmu_notifier_invalidate_range_start(k, O.start, event);',
      '',
    ],
    [
      'try-to-migrate-never-ends-event',
      'the mirrors wait for ever',
      'yield* mmu_notifier_invalidate_range_end(k, O.end, event);',
      '',
    ],
    ['try-to-migrate-keeps-reference', 'the reference of the mapping is not given back', 'folio_put(k, O.put, f);', ''],
    [
      'try-to-migrate-keeps-mapcount',
      'the mapping is still counted',
      'folio_remove_rmap_pte(k, O.rmap, pfn, vma);',
      '',
    ],
    ['try-to-migrate-keeps-pte-lock', 'the PTE lock is kept', 'pte_unmap_unlock(k, O.unlock, ptl);', ''],
    [
      'try-to-migrate-forgets-dirty',
      'the dirt of the PTE does not reach the folio',
      'if (present && pte_dirty(lo, hi)) folio_mark_dirty(k, O.dirty, f);',
      '',
    ],
    [
      'try-to-migrate-wrong-write',
      'the migration entry has the wrong type',
      'migrationType(write, exclusive)',
      'migrationType(!write, exclusive)',
    ],
  ]),
  ...mutantsOf('common/huge-migration.ts', [
    [
      'pmd-migration-wrong-write',
      'the PMD migration entry has the wrong type',
      'migrationType(write, exclusive)',
      'migrationType(!write, exclusive)',
    ],
    [
      'pmd-migration-keeps-reference',
      'the reference of the PMD mapping is not given back',
      'folio_put(k, S.put, folio);',
      '',
    ],
    [
      'pmd-migration-pinned-stays-empty',
      'a pinned huge page does not get its PMD back',
      'set_pmd_at(k, S.pinned, pmd, lo, hi);',
      '',
    ],
    ['pmd-restore-forgets-reference', 'the new PMD mapping holds no reference', 'folio_get(k, R.get, f);', ''],
    [
      'pmd-restore-forgets-mapcount',
      'the new PMD mapping is not counted',
      'folio_add_anon_rmap_pmd(k, R.rmap, f, vma, page, swpType(lo, hi) !== SWP_MIGRATION_READ);',
      '',
    ],
  ]),
  ...mutantsOf('common/insert-page.ts', [
    ['insert-forgets-counter', 'an inserted page is not counted as resident', 'add_anon_pages(m, mm, 1);', ''],
    [
      'insert-forgets-reference',
      'the mapping of an inserted page holds no reference',
      'folio_get(k, S.get, folio);',
      '',
    ],
    [
      'insert-overwrites',
      'a page that is there by now is overwritten',
      'if (!zero && !pte_none(lo, hi)) {',
      'if (addr < 0) {',
    ],
    [
      'insert-keeps-pte-lock',
      'the PTE lock is kept after inserting',
      'pte_unmap_unlock(k, S.unlock, ptlOf(pte));\n  putWord(',
      'putWord(',
    ],
    [
      'insert-huge-forgets-counter',
      'an inserted huge page is not counted as resident',
      'add_anon_pages(m, o.get(migrate + MIGRATE.MM), 512);',
      '',
    ],
    [
      'insert-huge-keeps-lock',
      'the PMD lock is kept after inserting',
      'spin_unlock(k, H.unlock, ptl);\n  return exit(k, H.exit, 0, migrate, i);',
      'return exit(k, H.exit, 0, migrate, i);',
    ],
  ]),
];
