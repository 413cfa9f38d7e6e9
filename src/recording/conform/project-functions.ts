import { MIGRATE, RANGE, WALK } from '../../kernel/structs.ts';
import { F, PG } from '../../machine/layout.ts';
import { MIGRATE_PFN_MIGRATE, MIGRATE_PFN_VALID } from '../../machine/words/migrate-pfn.ts';
import { folioName, hmmFlagsText, pageName, selectText } from './describe.ts';
import type { Args, View } from './view.ts';

/** The operands of an entry, kept until the exit. */
export interface Frame {
  readonly fn: string;
  readonly file: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** calls of hmm_range_fault() made directly from here */
  walks: number;
  /** what had to be read before the call */
  readonly old: string;
}

/** How the measuring kernel logged one function. */
export interface LoggedFunction {
  /** name in the log, when it is another */
  readonly as?: string;
  /** 'own': logged whoever calls it; 'callers': logged at its call in the files under study */
  readonly seen: 'own' | 'callers';
  readonly enter: (v: View, a: number, b: number, c: number, caller?: Frame) => Args;
  readonly exit: (v: View, frame: Frame, a: number, b: number, c: number) => Args;
}

const nothing = (): Args => ({});
const ret = (v: View, _frame: Frame, a: number): Args => ({ ret: v.ret(a) });
const retWalk = (v: View, _frame: Frame, a: number, b: number): Args => ({ ret: v.ret(a), ...v.walk(b) });
const span = (v: View, a: number, b: number): Args => ({ start: v.page(a), end: v.page(b) });
/** exit of a function that reports an entry: page of its own entry operand a */
const retReport = (v: View, frame: Frame, a: number, b: number): Args => ({
  ...retWalk(v, frame, a, b),
  hmm_pfn: v.hmmPfn(b, frame.a),
});
const migrateExit = (v: View, frame: Frame): Args => v.migrate(frame.a);
const folio = (v: View, f: number): string => folioName(v.m, f);
const srcWord = (v: View, migrate: number, i: number): string => v.migrateWord(v.obj(migrate, MIGRATE.SRC) + i);
const dstWord = (v: View, migrate: number, i: number): string => v.migrateWord(v.obj(migrate, MIGRATE.DST) + i);

/** handle_mm_fault()'s flags that the callers under study set. */
function faultFlags(flags: number): string {
  const names: string[] = [];
  if ((flags & 1) !== 0) names.push('WRITE');
  if ((flags & 0x80) !== 0) names.push('REMOTE');
  return names.length === 0 ? '0' : names.join('|');
}

/** The driver's request: a walk (range), a migration (migrate_vma), or a walk that migrates (both). */
function driverAsked(v: View, range: number, migrate: number): Args {
  const mflags = migrate === 0 ? '0' : selectText(v.obj(migrate, MIGRATE.FLAGS));
  const [start, end] =
    range !== 0
      ? [v.obj(range, RANGE.START), v.obj(range, RANGE.END)]
      : [v.obj(migrate, MIGRATE.START), v.obj(migrate, MIGRATE.END)];
  const { dflags, mask } = range === 0 ? { dflags: '0', mask: '0' } : v.range(range);
  const op = range !== 0 ? (migrate !== 0 ? 3 : 0) : mflags.startsWith('DEVICE') ? 2 : 1;
  return { op, addr: v.page(start), npages: end - start, dflags, mflags, mask };
}

function driverDone(v: View, frame: Frame, a: number): Args {
  const migrate = frame.b;
  const counts =
    migrate === 0
      ? { cpages_setup: 0, cpages_final: 0, npages: 0 }
      : {
          cpages_setup: v.obj(migrate, MIGRATE.CPAGES),
          cpages_final: migrating(v, migrate),
          npages: v.obj(migrate, MIGRATE.NPAGES),
        };
  return { ret: v.ret(a), ...counts, tries: frame.walks };
}

/** src[] entries that are VALID and still MIGRATE, as test_hmm counts them. */
function migrating(v: View, migrate: number): number {
  const both = MIGRATE_PFN_VALID | MIGRATE_PFN_MIGRATE;
  const src = v.obj(migrate, MIGRATE.SRC);
  let n = 0;
  for (let i = 0; i < v.obj(migrate, MIGRATE.NPAGES); i++) if ((v.m.words.get((src + i) * 2) & both) === both) n++;
  return n;
}

const own = (enter: LoggedFunction['enter'], exit: LoggedFunction['exit']): LoggedFunction => ({
  seen: 'own',
  enter,
  exit,
});
const called = (enter: LoggedFunction['enter'], exit: LoggedFunction['exit'], as?: string): LoggedFunction => ({
  seen: 'callers',
  enter,
  exit,
  ...(as === undefined ? {} : { as }),
});

/**
 * The functions of the log with their arguments. Those of mm/hmm.c, mm/migrate_device.c and
 * lib/test_hmm.c log themselves; others are logged where the first two files call them.
 */
export const LOGGED: Readonly<Record<string, LoggedFunction>> = {
  // mm/hmm.c
  hmm_range_fault: own((v, a) => v.range(a), ret),
  hmm_vma_walk_test: own(span, retWalk),
  hmm_vma_capture_migrate_range: own(span, retWalk),
  hmm_vma_walk_hole: own(
    (v, a, b, c) => ({ addr: v.page(a), end: v.page(b), depth: depth(v.obj(c, WALK.DEPTH)) }),
    retWalk,
  ),
  hmm_pfns_fill: own(
    (v, a, b, c, caller) => ({
      addr: v.page(a),
      end: v.page(b),
      ...(caller ? v.range(v.obj(caller.c, WALK.RANGE)) : {}),
      cpu_flags: hmmFlagsText(v.enc, c),
    }),
    ret,
  ),
  hmm_vma_walk_pmd: own((v, a, b) => ({ pmd: v.pmdAt(a), ...span(v, a, b) }), retWalk),
  hmm_vma_handle_pmd: own(
    (v, a, b, c) => ({ addr: v.page(a), end: v.page(b), hmm_pfn: v.hmmPfn(c, a), pmdval: v.pmdAt(a) }),
    retReport,
  ),
  hmm_vma_handle_absent_pmd: own(
    (v, a, b, c) => ({ ...span(v, a, b), hmm_pfn: v.hmmPfn(c, a), pmdval: v.pmdAt(a) }),
    retReport,
  ),
  hmm_vma_handle_migrate_prepare_pmd: own(
    (v, a, b, c) => ({ pmd: v.pmdAt(a), ...span(v, a, b), hmm_pfn: v.hmmPfn(c, a) }),
    retReport,
  ),
  hmm_vma_walk_split: own((v, a, b) => ({ pmd: v.pmdEntry(b), addr: v.page(a) }), retWalk),
  hmm_vma_handle_pte: own(
    (v, a, b, c) => ({ addr: v.page(a), end: v.page(b), pmd: v.pmdAt(a), pte: v.pteAt(a), hmm_pfn: v.hmmPfn(c, a) }),
    retReport,
  ),
  hmm_vma_handle_migrate_prepare: own(
    (v, a, _b, c) => ({ pmd: v.pmdAt(a), pte: v.pteAt(a), addr: v.page(a), hmm_pfn: v.hmmPfn(c, a) }),
    retReport,
  ),
  hmm_vma_fault: own((v, a, b, c) => ({ addr: v.page(a), end: v.page(b), required_fault: c }), retWalk),
  migrate_vma_split_folio: own((v, a, b) => ({ folio: folio(v, a), fault_page: v.pageOrNull(b) }), ret),

  // mm/migrate_device.c
  migrate_hmm_range_setup: own((v, a) => v.range(a), nothing),
  migrate_vma_setup: own(
    (v, a) => v.migrateAsked(a),
    (v, frame, a) => ({ ret: v.ret(a), ...migrateExit(v, frame) }),
  ),
  migrate_vma_unmap: own((v, a) => v.migrateAsked(a), migrateExit),
  migrate_device_unmap: own((v, _a, b, c) => ({ npages: b, fault_page: v.pageOrNull(c) }), ret),
  migrate_vma_check_page: own((v, a, b) => ({ page: pageName(a), fault_page: v.pageOrNull(b) }), ret),
  migrate_vma_pages: own((v, a) => v.migrateAsked(a), migrateExit),
  __migrate_device_pages: own((v, a, b) => ({ ...v.migrateAsked(a), npages: b }), migrateExit),
  migrate_vma_insert_page: own(
    (v, a, b, c) => ({ ...v.migrateAsked(a), addr: v.page(b), dst: dstWord(v, a, c), src: srcWord(v, a, c) }),
    (v, frame) => ({ ...v.migrate(frame.a), dst: dstWord(v, frame.a, frame.c), src: srcWord(v, frame.a, frame.c) }),
  ),
  migrate_vma_insert_huge_pmd_page: own(
    (v, a, b, c) => ({
      ...v.migrateAsked(a),
      addr: v.page(b),
      page: pageOfWord(dstWord(v, a, c)),
      src: srcWord(v, a, c),
      pmd: v.pmdAt(b),
    }),
    (v, frame, a) => ({ ret: v.ret(a), ...v.migrate(frame.a), src: srcWord(v, frame.a, frame.c) }),
  ),
  migrate_vma_split_unmapped_folio: own(
    (v, a, b, c) => ({ ...v.migrateAsked(a), idx: b, addr: v.page(v.obj(a, MIGRATE.START) + b), folio: folio(v, c) }),
    (v, frame, a) => ({ ret: v.ret(a), ...v.migrate(frame.a) }),
  ),
  migrate_vma_finalize: own((v, a) => v.migrateAsked(a), migrateExit),
  __migrate_device_finalize: own(
    (v, a, b) => ({ npages: b, fault_page: v.pageOrNull(v.obj(a, MIGRATE.FAULT_PAGE)) }),
    nothing,
  ),

  migrate_vma_collect: own((v, a) => v.migrateAsked(a), migrateExit),
  migrate_vma_collect_hole: own((v, a, b, c) => ({ ...span(v, a, b), depth: depth(c) }), ret),
  migrate_vma_collect_skip: own(span, ret),
  migrate_vma_collect_pmd: own((v, a, b) => ({ pmd: v.pmdAt(a), ...span(v, a, b) }), ret),
  migrate_vma_collect_huge_pmd: own(
    (v, a, b, c) => ({ pmd: v.pmdAt(a), ...span(v, a, b), fault_folio: v.obj(c, MIGRATE.FAULT_PAGE) }),
    ret,
  ),

  // lib/test_hmm.c
  dmirror_migrate_alloc_and_copy: own((v, a) => v.migrateAsked(a), migrateExit),
  dmirror_migrate_finalize_and_map: own(
    (v, a) => v.migrateAsked(a),
    (v, frame, a) => ({ ret: v.ret(a), ...migrateExit(v, frame) }),
  ),
  dmirror_devmem_fault_alloc_and_copy: own(
    (v, a) => v.migrateAsked(a),
    (v, frame, a) => ({ ret: v.ret(a), ...migrateExit(v, frame) }),
  ),
  dmirror_devmem_fault: own(nothing, ret),
  dmirror_migrate_to_system: own(nothing, ret),
  dmirror_do_update: own(span, nothing),
  dmirror_migrate_to_device: own(nothing, ret),
  dmirror_fault: own((v, a, b, c) => ({ ...span(v, a, b), write: c }), ret),
  dmirror_range_fault: own((v, a) => v.range(a), ret),
  dmirror_do_fault: own((v, a) => v.range(a), ret),
  dmirror_do_read: own(span, ret),
  dmirror_do_write: own(span, ret),
  gt_ioctl: own(driverAsked, driverDone),
  ioctl: own(
    (v, a, b, c) => ({ nr: a, addr: v.page(b), npages: c - b }),
    (v, _frame, a, b, c) => ({ ret: v.ret(a), cpages: b, faults: c }),
  ),

  // called by the files under study
  walk_page_range: called(span, ret),
  handle_mm_fault: called(
    (v, a, b) => ({ addr: v.page(a), flags: faultFlags(b) }),
    (v, frame, a) => ({ ret: `0x${a.toString(16)}`, val: v.entryAt(frame.a) }),
  ),
  split_folio: called(
    (v, a, b, c) => ({
      folio: folio(v, a),
      order: v.m.f(a, F.ORDER),
      ref: b,
      mapcount: c,
      locked: (v.m.f(a, F.FLAGS) & PG.LOCKED) === 0 ? 0 : 1,
    }),
    ret,
  ),
  split_huge_pmd: called((v, a) => ({ addr: v.page(a) }), nothing),
  split_huge_pmd_address: called((v, a, b) => ({ addr: v.page(a), freeze: b }), nothing),
  folio_split_unmapped: called((v, a, b) => ({ folio: folio(v, a), ref: b }), ret),
  try_to_migrate: called(
    (v, a) => ({ folio: folio(v, a), mapcount: v.m.f(a, F.MAP) }),
    (v, frame) => ({ mapcount: v.m.f(frame.a, F.MAP) }),
  ),
  remove_migration_ptes: called(
    (v, a, b) => ({ src: folio(v, a), dst: folio(v, b) }),
    (_v, _frame, _a, b) => ({ dstmapcount: b }),
  ),
  folio_migrate_mapping: called(
    (v, a, b, c) => ({ src: folio(v, a), dst: folio(v, b), ref: v.m.f(a, F.REF), extra: c }),
    ret,
  ),
};

/** The walk passes a depth of -1 as an unsigned number. */
const depth = (n: number): number | string => (n < 0 ? (n >>> 0).toString(16) : n);

const pageOfWord = (word: string): string => word.slice(word.indexOf('@'));
