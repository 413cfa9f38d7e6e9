import { EBUSY } from '../kernel/errno.ts';
import { MMU_NOTIFY } from '../kernel/structs.ts';
import { OP } from '../machine/ops.ts';
import { allSites, functionOfSite } from '../machine/sites.ts';
import type { Recording } from './recording.ts';

/**
 * What the strategies cost, counted as the cost comparison of the series does: what the walker's own thread does to
 * find and collect, without what happens inside the page faults that it asks for.
 */
export interface PassCounts {
  /** traversals of the range: calls of hmm_range_fault() and migrate_vma_collect() that walked */
  readonly passes: number;
  /** walk_page_range() calls; a fault ends one, the next starts at the faulting page */
  readonly descents: number;
  /** hmm_vma_fault() calls whose faults all succeeded */
  readonly groups: number;
  /** handle_mm_fault() calls of those and the other groups */
  readonly faults: number;
  /** hmm_range_fault() calls that ended with -EBUSY because the notifier's sequence had moved on */
  readonly collisions: number;
  readonly pmdLocks: number;
  readonly pteLocks: number;
  /** folio_trylock() that took the lock */
  readonly trylocks: number;
  /** TLB flushes while collecting: of one page, of a range, of 2 MiB */
  readonly flushPage: number;
  readonly flushRange: number;
  readonly flushPmd: number;
  /** MIGRATE events that collecting starts */
  readonly brackets: number;
}

/** Functions that look at entries and take locks for it. */
const WALKERS = new Set([
  'hmm_vma_walk_pmd',
  'hmm_vma_handle_migrate_prepare',
  'hmm_vma_handle_migrate_prepare_pmd',
  'hmm_vma_walk_split',
  'migrate_vma_collect_pmd',
  'migrate_vma_collect_huge_pmd',
]);
const PASS_CALLS = new Set(['hmm_range_fault', 'migrate_vma_collect']);
const BRACKETS = new Set(['migrate_vma_collect', 'hmm_vma_capture_migrate_range']);
/** Series v2 flushes page by page with the call that v6.19 uses for the whole stretch. */
const PAGEWISE = 'hmm_vma_handle_migrate_prepare';

type Counts = { -readonly [K in keyof PassCounts]: PassCounts[K] };

/** Counts the walker's passes over a whole recording. The recording is not moved. */
export function countPasses(rec: Recording): PassCounts {
  const counter = new PassCounter();
  const { op, site, actor, a, b, c } = rec.machine.log;
  const names = new Map(allSites().map(({ id }) => [id, functionOfSite(id).name]));
  for (let i = 0; i < rec.length; i++) {
    if (actor[i] !== 0) continue;
    const name = names.get(site[i] as number) ?? '';
    counter.step(op[i] as number, name, a[i] as number, b[i] as number, c[i] as number);
  }
  return counter.counts;
}

class PassCounter {
  readonly counts: Counts = {
    passes: 0,
    descents: 0,
    groups: 0,
    faults: 0,
    collisions: 0,
    pmdLocks: 0,
    pteLocks: 0,
    trylocks: 0,
    flushPage: 0,
    flushRange: 0,
    flushPmd: 0,
    brackets: 0,
  };
  private readonly stack: string[] = [];
  /** frames of the fault handler on the stack, and of walk_page_range() */
  private faulting = 0;
  private walking = 0;
  /** a pass has begun that has not walked yet */
  private fresh = false;

  step(op: number, fn: string, a: number, b: number, c: number): void {
    if (op === OP.ENTER) this.enter(fn);
    else if (op === OP.EXIT) this.exit(a);
    else if (this.faulting === 0) this.primitive(op, fn, a, b, c);
  }

  private enter(fn: string): void {
    const { counts } = this;
    if (this.faulting === 0) {
      if (PASS_CALLS.has(fn)) this.fresh = true;
      if (fn === 'walk_page_range') {
        counts.descents++;
        if (this.fresh) counts.passes++;
        this.fresh = false;
      }
      if (fn === 'handle_mm_fault' && this.stack.at(-1) === 'hmm_vma_fault') counts.faults++;
    }
    if (fn === 'handle_mm_fault') this.faulting++;
    if (fn === 'walk_page_range') this.walking++;
    this.stack.push(fn);
  }

  private exit(ret: number): void {
    const fn = this.stack.pop();
    if (fn === 'handle_mm_fault') this.faulting--;
    if (fn === 'walk_page_range') this.walking--;
    if (this.faulting !== 0) return;
    if (fn === 'hmm_vma_fault' && ret === -EBUSY) this.counts.groups++;
    if (fn === 'hmm_range_fault' && ret === -EBUSY) this.counts.collisions++;
  }

  private primitive(op: number, fn: string, a: number, b: number, c: number): void {
    const { counts } = this;
    const walker = WALKERS.has(fn);
    if (op === OP.LOCK_PMD && walker) counts.pmdLocks++;
    else if (op === OP.LOCK_PTE && walker && c === 1) counts.pteLocks++;
    else if (op === OP.FOLIO_TRYLOCK && walker && b === 1) counts.trylocks++;
    else if (op === OP.CLEAR_FLUSH_PTE && walker && c === 1) counts.flushPage++;
    else if (op === OP.FLUSH_TLB_RANGE && walker) counts[fn === PAGEWISE ? 'flushPage' : 'flushRange']++;
    else if (op === OP.INVALIDATE_PMD && this.walking > 0) counts.flushPmd++;
    else if (op === OP.NOTIFIER_START && a === MMU_NOTIFY.MIGRATE && BRACKETS.has(fn)) counts.brackets++;
  }
}
