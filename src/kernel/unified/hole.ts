import { V, VMA_KIND } from '../../machine/layout.ts';
import { vmaGet } from '../../machine/vma.ts';
import { MIGRATE_VMA_SELECT_COMPOUND } from '../../machine/words/migrate-pfn.ts';
import { EFAULT } from '../errno.ts';
import { sites } from '../functions.ts';
import { type Kernel, type Run, at, enter, exit } from '../kernel.ts';
import { WALK } from '../structs.ts';
import { fillWords, hmm_range_need_fault, hmm_select_migrate, pfnIndex, walkPfns, walkRange } from './pfns.ts';
import { hmm_vma_fault } from './fault.ts';

const S = sites('hmm_vma_walk_hole', {
  enter: 'nothing is mapped in [{a:page addr}, {b:page end})',
  noVmaRequired: 'no VMA, but a page is required: -EFAULT',
  noVma: 'no VMA: fill ERROR',
  fault: 'a page is required: fault the whole hole in',
  fill: 'nobody requires a page: fill',
  exit: '',
});

const FILL = sites('hmm_pfns_fill', {
  enter: 'fill [{a:page addr}, {b:page end}) with {c:flagshi cpu_flags}',
  migrate: 'migrating from anonymous memory: the hole is an empty page to migrate',
  compound: 'an aligned 2 MiB hole: the first entry stands for all',
  fill: 'entries keep their in/out flags and get the value',
  exit: '',
});

/**
 * hmm_vma_walk_hole() (mm/hmm.c): a missing VMA, table or entry. depth: -1 no VMA, 2 empty PUD, 3 empty PMD.
 * @returns 0, -EBUSY after faulting, -EFAULT, -EPERM.
 */
export function* hmm_vma_walk_hole(k: Kernel, addr: number, end: number, depth: number, walk: number): Run<number> {
  enter(k, S.enter, addr, end, walk);
  k.m.obj.set(walk + WALK.DEPTH, depth);
  const range = walkRange(k, walk);
  const required = hmm_range_need_fault(k, range, pfnIndex(k, walk, addr), end - addr, 0);
  if (k.m.obj.get(walk + WALK.WALK_VMA) === 0) {
    if (required !== 0) {
      at(k, S.noVmaRequired);
      return exit(k, S.exit, -EFAULT, walk);
    }
    at(k, S.noVma);
    hmm_pfns_fill(k, addr, end, walk, k.enc.ERROR);
    return exit(k, S.exit, 0, walk);
  }
  if (required !== 0) {
    at(k, S.fault);
    const r = yield* hmm_vma_fault(k, addr, end, required, walk);
    return exit(k, S.exit, r, walk);
  }
  at(k, S.fill);
  hmm_pfns_fill(k, addr, end, walk, 0);
  return exit(k, S.exit, 0, walk);
}

/**
 * hmm_pfns_fill() (series v2): one value for a stretch of hmm_pfns[]. When migrating from an anonymous
 * VMA a hole becomes "empty, to migrate": VALID|MIGRATE in v2, MIGRATE alone in v7 (switch V-01).
 * @param cpuFlags 0 or HMM_PFN_ERROR (high half).
 */
export function hmm_pfns_fill(k: Kernel, addr: number, end: number, walk: number, cpuFlags: number): number {
  const enc = k.enc;
  const m = k.m;
  enter(k, FILL.enter, addr, end, cpuFlags);
  const range = walkRange(k, walk);
  const arr = walkPfns(k, walk);
  let i = pfnIndex(k, walk, addr);
  const n = end - addr;
  const last = i + n;
  const minfo = hmm_select_migrate(k, range);
  let value = cpuFlags;
  const vma = m.obj.get(walk + WALK.VMA);
  const migrate = value !== enc.ERROR && minfo !== 0 && vma !== 0 && vmaGet(m, vma, V.KIND) === VMA_KIND.ANON;
  if (migrate) {
    at(k, FILL.migrate);
    value |= holeFlags(k);
    if ((minfo & MIGRATE_VMA_SELECT_COMPOUND) !== 0 && ((addr | end) & 511) === 0) {
      // v2 marks only the first entry of a hole, however many 2 MiB blocks it has (F-13).
      const blocks = k.fixes.has('F-13') ? n >> 9 : 1;
      for (let b = 0; b < blocks; b++) {
        at(k, FILL.compound, addr + b * 512);
        fillWords(k, FILL.compound, arr, i, 1, value | enc.COMPOUND);
        i++;
        const rest = k.fixes.has('F-13') ? 511 : last - i;
        fillWords(k, FILL.fill, arr, i, rest, 0);
        i += rest;
      }
    }
  }
  if (i < last) fillWords(k, FILL.fill, arr, i, last - i, value);
  return exit(k, FILL.exit, 0, walk);
}

/** Flags of an empty page that is to be migrated, in this revision's encoding (V-01). */
export function holeFlags(k: Kernel): number {
  return k.fixes.has('V-01') ? k.enc.MIGRATE : k.enc.VALID | k.enc.MIGRATE;
}
