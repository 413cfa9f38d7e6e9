import { cpu_access } from '../kernel/common/cpu-access.ts';
import { damon_pa_pageout } from '../kernel/common/damon-pageout.ts';
import { deferred_split_scan, vma_adjust_trans_huge } from '../kernel/common/deferred-split.ts';
import { dup_mmap } from '../kernel/common/fork.ts';
import { pin_user_pages } from '../kernel/common/gup.ts';
import { hpage_collapse_scan_pmd } from '../kernel/common/khugepaged.ts';
import { madvise_free } from '../kernel/common/madvise-free.ts';
import { mmap_write } from '../kernel/common/mmap-lock.ts';
import { mprotect } from '../kernel/common/mprotect.ts';
import { munmap } from '../kernel/common/munmap.ts';
import { pfn_walker } from '../kernel/common/pfn-walker.ts';
import { task_numa_work } from '../kernel/common/prot-numa.ts';
import { madvise_dontneed } from '../kernel/common/zap.ts';
import { requestFault, requestFaultAndMigrate, requestMigrateVma } from '../kernel/drivers/requests.ts';
import { sites } from '../kernel/functions.ts';
import type { Kernel, Run } from '../kernel/kernel.ts';
import type { Actor } from '../kernel/scheduler.ts';
import { VM } from '../machine/layout.ts';
import { OP } from '../machine/ops.ts';
import { MIGRATE_VMA_SELECT_SYSTEM } from '../machine/words/migrate-pfn.ts';
import type { ScenarioRequest, ScenarioRival } from '../scenario/types.ts';
import { walkRequest } from './request.ts';

const U = sites('rival_program', { begin: 'the actor begins', end: 'the actor is done: {b:errno}' });

/** Where a run's pages and kernel are. */
interface Place {
  readonly kernel: Kernel;
  readonly mm: number;
  readonly offset: number;
}

/**
 * The actor of a rival: its program, and when it starts.
 * @param request the walker's request; a second device fault asks for its own range in the same way
 */
export function rival(s: Place, r: ScenarioRival, request: ScenarioRequest): Actor {
  const m = s.kernel.m;
  function* program(): Run<void> {
    m.step(OP.USER, U.begin, 0, 0, 0);
    const ret = yield* act(s, r, request);
    m.step(OP.USER, U.end, 0, ret, 0);
  }
  return { name: r.does, program: program(), cue: r.when, holds: r.holds === true };
}

/** What each kind of actor does (the rows of scenario/actors.ts). @returns 0, an errno, or what a signal gives. */
function* act(s: Place, r: ScenarioRival, request: ScenarioRequest): Run<number> {
  const { kernel: k, mm } = s;
  const start = r.start + s.offset;
  const end = r.end + s.offset;
  switch (r.does) {
    case 'madvise_dontneed':
      return yield* madvise_dontneed(k, mm, start, end);
    case 'madvise_free':
      return yield* madvise_free(k, mm, start, end);
    case 'munmap':
      return yield* munmap(k, mm, start, end);
    case 'mprotect':
      return yield* mprotect(k, mm, start, end, VM.READ);
    case 'cpu_read':
    case 'cpu_write':
      return yield* touch(k, mm, start, end, r.does === 'cpu_write');
    case 'migrate':
      return (yield* requestMigrateVma(k, mm, start, end, r.device ?? 0, MIGRATE_VMA_SELECT_SYSTEM)).ret;
    case 'fault_and_migrate':
      return yield* faultAndMigrate(s, { ...request, start: r.start, end: r.end, device: r.device ?? 0 });
    case 'split':
      yield* deferred_split_scan(k, mm, start, end);
      return 0;
    case 'split_huge_pmd':
      return yield* vma_adjust_trans_huge(k, mm, start, end);
    case 'collapse':
      yield* collapseAll(k, mm, start, end);
      return 0;
    case 'swap_out':
      yield* damon_pa_pageout(k, mm, start, end);
      return 0;
    case 'fork':
      yield* dup_mmap(k, mm);
      return 0;
    case 'protnone':
      return yield* task_numa_work(k, mm, start, end);
    case 'gup':
      return yield* pin_user_pages(k, mm, start, end);
    case 'mmap_write':
      yield* mmap_write(k, mm);
      return 0;
    case 'borrow':
      yield* pfn_walker(k, mm, start, end);
      return 0;
  }
}

function* collapseAll(k: Kernel, mm: number, start: number, end: number): Run<void> {
  for (let page = start; page < end; page = (page | 511) + 1) yield* hpage_collapse_scan_pmd(k, mm, page);
}

function* touch(k: Kernel, mm: number, start: number, end: number, write: boolean): Run<number> {
  let ret = 0;
  for (let page = start; page < end && ret === 0; page++) ret = yield* cpu_access(k, mm, page, write);
  return ret;
}

/** A device fault served as the kernel can: by the unified walk, or by two walks where the series is not applied. */
function* faultAndMigrate(s: Place, request: ScenarioRequest): Run<number> {
  const { kernel: k, mm } = s;
  if (k.text !== 'v6.19')
    return (yield* requestFaultAndMigrate(k, walkRequest(k.enc, s, request, true), MIGRATE_VMA_SELECT_SYSTEM)).ret;
  const { ret } = yield* requestFault(k, walkRequest(k.enc, s, request, false));
  if (ret !== 0) return ret;
  const [start, end] = [request.start + s.offset, request.end + s.offset];
  return (yield* requestMigrateVma(k, mm, start, end, request.device, MIGRATE_VMA_SELECT_SYSTEM)).ret;
}
