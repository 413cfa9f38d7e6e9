import { F, G, MM, MM_STRIDE, PG, V, VMA_KIND, V_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import { vmaGet } from '../../machine/vma.ts';
import { EBUSY } from '../errno.ts';
import type { Kernel, Run } from '../kernel.ts';
import { anon_vma_lock_read, anon_vma_unlock_read } from './anon-vma.ts';
import { mlock_vma_folio, munlock_vma_folio } from './mlock.ts';
import {
  ClearPageAnonExclusive,
  SetPageAnonExclusive,
  folioHas,
  folio_is_device_private,
  folio_maybe_dma_pinned,
  folio_nr_pages,
  setFlag,
} from './folio.ts';

/** anon_vma_prepare(): the VMA has an anon_vma afterwards; gives it. */
export function anon_vma_prepare(m: Machine, vma: number): number {
  const have = vmaGet(m, vma, V.ANON_VMA);
  if (have !== 0) return have;
  const av = m.newAnonVma();
  m.vma.set(vma * V_STRIDE + V.ANON_VMA, av);
  return av;
}

/** add_mm_counter(MM_ANONPAGES): resident anonymous pages of an mm. */
export function add_anon_pages(m: Machine, mm: number, pages: number): void {
  m.mm.add(mm * MM_STRIDE + MM.ANONPAGES, pages);
}

/** linear_page_index() of anonymous memory: the page, or where it lay before mremap() moved the VMA. */
const linear_page_index = (m: Machine, vma: number, page: number): number => page - vmaGet(m, vma, V.MOVED);

/** folio_add_new_anon_rmap(): the first mapping of a fresh anonymous folio, exclusive to this process. */
export function folio_add_new_anon_rmap(k: Kernel, site: number, f: number, vma: number, page: number): void {
  const m = k.m;
  m.step(OP.FOLIO_ADD_NEW_ANON_RMAP, site, f, page, 0);
  setFlag(m, f, PG.ANON);
  m.setF(f, F.ANON_VMA, anon_vma_prepare(m, vma));
  m.setF(f, F.INDEX, linear_page_index(m, vma, page));
  m.setF(f, F.MAP, 1);
  if (m.f(f, F.ORDER) > 0) m.setF(f, F.ENTIRE, 1);
  SetPageAnonExclusive(m, m.f(f, F.PFN));
}

/** folio_add_anon_rmap_pte(): one more PTE mapping of an anonymous page. */
export function folio_add_anon_rmap_pte(
  k: Kernel,
  site: number,
  pfn: number,
  vma: number,
  page: number,
  exclusive: boolean,
): void {
  const m = k.m;
  const f = m.folioOf(pfn);
  m.step(OP.FOLIO_ADD_RMAP, site, f, page, 0);
  if (!folioHas(m, f, PG.ANON)) {
    setFlag(m, f, PG.ANON);
    m.setF(f, F.ANON_VMA, anon_vma_prepare(m, vma));
    m.setF(f, F.INDEX, linear_page_index(m, vma, page) - (pfn - m.f(f, F.PFN)));
  }
  m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
  if (exclusive) SetPageAnonExclusive(m, pfn);
  // Only a folio that is mapped whole is mlocked.
  if (m.f(f, F.ORDER) === 0) mlock_vma_folio(k, f, vma);
}

/** folio_add_anon_rmap_pmd(). */
export function folio_add_anon_rmap_pmd(
  k: Kernel,
  site: number,
  f: number,
  vma: number,
  page: number,
  exclusive: boolean,
): void {
  const m = k.m;
  m.step(OP.FOLIO_ADD_RMAP, site, f, page, 1);
  m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
  m.setF(f, F.ENTIRE, m.f(f, F.ENTIRE) + 1);
  if (exclusive) SetPageAnonExclusive(m, m.f(f, F.PFN));
  mlock_vma_folio(k, f, vma);
}

/** folio_add_file_rmap_pte(): one more mapping of a page-cache page. */
export function folio_add_file_rmap_pte(k: Kernel, site: number, pfn: number, page: number): void {
  const m = k.m;
  const f = m.folioOf(pfn);
  m.step(OP.FOLIO_ADD_RMAP, site, f, page, 0);
  m.setF(f, F.MAP, m.f(f, F.MAP) + 1);
}

/** folio_remove_rmap_pte(): one PTE mapping less. */
export function folio_remove_rmap_pte(k: Kernel, site: number, pfn: number, vma: number): void {
  const m = k.m;
  const f = m.folioOf(pfn);
  const map = m.f(f, F.MAP) - 1;
  m.step(OP.FOLIO_REMOVE_RMAP, site, f, map, 0);
  m.setF(f, F.MAP, map);
  munlock_vma_folio(k, f, vma);
}

/** folio_remove_rmap_pmd(): one PMD mapping less. */
export function folio_remove_rmap_pmd(k: Kernel, site: number, f: number, vma: number): void {
  const m = k.m;
  const map = m.f(f, F.MAP) - 1;
  m.step(OP.FOLIO_REMOVE_RMAP, site, f, map, 1);
  m.setF(f, F.MAP, map);
  m.setF(f, F.ENTIRE, m.f(f, F.ENTIRE) - 1);
  munlock_vma_folio(k, f, vma);
}

/**
 * folio_try_share_anon_rmap_pte(): takes the exclusive mark away so that the page can get a migration
 * entry. @returns 0, or -EBUSY when the page may be pinned for DMA.
 */
export function folio_try_share_anon_rmap_pte(k: Kernel, site: number, pfn: number): number {
  const m = k.m;
  const f = m.folioOf(pfn);
  const ret = !folio_is_device_private(m, f) && folio_maybe_dma_pinned(m, f) ? -EBUSY : 0;
  m.step(OP.FOLIO_TRY_SHARE_ANON_RMAP, site, pfn, ret, 0);
  if (ret === 0) ClearPageAnonExclusive(m, pfn);
  return ret;
}

/** folio_try_share_anon_rmap_pmd(): the same for a PMD-mapped folio (the mark lies on its head). */
export const folio_try_share_anon_rmap_pmd = (k: Kernel, site: number, f: number): number =>
  folio_try_share_anon_rmap_pte(k, site, k.m.f(f, F.PFN));

/** A place where an rmap walk looks for a folio: a VMA and the folio's extent in it. */
export interface RmapPlace {
  readonly vma: number;
  readonly mm: number;
  /** page number of the folio's first page, clipped to the VMA by start/end */
  readonly address: number;
  readonly start: number;
  readonly end: number;
}

/** The VMAs in which an rmap walk over the folio looks, oldest mapping first. */
export function rmapPlaces(m: Machine, f: number): RmapPlace[] {
  const places: RmapPlace[] = [];
  const nr = folio_nr_pages(m, f);
  const anon = folioHas(m, f, PG.ANON);
  const av = m.f(f, F.ANON_VMA);
  const mapping = m.f(f, F.MAPPING);
  const index = m.f(f, F.INDEX);
  const vmas = m.scalar.get(G.VMAS);
  for (let v = 1; v < vmas; v++) {
    if (vmaGet(m, v, V.LIVE) === 0) continue;
    let address: number;
    if (anon) {
      if (av === 0 || vmaGet(m, v, V.ANON_VMA) !== av) continue;
      address = index + vmaGet(m, v, V.MOVED);
    } else {
      if (mapping === 0 || vmaGet(m, v, V.KIND) === VMA_KIND.ANON || vmaGet(m, v, V.FILE) !== mapping) continue;
      address = vmaGet(m, v, V.START) + index - vmaGet(m, v, V.PGOFF);
    }
    const start = Math.max(address, vmaGet(m, v, V.START));
    const end = Math.min(address + nr, vmaGet(m, v, V.END));
    if (start < end) places.push({ vma: v, mm: vmaGet(m, v, V.MM), address, start, end });
  }
  return places;
}

/**
 * rmap_walk_anon_lock(): an rmap walk holds the anon_vma lock for reading, so that nobody removes the VMAs it looks
 * into. In a run of one actor nobody could, and the lock is left out. @returns what rmapWalkEnd() has to release.
 */
export function* rmapWalkStart(k: Kernel, site: number, f: number): Run<number> {
  const av = k.concurrent && folioHas(k.m, f, PG.ANON) ? k.m.f(f, F.ANON_VMA) : 0;
  if (av !== 0) yield* anon_vma_lock_read(k, site, av);
  return av;
}

/** The end of an rmap walk. */
export function rmapWalkEnd(k: Kernel, site: number, av: number): void {
  if (av !== 0) anon_vma_unlock_read(k, site, av);
}
