import { BANK, F, PG, V, VM, VMA_KIND, ZONE, ZONE_SHIFT } from '../../machine/layout.ts';
import {
  MIGRATE_PFN_MIGRATE,
  MIGRATE_VMA_SELECT_DEVICE_COHERENT,
  MIGRATE_VMA_SELECT_DEVICE_PRIVATE,
  MIGRATE_VMA_SELECT_SYSTEM,
} from '../../machine/words/migrate-pfn.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';
import { type Setup, SetupDone } from './setup-done.ts';

export const COLLECTED_ALL: RuleInfo = {
  id: 'collected-all',
  says: 'Setup collects every page that was asked for and can be had: one that it leaves out is locked, held, off the LRU or migrated by somebody else. An empty place or a zero page is collected as a page to be made.',
  source: {
    where:
      'mm/migrate_device.c, kernel-doc of migrate_vma_setup(); Documentation/mm/hmm.rst, "Migration to and from device memory"',
    says: '"Prepare to migrate a range of memory virtual address range by collecting all the pages backing each virtual address in the range"; pages that are not pinned have MIGRATE set in src[]. An entry that is pte_none() or the zero page gives an entry without a page, for the driver to clear one of its own.',
  },
  moment: 'step',
  kernel: [],
  text: '{a:page} ({b:entrykind} {c:pfn}) was asked for, nobody else has it, and it is not collected',
  broken: { ledger: 'F-11' },
  kept: { ledger: 'F-11', on: true },
};

const KINDS = MIGRATE_VMA_SELECT_SYSTEM | MIGRATE_VMA_SELECT_DEVICE_PRIVATE | MIGRATE_VMA_SELECT_DEVICE_COHERENT;

/** What no migration is made of (migrate_vma_setup() refuses it). */
const NEVER = VM.IO | VM.PFNMAP | VM.MIXEDMAP | VM.DONTEXPAND | VM.HUGETLB;

/** Entries of src[] without MIGRATE against the page table; where somebody else has run meanwhile nothing is said. */
export class CollectedAll extends SetupDone {
  protected override done(setup: Setup): void {
    if (!setup.alone || (setup.select & KINDS) === 0) return;
    const { s } = this;
    const pgd = s.pgdOf(setup.mm);
    let vma = -1;
    this.each(setup, (page, lo) => {
      if ((lo & MIGRATE_PFN_MIGRATE) !== 0) return true;
      if (vma < 0 || page >= s.get(BANK.VMA, vma + V.END)) vma = s.vmaAt(setup.mm, page);
      if (vma < 0 || !this.migrates(vma, setup.mirrors)) return true;
      const e = s.leafOf(pgd, page);
      if (!this.couldBeHad(e, setup)) return true;
      s.found(COLLECTED_ALL, page, e === 0 ? KIND.NONE : s.kind[e], e === 0 ? 0 : s.frame[e]);
      return false;
    });
  }

  /** Only private anonymous memory migrates; who mirrors it has to be able to read it. */
  private migrates(vma: number, mirrors: boolean): boolean {
    const { s } = this;
    const flags = s.get(BANK.VMA, vma + V.FLAGS);
    return (
      s.get(BANK.VMA, vma + V.KIND) === VMA_KIND.ANON && (flags & NEVER) === 0 && (!mirrors || (flags & VM.READ) !== 0)
    );
  }

  private couldBeHad(e: number, { select, owner, reports }: Setup): boolean {
    const { s } = this;
    const kind = e === 0 ? KIND.NONE : (s.kind[e] as number);
    if (kind === KIND.NONE) return true;
    if (kind !== KIND.PRESENT && kind !== KIND.DEVICE) return false;
    const frame = s.frame[e] as number;
    const f = s.folioOf(frame);
    if (f === 0) return false;
    if (s.hasFlag(f, PG.ZERO)) return (select & MIGRATE_VMA_SELECT_SYSTEM) !== 0;
    const zone = frame >>> ZONE_SHIFT;
    if (zone === ZONE.SYSTEM)
      return (select & MIGRATE_VMA_SELECT_SYSTEM) !== 0 && s.hasFlag(f, PG.LRU) && this.isFree(f);
    const isPrivate = zone === ZONE.PRIVATE0 || zone === ZONE.PRIVATE1;
    if (isPrivate && s.f(f, F.OWNER) !== reports) return false;
    const kinds = isPrivate ? MIGRATE_VMA_SELECT_DEVICE_PRIVATE : MIGRATE_VMA_SELECT_DEVICE_COHERENT;
    return (select & kinds) !== 0 && s.f(f, F.OWNER) === owner && this.isFree(f);
  }

  /** Nobody has it locked, and its mappings account for every reference. */
  private isFree(f: number): boolean {
    const { s } = this;
    const busy = s.hasFlag(f, PG.WRITEBACK | PG.SWAPCACHE | PG.BATCH) || s.f(f, F.LOCKER) !== 0;
    return !busy && s.hasFlag(f, PG.ANON) && s.f(f, F.REF) === (s.mapped[f] as number);
  }
}
