import { F, G, V } from '../../machine/layout.ts';
import { entryHi, entryLo, entryPage, findEntry, setEntry } from '../../machine/page-table.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  pmdPfn,
  pmd_trans_huge,
  pte_dirty,
  pte_soft_dirty,
  pte_uffd_wp,
  pte_write,
  pte_young,
} from '../../machine/words/pte.ts';
import {
  _PAGE_SWP_SOFT_DIRTY,
  _PAGE_SWP_UFFD_WP,
  is_device_private_entry,
  is_migration_entry,
  is_writable_device_private_entry,
  swpDirty,
  swpHi,
  swpLo,
  swpPfn,
  swpType,
  swpYoung,
} from '../../machine/words/swp.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY } from '../structs.ts';
import { PageAnonExclusive, SetPageAnonExclusive, folio_mark_dirty, folio_put, is_huge_zero_pfn } from './folio.ts';
import { migrationHi, migrationLo, migrationType } from './migration-entry.ts';
import { PLAIN, mkPteHi, mkPteLo } from './mk-entry.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from './mmu_notifier.ts';
import { pmd_lock, pmd_populate, pmdp_invalidate, set_pmd_at, spin_unlock } from './pgtable.ts';
import { folio_remove_rmap_pmd, folio_try_share_anon_rmap_pmd } from './rmap.ts';
import { OP } from '../../machine/ops.ts';

const S = sites('__split_huge_pmd', {
  enter: 'one PMD mapping of {a:page address} becomes 512 PTEs, freeze = {b:int freeze}',
  start: 'tell the mirrors: 2 MiB are cleared',
  lock: 'take the PMD lock',
  nothing: 'the PMD is not huge any more',
  unlock: 'release the PMD lock',
  end: 'the event ends',
  exit: '',
});
const L = sites('__split_huge_pmd_locked', {
  zero: 'the huge zero page: 512 zero-page PTEs',
  invalidate: 'clear the present bit and flush 2 MiB',
  dirty: 'the PMD was dirty: the folio is',
  share: 'freezing: the exclusive mark has to go',
  noFreeze: 'the folio may be pinned: split the mapping without freezing',
  refs: '512 mappings instead of one: {b:int refs} references, {c:int mapcount} mappings',
  fill: 'write 512 PTEs into the new table',
  rmap: 'the PMD mapping is gone',
  put: 'and its reference',
  populate: 'the table takes the place of the huge entry',
  clear: 'take the huge entry away',
});
const H = sites('split_huge_pmd', { enter: 'split the PMD mapping at {a:page addr}', exit: '' });
const A = sites('split_huge_pmd_address', {
  enter: 'split the PMD mapping at {a:page addr}, freeze = {b:int freeze}',
  none: 'no PMD there',
  exit: '',
});

/** split_huge_pmd(): splits the mapping of one huge PMD, the folio stays whole. */
export function* split_huge_pmd(k: Kernel, vma: number, pmd: number, page: number): Run<void> {
  enter(k, H.enter, page);
  yield* __split_huge_pmd(k, vma, pmd, page, false);
  exit(k, H.exit);
}

/** split_huge_pmd_address(): the same for the PMD that maps `page` in the VMA's mm. */
export function* split_huge_pmd_address(k: Kernel, vma: number, page: number, freeze: boolean): Run<void> {
  enter(k, A.enter, page, freeze ? 1 : 0);
  const pmd = findEntry(k.m, vmaGet(k.m, vma, V.MM), page, 2);
  if (pmd !== 0) yield* __split_huge_pmd(k, vma, pmd, page, freeze);
  else at(k, A.none, page);
  exit(k, A.exit);
}

/** __split_huge_pmd(): with the notifier bracket and the PMD lock around it. */
export function* __split_huge_pmd(k: Kernel, vma: number, pmd: number, page: number, freeze: boolean): Run<void> {
  const m = k.m;
  const haddr = page & ~511;
  enter(k, S.enter, haddr, freeze ? 1 : 0);
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.CLEAR, vmaGet(m, vma, V.MM), haddr, haddr + 512);
  yield* mmu_notifier_invalidate_range_start(k, S.start, event);
  const ptl = yield* pmd_lock(k, S.lock, pmd);
  split_huge_pmd_locked(k, S.nothing, vma, pmd, freeze);
  spin_unlock(k, S.unlock, ptl);
  yield* mmu_notifier_invalidate_range_end(k, S.end, event);
  exit(k, S.exit);
}

/** split_huge_pmd_locked(): acts on a huge, migration or device-private PMD; nothing otherwise. */
export function split_huge_pmd_locked(k: Kernel, site: number, vma: number, pmd: number, freeze: boolean): void {
  const m = k.m;
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  if (pmd_trans_huge(lo, hi) || is_migration_entry(lo, hi) || is_device_private_entry(lo, hi))
    __split_huge_pmd_locked(k, vma, pmd, freeze);
  else at(k, site, entryPage(m, pmd));
}

/** __split_huge_pmd_locked() (mm/huge_memory.c) for anonymous memory; PMD lock held. */
function __split_huge_pmd_locked(k: Kernel, vma: number, pmd: number, freezeWanted: boolean): void {
  const m = k.m;
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const base = entryPage(m, pmd);
  const mm = vmaGet(m, vma, V.MM);

  if (pmd_trans_huge(lo, hi) && is_huge_zero_pfn(m, pmdPfn(lo, hi))) {
    pmdp_invalidate(k, L.zero, pmd);
    const pfn = m.scalar.get(G.ZERO_PFN);
    const bits = { ...PLAIN, young: true, special: true, uffdWp: pte_uffd_wp(lo, hi) };
    fillAndPopulate(
      k,
      mm,
      pmd,
      base,
      () => mkPteLo(m, vma, pfn, bits),
      () => mkPteHi(m, vma, pfn, bits),
    );
    return;
  }

  if (is_migration_entry(lo, hi)) {
    const type = swpType(lo, hi);
    const head = swpPfn(lo, hi);
    const low = lo & (_PAGE_SWP_SOFT_DIRTY | _PAGE_SWP_UFFD_WP);
    const young = swpYoung(lo, hi) ? 1 : 0;
    const dirty = swpDirty(lo, hi) ? 1 : 0;
    const f = m.folioOf(head);
    // The kernel drops a reference after every freeze, the mapping's; here it is one the caller has to bring.
    const drop = freezeWanted ? () => folio_put(k, L.put, f) : undefined;
    fillAndPopulate(
      k,
      mm,
      pmd,
      base,
      (i) => swpLo(type, head + i, low),
      (i) => swpHi(type, head + i, young, dirty),
      drop,
    );
    return;
  }

  const device = is_device_private_entry(lo, hi);
  const head = device ? swpPfn(lo, hi) : pmdPfn(lo, hi);
  const f = m.folioOf(head);
  const write = device ? is_writable_device_private_entry(lo, hi) : pte_write(lo, hi);
  const young = !device && pte_young(lo, hi);
  const dirty = !device && pte_dirty(lo, hi);
  const softDirty = device ? (lo & _PAGE_SWP_SOFT_DIRTY) !== 0 : pte_soft_dirty(lo, hi);
  const uffdWp = device ? (lo & _PAGE_SWP_UFFD_WP) !== 0 : pte_uffd_wp(lo, hi);
  const exclusive = PageAnonExclusive(m, head);
  let freeze = freezeWanted;

  if (device) set_pmd_at(k, L.clear, pmd, lo, hi);
  else pmdp_invalidate(k, L.invalidate, pmd);
  if (dirty) folio_mark_dirty(k, L.dirty, f);
  if (freeze && exclusive && folio_try_share_anon_rmap_pmd(k, L.share, f) !== 0) {
    at(k, L.noFreeze);
    freeze = false;
  }
  if (!freeze) {
    const refs = m.f(f, F.REF) + 511;
    m.step(OP.AT, L.refs, f, refs, m.f(f, F.MAP) + 512);
    m.setF(f, F.REF, refs);
    m.setF(f, F.MAP, m.f(f, F.MAP) + 512);
    if (exclusive) for (let i = 1; i < 512; i++) SetPageAnonExclusive(m, head + i);
  }

  if (freeze) {
    const type = migrationType(write, exclusive);
    fillAndPopulate(
      k,
      mm,
      pmd,
      base,
      (i) => migrationLo(type, head + i, lo, hi),
      (i) => migrationHi(type, head + i, lo, hi),
      () => dropPmdMapping(k, f, vma, true),
    );
  } else if (device) {
    const type = swpType(lo, hi);
    const low = lo & (_PAGE_SWP_SOFT_DIRTY | _PAGE_SWP_UFFD_WP);
    fillAndPopulate(
      k,
      mm,
      pmd,
      base,
      (i) => swpLo(type, head + i, low),
      (i) => swpHi(type, head + i, 0, 0),
      () => dropPmdMapping(k, f, vma, false),
    );
  } else {
    const bits = { ...PLAIN, write, young, dirty, softDirty, uffdWp };
    fillAndPopulate(
      k,
      mm,
      pmd,
      base,
      (i) => mkPteLo(m, vma, head + i, bits),
      (i) => mkPteHi(m, vma, head + i, bits),
      () => dropPmdMapping(k, f, vma, false),
    );
  }
}

function dropPmdMapping(k: Kernel, f: number, vma: number, put: boolean): void {
  folio_remove_rmap_pmd(k, L.rmap, f, vma);
  if (put) folio_put(k, L.put, f);
}

/** Fills the deposited table with 512 PTEs, then publishes it in the PMD. */
function fillAndPopulate(
  k: Kernel,
  mm: number,
  pmd: number,
  base: number,
  lo: (i: number) => number,
  hi: (i: number) => number,
  before?: () => void,
): void {
  const m = k.m;
  const table = m.newTable(1, mm, base, pmd);
  m.step(OP.AT, L.fill, base, table, 0);
  for (let i = 0; i < 512; i++) setEntry(m, table * 512 + i, lo(i), hi(i));
  before?.();
  pmd_populate(k, L.populate, pmd, table);
}
