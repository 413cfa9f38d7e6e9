import { D, D_STRIDE, V, VM } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import {
  mmu_interval_moved,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from '../common/mmu_notifier.ts';
import { EFAULT, EINVAL, ERANGE } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
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
  special: 'a special VMA, which migrate_vma_setup() refuses, too: -EINVAL',
  ownEvent: 'the sequence that the walk’s own event left is the one to compare with',
  start: 'first time: the MIGRATE event starts, owner device {a:device owner}',
  exit: '',
});

/**
 * hmm_vma_walk_test() (mm/hmm.c; series v2 captures the VMA first): decides whether a VMA can be walked.
 * @returns 0 walk, 1 skip, -EFAULT, -ERANGE.
 */
export function* hmm_vma_walk_test(k: Kernel, start: number, end: number, walk: number): Run<number> {
  const m = k.m;
  enter(k, S.enter, start, end, walk);
  // Mend of F-29: the VMA is captured once it is known that it will be walked.
  const late = k.fixes.has('F-29');
  if (!late) {
    const r = yield* capture(k, start, end, walk);
    if (r !== 0) return exit(k, S.exit, r, walk);
  }
  const flags = vmaGet(m, m.obj.get(walk + WALK.WALK_VMA), V.FLAGS);
  const range = walkRange(k, walk);
  const mapsDevice = (flags & (VM.IO | VM.PFNMAP)) !== 0;
  const walkable = (flags & VM.READ) !== 0 && !mapsDevice;
  // Mend of F-10: without a notifier this is migrate_vma_setup(), which always could collect from a
  // VMA that the CPU may not read (its own checks have refused special VMAs already). What it has to
  // fault in must be readable, though.
  const required = hmm_range_need_fault(k, range, pfnIndex(k, walk, start), end - start, 0) !== 0;
  const collectable = !mapsDevice && !required && m.obj.get(range + RANGE.NOTIFIER) === 0 && k.fixes.has('F-10');
  if (walkable || collectable) {
    at(k, walkable ? S.walkable : S.collectable);
    return exit(k, S.exit, late ? yield* capture(k, start, end, walk) : 0, walk);
  }
  if (required) {
    at(k, S.required);
    return exit(k, S.exit, -EFAULT, walk);
  }
  at(k, S.skip);
  hmm_pfns_fill(k, start, end, walk, k.enc.ERROR);
  return exit(k, S.exit, 1, walk);
}

/** What series v2 added to the test. @returns 0 or an errno. */
function* capture(k: Kernel, start: number, end: number, walk: number): Run<number> {
  if (k.text !== 'v2') return 0;
  const r = yield* hmm_vma_capture_migrate_range(k, start, end, walk);
  if (r !== 0) at(k, S.captured, r);
  return r;
}

/** True when the notifier's sequence is what it was read as, but for what the walk's own event has just added. */
function onlyOwnEvent(k: Kernel, range: number, owner: number): boolean {
  const o = k.m.obj;
  const device = o.get(range + RANGE.NOTIFIER) - 1;
  const filtered = owner === device + 1 && !k.fixes.has('RFC-3') && k.config.driver?.has('obeys-own-events') !== true;
  return !mmu_interval_moved(k, device, o.get(range + RANGE.NOTIFIER_SEQ) + (filtered ? 0 : 1));
}

/**
 * hmm_vma_capture_migrate_range() (series v2): keeps the VMA and sends the MIGRATE event before the
 * first entry is touched. May sleep. @returns 0 or -ERANGE.
 */
export function* hmm_vma_capture_migrate_range(k: Kernel, start: number, end: number, walk: number): Run<number> {
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
  // Mend of F-18: what migrate_vma_setup() refuses is not collected on the fault path either.
  const notifier = o.get(range + RANGE.NOTIFIER);
  if (k.fixes.has('F-18') && notifier !== 0 && (vmaGet(k.m, vma, V.FLAGS) & (VM.MIXEDMAP | VM.DONTEXPAND)) !== 0) {
    at(k, C.special);
    return exit(k, C.exit, -EINVAL, walk);
  }
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
    yield* mmu_notifier_invalidate_range_start(k, C.start, event);
    // Mend of RFC-2: the walk's own event is no reason to start anew. What came before it still is.
    if (notifier !== 0 && k.fixes.has('RFC-2') && onlyOwnEvent(k, range, owner)) {
      at(k, C.ownEvent);
      o.set(range + RANGE.NOTIFIER_SEQ, k.m.device.get((notifier - 1) * D_STRIDE + D.SEQ));
    }
  }
  return exit(k, C.exit, 0, walk);
}
