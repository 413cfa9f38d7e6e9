import { BANK, EXTERNAL_ACTOR, F, G, MM, MM_STRIDE, PG, SW, SW_STRIDE, T, ZONE } from '../../machine/layout.ts';
import { Check } from './check.ts';
import { KIND } from './entries.ts';
import type { RuleInfo } from './rule.ts';

export const RESIDENT_COUNT: RuleInfo = {
  id: 'resident-count',
  says: 'The counters of a process say how many pages and swap slots its tables hold, when all have returned.',
  source: {
    where: 'kernel/fork.c, check_mm(); include/linux/mm.h, add_mm_counter()',
    says: '"BUG: Bad rss-counter state" says at exit that MM_ANONPAGES, MM_FILEPAGES or MM_SWAPENTS did not come back to zero: somewhere one was forgotten.',
  },
  moment: 'end',
  kernel: [],
  text: '{b:rss} of {a:mm} is off by {c:int}',
  mutant: 'insert-forgets-counter',
  kept: { library: 'empty' },
};

/** Pages and slots in the tables against the counters; migration entries count as the pages they stand for. */
export class ResidentCount extends Check {
  private atFirst = new Map<number, readonly number[]>();

  override restart(): void {
    this.atFirst = this.differences();
  }

  override end(returned: boolean): void {
    if (!returned) return;
    for (const [mm, now] of this.differences()) {
      const before = this.atFirst.get(mm) ?? [0, 0, 0];
      now.forEach((off, i) => {
        if (off !== before[i]) this.s.found(RESIDENT_COUNT, mm, i, off - (before[i] as number));
      });
    }
  }

  /** By mm: counter minus what the tables hold, for anonymous pages, file pages, swap slots. */
  private differences(): Map<number, readonly number[]> {
    const { s } = this;
    const found = new Map<number, number[]>();
    const cells = s.cells[BANK.MM] as Int32Array;
    for (let mm = 1; mm < s.scalar(G.MMS); mm++) {
      const o = mm * MM_STRIDE;
      found.set(mm, [
        cells[o + MM.ANONPAGES] as number,
        cells[o + MM.FILEPAGES] as number,
        cells[o + MM.SWAPENTS] as number,
      ]);
    }
    const tables = s.scalar(G.TABLES);
    for (let t = 1; t < tables; t++) {
      const level = s.table(t, T.LEVEL);
      if (level > 2 || s.table(t, T.LIVE) === 0) continue;
      const counts = found.get(s.table(t, T.MM));
      if (counts === undefined) continue;
      for (let e = t * 512; e < t * 512 + 512; e++) {
        const kind = s.kind[e] as number;
        if (kind === KIND.SWAP) counts[2] = (counts[2] as number) - 1;
        if (kind < KIND.PRESENT || kind > KIND.MIGRATION) continue;
        const f = s.folioOf(s.frame[e] as number);
        if (f === 0 || s.hasFlag(f, PG.ZERO | PG.HUGETLB)) continue;
        const i = s.hasFlag(f, PG.ANON) ? 0 : 1;
        counts[i] = (counts[i] as number) - (level > 1 ? 512 : 1);
      }
    }
    return found;
  }
}

export const SWAP_COUNT: RuleInfo = {
  id: 'swap-count',
  says: 'A swap slot has as many users as entries name it, when all have returned.',
  source: {
    where: 'mm/swapfile.c, swap_duplicate(), swap_free_nr()',
    says: 'Each entry that names a slot holds one count of it; copying the entry takes one, removing it gives one back.',
  },
  moment: 'end',
  kernel: [],
  text: 'swap slot {a:int} has {b:int} users, but {c:int} entries name it',
  mutant: 'swap-in-forgets-slot',
  kept: { library: 'swap' },
};

export class SwapCount extends Check {
  override end(returned: boolean): void {
    if (!returned) return;
    const { s } = this;
    const users = new Map<number, number>();
    const tables = s.scalar(G.TABLES);
    for (let t = 1; t < tables; t++) {
      if (s.table(t, T.LEVEL) !== 1 || s.table(t, T.LIVE) === 0) continue;
      for (let e = t * 512; e < t * 512 + 512; e++)
        if (s.kind[e] === KIND.SWAP) users.set(s.frame[e] as number, (users.get(s.frame[e] as number) ?? 0) + 1);
    }
    const slots = s.scalar(G.SWAP_SLOTS);
    for (let slot = 1; slot < slots; slot++) {
      const stored = s.get(BANK.SWAP, slot * SW_STRIDE + SW.COUNT);
      const seen = users.get(slot) ?? 0;
      if (stored !== seen) s.found(SWAP_COUNT, slot, stored, seen);
    }
  }
}

export const LRU_LEFT: RuleInfo = {
  id: 'lru-left',
  says: 'A page that is mapped from system memory is on an LRU list, or on its way there, when all have returned.',
  source: {
    where: 'mm/migrate_device.c, migrate_device_unmap(), __migrate_device_finalize(); mm/vmscan.c, folio_putback_lru()',
    says: 'Whoever isolates a folio puts it back; a page that is on no list can never be reclaimed and cannot be isolated again.',
  },
  moment: 'end',
  kernel: [],
  text: '{a:folio} is mapped {b:int} times and is on no LRU list',
  mutant: 'unmap-forgets-putback',
  kept: { library: 'gup-pin' },
};

export class LruLeft extends Check {
  private readonly without = new Set<number>();

  override restart(): void {
    this.without.clear();
    for (let f = 1; f < this.s.scalar(G.FOLIOS); f++) if (this.isOff(f)) this.without.add(this.s.f(f, F.PFN));
  }

  override end(returned: boolean): void {
    if (!returned) return;
    const { s } = this;
    for (let f = 1; f < s.scalar(G.FOLIOS); f++)
      if (this.isOff(f) && !this.without.has(s.f(f, F.PFN))) s.found(LRU_LEFT, f, s.mapped[f]);
  }

  private isOff(f: number): boolean {
    const { s } = this;
    if (s.f(f, F.LIVE) === 0 || s.f(f, F.ZONE) !== ZONE.SYSTEM || (s.mapped[f] as number) === 0) return false;
    if (s.f(f, F.LOCKER) === EXTERNAL_ACTOR + 1 || !s.hasFlag(f, PG.ANON)) return false;
    return !s.hasFlag(f, PG.LRU | PG.BATCH | PG.ZERO | PG.HUGETLB);
  }
}
