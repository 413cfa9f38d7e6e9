import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { oops } from '../common/oops.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { HMM_MIGRATE } from '../structs.ts';
import { hmm_migrate_collect } from './collect.ts';
import { rememberSources } from './entries.ts';
import { hmm_migrate_lock_and_isolate } from './lock-and-isolate.ts';
import { hmm_migrate_remove_migration_pte } from './remove-ptes.ts';
import { hmm_migrate_struct_page } from './struct-page.ts';
import { hmm_migrate_unmap } from './unmap.ts';

const S = sites('hmm_vma_migrate', {
  enter: 'migrate [{b:page start}, {c:page end})',
  nullVma: 'vma->vm_flags, before anybody has asked whether there is a VMA',
  noVma: 'no VMA (-EINVAL)',
  special: 'hugetlb, or a special mapping (-EINVAL)',
  empty: 'an empty range (-EINVAL)',
  outside: 'the range leaves the VMA (-EINVAL)',
  nothing: 'nothing is left to migrate: 0, as if it had worked',
  sources: 'remember the sources, since the driver writes over them',
  exit: '',
});

const SPECIAL = VM.HUGETLB | VM.IO | VM.DONTEXPAND | VM.PFNMAP | VM.MIXEDMAP;

/** struct hmm_migrate_ops: what the core calls; both return nothing, so a driver can only decline entries. */
export interface HmmMigrateOps {
  /** after the pages are unmapped: puts destinations into pfns[], declines by clearing MIGRATE */
  alloc_and_copy(k: Kernel, migrate: number): Run<void>;
  /** before the CPU's page table is updated: MIGRATE says what has moved */
  finalize_and_map(k: Kernel, migrate: number): void;
}

/**
 * hmm_vma_migrate() (mm/migrate.c of HMM v13, 2016, never merged in this form): moves what the VMA maps in a range to
 * where the driver wants it. mmap lock held for reading.
 * @param migrate struct hmm_migrate with VMA, START, END, MM and a zeroed PFNS filled in
 * @returns 0, also when nothing moved, or -EINVAL
 */
export function* hmm_vma_migrate(k: Kernel, ops: HmmMigrateOps, migrate: number): Run<number> {
  const o = k.m.obj;
  const vma = o.get(migrate + HMM_MIGRATE.VMA);
  const start = o.get(migrate + HMM_MIGRATE.START);
  const end = o.get(migrate + HMM_MIGRATE.END);
  enter(k, S.enter, migrate, start, end);
  const refused = vma === 0 ? yield* withoutVma(k) : invalid(k, vma, start, end);
  if (refused !== 0) {
    at(k, refused);
    return exit(k, S.exit, -EINVAL, migrate);
  }
  for (const phase of [hmm_migrate_collect, hmm_migrate_lock_and_isolate, hmm_migrate_unmap]) {
    yield* phase(k, migrate);
    if (o.get(migrate + HMM_MIGRATE.NPAGES) !== 0) continue;
    at(k, S.nothing);
    return exit(k, S.exit, 0, migrate);
  }
  if (k.fixes.has('H-13')) rememberSources(k, S.sources, migrate);
  yield* ops.alloc_and_copy(k, migrate);
  hmm_migrate_struct_page(k, migrate);
  ops.finalize_and_map(k, migrate);
  yield* hmm_migrate_remove_migration_pte(k, migrate);
  return exit(k, S.exit, 0, migrate);
}

/** H-12: the flags of a VMA are read before the test for NULL. */
function* withoutVma(k: Kernel): Run<number> {
  if (!k.fixes.has('H-12')) yield* oops(k, S.nullVma);
  return S.noVma;
}

/** Site of the test that refuses the range, 0 for none. */
function invalid(k: Kernel, vma: number, start: number, end: number): number {
  const m = k.m;
  if ((vmaGet(m, vma, V.FLAGS) & SPECIAL) !== 0) return S.special;
  if (start >= end) return S.empty;
  return start < vmaGet(m, vma, V.START) || end > vmaGet(m, vma, V.END) ? S.outside : 0;
}
