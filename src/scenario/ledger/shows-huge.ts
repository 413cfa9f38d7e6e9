import { DEVICES } from '../library/devices.ts';
import { HUGE_PAGES } from '../library/huge-pages.ts';
import { anon } from '../library/make.ts';
import { RIVALS } from '../library/rivals.ts';
import type { Scenario } from '../types.ts';
import { largeByPtes, ledgerCase, own } from './case.ts';
import type { Show } from './show.ts';

const from = (list: readonly Scenario[], id: string): Scenario => list.find((s) => s.id === id) as Scenario;

/** Rows about huge PMDs, large folios and their splits. */
export const HUGE_SHOWS: Readonly<Record<string, Show>> = {
  'R-03': {
    scenario: from(HUGE_PAGES, 'thp-compound'),
    strategy: 'unified',
    off: 'nothing is checked',
    on: 'collecting begins with a check of the PMD lock',
    differs: { step: 'hmm_vma_handle_migrate_prepare_pmd:assert', in: 'on' },
  },
  'R-06': {
    scenario: from(HUGE_PAGES, 'thp-partial'),
    strategy: 'unified',
    off: 'nothing is checked',
    on: 'the split begins with a check that no lock is held',
    differs: { step: 'hmm_vma_walk_split:assert', in: 'on' },
  },
  'R-07': {
    scenario: from(RIVALS, 'lock-leak'),
    strategy: 'unified',
    off: 'the PMD lock is held for ever',
    on: 'it is dropped before the error is returned',
    differs: { finding: 'lock-held-at-exit', in: 'off' },
  },
  'R-11': {
    scenario: from(HUGE_PAGES, 'thp-pte-mapped'),
    strategy: 'unified',
    off: 'nothing is checked',
    on: 'after the split it is checked that the lock was dropped',
    differs: { step: 'hmm_vma_walk_pmd:assert', in: 'on' },
  },
  'F-01': {
    scenario: from(DEVICES, 'device-thp-loop'),
    strategy: 'migrate-only',
    off: 'nothing is split, and that counts as success: endless loop',
    on: 'the device folio is split and its pages collected',
    differs: { finding: 'livelock', in: 'off' },
  },
  'F-03': {
    scenario: from(HUGE_PAGES, 'thp-split'),
    strategy: 'unified',
    off: 'the second pass finds 512 reports where its requests were',
    on: 'it finds the requests',
    differs: { step: 'hmm_vma_walk_pmd:requestBack', in: 'on' },
  },
  'F-04': {
    scenario: from(HUGE_PAGES, 'thp-cross'),
    strategy: 'unified',
    off: 'four pages keep their migration entries and locks for ever',
    on: 'they are put back before -EBUSY is returned, and collected by the retry',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'F-05': {
    scenario: from(HUGE_PAGES, 'double-unmap'),
    strategy: 'unified',
    off: 'an RCU section is left that was not entered',
    on: 'the table is unmapped once',
    differs: { finding: 'rcu-imbalance', in: 'off' },
  },
  'F-08': {
    scenario: from(RIVALS, 'lock-leak'),
    strategy: 'unified',
    with: ['R-07'],
    off: '-EFAULT, although a fault would have helped',
    on: 'the PMD is looked at anew and faulted in',
    differs: { step: 'hmm_vma_walk_pmd:absentFailed', in: 'off' },
  },
  'F-09': {
    scenario: ledgerCase(
      'F-09',
      'the table is freed while a folio is split',
      [own(0, 8), largeByPtes(8, 504, 8)],
      512,
      {
        fault: false,
        vmas: [anon(0, 512)],
        conditions: { rivals: [{ does: 'madvise_dontneed', start: 0, end: 512, when: 'before-split' }] },
      },
    ),
    strategy: 'unified',
    with: ['F-20'],
    off: 'the hole is reported from the first page on: eight collected pages are forgotten, their folios stay locked',
    on: 'the hole begins where the walk stood',
    differs: { finding: 'folio-left-locked', in: 'off' },
  },
  'F-13': {
    scenario: ledgerCase('F-13', 'a hole of two 2 MiB blocks', [], 1024, {
      fault: false,
      select: ['SYSTEM', 'COMPOUND'],
    }),
    strategy: 'migrate-only',
    off: 'only the first block is migrated',
    on: 'both are',
    differs: { words: 'src' },
  },
  'F-15': {
    scenario: from(HUGE_PAGES, 'thp-locked'),
    strategy: 'unified',
    off: '512 readable pages are reported as ERROR',
    on: 'they keep their report',
    differs: { words: 'hmm_pfns' },
  },
  'F-19': {
    scenario: ledgerCase(
      'F-19',
      'a coherent huge page',
      [
        {
          page: 0,
          count: 512,
          level: 'pmd',
          kind: 'present',
          write: true,
          folio: { memory: 'coherent', device: 2, exclusive: true },
        },
      ],
      512,
      { device: 2, select: ['DEVICE_COHERENT', 'COMPOUND'] },
    ),
    strategy: 'migrate-only',
    off: 'not selected, because SYSTEM is not asked for',
    on: 'collected and brought back',
    differs: { words: 'src' },
  },
  'F-20': {
    scenario: ledgerCase('F-20', 'the folio is freed before it is held', 'TP', 512, {
      fault: false,
      conditions: { rivals: [{ does: 'madvise_dontneed', start: 0, end: 512, when: 'before-split' }] },
    }),
    strategy: 'unified',
    off: 'a reference is taken on a folio that is free',
    on: 'the reference taken under the lock keeps it alive',
    differs: { finding: 'use-after-free', in: 'off' },
  },
  'F-27': {
    scenario: ledgerCase('F-27', 'a device huge page comes home', 'TD', 512, {
      select: ['DEVICE_PRIVATE', 'COMPOUND'],
    }),
    strategy: 'migrate-only',
    off: 'writable memory comes back read-only and marked by userfaultfd',
    on: 'it comes back writable',
    differs: { table: true },
  },
  'F-32': {
    scenario: ledgerCase(
      'F-32',
      'a huge page of shared memory',
      [
        {
          page: 0,
          count: 512,
          level: 'pmd',
          kind: 'present',
          write: true,
          young: true,
          dirty: true,
          folio: { dirty: true },
        },
      ],
      512,
      { vmas: [{ start: 0, end: 512, perms: 'rw-s', kind: 'shmem' }], select: ['SYSTEM', 'COMPOUND'] },
    ),
    strategy: 'migrate-only',
    off: 'a migration entry is written and taken back',
    on: 'the PMD is left alone',
    differs: { step: 'hmm_vma_handle_migrate_prepare_pmd:install', in: 'off' },
  },
  'F-35': {
    scenario: ledgerCase(
      'F-35',
      'a locked large folio behind collected pages',
      [
        own(0, 8),
        { ...largeByPtes(8, 8, 8), folio: { name: 'large', order: 9, exclusive: true, dirty: true, locked: true } },
      ],
      16,
      { vmas: [anon(0, 16)] },
    ),
    strategy: 'unified',
    off: 'the walk waits for the lock while it holds eight others; here for ever',
    on: 'the folio is left alone',
    differs: { finding: 'blocked-forever', in: 'off' },
  },
  'L-02': {
    scenario: ledgerCase('L-02', 'a fault on one page of a device huge page', 'TD', 512, {
      conditions: { driver: ['faults-by-page'] },
    }),
    strategy: 'migrate-only',
    operations: [{ call: 'cpu', write: false, page: 5 }],
    kernel: 'base',
    off: 'split_folio() finds a reference too many, and the page cannot come back',
    on: 'the reference is given back before the split',
    differs: { step: 'migrate_vma_collect_huge_pmd:splitFailed', in: 'off' },
  },
  'L-08': {
    scenario: ledgerCase(
      'L-08',
      'a shared device huge page is split',
      [{ page: 0, count: 512, level: 'pmd', kind: 'device', folio: { device: 0, sharedBy: 1 } }],
      512,
      { select: ['DEVICE_PRIVATE'] },
    ),
    strategy: 'migrate-only',
    kernel: 'base',
    off: 'a device-private PMD is taken for the migration entry that is looked for',
    on: 'it is left alone',
    differs: { finding: 'warning', in: 'off' },
  },
  'M-01': {
    scenario: ledgerCase('M-01', 'no huge device page for a shared huge page', 'TC', 512, {
      select: ['SYSTEM', 'COMPOUND'],
      conditions: { failAlloc: [0] },
    }),
    strategy: 'migrate-only',
    off: 'the child’s PMD migration entry cannot be restored: the kernel stops',
    on: 'it was split, too',
    differs: { finding: 'bug', in: 'off' },
  },
  'M-02': {
    scenario: from(HUGE_PAGES, 'thp-shared'),
    strategy: 'unified',
    off: 'the folio stays mapped by the child, the split fails',
    on: 'all mappings are frozen, the split succeeds',
    differs: { step: 'split_folio:frozen', in: 'off' },
  },
  'M-03': {
    scenario: ledgerCase('M-03', 'a huge page of another device', 'TE', 512, { fault: false }),
    strategy: 'fault-only',
    off: '512 times ERROR',
    on: 'nothing, as for small pages',
    differs: { words: 'hmm_pfns' },
  },
  'M-05': {
    scenario: ledgerCase('M-05', 'somebody populates the empty PMD first', [], 512, {
      fault: false,
      select: ['SYSTEM', 'COMPOUND'],
      tables: [{ page: 0, level: 'pmd' }],
      conditions: { rivals: [{ does: 'cpu_write', start: 0, end: 1, when: 'before-copy' }] },
    }),
    strategy: 'migrate-only',
    off: 'src[0] keeps COMPOUND alone',
    on: 'src[0] is 0',
    differs: { words: 'src' },
  },
  'M-06': {
    scenario: from(HUGE_PAGES, 'thp-split'),
    strategy: 'unified',
    off: 'the driver has to call again',
    on: 'the walk begins anew by itself',
    differs: { step: 'gt_ioctl:retry', in: 'off' },
  },
};
