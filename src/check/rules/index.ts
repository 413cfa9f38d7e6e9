import { RULES, type Rule } from '../../kernel/rules.ts';
import type { Check } from './check.ts';
import { COLLECTED_ALL, CollectedAll } from './collected-all.ts';
import { COLLECTED_ASKED, CollectedAsked } from './collected-asked.ts';
import { COLLECTED, Collected } from './collected.ts';
import { DATA_KEPT, DataKept } from './data-kept.ts';
import { ENTRY_BITS, EntryBits } from './entry-bits.ts';
import { ENTRY_INVALID, EntryInvalid } from './entry-invalid.ts';
import { ENTRY_LOST, EntryLost } from './entry-lost.ts';
import { ENTRY_WITHOUT_LOCK, EntryWithoutLock } from './entry-without-lock.ts';
import { EXCLUSIVE_MARK, ExclusiveMark } from './exclusive-mark.ts';
import { HMM_DEVICE_WRITE, HmmDeviceWrite } from './hmm-device-write.ts';
import { HMM_ERROR, HmmError } from './hmm-error.ts';
import { HMM_FLAGS, HmmFlags } from './hmm-flags.ts';
import { HMM_INPUT, HmmInput } from './hmm-input.ts';
import { HMM_OUTPUT, HmmOutput } from './hmm-output.ts';
import { KERNEL_RULES } from './kernel-rules.ts';
import { LRU_LEFT, LruLeft, RESIDENT_COUNT, ResidentCount, SWAP_COUNT, SwapCount } from './left-behind.ts';
import { LOCK_CIRCLE, LockCircle } from './lock-circle.ts';
import { LOCK_HELD_AT_RETURN, LockHeldAtReturn } from './lock-held-at-return.ts';
import { LOCK_NOT_OWNER, LockNotOwner } from './lock-not-owner.ts';
import { LOCK_ORDER, LockOrder } from './lock-order.ts';
import { MAPCOUNT_BALANCE, MapcountBalance } from './mapcount-balance.ts';
import { MIGRATE_RANGE, MigrateRange } from './migrate-range.ts';
import { MIGRATION_ENTRY_LOCKED, MigrationEntryLocked } from './migration-entry-locked.ts';
import { MIRROR_STALE, MirrorStale } from './mirror-stale.ts';
import { MOVED_WHILE_HELD, MovedWhileHeld } from './moved-while-held.ts';
import { NOTIFIER_COVERS, NotifierCovers } from './notifier-covers.ts';
import { NOTIFIER_PAIR, NotifierPair } from './notifier-pair.ts';
import { REFERENCE_BALANCE, ReferenceBalance } from './reference-balance.ts';
import { REVERSE_MAP, ReverseMap } from './reverse-map.ts';
import type { RuleInfo } from './rule.ts';
import { SETUP_COUNTS, SetupCounts } from './setup-counts.ts';
import { SLEEP_IN_ATOMIC, SleepInAtomic } from './sleep-in-atomic.ts';
import type { State } from './state.ts';
import { TLB_FLUSH, TlbFlush } from './tlb-flush.ts';
import { USE_AFTER_FREE, UseAfterFree } from './use-after-free.ts';

/** Rules that are checked over the recording, each with what checks it, in the order in which they hear of a step. */
const CHECKED: readonly (readonly [RuleInfo, new (state: State) => Check])[] = [
  [LOCK_NOT_OWNER, LockNotOwner],
  [LOCK_HELD_AT_RETURN, LockHeldAtReturn],
  [SLEEP_IN_ATOMIC, SleepInAtomic],
  [LOCK_ORDER, LockOrder],
  [LOCK_CIRCLE, LockCircle],
  [ENTRY_WITHOUT_LOCK, EntryWithoutLock],
  [MAPCOUNT_BALANCE, MapcountBalance],
  [REFERENCE_BALANCE, ReferenceBalance],
  [USE_AFTER_FREE, UseAfterFree],
  [MIGRATION_ENTRY_LOCKED, MigrationEntryLocked],
  [ENTRY_LOST, EntryLost],
  [ENTRY_INVALID, EntryInvalid],
  [ENTRY_BITS, EntryBits],
  [EXCLUSIVE_MARK, ExclusiveMark],
  [REVERSE_MAP, ReverseMap],
  [TLB_FLUSH, TlbFlush],
  [NOTIFIER_PAIR, NotifierPair],
  [NOTIFIER_COVERS, NotifierCovers],
  [DATA_KEPT, DataKept],
  [COLLECTED, Collected],
  [COLLECTED_ALL, CollectedAll],
  [COLLECTED_ASKED, CollectedAsked],
  [SETUP_COUNTS, SetupCounts],
  [MIGRATE_RANGE, MigrateRange],
  [MOVED_WHILE_HELD, MovedWhileHeld],
  [HMM_OUTPUT, HmmOutput],
  [HMM_DEVICE_WRITE, HmmDeviceWrite],
  [HMM_INPUT, HmmInput],
  [HMM_FLAGS, HmmFlags],
  [HMM_ERROR, HmmError],
  [RESIDENT_COUNT, ResidentCount],
  [SWAP_COUNT, SwapCount],
  [LRU_LEFT, LruLeft],
  [MIRROR_STALE, MirrorStale],
];

/** What checks a recording, in order. */
export const CHECKS: readonly (new (state: State) => Check)[] = CHECKED.map(([, check]) => check);

/** What checks one rule; nothing when only the running kernel does. */
export const checksOf = (rule: string): readonly (new (state: State) => Check)[] =>
  CHECKED.filter(([info]) => info.id === rule).map(([, check]) => check);

/** Every rule there is: those of recordings, and those that the running kernel checks itself. */
export const ALL_RULES: readonly RuleInfo[] = [...CHECKED.map(([info]) => info), ...KERNEL_RULES];

const byId = new Map(ALL_RULES.map((rule) => [rule.id, rule]));
const byKernelRule = new Map(ALL_RULES.flatMap((rule) => rule.kernel.map((k) => [k, rule] as const)));

/** The rule of this name, if there is one. */
export const ruleById = (id: string): RuleInfo | undefined => byId.get(id);

/** The rule to which a finding of the running kernel belongs. @throws {RangeError} when it has none: a gap in the catalogue. */
export function ruleOfKernel(rule: Rule): RuleInfo {
  const info = byKernelRule.get(rule);
  if (info === undefined) throw new RangeError(`no rule for ${RULES.find((r) => r.id === rule)?.name ?? rule}`);
  return info;
}
