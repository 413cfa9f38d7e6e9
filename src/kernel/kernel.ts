import { A } from '../machine/layout.ts';
import type { Machine } from '../machine/machine.ts';
import { OP, WAIT } from '../machine/ops.ts';
import type { HmmEncoding } from '../machine/words/hmm-pfn.ts';
import type { DriverName, DriverWay } from './drivers/ways.ts';
import { RULE, type Rule } from './rules.ts';

/** Build-time and boot-time facts of the simulated kernel. */
export interface KernelConfig {
  /** transparent huge pages: 'always' | 'madvise' | 'never' */
  readonly thp: 'always' | 'madvise' | 'never';
  /** read faults of an empty, aligned 2 MiB area map the huge zero page */
  readonly hugeZeroPage: boolean;
  /** CONFIG_MEM_SOFT_DIRTY; the measured kernels had it off */
  readonly softDirty: boolean;
  /** CONFIG_DEVICE_MIGRATION; left out: on, as in the measured kernels */
  readonly deviceMigration?: boolean;
  /** in what the driver departs from lib/test_hmm.c; left out: in nothing */
  readonly driver?: ReadonlySet<DriverWay>;
  /** whose driver it is; left out: lib/test_hmm.c */
  readonly driverName?: DriverName;
}

/** What a generator of kernel code yields to the scheduler. */
export const YIELD = {
  /** another actor may run here; a lock is about to be taken */
  PMD_LOCK: 0,
  PTE_LOCK: 1,
  OTHER: 2,
  /** the actor waits (its WAIT fields say for what) and has to be asked again */
  BLOCKED: 3,
  /** the actor sleeps for a while of its own will */
  SLEEP: 4,
  /** the PTE lock was dropped because a large folio has to be split */
  SPLIT: 5,
  /** the mmap lock is held, and about to be taken once more */
  MMAP_HELD: 6,
  /** pages are isolated and about to be unmapped everywhere */
  UNMAP: 7,
} as const;

/** Kernel code that may be preempted, block or sleep. */
export type Run<T> = Generator<number, T, void>;

/** Whose text mm/hmm.c and mm/migrate_device.c follow: the unmodified kernel's, or that of series v2 and later. */
export type KernelText = 'v6.19' | 'v2';

/** The running kernel: the machine, its text, the fix switches, the configuration. */
export interface Kernel {
  readonly m: Machine;
  readonly text: KernelText;
  readonly fixes: ReadonlySet<string>;
  readonly enc: HmmEncoding;
  readonly config: KernelConfig;
  /** more than one actor exists: preemption points yield */
  concurrent: boolean;
  /** actors that pause between their setup and their copy, so that others can run there */
  readonly pausers: ReadonlySet<number>;
  /** a schedule says who goes on (controlled.ts), not the cues of the rivals */
  readonly scheduled?: boolean;
}

/** Records a function's entry; its steps are one deeper until `exit`. */
export function enter(k: Kernel, site: number, a = 0, b = 0, c = 0): void {
  k.m.depth++;
  k.m.step(OP.ENTER, site, a, b, c);
}

/** Records a function's exit and gives its return value. */
export function exit(k: Kernel, site: number, ret = 0, b = 0, c = 0): number {
  k.m.step(OP.EXIT, site, ret, b, c);
  k.m.depth--;
  return ret;
}

/** Records a statement worth stopping at. */
export function at(k: Kernel, site: number, a = 0, b = 0, c = 0): void {
  k.m.step(OP.AT, site, a, b, c);
}

/** Records a broken rule at a step; b and c as the rule says. */
export function finding(k: Kernel, site: number, rule: Rule, b = 0, c = 0): void {
  k.m.step(OP.FINDING, site, rule, b, c);
}

/**
 * might_sleep(): a call that may sleep. With a spinlock held or an RCU section open the kernel's
 * DEBUG_ATOMIC_SLEEP complains; so does the model.
 */
export function might_sleep(k: Kernel, site: number): void {
  const m = k.m;
  const spin = m.actorGet(m.actor, A.SPIN);
  const rcu = m.actorGet(m.actor, A.RCU);
  if (spin !== 0 || rcu !== 0) finding(k, site, RULE.SLEEP_IN_ATOMIC, spin, rcu);
}

/** Marks the actor as waiting for a lock; the caller yields BLOCKED and asks again. */
export function block(k: Kernel, site: number, wait: number, id: number): void {
  const m = k.m;
  if (m.actorGet(m.actor, A.WAIT) === wait && m.actorGet(m.actor, A.WAIT_ID) === id) return;
  m.step(OP.BLOCKED, site, wait, id, 0);
  m.actorSet(m.actor, A.WAIT, wait);
  m.actorSet(m.actor, A.WAIT_ID, id);
}

/** The actor has got what it waited for. */
export function unblock(k: Kernel): void {
  const m = k.m;
  if (m.actorGet(m.actor, A.WAIT) === WAIT.NONE) return;
  m.actorSet(m.actor, A.WAIT, WAIT.NONE);
  m.actorSet(m.actor, A.WAIT_ID, 0);
}
