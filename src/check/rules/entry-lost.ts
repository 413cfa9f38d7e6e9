import { Check } from './check.ts';
import { KIND } from './entries.ts';
import { functionNumbers } from './functions.ts';
import type { RuleInfo } from './rule.ts';

export const ENTRY_LOST: RuleInfo = {
  id: 'entry-lost',
  says: 'An entry that names a page or a swap slot becomes empty only where memory is given up: unmapping, zapping, moving.',
  source: {
    where:
      'mm/migrate_device.c, migrate_vma_collect_pmd(); mm/rmap.c, try_to_migrate_one(); mm/memory.c, zap_pte_range()',
    says: 'Where a mapping is taken away for a while, something that finds the page again takes its place under the same lock: a migration entry, a swap entry, the old entry. Only zapping leaves nothing.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: 'the entry of {a:page} was {b:entrykind} {c:pfn} and is empty now',
  mutant: 'try-to-migrate-installs-nothing',
  kept: { library: 'mixed' },
};

/** Entries that were emptied under a lock and are still empty when it is dropped. */
export class EntryLost extends Check {
  private readonly gives = functionNumbers(
    'zap_pte_range',
    'madvise_free_pte_range',
    'zap_pmd_range',
    'zap_huge_pmd',
    'zap_present_ptes',
    'zap_nonpresent_ptes',
    // MADV_FREE gives swapped-out contents up at once.
    'madvise_free_pte_range',
    'move_ptes',
    'move_huge_pmd',
    'move_normal_pmd',
    'unmap_hugepage_range',
    '__unmap_hugepage_range',
  );
  private readonly entries: number[] = [];
  private readonly kinds: number[] = [];
  private readonly frames: number[] = [];
  private readonly steps: number[] = [];
  private readonly actors: number[] = [];
  private readonly sites: number[] = [];

  override restart(): void {
    this.forget();
  }

  override entry(e: number, kind: number, frame: number): void {
    const { s } = this;
    if (s.kind[e] !== KIND.NONE || kind === KIND.NONE || kind === KIND.OTHER || kind === KIND.TABLE) return;
    if (this.gives.has(s.site >> 5) || !s.isLinked(e >>> 9)) return;
    this.entries.push(e);
    this.kinds.push(kind);
    this.frames.push(frame);
    this.steps.push(s.step);
    this.actors.push(s.actor);
    this.sites.push(s.site);
  }

  override quiet(): void {
    if (this.entries.length === 0) return;
    const { s } = this;
    for (let i = 0; i < this.entries.length; i++) {
      const e = this.entries[i] as number;
      if (s.kind[e] !== KIND.NONE) continue;
      s.foundAt(
        ENTRY_LOST,
        this.steps[i] as number,
        this.actors[i] as number,
        this.sites[i] as number,
        s.pageOf(e),
        this.kinds[i] as number,
        this.frames[i] as number,
      );
    }
    this.forget();
  }

  private forget(): void {
    for (const list of [this.entries, this.kinds, this.frames, this.steps, this.actors, this.sites]) list.length = 0;
  }
}
