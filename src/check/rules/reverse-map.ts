import { BANK, F, PG, V, ZONE_SHIFT, ZONES } from '../../machine/layout.ts';
import { KIND, isMapping } from './entries.ts';
import type { RuleInfo } from './rule.ts';
import { SettledEntries } from './settled-entries.ts';

export const REVERSE_MAP: RuleInfo = {
  id: 'reverse-map',
  says: 'The way back from a folio leads to every entry that maps it: its index and its anon_vma or file fit the VMA.',
  source: {
    where: 'mm/rmap.c, vma_address(), __page_set_anon_rmap(), rmap_walk_anon(); mm/migrate.c, folio_migrate_mapping()',
    says: 'A folio is found in a VMA by folio->index and folio->mapping. A new page takes both over from the old one before it is mapped; else it could never be unmapped again.',
  },
  moment: 'no-spinlock',
  kernel: [],
  text: 'the entry of {a:page} maps {b:folio}, but its reverse mapping leads to {c:page}',
  mutant: 'migrate-mapping-forgets-index',
  kept: { library: 'anon' },
};

/** Entries that map another page since the last moment without a spinlock. */
export class ReverseMap extends SettledEntries {
  protected override concerns(e: number, kind: number, frame: number): boolean {
    const { s } = this;
    return isMapping(s.kind[e] as number) && (kind !== s.kind[e] || frame !== s.frame[e]);
  }

  protected override look(e: number): void {
    const { s } = this;
    const kind = s.kind[e] as number;
    const frame = s.frame[e] as number;
    if (!isMapping(kind) || kind === KIND.EXCLUSIVE || frame >>> ZONE_SHIFT >= ZONES) return;
    const f = s.folioOf(frame);
    const flags = s.f(f, F.FLAGS);
    const anon = (flags & PG.ANON) !== 0;
    if (f === 0 || (flags & (PG.ZERO | PG.HUGETLB)) !== 0 || (!anon && s.f(f, F.MAPPING) === 0)) return;
    const page = s.pageOf(e);
    const o = s.vmaAt(s.mmOf(e), page);
    if (o < 0) return;
    const vma = s.cells[BANK.VMA] as Int32Array;
    const index = s.f(f, F.INDEX) + frame - s.f(f, F.PFN);
    const leads = anon
      ? index + (vma[o + V.MOVED] as number)
      : (vma[o + V.START] as number) + index - (vma[o + V.PGOFF] as number);
    const known = !anon || (s.f(f, F.ANON_VMA) !== 0 && s.f(f, F.ANON_VMA) === vma[o + V.ANON_VMA]);
    if (leads !== page || !known) s.found(REVERSE_MAP, page, f, leads);
  }
}
