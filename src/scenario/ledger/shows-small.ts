import { DEVICES } from '../library/devices.ts';
import { anon } from '../library/make.ts';
import { RIVALS } from '../library/rivals.ts';
import type { Scenario } from '../types.ts';
import { ledgerCase, own } from './case.ts';
import type { Show } from './show.ts';

const from = (list: readonly Scenario[], id: string): Scenario => list.find((s) => s.id === id) as Scenario;
const crossing = ledgerCase('F-34', 'a table is done, the next PMD is none', [own(0, 4)], 516, {
  vmas: [anon(0, 1024)],
  tables: [{ page: 512, level: 'pmd' }],
});

/** Rows about PTEs, holes and VMAs. */
export const SMALL_SHOWS: Readonly<Record<string, Show>> = {
  'R-01': {
    scenario: ledgerCase('R-01', 'a fault under an assertion', 'P N P', 3),
    strategy: 'unified',
    off: 'nothing is checked',
    on: 'the fault begins with a check of both locks',
    differs: { step: 'hmm_vma_fault:assert', in: 'on' },
  },
  'R-04': {
    scenario: ledgerCase('R-04', 'pages collected under an assertion', 'P*4', 4),
    strategy: 'migrate-only',
    off: 'nothing is checked',
    on: 'each page begins with a check of the PTE lock',
    differs: { step: 'hmm_vma_handle_migrate_prepare:assert', in: 'on' },
  },
  'R-05': {
    scenario: ledgerCase('R-05', 'the table vanishes before it is locked', 'P*512', 8, {
      vmas: [anon(0, 512)],
      conditions: { rivals: [{ does: 'madvise_dontneed', start: 0, end: 512, when: 'before-first-pte-lock' }] },
    }),
    strategy: 'migrate-only',
    with: ['RFC-8'],
    off: 'the missing table is taken for a PTE: NULL pointer',
    on: 'there is nothing to collect',
    differs: { finding: 'bug', in: 'off' },
  },
  'F-10': {
    scenario: ledgerCase('F-10', 'memory that the CPU may not read', [{ ...own(0, 8), write: false }], 8, {
      vmas: [anon(0, 8, '---p')],
    }),
    strategy: 'migrate-only',
    with: ['F-11'],
    off: 'eight times ERROR, nothing is collected',
    on: 'the pages are collected',
    differs: { step: 'hmm_vma_handle_migrate_prepare:install', in: 'on' },
  },
  'F-11': {
    scenario: ledgerCase(
      'F-11',
      'pages under NUMA hinting',
      [{ page: 0, count: 4, level: 'pte', kind: 'present', protnone: true, young: true, folio: { exclusive: true } }],
      4,
    ),
    strategy: 'migrate-only',
    off: 'not VALID, so not collected',
    on: 'present is enough',
    differs: { step: 'hmm_vma_handle_migrate_prepare:install', in: 'on' },
  },
  'F-14': {
    scenario: from(RIVALS, 'rival-migration'),
    strategy: 'unified',
    off: 'two entries are 0 although a fault was asked for, and the call says success',
    on: 'the walk puts back what it has, waits for the other migration, and begins anew',
    differs: { step: 'hmm_vma_handle_pte:migrationLater', in: 'on' },
  },
  'F-16': {
    scenario: ledgerCase('F-16', 'a zero page that is mapped for DMA', 'P Z P', 3, {
      conditions: { driver: ['dma-mapped'] },
    }),
    strategy: 'unified',
    off: 'the zero page’s entry loses DMA_MAPPED',
    on: 'it keeps it, as the others do',
    differs: { words: 'hmm_pfns' },
  },
  'F-18': {
    scenario: ledgerCase('F-18', 'pages of a VM_MIXEDMAP mapping', 'P*4', 4, {
      vmas: [{ start: 0, end: 4, perms: 'rw-p', kind: 'anon', flags: ['mixedmap', 'nohugepage'] }],
    }),
    strategy: 'unified',
    off: 'the fault path collects what migrate_vma_setup() would refuse',
    on: '-EINVAL before anything is touched',
    differs: { step: 'hmm_vma_handle_migrate_prepare:install', in: 'off' },
  },
  'F-23': {
    scenario: ledgerCase('F-23', 'eight pages, eight flushes', 'P*8', 8),
    strategy: 'migrate-only',
    off: 'a flush for each page',
    on: 'one flush before the lock is dropped',
    differs: { step: 'hmm_vma_handle_migrate_prepare:flush', in: 'off' },
  },
  'F-28': {
    scenario: ledgerCase('F-28', 'only the even pages are asked for', 'P N N Z P N', 6),
    strategy: 'unified',
    operations: [
      {
        call: 'hmm_range_fault',
        migrate: false,
        request: {
          start: 0,
          end: 6,
          fault: false,
          write: false,
          select: [],
          device: 0,
          perPage: { even: 'write', odd: 'nothing' },
        },
      },
    ],
    off: 'the odd pages are write-faulted, too',
    on: 'only what was asked for is faulted',
    differs: { table: true },
  },
  'F-29': {
    scenario: ledgerCase('F-29', 'device registers, then memory', [own(4, 4)], 8, {
      fault: false,
      vmas: [{ start: 0, end: 4, perms: 'rw-s', kind: 'special', flags: ['io', 'pfnmap'] }, anon(4, 8)],
    }),
    strategy: 'unified',
    off: 'the skipped VMA was captured: -ERANGE at the second',
    on: 'the second VMA is the first that counts',
    differs: { step: 'hmm_vma_capture_migrate_range:secondVma', in: 'off' },
  },
  'F-31': {
    scenario: ledgerCase(
      'F-31',
      'clean device pages',
      [{ page: 0, count: 4, level: 'pte', kind: 'device', write: true, folio: { device: 0, exclusive: true } }],
      4,
      { select: ['DEVICE_PRIVATE'] },
    ),
    strategy: 'migrate-only',
    off: 'every collected device page is marked dirty',
    on: 'none is',
    differs: { step: 'hmm_vma_handle_migrate_prepare:dirty', in: 'off' },
  },
  'F-34': {
    scenario: crossing,
    strategy: 'unified',
    with: ['R-01'],
    off: 'the assertion of R-01 is tripped by a stale flag',
    on: 'it holds',
    differs: { finding: 'warning', in: 'off' },
  },
  'V-01': {
    scenario: ledgerCase('V-01', 'a hole between two pages', 'P N P', 3, { fault: false }),
    strategy: 'unified',
    off: 'the hole is VALID and MIGRATE with frame 0',
    on: 'it is MIGRATE alone',
    differs: { words: 'hmm_pfns' },
  },
  'M-04': {
    scenario: from(RIVALS, 'freed-while-migrating'),
    strategy: 'unified',
    off: 'page 2 counts as migrated',
    on: 'it does not',
    differs: { words: 'src' },
  },
  'N-01': {
    scenario: ledgerCase('N-01', 'a page is swapped in', 'S', 1),
    strategy: 'fault-only',
    kernel: 'base',
    off: 'a slot with one user is read past the swap cache',
    on: 'it goes through the swap cache',
    differs: { step: 'do_swap_page:cacheAdd', in: 'on' },
  },
  'N-02': {
    scenario: ledgerCase(
      'N-02',
      'a device page that somebody has locked',
      [
        {
          page: 0,
          count: 1,
          level: 'pte',
          kind: 'device',
          write: true,
          folio: { device: 1, exclusive: true, locked: true },
        },
      ],
      1,
    ),
    strategy: 'fault-only',
    off: 'the fault comes back at once, again and again',
    on: 'it sleeps until the page is unlocked',
    differs: { finding: 'livelock', in: 'off' },
  },
  'N-04': {
    scenario: ledgerCase(
      'N-04',
      'a fault page is unmapped while its folio is split',
      [
        {
          page: 0,
          count: 512,
          level: 'pte',
          kind: 'device',
          write: true,
          folio: { name: 'large', order: 9, device: 0, exclusive: true, dirty: true },
        },
      ],
      512,
      { conditions: { rivals: [{ does: 'madvise_dontneed', start: 5, end: 6, when: 'before-split' }] } },
    ),
    strategy: 'migrate-only',
    operations: [{ call: 'cpu', write: false, page: 5 }],
    off: 'a reference is taken on the fault page’s folio, which is free',
    on: 'the split leaves lock and reference with the fault page',
    differs: { finding: 'use-after-free', in: 'off' },
  },
  'N-03': {
    scenario: ledgerCase('N-03', 'a device page comes back, and there is no memory', 'D*2', 2, {
      conditions: { failAlloc: [0] },
    }),
    strategy: 'migrate-only',
    operations: [{ call: 'cpu', write: false, page: 0 }],
    off: 'page 0 stays a migration entry, its folio is never put back',
    on: 'the device entry is restored; only the fault fails',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'F-36': {
    scenario: { ...from(DEVICES, 'device-thp-loop'), id: 'ledger-f-36', title: 'eight pages of a device huge page' },
    strategy: 'fault-only',
    off: 'page 100 is reported with the frame of page 0',
    on: 'each page has its own frame',
    differs: { words: 'hmm_pfns' },
  },
};
