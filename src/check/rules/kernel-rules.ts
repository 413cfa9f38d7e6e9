import { RULE } from '../../kernel/rules.ts';
import type { RuleInfo } from './rule.ts';

/** Rules that the running kernel checks itself, and no recording needs to be read for. */
export const KERNEL_RULES: readonly RuleInfo[] = [
  {
    id: 'rcu-imbalance',
    says: 'A PTE table is unmapped as often as it was mapped.',
    source: {
      where: 'include/linux/pgtable.h, pte_unmap(); mm/pgtable-generic.c, __pte_offset_map()',
      says: 'pte_offset_map() begins an RCU read section and pte_unmap() ends it; one end too many is a bad unlock balance.',
    },
    moment: 'step',
    kernel: [RULE.RCU_IMBALANCE],
    text: '',
    broken: { ledger: 'F-05' },
    kept: { ledger: 'F-05', on: true },
  },
  {
    id: 'blocked-forever',
    says: 'Nobody waits for something that nobody will ever give.',
    source: {
      where: 'kernel/hung_task.c; kernel/locking/lockdep.c',
      says: 'A task that is blocked for more than two minutes is reported; in the model nobody else can run any more.',
    },
    moment: 'end',
    kernel: [RULE.BLOCKED_FOREVER],
    text: '',
    broken: { ledger: 'F-35' },
    kept: { ledger: 'F-35', on: true },
  },
  {
    id: 'livelock',
    says: 'A loop that comes round has changed something: it does not repeat the same state for ever.',
    source: {
      where: 'mm/hmm.c, hmm_range_fault(), the loop over -EBUSY',
      says: 'The walk is repeated as long as it says -EBUSY, without a limit: each round has to make progress.',
    },
    moment: 'step',
    kernel: [RULE.LIVELOCK],
    text: '',
    broken: { ledger: 'F-01' },
    kept: { ledger: 'F-01', on: true },
  },
  {
    id: 'warning',
    says: 'No assertion of the code itself fails (WARN_ON).',
    source: {
      where: 'include/asm-generic/bug.h',
      says: 'WARN_ON() says that something happened that its author held for impossible.',
    },
    moment: 'step',
    kernel: [RULE.WARN],
    text: '',
    broken: { ledger: 'L-08' },
    kept: { ledger: 'L-08', on: true },
  },
  {
    id: 'bug',
    says: 'The kernel is never stopped by an assertion or by a NULL pointer (BUG, Oops).',
    source: {
      where: 'include/asm-generic/bug.h',
      says: 'BUG_ON() stops the task with whatever it holds; a NULL pointer does the same.',
    },
    moment: 'step',
    kernel: [RULE.BUG],
    text: '',
    broken: { ledger: 'F-06' },
    kept: { ledger: 'F-06', on: true },
  },
  {
    id: 'folio-left-locked',
    says: 'No folio stays locked when all have returned.',
    source: {
      where: 'mm/migrate_device.c, __migrate_device_finalize()',
      says: 'Finalize unlocks source and destination of every entry; a folio that stays locked blocks everybody who meets it.',
    },
    moment: 'end',
    kernel: [RULE.FOLIO_LEFT_LOCKED],
    text: '',
    broken: { ledger: 'RFC-9', on: true },
    kept: { ledger: 'RFC-9' },
  },
  {
    id: 'mmap-lock-dropped',
    says: 'The mmap lock is held from the collection to the end of the migration.',
    source: {
      where: 'mm/migrate_device.c, migrate_vma_setup(): "must be called with mmap_lock held in at least read mode"',
      says: 'Setup, pages and finalize run under one hold of the mmap lock: the VMA must not go away in between.',
    },
    moment: 'step',
    kernel: [RULE.MMAP_LOCK_DROPPED],
    text: '',
    broken: { ledger: 'L-04' },
    kept: { ledger: 'L-04', on: true },
  },
  {
    id: 'test-failed',
    says: 'A test of the selftests gets what it expects.',
    source: {
      where: 'tools/testing/selftests/mm/hmm-tests.c',
      says: 'The assertions of the program whose calls the scenario makes.',
    },
    moment: 'step',
    kernel: [RULE.TEST_FAILED],
    text: '',
    mutant: 'copy-is-forgotten',
    kept: { library: 'hmm-anon-write' },
  },
];
