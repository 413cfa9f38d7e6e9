import { G, V, V_STRIDE } from './layout.ts';
import type { Machine } from './machine.ts';

export function vmaGet(m: Machine, v: number, field: number): number {
  return m.vma.get(v * V_STRIDE + field);
}

/** VMA of `mm` that ends after `page` (find_vma), or 0. */
export function find_vma(m: Machine, mm: number, page: number): number {
  let best = 0;
  const n = m.scalar.get(G.VMAS);
  for (let v = 1; v < n; v++) {
    if (vmaGet(m, v, V.LIVE) === 0 || vmaGet(m, v, V.MM) !== mm || vmaGet(m, v, V.END) <= page) continue;
    if (best === 0 || vmaGet(m, v, V.START) < vmaGet(m, best, V.START)) best = v;
  }
  return best;
}

/** VMA of `mm` that contains `page`, or 0. */
export function vma_lookup(m: Machine, mm: number, page: number): number {
  const v = find_vma(m, mm, page);
  return v !== 0 && vmaGet(m, v, V.START) <= page ? v : 0;
}
