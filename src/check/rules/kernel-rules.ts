import { RULE, type Rule } from '../../kernel/rules.ts';
import type { RuleInfo, RuleSource } from './rule.ts';

/** A rule of the running kernel: what it is called there, and what its source means. */
interface KernelRule extends Omit<RuleInfo, 'kernel' | 'text' | 'source'> {
  readonly rule: Rule;
  readonly where: RuleSource['where'];
  readonly means: RuleSource['says'];
}

/** The runs of a row of the ledger; `on`: switching it on is what breaks the rule. */
const row = (ledger: string, on = false): Pick<RuleInfo, 'broken' | 'kept'> => ({
  broken: { ledger, on },
  kept: { ledger, on: !on },
});

const FOUND_BY_KERNEL: readonly KernelRule[] = [
  {
    id: 'rcu-imbalance',
    says: 'A PTE table is unmapped as often as it was mapped.',
    where: 'include/linux/pgtable.h, pte_unmap(); mm/pgtable-generic.c, __pte_offset_map()',
    means:
      'pte_offset_map() begins an RCU read section and pte_unmap() ends it; one end too many is a bad unlock balance.',
    moment: 'step',
    rule: RULE.RCU_IMBALANCE,
    ...row('F-05'),
  },
  {
    id: 'blocked-forever',
    says: 'Nobody waits for something that nobody will ever give.',
    where: 'kernel/hung_task.c; kernel/locking/lockdep.c',
    means: 'A task that is blocked for more than two minutes is reported; in the model nobody else can run any more.',
    moment: 'end',
    rule: RULE.BLOCKED_FOREVER,
    ...row('F-35'),
  },
  {
    id: 'livelock',
    says: 'A loop that comes round has changed something: it does not repeat the same state for ever.',
    where: 'mm/hmm.c, hmm_range_fault(), the loop over -EBUSY',
    means: 'The walk is repeated as long as it says -EBUSY, without a limit: each round has to make progress.',
    moment: 'step',
    rule: RULE.LIVELOCK,
    ...row('F-01'),
  },
  {
    id: 'warning',
    says: 'No assertion of the code itself fails (WARN_ON).',
    where: 'include/asm-generic/bug.h',
    means: 'WARN_ON() says that something happened that its author held for impossible.',
    moment: 'step',
    rule: RULE.WARN,
    ...row('L-08'),
  },
  {
    id: 'bug',
    says: 'The kernel is never stopped by an assertion or by a NULL pointer (BUG, Oops).',
    where: 'include/asm-generic/bug.h',
    means: 'BUG_ON() stops the task with whatever it holds; a NULL pointer does the same.',
    moment: 'step',
    rule: RULE.BUG,
    ...row('F-06'),
  },
  {
    id: 'folio-left-locked',
    says: 'No folio stays locked when all have returned.',
    where: 'mm/migrate_device.c, __migrate_device_finalize()',
    means:
      'Finalize unlocks source and destination of every entry; a folio that stays locked blocks everybody who meets it.',
    moment: 'end',
    rule: RULE.FOLIO_LEFT_LOCKED,
    ...row('RFC-9', true),
  },
  {
    id: 'mmap-lock-dropped',
    says: 'The mmap lock is held from the collection to the end of the migration.',
    where: 'mm/migrate_device.c, migrate_vma_setup(): "must be called with mmap_lock held in at least read mode"',
    means: 'Setup, pages and finalize run under one hold of the mmap lock: the VMA must not go away in between.',
    moment: 'step',
    rule: RULE.MMAP_LOCK_DROPPED,
    ...row('L-04'),
  },
  {
    id: 'test-failed',
    says: 'A test of the selftests gets what it expects.',
    where: 'tools/testing/selftests/mm/hmm-tests.c',
    means: 'The assertions of the program whose calls the scenario makes.',
    moment: 'step',
    rule: RULE.TEST_FAILED,
    mutant: 'copy-is-forgotten',
    kept: { library: 'hmm-anon-write' },
  },
];

/** Rules that the running kernel checks itself, and no recording needs to be read for. */
export const KERNEL_RULES: readonly RuleInfo[] = FOUND_BY_KERNEL.map(({ rule, where, means, ...info }) => ({
  ...info,
  source: { where, says: means },
  kernel: [rule],
  text: '',
}));
