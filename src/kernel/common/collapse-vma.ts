import { V } from '../../machine/layout.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { vma_lookup, vmaGet } from '../../machine/vma.ts';
import { pmd_none, pmd_trans_huge } from '../../machine/words/pte.ts';
import { is_swap_pmd } from '../../machine/words/swp.ts';
import type { Kernel } from '../kernel.ts';
import { thp_vma_allowable } from './huge-fault.ts';
import { pmdIsTable } from './pgtable.ts';
import { vma_is_anonymous } from './vm-prot.ts';

/** hugepage_vma_revalidate(): the VMA of the page if it is anonymous memory that may have huge pages, else 0. */
export function hugepage_vma(k: Kernel, mm: number, page: number): number {
  const vma = vma_lookup(k.m, mm, page);
  if (vma === 0 || !thp_vma_allowable(k, vma, page)) return 0;
  return vma_is_anonymous(k.m, vma) && vmaGet(k.m, vma, V.ANON_VMA) !== 0 ? vma : 0;
}

/** find_pmd_or_thp_or_none(): the PMD entry of the page if it points to a PTE table, else 0. */
export function pmdWithTable(k: Kernel, mm: number, page: number): number {
  const pmd = findEntry(k.m, mm, page, 2);
  if (pmd === 0) return 0;
  const [lo, hi] = [entryLo(k.m, pmd), entryHi(k.m, pmd)];
  if (pmd_none(lo, hi) || is_swap_pmd(lo, hi) || pmd_trans_huge(lo, hi)) return 0;
  return pmdIsTable(k.m, pmd) ? pmd : 0;
}
