import { mutantsOf } from '../mutant.ts';

/** Page tables, splitting, zapping, faults, the driver, and the collector of v6.19. */
export const MEMORY = [
  ...mutantsOf('common/migration-entry.ts', [
    [
      'migration-entry-forgets-young',
      'the migration entry forgets that the page was used',
      'used && pte_young(lo, hi) ? 1 : 0',
      '0',
    ],
    [
      'migration-entry-forgets-dirty',
      'the migration entry forgets that the page was written',
      'used && pte_dirty(lo, hi) ? 1 : 0',
      '0',
    ],
    [
      'migration-entry-forgets-uffd',
      'the migration entry forgets the protection by userfaultfd',
      '(pte_uffd_wp(lo, hi) ? _PAGE_SWP_UFFD_WP : 0)',
      '0',
    ],
    [
      'migration-entry-forgets-exclusive',
      'a readable page that is owned comes back as shared',
      'exclusive ? SWP_MIGRATION_READ_EXCLUSIVE :',
      '',
    ],
  ]),
  ...mutantsOf('common/pgtable.ts', [
    [
      'clear-flush-does-not-flush',
      'ptep_clear_flush() forgets the flush',
      'const flush = pte_present(entryLo(m, pte), entryHi(m, pte)) ? 1 : 0;',
      'const flush = 0 as number;',
    ],
  ]),
  ...mutantsOf('common/huge-split.ts', [
    [
      'split-pmd-wrong-references',
      'a split mapping takes one reference too many',
      'const refs = m.f(f, F.REF) + 511;',
      'const refs = m.f(f, F.REF) + 512;',
    ],
    [
      'split-pmd-wrong-mapcount',
      'a split mapping is counted 511 times',
      'm.setF(f, F.MAP, m.f(f, F.MAP) + 512);',
      'm.setF(f, F.MAP, m.f(f, F.MAP) + 511);',
    ],
    ['split-pmd-keeps-mapping', 'the PMD mapping is still counted', 'folio_remove_rmap_pmd(k, L.rmap, f, vma);', ''],
    [
      'split-pmd-forgets-exclusive',
      'only the head of a split mapping is exclusive',
      'if (exclusive) for (let i = 1; i < 512; i++) SetPageAnonExclusive(m, head + i);',
      '',
    ],
    [
      'split-pmd-forgets-invalidate',
      'the huge entry is not invalidated first',
      'else pmdp_invalidate(k, L.invalidate, pmd);',
      '',
    ],
    [
      'split-pmd-forgets-dirty',
      'the dirt of the huge entry does not reach the folio',
      'if (dirty) folio_mark_dirty(k, L.dirty, f);',
      '',
    ],
    [
      'split-pmd-never-ends-event',
      'the event of a split has no end',
      'yield* mmu_notifier_invalidate_range_end(k, S.end, event);',
      '',
    ],
    ['split-pmd-keeps-lock', 'the PMD lock is kept after a split', 'spin_unlock(k, S.unlock, ptl);', ''],
  ]),
  ...mutantsOf('common/split-folio.ts', [
    [
      'split-pieces-keep-reference',
      'the pieces of a split folio keep a reference',
      'folio_put(k, S.piece, piece);',
      '',
    ],
    ['split-pieces-stay-locked', 'the pieces of a split folio stay locked', 'releaseLock(k, S.piece, piece);', ''],
    [
      'split-pieces-same-index',
      'every piece believes to be the first page',
      'm.folio.set(o + F.INDEX, index + i);',
      'm.folio.set(o + F.INDEX, index);',
    ],
    [
      'split-forgets-remap',
      'the pieces are not mapped again',
      'for (const piece of pieces) yield* remove_migration_ptes(k, piece, piece, true);',
      '',
    ],
    ['split-keeps-anon-vma-lock', 'the anon_vma lock is kept', 'if (anon) anon_vma_unlock_write(k, S.unlock, av);', ''],
    [
      'split-failed-forgets-remap',
      'a folio that cannot be split is not mapped again',
      'at(k, S.frozen);\n      yield* remove_migration_ptes(k, f, f, true);',
      'at(k, S.frozen);',
    ],
  ]),
  ...mutantsOf('common/zap.ts', [
    [
      'zap-frees-before-flush',
      'zapped pages are freed without a flush',
      'if (tlb.start < tlb.end) flush_tlb_range(k, R.flush, tlb.start, tlb.end);',
      '',
    ],
    [
      'zap-keeps-mapcount',
      'a zapped mapping is still counted',
      'folio_remove_rmap_pte(k, P.rmap, pfn, vma);\n  tlb.folios.push(f);',
      'tlb.folios.push(f);',
    ],
    [
      'zap-starts-no-event',
      'the mirrors are not told of a zap',
      'yield* mmu_notifier_invalidate_range_start(k, R.start, range);',
      '',
    ],
    [
      'zap-keeps-device-reference',
      'a zapped device page keeps the reference of its mapping',
      'folio_put(k, P.putDevice, f);',
      '',
    ],
    [
      'zap-forgets-swap',
      'a zapped swap entry keeps its slot',
      'free_swap_and_cache(k, P.swap, swpOffset(lo, hi));',
      '',
    ],
  ]),
  ...mutantsOf('common/memory-swap.ts', [
    ['swap-in-forgets-slot', 'swapping in does not give the slot back', 'swap_free(k, S.free, slot);', ''],
  ]),
  ...mutantsOf('common/memory-wp.ts', [
    [
      'cow-keeps-mapping',
      'the old page of a copy is still counted as mapped',
      'if (oldFolio !== 0) folio_remove_rmap_pte(k, C.removeRmap, old, vma);',
      '',
    ],
    [
      'cow-starts-no-event',
      'the mirrors are not told of a copy',
      'yield* mmu_notifier_invalidate_range_start(k, C.start, range);',
      '',
    ],
    [
      'cow-keeps-old-reference',
      'the old page keeps the reference of the mapping',
      'else if (oldFolio !== 0) folio_put(k, C.putMapping, oldFolio);',
      '',
    ],
    [
      'cow-skips-recheck',
      'the entry is not looked at again under its lock',
      'pte !== 0 && entryLo(m, pte) === vmf.origLo && entryHi(m, pte) === vmf.origHi',
      'pte !== 0',
    ],
  ]),
  ...mutantsOf('common/fork.ts', [
    [
      'fork-skips-flush',
      'fork does not flush what became read-only',
      'flush_tlb_range(k, S.flush, vmaGet(m, first, V.START), vmaGet(m, last, V.END));',
      'at(k, S.flush);',
    ],
  ]),
  ...mutantsOf('drivers/dmirror-memory.ts', [
    [
      'copy-is-forgotten',
      'the driver allocates and does not copy',
      'for (let i = 0; i < n; i++) m.pageSet(dataPfn(m, dst + i), P.DATA, src < 0 ? 0 : pageData(m, src + i));',
      '',
    ],
    [
      'copy-shifted',
      'the driver copies the page next to it',
      'src < 0 ? 0 : pageData(m, src + i)',
      'src < 0 ? 0 : pageData(m, src + i) + 1',
    ],
  ]),
  ...mutantsOf('drivers/dmirror.ts', [
    [
      'callback-keeps-mirror',
      'the callback does not drop the device’s mappings',
      'setDevicePte(m, UPDATE.erase, device, p, 0, false);',
      '{}',
    ],
  ]),
  ...mutantsOf('classic/collect-pmd.ts', [
    [
      'classic-skips-flush',
      'the collector of v6.19 does not flush',
      'if (page.unmapped > 0) flush_tlb_range(k, S.flush, start, end);\n    pte_unmap_unlock',
      'pte_unmap_unlock',
    ],
    [
      'classic-pinned-stays-locked',
      'a pinned page stays locked',
      'if (folio !== faultFolio) folio_unlock(k, S.pinned, folio);',
      '',
    ],
    ['classic-keeps-pte-lock', 'the PTE lock is kept', 'pte_unmap_unlock(k, S.unlock, ptl);', ''],
    [
      'classic-keeps-mapping-reference',
      'the reference of the mapping is not given back',
      'folio_put(k, S.put, folio);',
      '',
    ],
    [
      'classic-keeps-mapcount',
      'the mapping is still counted',
      'folio_remove_rmap_pte(k, S.rmap, pfn, k.m.obj.get(this.migrate + MIGRATE.VMA));',
      '',
    ],
  ]),
];
