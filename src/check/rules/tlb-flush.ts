import { F, ZONE_SHIFT } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { pte_write } from '../../machine/words/pte.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const TLB_FLUSH: RuleInfo = {
  id: 'tlb-flush',
  says: 'After a mapping is taken away or made read-only, its TLB entry is flushed before the page is freed, before a page that could be written is copied, and, if a migration entry takes its place, before the page-table lock is dropped.',
  source: {
    where:
      'Documentation/core-api/cachetlb.rst; mm/mmu_gather.c; mm/migrate_device.c, migrate_vma_collect_pmd() (commit 60bae7370896, flush TLB while holding PTL)',
    says: 'A processor may go on using a translation that it has cached until flush_tlb_*() returns. Pages are freed after the flush (mmu_gather), and a page is copied only when nobody can write it any more.',
  },
  moment: 'step',
  kernel: [],
  text: 'the TLB may still hold {a:page} -> {b:pfn} since step {c:step}',
  mutant: 'collect-skips-flush',
  kept: { library: 'cow-after-fork' },
};

/** Translations that a processor may still have although the entry says otherwise: a short list. */
export class TlbFlush extends Check {
  override readonly opsAfter = [OP.FLUSH_TLB_RANGE, OP.CLEAR_FLUSH_PTE, OP.INVALIDATE_PMD];
  override readonly opsBefore = [OP.FOLIO_FREE, OP.COPY_PAGE, OP.UNLOCK_PTE, OP.UNLOCK_SPIN];
  private readonly pages: number[] = [];
  private readonly sizes: number[] = [];
  private readonly frames: number[] = [];
  private readonly writable: boolean[] = [];
  private readonly steps: number[] = [];
  private readonly entries: number[] = [];

  override restart(): void {
    for (const list of [this.pages, this.sizes, this.frames, this.writable, this.steps, this.entries]) list.length = 0;
  }

  override entry(e: number, kind: number, frame: number, lo: number, hi: number): void {
    // Only an entry with P set can have been used by a processor.
    if (kind !== KIND.PRESENT || (lo & 1) === 0) return;
    const { s } = this;
    // The entries of a table that has been taken out of the tree (khugepaged) translate nothing any more.
    if (!s.isLinked(e >>> 9)) return;
    const now = s.entryLo(e);
    const same = s.kind[e] === KIND.PRESENT && s.frame[e] === frame && (now & 1) !== 0;
    if (same && (pte_write(now, s.entryHi(e)) || !pte_write(lo, hi))) return;
    if ((s.op === OP.CLEAR_FLUSH_PTE && s.c !== 0) || s.op === OP.INVALIDATE_PMD) return;
    this.pages.push(s.pageOf(e));
    this.sizes.push(s.levelOf(e) > 1 ? 512 : 1);
    this.frames.push(frame);
    this.writable.push(pte_write(lo, hi));
    this.steps.push(s.step);
    this.entries.push(e);
  }

  override after(): void {
    if (this.pages.length === 0) return;
    const { s } = this;
    if (s.op === OP.FLUSH_TLB_RANGE) this.flush(s.a, s.b);
    else if (s.op === OP.INVALIDATE_PMD) this.flush(s.a, s.a + 512);
    else if (s.c !== 0) this.flush(s.a, s.a + 1);
  }

  private flush(start: number, end: number): void {
    for (let i = this.pages.length - 1; i >= 0; i--) {
      const page = this.pages[i] as number;
      if (page + (this.sizes[i] as number) <= start || page >= end) continue;
      this.drop(i);
    }
  }

  private drop(i: number): void {
    const last = this.pages.length - 1;
    this.pages[i] = this.pages[last] as number;
    this.sizes[i] = this.sizes[last] as number;
    this.frames[i] = this.frames[last] as number;
    this.writable[i] = this.writable[last] as boolean;
    this.steps[i] = this.steps[last] as number;
    this.entries[i] = this.entries[last] as number;
    for (const list of [this.pages, this.sizes, this.frames, this.writable, this.steps, this.entries])
      list.length = last;
  }

  override before(): void {
    if (this.pages.length === 0) return;
    const { s } = this;
    if (s.op === OP.FOLIO_FREE) {
      const first = s.f(s.a, F.PFN);
      this.complain(first, first + (1 << s.f(s.a, F.ORDER)), false);
    } else if (s.op === OP.UNLOCK_PTE || s.op === OP.UNLOCK_SPIN) this.unlocked(s.a);
    else if (s.a >= 0) this.complain(s.a, s.a + Math.max(1, s.c), true);
  }

  /** The lock of a table is dropped: who meets a migration entry in it must be able to rely on the page standing still. */
  private unlocked(table: number): void {
    const { s } = this;
    for (let i = this.pages.length - 1; i >= 0; i--) {
      const e = this.entries[i] as number;
      if (e >>> 9 !== table || s.kind[e] !== KIND.MIGRATION) continue;
      s.found(TLB_FLUSH, this.pages[i], this.frames[i], this.steps[i]);
      this.drop(i);
    }
  }

  /** @param onlyWritable translations that can only read do no harm */
  private complain(first: number, end: number, onlyWritable: boolean): void {
    for (let i = this.pages.length - 1; i >= 0; i--) {
      const frame = this.frames[i] as number;
      if (frame >>> ZONE_SHIFT !== first >>> ZONE_SHIFT) continue;
      if (frame + (this.sizes[i] as number) <= first || frame >= end) continue;
      if (onlyWritable && this.writable[i] !== true) continue;
      this.s.found(TLB_FLUSH, this.pages[i], frame, this.steps[i]);
      this.drop(i);
    }
  }

  override end(returned: boolean): void {
    if (!returned) return;
    for (let i = 0; i < this.pages.length; i++) this.s.found(TLB_FLUSH, this.pages[i], this.frames[i], this.steps[i]);
  }
}
