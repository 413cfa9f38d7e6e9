import { MIGRATE, RANGE } from '../../kernel/structs.ts';
import { dumpPageTable } from './dump.ts';
import type { GoldenEvent } from './golden-format.ts';
import type { View } from './view.ts';

/**
 * Points at which the measuring kernel printed arrays and page tables: right after the entry or right
 * before the exit of a function. `o` is the function's range or migrate_vma object.
 */
type Point = (v: View, o: number) => GoldenEvent[];

function words(name: string, n: number, word: (i: number) => string): GoldenEvent {
  return { e: 'arr', name, values: Array.from({ length: n }, (_, i) => word(i)) };
}

function hmmPfns(name: string): Point {
  return (v, range) => {
    const first = v.obj(range, RANGE.HMM_PFNS);
    return [words(name, v.obj(range, RANGE.END) - v.obj(range, RANGE.START), (i) => v.hmmWord(first + i))];
  };
}

function migrateWords(name: string, array: 'SRC' | 'DST'): Point {
  return (v, migrate) => {
    const first = v.obj(migrate, MIGRATE[array]);
    return [words(name, v.obj(migrate, MIGRATE.NPAGES), (i) => v.migrateWord(first + i))];
  };
}

function rangeTable(label: string): Point {
  return (v, range) => [table(v, label, v.obj(range, RANGE.START), v.obj(range, RANGE.END))];
}

function migrateTable(label: string): Point {
  return (v, migrate) => [table(v, label, v.obj(migrate, MIGRATE.START), v.obj(migrate, MIGRATE.END))];
}

function table(v: View, label: string, start: number, end: number): GoldenEvent {
  return { e: 'pt', label, entries: dumpPageTable(v.m, v.mm, start, end, v.offset) };
}

/** The migrate_vma of a range, if it has one. */
const ofRange =
  (point: Point): Point =>
  (v, range) => {
    const migrate = v.obj(range, RANGE.MIGRATE);
    return migrate === 0 ? [] : point(v, migrate);
  };

const collected: Point = (v, range) => {
  const migrate = v.obj(range, RANGE.MIGRATE);
  const vma = migrate !== 0 && v.obj(migrate, MIGRATE.VMA) !== 0;
  return [{ e: 'range_migrate', vma: vma ? 1 : 0, mig: vma ? v.migrateSpan(migrate) : null }];
};

/** After the entry. */
export const AT_ENTRY: Readonly<Record<string, readonly Point[]>> = {
  hmm_range_fault: [hmmPfns('hmm_pfns_in'), rangeTable('rf-in')],
  migrate_hmm_range_setup: [collected],
  migrate_vma_unmap: [migrateWords('src-unmap-in', 'SRC')],
  migrate_vma_pages: [migrateWords('src-pages-in', 'SRC'), migrateWords('dst-pages-in', 'DST')],
};

/** Before the exit. */
export const AT_EXIT: Readonly<Record<string, readonly Point[]>> = {
  hmm_range_fault: [hmmPfns('hmm_pfns_out'), rangeTable('rf-out')],
  migrate_hmm_range_setup: [ofRange(migrateWords('src-hmm-setup', 'SRC'))],
  migrate_vma_collect: [migrateWords('src-collect', 'SRC'), migrateTable('collect')],
  migrate_vma_setup: [migrateWords('src-setup', 'SRC')],
  migrate_vma_unmap: [migrateWords('src-unmap', 'SRC'), migrateTable('unmap')],
  migrate_vma_pages: [migrateWords('src-pages', 'SRC'), migrateWords('dst-pages', 'DST'), migrateTable('pages')],
  migrate_vma_finalize: [migrateTable('finalize')],
};
