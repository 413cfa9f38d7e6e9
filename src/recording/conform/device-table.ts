import { DPT_WRITE } from '../../kernel/drivers/dmirror.ts';
import { D, D_STRIDE } from '../../machine/layout.ts';
import { pageName } from './describe.ts';
import type { GoldenEvent } from './golden-format.ts';
import type { View } from './view.ts';

/** A device's own page table from the scenario's page 0 on, as the measuring module prints it when an ioctl ends. */
export function deviceTable(v: View, device: number): GoldenEvent[] {
  const { m } = v;
  const o = device * D_STRIDE;
  const table = m.device.get(o + D.DPT);
  if (table === 0) return [];
  const first = m.device.get(o + D.WINDOW_START);
  const out: GoldenEvent[] = [];
  for (let at = 0; at < m.device.get(o + D.WINDOW_PAGES); at++) {
    const entry = m.ints.get(table + at);
    const i = v.page(first + at);
    if (entry === 0 || i < 0) continue;
    const write = (entry & DPT_WRITE) !== 0;
    out.push({ e: 'dpt', i, page: pageName((entry & ~DPT_WRITE) - 1), w: write ? 1 : 0, tag: write ? 3 : 0 });
  }
  return out;
}
