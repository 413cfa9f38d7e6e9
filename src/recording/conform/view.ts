import { MIGRATE, RANGE, WALK } from '../../kernel/structs.ts';
import type { Machine } from '../../machine/machine.ts';
import { entryHi, entryLo, findEntry } from '../../machine/page-table.ts';
import type { HmmEncoding } from '../../machine/words/hmm-pfn.ts';
import { errnoName } from '../../kernel/errno.ts';
import { hmmFlagsText, hmmText, migrateText, pageName, pmdText, pteText, selectText } from './describe.ts';

/** Arguments of an event, by key. */
export type Args = Record<string, unknown>;

/** Reads the machine where the recording stands, in the words and page numbers of a measured file. */
export class View {
  readonly m: Machine;
  readonly enc: HmmEncoding;
  /** machine page of the scenario's page 0 */
  readonly offset: number;
  /** the process of the scenario */
  readonly mm: number;

  constructor(m: Machine, enc: HmmEncoding, offset: number, mm: number) {
    this.m = m;
    this.enc = enc;
    this.offset = offset;
    this.mm = mm;
  }

  obj(o: number, field: number): number {
    return this.m.obj.get(o + field);
  }

  page(page: number): number {
    return page - this.offset;
  }

  /** 0 as a number, errors by name. */
  ret(value: number): number | string {
    return value < 0 ? errnoName(value) : value;
  }

  pmdAt(page: number, mm = this.mm): string {
    const e = findEntry(this.m, mm, page, 2);
    return e === 0 ? 'none' : this.pmdEntry(e);
  }

  pmdEntry(entry: number): string {
    return pmdText(this.m, entryLo(this.m, entry), entryHi(this.m, entry));
  }

  /** The PTE of a page, `none` when there is no table. */
  pteAt(page: number, mm = this.mm): string {
    const e = findEntry(this.m, mm, page, 1);
    return e === 0 ? 'none' : pteText(this.m, entryLo(this.m, e), entryHi(this.m, e));
  }

  /** The entry that maps a page: its PTE, or a PMD without a table. */
  entryAt(page: number): string {
    const pmd = this.pmdAt(page);
    return pmd === 'table' ? this.pteAt(page) : pmd;
  }

  /** State of the walk that the exits of hmm functions show. */
  walk(walk: number): Args {
    return {
      last: this.page(this.obj(walk, WALK.LAST)),
      locked: this.obj(walk, WALK.LOCKED),
      pmdlocked: this.obj(walk, WALK.PMDLOCKED),
    };
  }

  /** hmm_pfns[] entry of a machine page, seen from a walk. */
  hmmPfn(walk: number, page: number): string {
    const range = this.obj(walk, WALK.RANGE);
    return this.hmmWord(this.obj(range, RANGE.HMM_PFNS) + page - this.obj(range, RANGE.START));
  }

  hmmWord(index: number): string {
    return hmmText(this.enc, this.m.words.get(index * 2), this.m.words.get(index * 2 + 1));
  }

  migrateWord(index: number): string {
    return migrateText(this.m.words.get(index * 2), this.m.words.get(index * 2 + 1));
  }

  range(range: number): Args {
    return {
      range: [this.page(this.obj(range, RANGE.START)), this.page(this.obj(range, RANGE.END))],
      dflags: hmmFlagsText(this.enc, this.obj(range, RANGE.DEFAULT_FLAGS)),
      mask: hmmFlagsText(this.enc, this.obj(range, RANGE.PFN_FLAGS_MASK)),
    };
  }

  migrateSpan(migrate: number): [number, number] {
    return [this.page(this.obj(migrate, MIGRATE.START)), this.page(this.obj(migrate, MIGRATE.END))];
  }

  migrate(migrate: number): Args {
    return {
      mig: this.migrateSpan(migrate),
      cpages: this.obj(migrate, MIGRATE.CPAGES),
      npages: this.obj(migrate, MIGRATE.NPAGES),
    };
  }

  migrateAsked(migrate: number): Args {
    return { ...this.migrate(migrate), flags: selectText(this.obj(migrate, MIGRATE.FLAGS)) };
  }

  /** A page named as pfn + 1, null for 0. */
  pageOrNull(pfnPlus1: number): string | null {
    return pfnPlus1 === 0 ? null : pageName(pfnPlus1 - 1);
  }
}
