import { BANK, D, D_STRIDE, F, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import { DEVICES } from '../../kernel/common/mmu_notifier.ts';
import { DPT_WRITE } from '../../kernel/drivers/dmirror.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const MIRROR_STALE: RuleInfo = {
  id: 'mirror-stale',
  says: 'When all have returned, no page table of a device maps a page that the process does not have there.',
  source: {
    where:
      'Documentation/mm/hmm.rst, "Address space mirroring implementation and API"; lib/test_hmm.c, dmirror_interval_invalidate()',
    says: 'The device drops what an invalidation covers and uses a report only if its sequence has not moved on, so that its mappings are a part of those of the CPU.',
  },
  moment: 'end',
  kernel: [],
  text: 'device {a:int} maps {b:page} to {c:pfn}, which is not what the process has there',
  mutant: 'callback-keeps-mirror',
  kept: { library: 'hmm-anon-write' },
};

/** Every entry of the devices' own page tables against the process. */
export class MirrorStale extends Check {
  private readonly atFirst = new Set<number>();

  override restart(): void {
    this.atFirst.clear();
    this.each((device, page) => this.atFirst.add(page * DEVICES + device));
  }

  override end(returned: boolean): void {
    if (!returned) return;
    this.each((device, page, frame) => {
      if (!this.atFirst.has(page * DEVICES + device)) this.s.found(MIRROR_STALE, device, page, frame);
    });
  }

  private each(stale: (device: number, page: number, frame: number) => void): void {
    const { s } = this;
    for (let d = 0; d < DEVICES; d++) {
      const o = d * D_STRIDE;
      const base = s.get(BANK.DEVICE, o + D.DPT);
      const pages = s.get(BANK.DEVICE, o + D.WINDOW_PAGES);
      if (base === 0 || s.get(BANK.DEVICE, o + D.OPEN) === 0) continue;
      const start = s.get(BANK.DEVICE, o + D.WINDOW_START);
      const pgd = s.pgdOf(s.get(BANK.DEVICE, o + D.MM));
      const ints = s.cells[BANK.INTS] as Int32Array;
      for (let i = 0; i < pages; i++) {
        const value = ints[base + i] as number;
        if (value === 0) continue;
        const frame = (value & ~DPT_WRITE) - 1;
        if (this.dataFrame(s.leafOf(pgd, start + i), start + i) !== frame) stale(d, start + i, frame);
      }
    }
  }

  /** Frame in which the data of what an entry maps lies; -1 when it maps nothing. */
  private dataFrame(e: number, page: number): number {
    const { s } = this;
    const kind = e === 0 ? KIND.NONE : (s.kind[e] as number);
    if (kind !== KIND.PRESENT && kind !== KIND.DEVICE && kind !== KIND.MIGRATION && kind !== KIND.EXCLUSIVE) return -1;
    const frame = (s.frame[e] as number) + (s.levelOf(e) > 1 ? page & 511 : 0);
    const zone = frame >>> ZONE_SHIFT;
    if (zone !== ZONE.PRIVATE0 && zone !== ZONE.PRIVATE1) return frame;
    const f = s.folioOf(frame);
    return s.f(f, F.BACKING) + frame - s.f(f, F.PFN);
  }
}
