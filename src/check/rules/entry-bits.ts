import { P, PG, PGF } from '../../machine/layout.ts';
import {
  _PAGE_SWP_UFFD_WP,
  is_readable_exclusive_migration_entry,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  swpDirty,
  swpYoung,
} from '../../machine/words/swp.ts';
import { pte_dirty, pte_uffd_wp, pte_write, pte_young } from '../../machine/words/pte.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const ENTRY_BITS: RuleInfo = {
  id: 'entry-bits',
  says: 'What an entry says beside its page survives the migration: writable or not, exclusive or not, dirty, accessed, write-protected by userfaultfd. Nothing becomes writable that was not.',
  source: {
    where:
      'mm/migrate_device.c, migrate_vma_collect_pmd(); mm/rmap.c, try_to_migrate_one(); mm/migrate.c, remove_migration_pte()',
    says: 'The migration entry is readable or writable as the PTE was, exclusive where the page was marked so, and keeps A and D, soft-dirty and uffd-wp; the restored PTE takes them back from it.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: 'the entry of {a:page} said {b:entrybits} before, and {c:entrybits} now',
  broken: { ledger: 'RFC-11', on: true },
  kept: { ledger: 'RFC-11' },
};

const WRITE = 1;
const DIRTY = 2;
const YOUNG = 4;
const UFFD = 8;
const EXCLUSIVE = 16;

/**
 * What a page's entry promised before it became a migration entry, against the migration entry, and that against what
 * it becomes. Looked at when the locks are dropped, so that what is written in two steps counts once.
 */
export class EntryBits extends Check {
  /** entries that changed between mapping and migration entry, and what they promised before */
  private readonly entries: number[] = [];
  private readonly frames: number[] = [];
  private readonly bits: number[] = [];
  private readonly kinds: number[] = [];
  private readonly where: number[] = [];
  /** by entry: the stretch in which it was noted last */
  private seen = new Int32Array(0);
  private round = 1;

  override restart(): void {
    this.forget();
  }

  override entry(e: number, kind: number, frame: number, lo: number, hi: number): void {
    if (kind !== KIND.PRESENT && kind !== KIND.DEVICE && kind !== KIND.MIGRATION) return;
    // The first value of the stretch counts.
    if (e >= this.seen.length) {
      const wider = new Int32Array(Math.max(e + 1, this.s.kind.length));
      wider.set(this.seen);
      this.seen = wider;
    }
    if (this.seen[e] === this.round) return;
    this.seen[e] = this.round;
    this.entries.push(e);
    this.kinds.push(kind);
    this.frames.push(frame);
    this.bits.push(this.promise(kind, lo, hi, frame));
    this.where.push(this.s.step, this.s.actor, this.s.site);
  }

  private promise(kind: number, lo: number, hi: number, frame: number): number {
    if (kind === KIND.MIGRATION)
      return (
        (is_writable_migration_entry(lo, hi) ? WRITE | EXCLUSIVE : 0) |
        (is_readable_exclusive_migration_entry(lo, hi) ? EXCLUSIVE : 0) |
        (swpDirty(lo, hi) ? DIRTY : 0) |
        (swpYoung(lo, hi) ? YOUNG : 0) |
        ((lo & _PAGE_SWP_UFFD_WP) !== 0 ? UFFD : 0)
      );
    const mark = (this.s.page(frame, P.FLAGS) & PGF.ANON_EXCLUSIVE) === 0 ? 0 : EXCLUSIVE;
    if (kind === KIND.DEVICE)
      return (
        mark | (is_writable_device_private_entry(lo, hi) ? WRITE : 0) | ((lo & _PAGE_SWP_UFFD_WP) !== 0 ? UFFD : 0)
      );
    // A page whose folio is dirty loses nothing when its entry does.
    const dirty = pte_dirty(lo, hi) && frame >= 0;
    return (
      mark |
      (pte_write(lo, hi) ? WRITE : 0) |
      (dirty ? DIRTY : 0) |
      (pte_young(lo, hi) ? YOUNG : 0) |
      (pte_uffd_wp(lo, hi) ? UFFD : 0)
    );
  }

  override quiet(): void {
    if (this.entries.length === 0) return;
    for (let i = 0; i < this.entries.length; i++) this.compare(i);
    this.forget();
  }

  private compare(i: number): void {
    const { s } = this;
    const e = this.entries[i] as number;
    const was = this.kinds[i] as number;
    const now = s.kind[e] as number;
    const into = now === KIND.MIGRATION && (was === KIND.PRESENT || was === KIND.DEVICE);
    const back = was === KIND.MIGRATION && (now === KIND.PRESENT || now === KIND.DEVICE);
    if (!into && !back) return;
    const before = this.bits[i] as number;
    const after = this.promise(now, s.entryLo(e), s.entryHi(e), s.frame[e] as number);
    // A device-private entry has no A and D; an entry that may be written needs no protection.
    let care = WRITE | UFFD;
    // Memory of files has no such mark.
    if (s.hasFlag(s.folioOf(s.frame[e] as number), PG.ANON)) care |= EXCLUSIVE;
    if (was !== KIND.DEVICE && now !== KIND.DEVICE) care |= YOUNG;
    if (was === KIND.PRESENT || now === KIND.PRESENT) care |= DIRTY;
    if (back && (before & WRITE) !== 0) care &= ~UFFD;
    let lost = (before ^ after) & care;
    // What is dirty too much is harmless. On the way in the folio has to know, too: the entry may be dropped.
    if ((after & DIRTY) !== 0) lost &= ~DIRTY;
    if (into && (before & care & DIRTY) !== 0 && !s.hasFlag(s.folioOf(this.frames[i] as number), PG.DIRTY))
      lost |= DIRTY;
    if ((after & YOUNG) !== 0) lost &= ~YOUNG;
    if (lost === 0) return;
    const [step, actor, site] = this.where.slice(i * 3, i * 3 + 3) as [number, number, number];
    s.foundAt(ENTRY_BITS, step, actor, site, s.pageOf(e), before & care, after & care);
  }

  private forget(): void {
    this.round++;
    for (const list of [this.entries, this.kinds, this.frames, this.bits, this.where]) list.length = 0;
  }
}
