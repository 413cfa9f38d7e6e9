import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from '../common/mmu_notifier.ts';
import { type MmWalkOps, walk_page_range } from '../common/pagewalk.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { MIGRATE, MMU_NOTIFY } from '../structs.ts';
import { migrate_vma_collect_hole } from './collect-hole.ts';
import { migrate_vma_collect_pmd } from './collect-pmd.ts';

const S = sites('migrate_vma_collect', {
  enter: 'one walk collects [{b:page start}, {c:page end})',
  start: 'tell the mirrors, with the device as owner, so that it can ignore its own migration',
  walk: 'walk the page tables',
  end: 'the MIGRATE event ends, before anything is unmapped elsewhere or copied',
  range: '{b:int npages} entries are filled, {c:int cpages} can migrate: the range ends at {a:page end}',
  exit: '',
});
const COLLECT_OPS: MmWalkOps = {
  MM: MIGRATE.MM,
  VMA: MIGRATE.VMA,
  pte_hole: migrate_vma_collect_hole,
  pmd_entry: migrate_vma_collect_pmd,
};

/**
 * migrate_vma_collect() (mm/migrate_device.c, v6.19): one walk over the range fills src[] and replaces what can
 * migrate by migration entries, inside one notifier bracket.
 */
export function* migrate_vma_collect(k: Kernel, migrate: number): Run<void> {
  const o = k.m.obj;
  const start = o.get(migrate + MIGRATE.START);
  const end = o.get(migrate + MIGRATE.END);
  enter(k, S.enter, migrate, start, end);
  const event = mmu_notifier_range_init(
    k,
    MMU_NOTIFY.MIGRATE,
    o.get(migrate + MIGRATE.MM),
    start,
    end,
    o.get(migrate + MIGRATE.OWNER),
  );
  yield* mmu_notifier_invalidate_range_start(k, S.start, event);
  at(k, S.walk);
  yield* walk_page_range(k, start, end, COLLECT_OPS, migrate);
  yield* mmu_notifier_invalidate_range_end(k, S.end, event);
  const npages = o.get(migrate + MIGRATE.NPAGES);
  at(k, S.range, start + npages, npages, o.get(migrate + MIGRATE.CPAGES));
  o.set(migrate + MIGRATE.END, start + npages);
  exit(k, S.exit, 0, migrate);
}
