import { V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { mmu_notifier_invalidate_range_start, mmu_notifier_range_init } from '../common/mmu_notifier.ts';
import { EFAULT, ERANGE } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, at, enter, exit } from '../kernel.ts';
import { MMU_NOTIFY, RANGE, WALK } from '../structs.ts';
import { hmm_pfns_fill } from './hole.ts';
import { hmm_range_need_fault, hmm_select_migrate, pfnIndex, walkRange } from './pfns.ts';

const S = sites('hmm_vma_walk_test', {
  enter: 'may the VMA be walked? [{a:page start}, {b:page end})',
  captured: 'capturing the VMA failed: {a:errno r}',
  walkable: 'the VMA is readable and ordinary memory: walk it',
  collectable: 'not readable for the device, but migration may still collect it',
  required: 'a page of it is required but cannot be mirrored: -EFAULT',
  skip: 'nobody insists: fill ERROR and skip the VMA',
  exit: '',
});

const C = sites('hmm_vma_capture_migrate_range', {
  enter: 'remember the VMA of [{a:page start}, {b:page end}) and announce the migration',
  plain: 'not migrating: nothing to capture',
  secondVma: 'a second VMA: a migration handles one (-ERANGE)',
  capture: 'capture vma {a:vma}, part [{b:page start}, {c:page end})',
  tooLarge: 'the part is larger than the range (-ERANGE)',
  start: 'first time: the MIGRATE event starts, owner device {a:device owner}',
  exit: '',
});

/**
 * hmm_vma_walk_test() (mm/hmm.c; series v2 captures the VMA first): decides whether a VMA can be walked.
 * @returns 0 walk, 1 skip, -EFAULT, -ERANGE.
 */
export function hmm_vma_walk_test(k: Kernel, start: number, end: number, walk: number): number {
  const m = k.m;
  enter(k, S.enter, start, end, walk);
  if (k.text === 'v2') {
    const r = hmm_vma_capture_migrate_range(k, start, end, walk);
    if (r !== 0) {
      at(k, S.captured, r);
      return exit(k, S.exit, r, walk);
    }
  }
  const flags = vmaGet(m, m.obj.get(walk + WALK.WALK_VMA), V.FLAGS);
  if ((flags & VM.READ) !== 0 && (flags & (VM.IO | VM.PFNMAP)) === 0) {
    at(k, S.walkable);
    return exit(k, S.exit, 0, walk);
  }
  const range = walkRange(k, walk);
  // Mend of F-10: without a notifier this is migrate_vma_setup(), which always could collect from a
  // VMA that the CPU may not read (its own checks have refused special VMAs already).
  if (k.fixes.has('F-10') && m.obj.get(range + RANGE.NOTIFIER) === 0 && (flags & (VM.IO | VM.PFNMAP)) === 0) {
    at(k, S.collectable);
    return exit(k, S.exit, 0, walk);
  }
  if (hmm_range_need_fault(k, range, pfnIndex(k, walk, start), end - start, 0) !== 0) {
    at(k, S.required);
    return exit(k, S.exit, -EFAULT, walk);
  }
  at(k, S.skip);
  hmm_pfns_fill(k, start, end, walk, k.enc.ERROR);
  return exit(k, S.exit, 1, walk);
}

/**
 * hmm_vma_capture_migrate_range() (series v2): keeps the VMA and sends the MIGRATE event before the
 * first entry is touched. May sleep. @returns 0 or -ERANGE.
 */
export function hmm_vma_capture_migrate_range(k: Kernel, start: number, end: number, walk: number): number {
  const o = k.m.obj;
  enter(k, C.enter, start, end, walk);
  const range = walkRange(k, walk);
  if (hmm_select_migrate(k, range) === 0) {
    at(k, C.plain);
    return exit(k, C.exit, 0, walk);
  }
  const vma = o.get(walk + WALK.WALK_VMA);
  const captured = o.get(walk + WALK.VMA);
  if (captured !== 0 && captured !== vma) {
    at(k, C.secondVma);
    return exit(k, C.exit, -ERANGE, walk);
  }
  // Mend of F-29: a VMA that will be skipped is not "the" VMA of the migration.
  const flags = vmaGet(k.m, vma, V.FLAGS);
  if (k.fixes.has('F-29') && (flags & VM.READ) === 0) return exit(k, C.exit, 0, walk);
  at(k, C.capture, vma, start, end);
  o.set(walk + WALK.VMA, vma);
  o.set(walk + WALK.START, start);
  o.set(walk + WALK.END, end);
  if (end - start > o.get(range + RANGE.END) - o.get(range + RANGE.START)) {
    at(k, C.tooLarge);
    return exit(k, C.exit, -ERANGE, walk);
  }
  const started = k.fixes.has('F-02') ? o.get(walk + WALK.EVENT_STARTED) !== 0 : o.get(walk + WALK.EVENT_OWNER) !== 0;
  if (!started) {
    const owner = o.get(range + RANGE.OWNER);
    at(k, C.start, owner - 1);
    const event = mmu_notifier_range_init(k, MMU_NOTIFY.MIGRATE, o.get(walk + WALK.MM), start, end, owner);
    o.set(walk + WALK.EVENT_OWNER, owner);
    o.set(walk + WALK.EVENT_STARTED, 1);
    o.set(walk + WALK.EVENT_START, start);
    o.set(walk + WALK.EVENT_END, end);
    mmu_notifier_invalidate_range_start(k, C.start, event);
  }
  return exit(k, C.exit, 0, walk);
}
