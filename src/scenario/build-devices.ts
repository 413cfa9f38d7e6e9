import { DEVICES } from '../kernel/common/mmu_notifier.ts';
import { DPT_WRITE } from '../kernel/drivers/dmirror.ts';
import { D, D_STRIDE, F } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { openDevices } from './resolve.ts';
import type { Scenario } from './types.ts';

/** Pages [start, end) that a device maps in its own page table: page i is page `inFolio + i` of folio `folio`. */
export interface Mirror {
  readonly device: number;
  readonly start: number;
  readonly end: number;
  readonly folio: number;
  readonly inFolio: number;
  readonly write: boolean;
}

/** Machine pages that the devices' own page tables have to cover: the request and all device memory that is mapped. */
export interface Window {
  start: number;
  end: number;
}

/** Makes the devices: presence, the process's open files, their own page tables, armed allocation failures. */
export function buildDevices(
  m: Machine,
  s: Scenario,
  mm: number,
  window: Window,
  owners: ReadonlySet<number>,
  mirrors: readonly Mirror[],
): void {
  const open = new Set(openDevices(s, owners));
  for (let device = 0; device < DEVICES; device++) {
    const o = device * D_STRIDE;
    m.device.set(o + D.PRESENT, 1);
    m.device.set(o + D.KIND, device < 2 ? 0 : 1);
    m.device.set(o + D.FAIL_ALLOC, s.conditions?.failAlloc?.includes(device) === true ? 1 : 0);
    if (!open.has(device)) continue;
    m.device.set(o + D.OPEN, 1);
    m.device.set(o + D.MM, mm);
    m.device.set(o + D.DPT, m.newInts(window.end - window.start));
    m.device.set(o + D.WINDOW_START, window.start);
    m.device.set(o + D.WINDOW_PAGES, window.end - window.start);
  }
  for (const each of mirrors) {
    if (open.has(each.device)) writeMirror(m, each, window);
  }
}

/** The mirror points to the memory itself: the system page behind a device-private page, a coherent page directly. */
function writeMirror(m: Machine, mirror: Mirror, window: Window): void {
  const dpt = m.device.get(mirror.device * D_STRIDE + D.DPT) - window.start;
  const backing = m.f(mirror.folio, F.BACKING);
  const pfn = (backing === 0 ? m.f(mirror.folio, F.PFN) : backing) + mirror.inFolio;
  for (let page = mirror.start; page < mirror.end; page++) {
    m.ints.set(dpt + page, (pfn + page - mirror.start + 1) | (mirror.write ? DPT_WRITE : 0));
  }
}
