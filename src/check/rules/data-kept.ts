import { F, P, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const DATA_KEPT: RuleInfo = {
  id: 'data-kept',
  says: 'What takes the place of a migration entry is the page itself, or a page that holds the same data.',
  source: {
    where:
      'include/linux/migrate.h and Documentation/mm/hmm.rst, "Migration to and from device memory"; mm/migrate_device.c, migrate_vma_pages()',
    says: 'The driver copies each page of src[] to the page that it names in dst[] before migrate_vma_pages(); migrate_vma_finalize() maps those pages, and the old ones where dst[] names none.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:page} was {b:pfn} before its migration and is {c:pfn} now, which holds other data',
  mutant: 'copy-is-forgotten',
  kept: { library: 'mixed' },
};

/** At the step that replaces a migration entry. */
export class DataKept extends Check {
  override entry(e: number, kind: number, frame: number): void {
    const { s } = this;
    const now = s.kind[e] as number;
    if (kind !== KIND.MIGRATION || (now !== KIND.PRESENT && now !== KIND.DEVICE)) return;
    const to = s.frame[e] as number;
    if (to === frame) return;
    const pages = s.levelOf(e) > 1 ? 512 : 1;
    for (let i = 0; i < pages; i++)
      if (this.data(frame + i) !== this.data(to + i)) {
        s.found(DATA_KEPT, s.pageOf(e) + i, frame + i, to + i);
        return;
      }
  }

  /** First word of a page; that of a device-private page lies in the memory behind it. */
  private data(frame: number): number {
    const { s } = this;
    const zone = frame >>> ZONE_SHIFT;
    if (zone !== ZONE.PRIVATE0 && zone !== ZONE.PRIVATE1) return s.page(frame, P.DATA);
    const f = s.folioOf(frame);
    return s.page(s.f(f, F.BACKING) + frame - s.f(f, F.PFN), P.DATA);
  }
}
