import { PG, V, VM } from '../../machine/layout.ts';
import { OP } from '../../machine/ops.ts';
import { vmaGet } from '../../machine/vma.ts';
import { MIGRATE_VMA_FAULT, MIGRATE_VMA_SELECT_COMPOUND } from '../../machine/words/migrate-pfn.ts';
import { folioHas, is_device_private_pfn } from '../common/folio.ts';
import { migrate_vma_collect } from '../classic/collect.ts';
import { migrate_vma_finalize } from '../common/migrate-device-finalize.ts';
import { migrate_vma_pages } from '../common/migrate-device-pages.ts';
import { migrate_vma_unmap } from '../common/migrate-device-unmap.ts';
import { EINVAL } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE, RANGE } from '../structs.ts';
import { migrate_hmm_range_setup } from './migrate-range-setup.ts';
import { setWord } from './pfns.ts';
import { hmm_range_fault } from './range-fault.ts';

const S = sites('migrate_vma_setup', {
  enter: 'collect and unmap [{b:page start}, {c:page end})',
  range: 'the walk gets a range whose hmm_pfns[] is src[] itself',
  invalid: 'the arguments are refused (-EINVAL)',
  clear: 'src[] is cleared',
  fault: 'MIGRATE_VMA_FAULT: fault what is missing',
  walk: 'one walk reports, faults and collects',
  setup: 'turn what it found into src[]',
  undo: 'the walk failed ({a:errno ret}): put everything back',
  exit: '',
  collect: 'collect what can migrate',
  unmap: '{a:int cpages} entries: isolate and unmap them',
});

/**
 * migrate_vma_setup() (mm/migrate_device.c): collects, then unmaps. In v6.19 it has a walk of its own; series v2
 * collects through hmm_range_fault().
 * @param migrate migrate_vma object with vma, start, end, src, dst, flags, owner. @returns 0, -EINVAL, -EFAULT, -EPERM.
 */
export function* migrate_vma_setup(k: Kernel, migrate: number): Run<number> {
  const m = k.m;
  const o = m.obj;
  const start = o.get(migrate + MIGRATE.START);
  const end = o.get(migrate + MIGRATE.END);
  const src = o.get(migrate + MIGRATE.SRC);
  enter(k, S.enter, migrate, start, end);

  const range = k.text === 'v2' ? rangeOver(k, migrate) : 0;
  if (!valid(k, migrate)) {
    at(k, S.invalid);
    return exit(k, S.exit, -EINVAL, migrate);
  }
  m.step(OP.PFN_WRITE, S.clear, 0, end - start, src);
  for (let i = 0; i < end - start; i++) setWord(k, src, i, 0, 0);
  o.set(migrate + MIGRATE.CPAGES, 0);
  o.set(migrate + MIGRATE.NPAGES, 0);
  if (range === 0) {
    at(k, S.collect);
    yield* migrate_vma_collect(k, migrate);
    if (o.get(migrate + MIGRATE.CPAGES) !== 0) {
      at(k, S.unmap, o.get(migrate + MIGRATE.CPAGES));
      yield* migrate_vma_unmap(k, migrate);
    }
    return exit(k, S.exit, 0, migrate);
  }
  // RFC-12: MIGRATE_VMA_FAULT had the number that COMPOUND has now.
  const faultFlag = k.fixes.has('RFC-12') ? MIGRATE_VMA_SELECT_COMPOUND : MIGRATE_VMA_FAULT;
  if ((o.get(migrate + MIGRATE.FLAGS) & faultFlag) !== 0) {
    at(k, S.fault);
    o.set(range + RANGE.DEFAULT_FLAGS, o.get(range + RANGE.DEFAULT_FLAGS) | k.enc.VALID);
  }
  at(k, S.walk);
  const ret = yield* hmm_range_fault(k, range);
  at(k, S.setup, ret);
  yield* migrate_hmm_range_setup(k, range);
  // RFC-9: the first posting left what a failing walk had collected to nobody.
  if (ret !== 0 && !k.fixes.has('RFC-9')) {
    at(k, S.undo, ret);
    yield* migrate_vma_pages(k, migrate);
    yield* migrate_vma_finalize(k, migrate);
  }
  return exit(k, S.exit, ret, migrate);
}

/** The hmm_range over src[] with which series v2 walks. */
function rangeOver(k: Kernel, migrate: number): number {
  const o = k.m.obj;
  at(k, S.range);
  const range = k.m.newObj(RANGE.SIZE);
  o.set(range + RANGE.START, o.get(migrate + MIGRATE.START));
  // F-12: the range is made before start and end are rounded down, so it covers the page of a ragged end.
  const ragged = o.get(migrate + MIGRATE.RAGGED) !== 0 && !k.fixes.has('F-12') ? 1 : 0;
  o.set(range + RANGE.END, o.get(migrate + MIGRATE.END) + ragged);
  o.set(range + RANGE.HMM_PFNS, o.get(migrate + MIGRATE.SRC));
  o.set(range + RANGE.OWNER, o.get(migrate + MIGRATE.OWNER));
  o.set(range + RANGE.MIGRATE, migrate);
  // RFC-6: this forces SYSTEM, whatever the caller selects.
  if (k.fixes.has('RFC-6')) o.set(range + RANGE.DEFAULT_FLAGS, k.enc.MIGRATE);
  o.set(range + RANGE.MM, o.get(migrate + MIGRATE.MM));
  return range;
}

/** What migrate_vma_setup() refuses: no VMA, hugetlb, special VMAs, a range that is empty or leaves the VMA, a wrong fault page. */
function valid(k: Kernel, migrate: number): boolean {
  const m = k.m;
  const o = m.obj;
  const vma = o.get(migrate + MIGRATE.VMA);
  const start = o.get(migrate + MIGRATE.START);
  const end = o.get(migrate + MIGRATE.END);
  if (vma === 0 || end <= start) return false;
  if ((vmaGet(m, vma, V.FLAGS) & (VM.HUGETLB | VM.IO | VM.DONTEXPAND | VM.PFNMAP | VM.MIXEDMAP)) !== 0) return false;
  if (start < vmaGet(m, vma, V.START) || start >= vmaGet(m, vma, V.END) || end > vmaGet(m, vma, V.END)) return false;
  if (o.get(migrate + MIGRATE.SRC) === 0 || o.get(migrate + MIGRATE.DST) === 0) return false;
  const faultPage = o.get(migrate + MIGRATE.FAULT_PAGE);
  return faultPage === 0 || (is_device_private_pfn(faultPage - 1) && folioHas(m, m.folioOf(faultPage - 1), PG.LOCKED));
}
