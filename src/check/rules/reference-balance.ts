import { F, G, PG } from '../../machine/layout.ts';
import { Check } from './check.ts';
import type { RuleInfo } from './rule.ts';

export const REFERENCE_BALANCE: RuleInfo = {
  id: 'reference-balance',
  says: 'A folio has a reference for each entry that maps it and for each cache and batch it is in; when all have returned it has no more than those and what was held from outside at the beginning.',
  source: {
    where: 'mm/migrate.c, folio_expected_ref_count(); include/linux/mm.h, folio_get(), folio_put()',
    says: 'One reference for each page-table mapping, for the page cache or swap cache one for each page. Anything else is somebody who uses the folio now, and gives it back.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: '{a:folio} has {b:int} references, but {c:int} users',
  broken: { ledger: 'F-04' },
  kept: { library: 'anon' },
};

/** Too few: at any moment without a spinlock. Too many: when all have returned. */
export class ReferenceBalance extends Check {
  /** references beyond the users, of each folio, at the beginning */
  private readonly outside = new Map<number, number>();
  private readonly told = new Set<number>();

  override restart(): void {
    this.outside.clear();
    this.told.clear();
    const { s } = this;
    const folios = s.scalar(G.FOLIOS);
    for (let f = 1; f < folios; f++) this.outside.set(f, this.spare(f));
  }

  override folio(f: number): void {
    const { s } = this;
    if (s.f(f, F.LIVE) === 0 || s.hasFlag(f, PG.ZERO) || this.told.has(f)) return;
    const spare = this.spare(f);
    if (spare < Math.min(0, this.outside.get(f) ?? 0)) this.tell(f);
  }

  override end(returned: boolean): void {
    if (!returned) return;
    const { s } = this;
    const folios = s.scalar(G.FOLIOS);
    const backing = this.backing(folios);
    for (let f = 1; f < folios; f++) {
      if (s.f(f, F.LIVE) === 0 || s.hasFlag(f, PG.ZERO) || this.told.has(f)) continue;
      const spare = this.spare(f);
      if (spare > Math.max(this.outside.get(f) ?? 0, backing.has(f) ? 1 : 0)) this.tell(f);
    }
  }

  private tell(f: number): void {
    const { s } = this;
    this.told.add(f);
    s.found(REFERENCE_BALANCE, f, s.f(f, F.REF), s.f(f, F.REF) - this.spare(f));
  }

  /** References beyond mappings, caches and batches. */
  private spare(f: number): number {
    const { s } = this;
    return s.f(f, F.REF) - (s.hasFlag(f, PG.ZERO) ? 0 : (s.mapped[f] as number)) - s.cacheReferences(f);
  }

  /** A device page is backed by system memory, on which its driver holds one reference. */
  private backing(folios: number): Set<number> {
    const { s } = this;
    const found = new Set<number>();
    for (let f = 1; f < folios; f++) {
      const frame = s.f(f, F.BACKING);
      if (frame !== 0) found.add(s.folioOf(frame));
    }
    return found;
  }
}
