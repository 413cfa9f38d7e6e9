import { F, P, ZONE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { OP } from '../../machine/ops.ts';
import { bornLocked, is_device_private_pfn, takeAllocFailure } from '../common/folio.ts';
import type { Kernel } from '../kernel.ts';

/**
 * Memory of the test driver's devices. A device-private struct page has no storage, so each allocation
 * takes system memory as well; the page's data lives there (F.BACKING). Coherent pages store data themselves.
 */

/** Zone of a device's memory. */
export const zoneOfDevice = (device: number): number => ZONE.PRIVATE0 + device;

/** Page frame in which the data of a page really lies. */
export function dataPfn(m: Machine, pfn: number): number {
  if (!is_device_private_pfn(pfn)) return pfn;
  const f = m.folioOf(pfn);
  return m.f(f, F.BACKING) + (pfn - m.f(f, F.PFN));
}

/** First word of a page. */
export const pageData = (m: Machine, pfn: number): number => m.pageGet(dataPfn(m, pfn), P.DATA);

/** Copies pages [src, src + n) to [dst, dst + n) as one step; src < 0 clears the destination. */
export function copyPages(k: Kernel, site: number, dst: number, src: number, n: number): void {
  const m = k.m;
  m.step(OP.COPY_PAGE, site, src, dst, n);
  for (let i = 0; i < n; i++) m.pageSet(dataPfn(m, dst + i), P.DATA, src < 0 ? 0 : pageData(m, src + i));
}

/**
 * dmirror_devmem_alloc_page() (lib/test_hmm.c): a locked folio of the device with one reference, or 0
 * when the armed failure strikes.
 */
export function dmirror_devmem_alloc(k: Kernel, site: number, device: number, order: number): number {
  const m = k.m;
  if (takeAllocFailure(m, device)) return 0;
  const zone = zoneOfDevice(device);
  const backing = zone === ZONE.PRIVATE0 || zone === ZONE.PRIVATE1 ? m.newFolio(ZONE.SYSTEM, order) : 0;
  const f = m.newFolio(zone, order, device + 1);
  m.step(OP.FOLIO_ALLOC, site, f, order, 0);
  if (backing !== 0) m.setF(f, F.BACKING, m.f(backing, F.PFN));
  bornLocked(m, f);
  return f;
}

/** dmirror_devmem_folio_split(): each piece gets its page of the backing memory. */
export function dmirror_devmem_folio_split(k: Kernel, head: number, pieces: readonly number[]): void {
  const m = k.m;
  const backing = m.f(head, F.BACKING);
  const bf = m.folioOf(backing);
  m.setF(bf, F.ORDER, 0);
  for (let i = 1; i < pieces.length; i++) {
    m.newFolioAt(backing + i, 0, ZONE.SYSTEM, 0);
    m.setF(pieces[i] as number, F.BACKING, backing + i);
  }
}
