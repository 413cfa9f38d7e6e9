import { anon } from '../library/make.ts';
import { HUGE_PAGES } from '../library/huge-pages.ts';
import type { Operation, Scenario } from '../types.ts';
import { ledgerCase, own } from './case.ts';
import type { Show } from './show.ts';

const poisoned = ledgerCase(
  'RFC-9',
  'two pages, then a poisoned one',
  [own(0, 2), { page: 2, count: 1, level: 'pte', kind: 'hwpoison' }],
  3,
);
const faulting = (s: Scenario): readonly Operation[] => [{ call: 'migrate_vma', fault: true, request: s.request }];

/** Rows about the first posting: off is v2, on is as it was before. */
export const RFC_SHOWS: Readonly<Record<string, Show>> = {
  'RFC-5': {
    scenario: ledgerCase('RFC-5', 'a used dst[], and no memory for page 0', 'P*4', 4, {
      conditions: { failAlloc: [0], driver: ['old-dst'] },
    }),
    strategy: 'unified',
    off: 'dst[0] is 0: page 0 stays',
    on: 'page 0 is moved to whatever dst[0] names',
    differs: { finding: 'unlock-not-owner', in: 'on' },
  },
  'RFC-6': {
    scenario: ledgerCase('RFC-6', 'device pages come home, system pages lie between', 'D P D P', 4, {
      select: ['DEVICE_PRIVATE'],
    }),
    strategy: 'migrate-only',
    off: 'only device pages are collected',
    on: 'system pages are collected, too',
    differs: { words: 'src' },
  },
  'RFC-7': {
    scenario: ledgerCase('RFC-7', 'a writer queues between two read locks', 'P*4', 4, {
      conditions: { rivals: [{ does: 'mmap_write', start: 0, end: 4, when: 'mmap-held' }] },
    }),
    strategy: 'unified',
    off: 'the lock is taken once',
    on: 'the second read lock waits for the writer, who waits for the first',
    differs: { finding: 'blocked-forever', in: 'on' },
  },
  'RFC-8': {
    scenario: ledgerCase('RFC-8', 'a page is copied between report and collection', 'C*2', 2, {
      fault: false,
      vmas: [anon(0, 512)],
      conditions: { rivals: [{ does: 'cpu_write', start: 0, end: 1, when: 'before-first-pte-lock' }] },
    }),
    strategy: 'unified',
    off: 'what is reported is what is collected',
    on: 'src[0] names the old page, the new one stays locked behind a migration entry',
    differs: { finding: 'folio-left-locked', in: 'on' },
  },
  'RFC-9': {
    scenario: poisoned,
    strategy: 'migrate-only',
    operations: faulting(poisoned),
    off: 'both pages are put back',
    on: 'they stay behind migration entries, locked',
    differs: { finding: 'migration-entry-left', in: 'on' },
  },
  'RFC-10': {
    scenario: ledgerCase('RFC-10', 'a hole that is mapped for DMA', 'P N P', 3, {
      fault: false,
      conditions: { driver: ['dma-mapped'] },
    }),
    strategy: 'unified',
    off: 'src[1] is an empty page',
    on: 'src[1] is page frame 0',
    differs: { step: 'migrate_hmm_range_setup:empty', in: 'off' },
  },
  'RFC-11': {
    scenario: ledgerCase('RFC-11', 'a dirty page that comes back', 'P*2', 2, { conditions: { failAlloc: [0] } }),
    strategy: 'unified',
    off: 'page 0 comes back accessed and dirty',
    on: 'it comes back old and clean',
    differs: { table: true },
  },
  'RFC-12': {
    scenario: ledgerCase('RFC-12', 'COMPOUND, and nothing mapped', [], 512, {
      fault: false,
      select: ['SYSTEM', 'COMPOUND'],
    }),
    strategy: 'migrate-only',
    off: 'the hole is collected as it is',
    on: 'COMPOUND asks for a fault',
    differs: { step: 'migrate_vma_setup:fault', in: 'on' },
  },
  'RFC-13': {
    scenario: HUGE_PAGES.find((s) => s.id === 'thp-cross') as Scenario,
    strategy: 'unified',
    off: 'the retry passes over its own migration entries',
    on: 'it waits for them, and so for itself',
    differs: { finding: 'blocked-forever', in: 'on' },
  },
};
