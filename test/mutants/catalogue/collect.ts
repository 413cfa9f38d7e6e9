import { mutantsOf } from '../mutant.ts';

/** The walk of mm/hmm.c that collects: locks, references, entries, words. */
export const COLLECT = [
  ...mutantsOf('unified/prepare.ts', [
    [
      'collect-without-folio-lock',
      'a page is collected without its folio lock',
      'folio !== faultFolio && !folio_trylock(k, S.trylock, folio)',
      'folio < 0',
    ],
    [
      'collect-busy-keeps-reference',
      'a page whose lock is taken keeps the reference',
      'folio_put(k, S.busy, folio);',
      '',
    ],
    [
      'collect-pinned-stays-locked',
      'a pinned page stays locked',
      "if (folio !== faultFolio || !k.fixes.has('F-07')) folio_unlock(k, S.pinned, folio);",
      '',
    ],
    [
      'collect-pinned-stays-empty',
      'a pinned page does not get its entry back',
      'set_pte_at(k, S.pinned, ptep, lo, hi);',
      '',
    ],
    ['collect-pinned-keeps-reference', 'a pinned page keeps the reference', 'folio_put(k, S.pinned, folio);', ''],
    [
      'collect-skips-flush',
      'the TLB is not flushed after a plain clear',
      'if (present) flushPage(k, S.flush, walk, addr);',
      '',
    ],
    [
      'collect-wrong-write',
      'the migration entry is writable when the page was not',
      'migrationType(writable, exclusive)',
      'migrationType(!writable, exclusive)',
    ],
    [
      'collect-forgets-dirty',
      'the dirt of the PTE does not reach the folio',
      'folio_mark_dirty(k, S.dirty, folio);',
      'at(k, S.dirty);',
    ],
    [
      'collect-keeps-mapcount',
      'the mapping is taken away, but still counted',
      'folio_remove_rmap_pte(k, S.rmap, pfn, o.get(walk + WALK.WALK_VMA));',
      '',
    ],
    [
      'collect-keeps-mapping-reference',
      'the reference of the mapping is not given back',
      'folio_put(k, S.put, folio);',
      '',
    ],
    [
      'collect-forgets-mark',
      'the word does not say that the page is collected',
      'report | enc.MIGRATE | (protnoneCollectable',
      'report | (protnoneCollectable',
    ],
    [
      'prepare-unlocks-early',
      'the PTE lock is dropped before the entry is written',
      'const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, pfn);',
      'pte_unmap_unlock(k, S.unlock, ptlOf(ptep));\n  const exclusive = folio_test_anon(m, folio) && PageAnonExclusive(m, pfn);',
    ],
    [
      'split-keeps-pte-lock',
      'a large folio is split with the PTE lock held',
      'pte_unmap_unlock(k, S.unlock, o.get(walk + WALK.PTL));',
      '',
    ],
    [
      'split-without-reference',
      'a large folio is split without the reference that keeps it',
      'if (held) folio_get(k, S.get, folio);',
      '',
    ],
  ]),
  ...mutantsOf('unified/prepare-pmd.ts', [
    [
      'pmd-without-folio-lock',
      'a huge page is collected without its folio lock',
      'folio !== faultFolio && !folio_trylock(k, S.trylock, folio)',
      'folio < 0',
    ],
    [
      'pmd-busy-keeps-reference',
      'a huge page whose lock is taken keeps the reference',
      'folio_put(k, S.busy, folio);',
      '',
    ],
    [
      'pmd-split-stays-locked',
      'a huge page that has to be split stays locked',
      'if (folio !== faultFolio) folio_unlock(k, S.unlock, folio);',
      '',
    ],
    [
      'pmd-split-keeps-reference',
      'a huge page that has to be split keeps the reference',
      'folio_put(k, S.unlock, folio);',
      '',
    ],
    [
      'pmd-forgets-mark',
      'the word of a huge page does not say that it is collected',
      'const marks = enc.MIGRATE | enc.COMPOUND | (hinting',
      'const marks = enc.COMPOUND | (hinting',
    ],
  ]),
  ...mutantsOf('unified/walk-pmd.ts', [
    [
      'walk-keeps-pmd-lock',
      'the PMD lock is not dropped after collecting',
      'unlockPmd(k, walk);\n      if (r === -ENOENT) {',
      'if (r === -ENOENT) {',
    ],
    [
      'walk-keeps-pmd-lock-to-table',
      'the PMD lock is held while the PTEs are walked',
      'if (o.get(walk + WALK.PMDLOCKED) !== 0) unlockPmd(k, walk);\n\n',
      '',
    ],
    [
      'walk-keeps-pte-lock',
      'the PTE table stays locked and mapped',
      "pte_unmap_unlock(k, S.unmap, o.get(walk + WALK.PTL));\n      if (k.fixes.has('F-34'))",
      "if (k.fixes.has('F-34'))",
    ],
    [
      'walk-keeps-hole-lock',
      'the PMD lock of the second look at a hole is kept',
      'spin_unlock(k, S.holeLock, ptl);',
      '',
    ],
    [
      'walk-skips-flush',
      'the put-off flush is forgotten at the end of the table',
      'flushPending(k, S.unmap, walk);',
      '',
    ],
    [
      'walk-overwrites-request',
      'the request is not put back before the walk begins again',
      'if (asked) restoreWords(k, S.requestBack, walkPfns(k, walk), pfnIndex(k, walk, start), asked);',
      '',
    ],
  ]),
  ...mutantsOf('unified/handle-pte.ts', [
    [
      'fault-under-pte-lock',
      'a page is faulted in with the PTE lock held',
      'pte_unmap_unlock(k, S.unlock, o.get(walk + WALK.PTL));',
      '',
    ],
    [
      'report-wrong-page',
      'the report names the next page',
      'putWord(k, S.report, arr, i, pfn, inout | cpuFlags);',
      'putWord(k, S.report, arr, i, pfn + 1, inout | cpuFlags);',
    ],
    [
      'report-skips-fault',
      'a page that does not satisfy the request is reported as it is',
      'at(k, S.required);\n    return yield* fault(k, walk, addr, end, required);',
      'at(k, S.required);',
    ],
    ['fault-skips-flush', 'the put-off flush is forgotten before a fault', 'flushPending(k, S.unlock, walk);', ''],
  ]),
  ...mutantsOf('unified/handle-pmd.ts', [
    [
      'report-huge-from-head',
      'a part of a huge page is reported from its head',
      'pmdPfn(lo, hi) + (addr - entryPage(k.m, pmdp))',
      'pmdPfn(lo, hi)',
    ],
    [
      'fault-under-pmd-lock',
      'a page is faulted in with the PMD lock held',
      'at(k, S.required);\n    dropPmdLock(k, S.unlock, walk);',
      'at(k, S.required);',
    ],
  ]),
  ...mutantsOf('unified/split.ts', [
    ['walk-split-keeps-pmd-lock', 'a huge page is split with the PMD lock held', 'spin_unlock(k, S.unlock, ptl);', ''],
    [
      'walk-split-busy-keeps-reference',
      'a folio that cannot be split now keeps the reference',
      'folio_put(k, S.busy, folio);',
      '',
    ],
    ['walk-split-stays-locked', 'a split folio stays locked', 'folio_unlock(k, S.done, folio);', ''],
    ['walk-split-keeps-reference', 'a split folio keeps the reference', 'folio_put(k, S.done, folio);', ''],
    [
      'pte-split-failed-stays-locked',
      'a folio that could not be split stays locked',
      'folio_unlock(k, M.failed, folio);',
      '',
    ],
    [
      'pte-split-failed-keeps-reference',
      'a folio that could not be split keeps the reference',
      'folio_put(k, M.failed, folio);',
      '',
    ],
  ]),
  ...mutantsOf('unified/range-fault.ts', [
    [
      'walk-never-ends-event',
      'the MIGRATE event of the walk has no end',
      'yield* mmu_notifier_invalidate_range_end(k, S.end, event);',
      '',
    ],
    ['walk-forgets-undo', 'a failing walk leaves what it collected', 'yield* migrate_vma_restore(k, range);', ''],
  ]),
  ...mutantsOf('unified/walk-test.ts', [
    [
      'capture-starts-no-event',
      'entries are changed without an event',
      'yield* mmu_notifier_invalidate_range_start(k, C.start, event);',
      '',
    ],
  ]),
  ...mutantsOf('unified/migrate-range-setup.ts', [
    [
      'setup-skips-unmap',
      'what is collected is not isolated and unmapped everywhere',
      'if (cpages !== 0) {',
      'if (cpages < 0) {',
    ],
    [
      'setup-forgets-page',
      'the last collected page does not get into src[]',
      'if (!wanted) site = S.skip;',
      'if (!wanted || (i === npages - 1 && i > 0)) site = S.skip;',
    ],
  ]),
];
