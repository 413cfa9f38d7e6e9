import { folio_get, folio_lock, folio_put, folio_trylock, folio_unlock } from '../../src/kernel/common/folio.ts';
import {
  mmu_notifier_invalidate_range_end,
  mmu_notifier_invalidate_range_start,
  mmu_notifier_range_init,
} from '../../src/kernel/common/mmu_notifier.ts';
import {
  flush_tlb_range,
  pmd_alloc,
  pmd_lock,
  pte_alloc,
  pte_offset_map,
  pte_offset_map_lock,
  pte_unmap,
  pte_unmap_unlock,
  ptep_clear_flush,
  set_pte_at,
  spin_unlock,
} from '../../src/kernel/common/pgtable.ts';
import { hmm_range_fault } from '../../src/kernel/unified/range-fault.ts';
import { type Kernel, type Run, at, enter, exit, finding } from '../../src/kernel/kernel.ts';
import { RULE } from '../../src/kernel/rules.ts';
import { MMU_NOTIFY, RANGE, WALK } from '../../src/kernel/structs.ts';
import { ZONE } from '../../src/machine/layout.ts';
import { Machine } from '../../src/machine/machine.ts';
import { OP } from '../../src/machine/ops.ts';
import { siteNamed } from '../../src/machine/sites.ts';
import { hmmEncoding } from '../../src/machine/words/hmm-pfn.ts';
import { _PAGE_NX_HI, pteHi, pteLo } from '../../src/machine/words/pte.ts';
import { SWP_MIGRATION_WRITE, swpHi, swpLo } from '../../src/machine/words/swp.ts';
import { Recording } from '../../src/recording/recording.ts';

/** Page numbers and addresses of the small run: the scenario's page 0 is machine page 512 at 0x200000000. */
export const ORIGIN = 512;
export const BASE_PAGE = 0x200000 - ORIGIN;

// Loading the kernel code declares the sites that the run borrows.
void hmm_range_fault;

/** Id of a named site; throws when the kernel has no such statement. */
export function site(name: string): number {
  const s = siteNamed(name);
  if (!s) throw new Error(`no site ${name}`);
  return s.id;
}

/** Runs kernel code that nobody preempts to its end. */
export function drain<T>(run: Run<T>): T {
  for (;;) {
    const r = run.next();
    if (r.done) return r.value;
  }
}

export function newKernel(m: Machine): Kernel {
  return {
    m,
    text: 'v2',
    fixes: new Set(),
    enc: hmmEncoding('v2'),
    config: { thp: 'always', hugeZeroPage: true, softDirty: false },
    concurrent: false,
    pausers: new Set(),
  };
}

/** Flags of a writable, young, dirty PTE: P, RW, US, A, D. */
const WYD = 0x67;

/** What the run below works on. */
export interface SmallRun {
  readonly rec: Recording;
  readonly mm: number;
  readonly pte: number;
  readonly small: number;
  readonly huge: number;
  readonly range: number;
  readonly walk: number;
  readonly arr: number;
}

/**
 * A short run made of the kernel's own primitives: two calls deep it locks a PTE table, replaces a page by a migration
 * entry, writes an hmm word, and on the way back leaves the folio locked.
 */
export function smallRun(): SmallRun {
  const m = new Machine(BASE_PAGE);
  m.newPages(ZONE.SYSTEM, 1);
  const k = newKernel(m);
  const mm = m.newMm();
  const small = m.newFolio(ZONE.SYSTEM, 0);
  const huge = m.newFolio(ZONE.SYSTEM, 9);
  const device = m.newFolio(ZONE.PRIVATE0, 0, 1);
  const pmd = pmd_alloc(m, mm, ORIGIN);
  drain(pte_alloc(k, 0, mm, pmd));
  const pte0 = drain(pte_offset_map_lock(k, 0, pmd, ORIGIN));
  pte_unmap_unlock(k, 0, pte0 >>> 9);
  const pfn = m.f(small, 0);
  set_pte_at(k, 0, pte0, pteLo(pfn, WYD), pteHi(pfn, _PAGE_NX_HI));
  const arr = m.newWords(8);
  const range = m.newObj(RANGE.SIZE);
  m.obj.set(range + RANGE.START, ORIGIN);
  m.obj.set(range + RANGE.END, ORIGIN + 8);
  m.obj.set(range + RANGE.HMM_PFNS, arr);
  m.setF(device, 8, 201);
  m.startRecording();

  enter(k, site('hmm_range_fault:enter'), range);
  const walk = m.newObj(WALK.SIZE);
  at(k, site('hmm_range_fault:init'), ORIGIN);
  m.obj.set(walk + WALK.RANGE, range);
  m.obj.set(walk + WALK.LAST, ORIGIN);
  for (let round = 0; round < 2; round++) {
    enter(k, site('walk_page_range:enter'), ORIGIN, ORIGIN + 8, walk);
    enter(k, site('hmm_vma_walk_pmd:enter'), ORIGIN, ORIGIN + 8, walk);
    if (round === 0) {
      const ptl = drain(pmd_lock(k, site('hmm_vma_walk_pmd:again'), pmd));
      spin_unlock(k, site('hmm_vma_walk_pmd:again'), ptl);
      pte_offset_map(k, site('hmm_vma_walk_pmd:again'), pmd, ORIGIN);
      pte_unmap(k, site('hmm_vma_walk_pmd:again'));
    } else migrateFirst(k, pmd, small, pfn, arr);
    exit(k, site('hmm_vma_walk_pmd:exit'), round === 0 ? -16 : 0, walk);
    exit(k, site('walk_page_range:exit'), round === 0 ? -16 : 0, walk);
  }
  const event = mmu_notifier_range_init(k, MMU_NOTIFY.MIGRATE, mm, ORIGIN, ORIGIN + 8, 1);
  drain(mmu_notifier_invalidate_range_start(k, site('hmm_range_fault:end'), event));
  drain(mmu_notifier_invalidate_range_end(k, site('hmm_range_fault:end'), event));
  drain(folio_lock(k, site('hmm_range_fault:end'), huge));
  folio_unlock(k, site('hmm_range_fault:end'), huge);
  finding(k, site('hmm_range_fault:leak'), RULE.FOLIO_LEFT_LOCKED, small);
  exit(k, site('hmm_range_fault:exit'), 0, range);
  const rec = new Recording(m, 'returned', ['walker'], { origin: ORIGIN });
  return { rec, mm, pte: pte0, small, huge, range, walk, arr };
}

function migrateFirst(k: Kernel, pmd: number, small: number, pfn: number, arr: number): void {
  const m = k.m;
  const s = (label: string): number => site(`hmm_vma_handle_migrate_prepare:${label}`);
  enter(k, s('enter'), ORIGIN);
  const pte = drain(pte_offset_map_lock(k, s('lock'), pmd, ORIGIN));
  folio_get(k, s('get'), small);
  folio_trylock(k, s('trylock'), small);
  folio_trylock(k, s('trylock'), small);
  ptep_clear_flush(k, s('clear'), pte);
  set_pte_at(k, s('install'), pte, swpLo(SWP_MIGRATION_WRITE, pfn, 0), swpHi(SWP_MIGRATION_WRITE, pfn, 1, 1));
  folio_put(k, s('put'), small);
  m.step(OP.PFN_WRITE, s('mark'), 0, 1, arr);
  m.words.set(arr * 2, pfn);
  m.words.set(arr * 2 + 1, k.enc.VALID | k.enc.WRITE | k.enc.MIGRATE);
  flush_tlb_range(k, s('flush'), ORIGIN, ORIGIN + 1);
  pte_unmap_unlock(k, s('exit'), pte >>> 9);
  exit(k, s('exit'));
}

/** First step with this op, from a step on. */
export function stepOf(rec: Recording, op: number, from = 0): number {
  for (let i = from; i < rec.length; i++) if (rec.machine.log.op[i] === op) return i;
  throw new Error(`no step with op ${op}`);
}
