import { pmd_alloc } from '../kernel/common/pgtable.ts';
import type { Machine } from '../machine/machine.ts';
import { PGD_PAGES, childTable, entryLo, findEntry, setEntry } from '../machine/page-table.ts';
import { pmdTableHi, pmdTableLo } from '../machine/words/pte.ts';

/** Writes entries into one process's page tables and makes the tables on the way. Pages are machine pages. */
export class TableBuilder {
  readonly mm: number;
  private readonly m: Machine;
  /** last PTE table used, and the 2 MiB area it maps */
  private table = 0;
  private area = -1;

  constructor(m: Machine, mm: number) {
    this.m = m;
    this.mm = mm;
  }

  /** Makes the PUD table above a page. */
  pud(page: number): void {
    const pgd = findEntry(this.m, this.mm, page, 4);
    if (entryLo(this.m, pgd) !== 0) return;
    const table = this.m.newTable(3, this.mm, page & ~(PGD_PAGES - 1), pgd);
    setEntry(this.m, pgd, pmdTableLo(table), pmdTableHi(table));
  }

  /** Entry number of a page's PMD; makes PUD and PMD table. */
  pmd(page: number): number {
    return pmd_alloc(this.m, this.mm, page);
  }

  /** Entry number of a page's PTE; makes all tables. */
  pte(page: number): number {
    if (page >>> 9 !== this.area) {
      this.area = page >>> 9;
      this.table = this.pteTable(page);
    }
    return this.table * 512 + (page & 511);
  }

  private pteTable(page: number): number {
    const pmd = this.pmd(page);
    if (entryLo(this.m, pmd) !== 0) return childTable(this.m, pmd);
    const table = this.m.newTable(1, this.mm, page & ~511, pmd);
    setEntry(this.m, pmd, pmdTableLo(table), pmdTableHi(table));
    return table;
  }
}
