import { BANK, F, V, VM, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import {
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
  migratePfnToPfn,
} from '../../machine/words/migrate-pfn.ts';
import type { RuleInfo } from './rule.ts';
import { type Setup, SetupDone } from './setup-done.ts';

export const COLLECTED_ASKED: RuleInfo = {
  id: 'collected-asked',
  says: 'Setup collects nothing else than what was asked for: memory of a selected kind, device memory of the named owner, and nothing of a hugetlb or special VMA.',
  source: {
    where:
      'include/linux/migrate.h, struct migrate_vma; mm/migrate_device.c, migrate_vma_setup(); Documentation/mm/hmm.rst, "Migration to and from device memory"',
    says: '"The args->flags field is used to filter which source pages should be migrated"; pgmap_owner identifies the device pages of the driver. migrate_vma_setup() refuses hugetlb VMAs and VM_SPECIAL ones (VM_IO, VM_DONTEXPAND, VM_PFNMAP, VM_MIXEDMAP) with -EINVAL.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:page} ({b:pfn1}) is collected, which {c:select} does not ask for, or whose VMA cannot be migrated',
  broken: { ledger: 'F-18' },
  kept: { ledger: 'F-18', on: true },
};

const NEVER = VM.IO | VM.PFNMAP | VM.MIXEDMAP | VM.DONTEXPAND | VM.HUGETLB;

/** Entries of src[] with MIGRATE against the flags of the request. */
export class CollectedAsked extends SetupDone {
  protected override done(setup: Setup): void {
    const { s } = this;
    let vma = -1;
    this.each(setup, (page, lo, hi) => {
      if ((lo & MIGRATE_PFN_MIGRATE) === 0) return true;
      if (vma < 0 || page >= s.get(BANK.VMA, vma + V.END)) vma = s.vmaAt(setup.mm, page);
      const frame = (lo & MIGRATE_PFN_VALID) === 0 ? -1 : migratePfnToPfn(lo, hi);
      const refused = vma >= 0 && (s.get(BANK.VMA, vma + V.FLAGS) & NEVER) !== 0;
      if (!refused && this.selected(frame, setup)) return true;
      s.found(COLLECTED_ASKED, page, frame + 1, setup.select);
      return false;
    });
  }

  private selected(frame: number, { select, owner }: Setup): boolean {
    const { s } = this;
    // An empty place is of no kind. With the device-private page frame series the number may be no frame.
    const f = frame < 0 ? 0 : s.folioOf(frame);
    if (f === 0) return true;
    const zone = frame >>> ZONE_SHIFT;
    if (zone === ZONE.SYSTEM) return (select & MIGRATE_VMA_SELECT_SYSTEM) !== 0;
    const isPrivate = zone === ZONE.PRIVATE0 || zone === ZONE.PRIVATE1;
    const kind = isPrivate ? MIGRATE_VMA_SELECT_DEVICE_PRIVATE : MIGRATE_VMA_SELECT_DEVICE_COHERENT;
    return (select & kind) !== 0 && s.f(f, F.OWNER) === owner;
  }
}
