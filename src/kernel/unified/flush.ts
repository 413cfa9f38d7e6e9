import { flush_tlb_range } from '../common/pgtable.ts';
import type { Kernel } from '../kernel.ts';
import { WALK } from '../structs.ts';

/**
 * Flushes the TLB of a page whose mapping was replaced. v2 does so page by page (F-23); mended, the flush
 * is put off and made once, as the old collector did, before the page-table lock is dropped.
 */
export function flushPage(k: Kernel, site: number, walk: number, page: number): void {
  if (!k.fixes.has('F-23')) {
    flush_tlb_range(k, site, page, page + 1);
    return;
  }
  const o = k.m.obj;
  if (o.get(walk + WALK.FLUSH_END) === 0) o.set(walk + WALK.FLUSH_START, page);
  o.set(walk + WALK.FLUSH_END, page + 1);
}

/** The flush that was put off, if any; the lock under which the entries were written is still held. */
export function flushPending(k: Kernel, site: number, walk: number): void {
  const o = k.m.obj;
  const end = o.get(walk + WALK.FLUSH_END);
  if (end === 0) return;
  flush_tlb_range(k, site, o.get(walk + WALK.FLUSH_START), end);
  o.set(walk + WALK.FLUSH_END, 0);
}
