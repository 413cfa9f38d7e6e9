import type { Operation, ScenarioVma } from '../types.ts';
import { PATTERN, type Selftest, ioctl, reads, selftest, toDevice } from './selftest.ts';

/*
 * Tests of huge pages (rows 29 to 37). Ranges begin on a 2 MiB boundary; where the test uses more than one
 * huge page, one is enough here.
 */

const huge = (end = 512, perms = 'rw-p', flag: 'hugepage' | 'nohugepage' = 'hugepage'): ScenarioVma[] => [
  { start: 0, end, perms, kind: 'anon', flags: [flag] },
];

/** 1 MiB of device memory is unmapped, and a CPU reads the rest. */
function partialUnmap(thp: boolean, at: number): Selftest {
  return selftest({
    test: 'migrate_partial_unmap_fault',
    id: `hmm-partial-unmap-${thp ? 'thp' : 'small'}-${at * 4}k`,
    title: `Test migrate_partial_unmap_fault: 1 MiB at ${at * 4} KiB goes${thp ? ' (huge page)' : ''}`,
    about:
      'munmap() takes half of a folio that lies on the device. The PMD is split at once, the folio only when a CPU touches what is left.',
    look: ['The device’s PMD becomes 512 device entries.', 'The first fault splits the folio, and moves one page.'],
    tags: ['device', 'thp', 'split', 'vma'],
    memory: thp ? 'T' : 'P*512',
    vmas: huge(512, 'rw-p', thp ? 'hugepage' : 'nohugepage'),
    pages: 512,
    shipped: thp && at === 128,
    program: [
      toDevice(0, 512),
      { call: 'munmap', start: at, end: at + 256, expect: { ret: 0 } },
      ...(at > 0 ? [reads(0, at)] : []),
      ...(at + 256 < 512 ? [reads(at + 256, 512)] : []),
    ],
  });
}

/** Memory is moved by 2 MiB and `at` pages, before or after it went to the device. */
function remap(before: boolean, keepOld: boolean, thp: boolean, at: number): Selftest {
  const to = 512 + at;
  const move: Operation = { call: 'mremap', start: 0, end: 512, to, keepOld, expect: { ret: 0 } };
  const name = [before ? 'before' : 'after', thp ? 'thp' : 'small', `${at * 4}k`, ...(keepOld ? ['dontunmap'] : [])];
  const dev = (start: number): Operation => ioctl('to-dev', start, start + 512, { ret: 0, cpages: 512, data: PATTERN });
  return selftest({
    test: 'migrate_remap_fault',
    id: `hmm-remap-${name.join('-')}`,
    title: `Test migrate_remap_fault: mremap() ${before ? 'before' : 'after'} the migration, by 2 MiB + ${at * 4} KiB`,
    about:
      'mremap() moves entries, not pages: device entries go along, and the folio keeps the index it had. Reverse mapping must find it at its new place.',
    look: [
      at === 0
        ? 'Both places are aligned: the PMD moves as it is.'
        : 'The new place lies differently in its 2 MiB: the PMD is split first.',
      'The CPU’s reads at the new place fetch the pages home.',
    ],
    tags: ['device', 'vma', 'rmap', ...(thp ? ['thp'] : [])],
    memory: thp ? 'T' : 'P*512',
    vmas: huge(512, 'rw-p', thp ? 'hugepage' : 'nohugepage'),
    pages: 1536,
    shipped: !before && thp && !keepOld && at !== 128,
    program: before ? [move, dev(to), reads(to, to + 512, PATTERN)] : [dev(0), move, reads(to, to + 512, PATTERN)],
  });
}

const OFFSETS = [0, 128, 256];
const BOTH = [false, true];

/** One round trip, as the benchmark makes six of them. */
function roundTrips(thp: boolean): Selftest {
  const trip = (): Operation[] => [toDevice(0, 512), ioctl('to-sys', 0, 512)];
  return selftest({
    test: 'benchmark_thp_migration',
    id: `hmm-benchmark-${thp ? 'thp' : 'small'}`,
    title: `Test benchmark_thp_migration: 2 MiB, ${thp ? 'as one huge page' : 'page by page'}`,
    about:
      'The benchmark’s round trips, without its clock: one warm-up and two more. Compare the counters of the huge and the small form.',
    tags: ['device', 'cost', ...(thp ? ['thp'] : [])],
    memory: thp ? 'T' : 'P*512',
    vmas: huge(512, 'rw-p', thp ? 'hugepage' : 'nohugepage'),
    pages: 512,
    program: [...trip(), ...trip(), ...trip(), reads(0, 512)],
  });
}

/** Tests of huge pages, in the order of the program. */
export const HUGE_TESTS: readonly Selftest[] = [
  selftest({
    test: 'migrate_anon_huge_empty',
    id: 'hmm-huge-empty',
    title: 'Test migrate_anon_huge_empty: a huge page nobody has touched',
    about:
      'An empty, aligned 2 MiB area migrates as one: the device gets a cleared folio, and no page is ever allocated in system memory.',
    look: [
      'src has one entry, MIGRATE and COMPOUND without VALID.',
      'migrate_vma_insert_huge_pmd_page() maps the device folio.',
    ],
    tags: ['device', 'thp', 'hole'],
    memory: [],
    vmas: huge(512, 'r--p'),
    pages: 512,
    program: [toDevice(0, 512, 'zero')],
  }),
  selftest({
    test: 'migrate_anon_huge_zero',
    id: 'hmm-huge-zero',
    title: 'Test migrate_anon_huge_zero: the huge zero page',
    about: 'A read has mapped the huge zero page. It migrates as an empty area; a read by the CPU brings zeros back.',
    tags: ['device', 'thp', 'zero'],
    memory: 'TZ',
    vmas: huge(512, 'r--p'),
    program: [toDevice(0, 512, 'zero'), reads(0, 512, 'zero')],
  }),
  selftest({
    test: 'migrate_anon_huge_free',
    id: 'hmm-huge-free',
    title: 'Test migrate_anon_huge_free: MADV_FREE on device memory',
    about:
      'madvise(MADV_FREE) meets a device folio. It finds no table and no present page, does nothing, and returns 0.',
    tags: ['device', 'thp', 'vma'],
    memory: 'T',
    vmas: huge(),
    program: [toDevice(0, 512), { call: 'madvise', advice: 'free', start: 0, end: 512, expect: { ret: 0 } }],
  }),
  selftest({
    test: 'migrate_anon_huge_fault',
    id: 'hmm-huge-fault',
    title: 'Test migrate_anon_huge_fault: the CPU fetches a huge page home',
    about: 'One PMD on the device; the CPU’s first read brings all 512 pages back in one migration.',
    look: [
      'Snapshot bytes 26: a writable, local device page of order 9.',
      'do_huge_pmd_device_private() calls the driver once.',
    ],
    tags: ['device', 'thp', 'fault'],
    memory: 'T',
    vmas: huge(),
    program: [toDevice(0, 512), ioctl('snapshot', 0, 512, { ret: 0, cpages: 512, bytes: '26*512' }), reads(0, 512)],
  }),
  ...BOTH.flatMap((thp) => OFFSETS.map((at) => partialUnmap(thp, at))),
  ...BOTH.flatMap((before) =>
    BOTH.flatMap((keep) => BOTH.flatMap((thp) => OFFSETS.map((at) => remap(before, keep, thp, at)))),
  ),
  selftest({
    test: 'migrate_anon_huge_err',
    id: 'hmm-huge-err',
    title: 'Test migrate_anon_huge_err: no huge device page',
    about: 'The large allocation on the device fails: 512 small device pages take the THP’s place.',
    look: ['The collected THP is split while it is unmapped.'],
    tags: ['device', 'thp', 'split'],
    memory: 'T',
    vmas: huge(),
    program: [ioctl('fail-alloc', 0, 512), toDevice(0, 512), reads(2, 3)],
  }),
  selftest({
    test: 'migrate_anon_huge_err',
    id: 'hmm-huge-err-back',
    title: 'Test migrate_anon_huge_err: no huge page to come back to',
    about: 'On the way home the large allocation fails: the device folio is split, and 512 small pages come back.',
    tags: ['device', 'thp', 'split'],
    memory: 'T',
    vmas: huge(),
    program: [toDevice(0, 512), ioctl('fail-alloc', 0, 512), ioctl('to-sys', 0, 512), reads(2, 3)],
  }),
  selftest({
    test: 'migrate_anon_huge_zero_err',
    id: 'hmm-huge-zero-err',
    title: 'Test migrate_anon_huge_zero_err: no huge device page for an empty area',
    about: 'Nothing is mapped and the large allocation fails: 512 cleared device pages are inserted one by one.',
    tags: ['device', 'thp', 'hole'],
    memory: [],
    vmas: huge(512, 'r--p'),
    pages: 512,
    program: [ioctl('fail-alloc', 0, 512), toDevice(0, 512, 'zero'), reads(0, 512, 'zero')],
  }),
  selftest({
    test: 'migrate_anon_huge_zero_err',
    id: 'hmm-huge-zero-page-err',
    title: 'Test migrate_anon_huge_zero_err: no huge device page for the zero page',
    about:
      'The huge zero page is mapped when the large allocation fails: its mapping is split, and each zero page replaced.',
    tags: ['device', 'thp', 'zero'],
    memory: 'TZ',
    vmas: huge(512, 'r--p'),
    program: [ioctl('fail-alloc', 0, 512), toDevice(0, 512, 'zero'), reads(0, 512, 'zero')],
  }),
  roundTrips(true),
  roundTrips(false),
];
