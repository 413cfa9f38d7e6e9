import { F, MM, MM_STRIDE } from '../../machine/layout.ts';
import type { Machine } from '../../machine/machine.ts';
import { childTable, entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import { pmd_none } from '../../machine/words/pte.ts';
import { folioLetters, folioName, framePmd, framePte, isHugeZero, pmdText, pteText } from './describe.ts';
import type { GoldenEvent } from './golden-format.ts';

const PMD_PAGES = 512;

/**
 * The page table of machine pages [start, end) as a measured dump shows it.
 * @param offset machine page of the scenario's page 0
 */
export function dumpPageTable(m: Machine, mm: number, start: number, end: number, offset: number): GoldenEvent[] {
  const out: GoldenEvent[] = [];
  for (let page = start; page < end; ) {
    const next = Math.min(end, (page & ~(PMD_PAGES - 1)) + PMD_PAGES);
    dumpPmd(m, mm, page, next, offset, out);
    page = next;
  }
  return out;
}

function dumpPmd(m: Machine, mm: number, page: number, end: number, offset: number, out: GoldenEvent[]): void {
  const head = { e: 'pmd', p: page - offset, n: end - page };
  const pmd = m.mm.get(mm * MM_STRIDE + MM.PGD) === 0 ? 0 : findEntry(m, mm, page, 2);
  if (pmd === 0) {
    out.push({ ...head, val: 'none', nopud: 1 });
    return;
  }
  const lo = entryLo(m, pmd);
  const hi = entryHi(m, pmd);
  const val = pmdText(m, lo, hi);
  const pfn = framePmd(lo, hi);
  out.push(pfn < 0 ? { ...head, val } : { ...head, val, f: folioPart(m, pfn) });
  if (val !== 'table' || pmd_none(lo, hi)) return;
  const pte = childTable(m, pmd) * PMD_PAGES;
  for (let p = page; p < end; p++) out.push(dumpPte(m, pte + (p & (PMD_PAGES - 1)), p - offset));
}

function dumpPte(m: Machine, pte: number, p: number): GoldenEvent {
  const lo = entryLo(m, pte);
  const hi = entryHi(m, pte);
  const val = pteText(m, lo, hi);
  const pfn = framePte(lo, hi);
  if (pfn < 0) return { e: 'pte', p, val };
  if (val.startsWith('zero:')) return { e: 'pte', p, val, folio: `@${pfn}`, order: 0 };
  return { e: 'pte', p, val, ...folioPart(m, pfn) };
}

function folioPart(m: Machine, pfn: number): Record<string, unknown> {
  const f = m.folioOf(pfn);
  // The huge zero page is the kernel's own: nobody counts its mappings.
  if (isHugeZero(m, pfn)) return { folio: `@${pfn}`, order: 9, ref: 1, map: 0, fl: '' };
  return {
    folio: folioName(m, f),
    order: m.f(f, F.ORDER),
    ref: m.f(f, F.REF),
    map: m.f(f, F.MAP),
    fl: folioLetters(m, f, pfn),
  };
}
