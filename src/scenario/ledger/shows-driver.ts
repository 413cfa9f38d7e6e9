import { anon } from '../library/make.ts';
import { ledgerCase, own } from './case.ts';
import type { Show } from './show.ts';

/** Rows that need another driver than the test driver, or another build. */
export const DRIVER_SHOWS: Readonly<Record<string, Show>> = {
  'S-02': {
    scenario: ledgerCase('S-02', 'a walk that names no address space', 'P*4', 4, {
      conditions: { driver: ['no-notifier'], without: ['DEVICE_MIGRATION'] },
    }),
    strategy: 'fault-only',
    off: 'the notifier’s mm is read through a NULL pointer',
    on: '-EINVAL',
    differs: { finding: 'bug', in: 'off' },
  },
  'F-02': {
    scenario: ledgerCase('F-02', 'a driver without an owner value', 'P*4', 4, { conditions: { driver: ['no-owner'] } }),
    strategy: 'migrate-only',
    off: 'the MIGRATE event has no end: every reader of the notifier waits for ever',
    on: 'it ends',
    differs: { finding: 'event-not-ended', in: 'off' },
  },
  'F-06': {
    scenario: ledgerCase('F-06', 'a huge page and no struct migrate_vma', 'T', 512, {
      conditions: { driver: ['no-migrate-struct'] },
    }),
    strategy: 'unified',
    off: 'migrate->flags is read through a NULL pointer',
    on: '-EINVAL before anything is touched',
    differs: { finding: 'bug', in: 'off' },
  },
  'F-12': {
    scenario: ledgerCase('F-12', 'an end in the middle of a page', 'P*9', 8, { conditions: { driver: ['unaligned'] } }),
    strategy: 'migrate-only',
    off: 'page 8 is collected behind the array, and nobody knows of it',
    on: 'the walk ends with page 7',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'F-24': {
    scenario: ledgerCase('F-24', 'a kernel without DEVICE_MIGRATION', 'P*4', 4, {
      conditions: { openDevices: [0, 1], without: ['DEVICE_MIGRATION'] },
    }),
    strategy: 'unified',
    off: 'the MIGRATE event is begun, and the code that ends it is not built',
    on: 'the walk does not migrate',
    differs: { finding: 'event-not-ended', in: 'off' },
  },
  'F-26': {
    scenario: ledgerCase('F-26', 'pages, then no VMA, and a driver that returns on errors', [own(0, 3)], 6, {
      vmas: [anon(0, 3)],
      conditions: { driver: ['returns-on-error'] },
    }),
    strategy: 'unified',
    off: 'three pages keep their migration entries and locks',
    on: 'they are put back before -EFAULT is returned',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'F-33': {
    scenario: ledgerCase('F-33', 'a range without any VMA, a struct that was used before', [own(8, 1)], 4, {
      fault: false,
      vmas: [anon(8, 16)],
      conditions: { driver: ['old-migrate-struct'] },
    }),
    strategy: 'unified',
    off: 'four entries are converted for a migration that never was',
    on: 'the struct says that nothing was collected',
    differs: { step: 'migrate_hmm_range_setup:skip', in: 'off' },
  },
  'L-04': {
    scenario: ledgerCase('L-04', 'a fault that drops the mmap lock during a migration', 'P N P', 3, {
      conditions: { driver: ['drops-mmap-lock'] },
    }),
    strategy: 'unified',
    off: 'the VMA could vanish while page 0 is a migration entry',
    on: '-EINVAL: the two do not go together',
    differs: { finding: 'mmap-lock-dropped', in: 'off' },
  },
  'RFC-2': {
    scenario: ledgerCase('RFC-2', 'a driver that heeds its own events', 'P*4', 4, {
      conditions: { driver: ['obeys-own-events'] },
    }),
    strategy: 'unified',
    off: 'every try invalidates itself',
    on: 'the walk’s own event is no reason to start anew',
    differs: { finding: 'livelock', in: 'off' },
  },
  'RFC-3': {
    scenario: ledgerCase('RFC-3', 'a callback that moves its sequence on', 'P*4', 4),
    strategy: 'unified',
    with: ['RFC-2'],
    off: 'the sequence stays where it was: a reader believes its data',
    on: 'it has moved on',
    differs: { sequence: true },
  },
};
