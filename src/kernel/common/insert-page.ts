import { V, VM, VMA_KIND } from '../../machine/layout.ts';
import { entryHi, entryLo } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import { MIGRATE_PFN_COMPOUND, MIGRATE_PFN_MIGRATE } from '../../machine/words/migrate-pfn.ts';
import { pmdPfn, pmd_none, pmd_trans_huge, ptePfn, pte_none, pte_present } from '../../machine/words/pte.ts';
import { SWP_DEVICE_READ, SWP_DEVICE_WRITE, swpHi, swpLo } from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, YIELD, at, enter, exit } from '../kernel.ts';
import { MIGRATE } from '../structs.ts';
import { putWord, setWord, wordHi, wordLo } from '../unified/pfns.ts';
import {
  folio_add_lru,
  folio_get,
  is_device_private_pfn,
  is_huge_zero_pfn,
  is_zero_pfn,
  is_zone_device_pfn,
} from './folio.ts';
import { split_huge_pmd } from './huge-split.ts';
import { PLAIN, mkPmdHi, mkPmdLo, mkPteHi, mkPteLo } from './mk-entry.ts';
import { migratePage } from './migrate-words.ts';
import {
  pmd_alloc,
  pmd_lock,
  pmdp_invalidate,
  pte_alloc,
  pte_offset_map_lock,
  pte_unmap_unlock,
  ptep_clear_flush,
  ptlOf,
  set_pmd_at,
  set_pte_at,
  spin_unlock,
} from './pgtable.ts';
import { add_anon_pages, anon_vma_prepare, folio_add_new_anon_rmap } from './rmap.ts';
import { OP } from '../../machine/ops.ts';

const S = sites('migrate_vma_insert_page', {
  enter: 'entry {c:int}: map the destination at {b:page addr}',
  notAnon: 'not an anonymous VMA',
  tables: 'allocate the tables that are missing',
  splitZero: 'the huge zero page is there: split its mapping',
  taken: 'something is mapped there already',
  alloc: 'a PTE table',
  anonVma: 'the VMA needs an anon_vma',
  lock: 'map and lock the table',
  gone: 'the table has vanished',
  occupied: 'the PTE is not empty any more',
  rmap: 'the page is anonymous memory of this process now',
  lru: 'it goes to the LRU',
  get: 'the mapping holds a reference',
  clear: 'the zero page goes',
  install: 'write the entry',
  unlock: 'unmap and unlock',
  abort: 'give the entry up',
  exit: '',
});

/** migrate_vma_insert_page() (mm/migrate_device.c): maps dst[i] into an empty slot; on failure clears MIGRATE in src[i]. */
export function* migrate_vma_insert_page(k: Kernel, migrate: number, addr: number, i: number): Run<void> {
  const m = k.m;
  const o = m.obj;
  enter(k, S.enter, migrate, addr, i);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const done = (ok: boolean): void => {
    if (!ok) putWord(k, S.abort, src, i, wordLo(k, src, i) & ~MIGRATE_PFN_MIGRATE, wordHi(k, src, i));
    exit(k, S.exit, 0, migrate, i);
  };
  const vma = o.get(migrate + MIGRATE.VMA);
  const mm = o.get(migrate + MIGRATE.MM);
  if (vmaGet(m, vma, V.KIND) !== VMA_KIND.ANON) {
    at(k, S.notAnon);
    return done(false);
  }
  at(k, S.tables);
  if (k.concurrent) yield YIELD.OTHER;
  const pmd = pmd_alloc(m, mm, addr);
  if ((wordLo(k, dst, i) & MIGRATE_PFN_COMPOUND) !== 0) {
    yield* migrate_vma_insert_huge_pmd_page(k, migrate, addr, i, pmd);
    exit(k, S.exit, 0, migrate, i);
    return;
  }
  const plo = entryLo(m, pmd);
  const phi = entryHi(m, pmd);
  if (!pmd_none(plo, phi) && (plo & 0x81) !== 1) {
    if (pmd_trans_huge(plo, phi) && is_huge_zero_pfn(m, pmdPfn(plo, phi))) {
      at(k, S.splitZero);
      yield* split_huge_pmd(k, vma, pmd, addr);
    } else {
      at(k, S.taken);
      return done(false);
    }
  }
  yield* pte_alloc(k, S.alloc, mm, pmd);
  at(k, S.anonVma);
  anon_vma_prepare(m, vma);
  const pfn = migratePage(k, dst, i);
  const folio = m.folioOf(pfn);
  const write = (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0;

  const pte = yield* pte_offset_map_lock(k, S.lock, pmd, addr);
  if (pte === 0) {
    at(k, S.gone);
    return done(false);
  }
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  const zero = pte_present(lo, hi) && is_zero_pfn(m, ptePfn(lo, hi));
  if (!zero && !pte_none(lo, hi)) {
    at(k, S.occupied);
    pte_unmap_unlock(k, S.unlock, ptlOf(pte));
    return done(false);
  }
  add_anon_pages(m, mm, 1);
  folio_add_new_anon_rmap(k, S.rmap, folio, vma, addr);
  if (!is_zone_device_pfn(pfn)) folio_add_lru(k, S.lru, folio);
  folio_get(k, S.get, folio);
  if (zero) ptep_clear_flush(k, S.clear, pte);
  if (is_device_private_pfn(pfn)) {
    const type = write ? SWP_DEVICE_WRITE : SWP_DEVICE_READ;
    set_pte_at(k, S.install, pte, swpLo(type, pfn, 0), swpHi(type, pfn, 0, 0));
  } else {
    const bits = { ...PLAIN, young: true, write, dirty: write };
    set_pte_at(k, S.install, pte, mkPteLo(m, vma, pfn, bits), mkPteHi(m, vma, pfn, bits));
  }
  pte_unmap_unlock(k, S.unlock, ptlOf(pte));
  putWord(k, S.install, src, i, MIGRATE_PFN_MIGRATE, 0);
  exit(k, S.exit, 0, migrate, i);
}

const H = sites('migrate_vma_insert_huge_pmd_page', {
  enter: 'map a large destination at {b:page addr}',
  anonVma: 'the VMA needs an anon_vma',
  lock: 'take the PMD lock',
  occupied: 'the PMD is not empty any more',
  rmap: 'the folio is anonymous memory of this process now',
  lru: 'it goes to the LRU',
  get: 'the mapping holds a reference',
  flush: 'the huge zero page goes: flush 2 MiB',
  install: 'write the PMD',
  unlock: 'release the PMD lock',
  abort: 'give all 512 entries up; the first keeps COMPOUND',
  exit: '',
});

/** migrate_vma_insert_huge_pmd_page(): maps a PMD-sized destination. @returns 0, also when it gave up late. */
function* migrate_vma_insert_huge_pmd_page(
  k: Kernel,
  migrate: number,
  addr: number,
  i: number,
  pmd: number,
): Run<number> {
  const m = k.m;
  const o = m.obj;
  enter(k, H.enter, migrate, addr, i);
  const src = o.get(migrate + MIGRATE.SRC);
  const dst = o.get(migrate + MIGRATE.DST);
  const vma = o.get(migrate + MIGRATE.VMA);
  const pfn = migratePage(k, dst, i);
  const folio = m.folioOf(pfn);
  at(k, H.anonVma);
  anon_vma_prepare(m, vma);
  const ptl = yield* pmd_lock(k, H.lock, pmd);
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const zero = pmd_trans_huge(lo, hi) && is_huge_zero_pfn(m, pmdPfn(lo, hi));
  if (!zero && !pmd_none(lo, hi)) {
    at(k, H.occupied);
    spin_unlock(k, H.unlock, ptl);
    // Mend of M-05: COMPOUND must not stay behind alone, as if something had been inserted.
    const lost = MIGRATE_PFN_MIGRATE | (k.fixes.has('M-05') ? MIGRATE_PFN_COMPOUND : 0);
    m.step(OP.PFN_WRITE, H.abort, i, 512, src);
    for (let j = 0; j < 512; j++) setWord(k, src, i + j, wordLo(k, src, i + j) & ~lost, wordHi(k, src, i + j));
    return exit(k, H.exit, 0, migrate, i);
  }
  add_anon_pages(m, o.get(migrate + MIGRATE.MM), 512);
  folio_add_new_anon_rmap(k, H.rmap, folio, vma, addr);
  if (!is_zone_device_pfn(pfn)) folio_add_lru(k, H.lru, folio);
  folio_get(k, H.get, folio);
  if (zero) pmdp_invalidate(k, H.flush, pmd);
  const write = (vmaGet(m, vma, V.FLAGS) & VM.WRITE) !== 0;
  if (is_device_private_pfn(pfn)) {
    const type = write ? SWP_DEVICE_WRITE : SWP_DEVICE_READ;
    set_pmd_at(k, H.install, pmd, swpLo(type, pfn, 0), swpHi(type, pfn, 0, 0));
  } else {
    const bits = { ...PLAIN, young: true, write, dirty: write };
    set_pmd_at(k, H.install, pmd, mkPmdLo(m, vma, pfn, bits), mkPmdHi(m, vma, pfn, bits));
  }
  spin_unlock(k, H.unlock, ptl);
  return exit(k, H.exit, 0, migrate, i);
}
