import { anon } from './make.ts';
import { PATTERN, type Selftest, WRITTEN, ioctl, reads, selftest, writes } from './selftest.ts';

/*
 * Tests that mirror memory without migrating it (rows 2 to 11, 18 to 20, 22, 24 to 27). 64 pages stand for
 * the 1024 of the tests: two windows of the driver instead of 32.
 */

const N = 64;
const hugeVma = (perms = 'rw-p') => [{ start: 0, end: 512, perms, kind: 'anon', flags: ['hugepage'] } as const];
const fork = { call: 'fork', expect: { ret: 0 } } as const;

/** A child writes through the device to memory that it shares with its parent after fork(). */
function writeChild(huge: boolean, migrate: boolean): Selftest {
  const n = huge ? 512 : N;
  return selftest({
    test: 'anon_write_child',
    id: `hmm-anon-write-child${huge ? '-thp' : ''}${migrate ? '-migrated' : ''}`,
    title: `Test anon_write_child${huge ? ', huge page' : ''}${migrate ? ', migrated first' : ''}`,
    about:
      'After fork() the child opens the device itself and writes through it. The writes break the sharing: the child gets pages of its own, and the parent sees nothing of them.',
    look: [
      'fork() takes the write permission from both.',
      'The device’s write faults copy page by page, for the child.',
    ],
    tags: ['fork', 'fault', ...(huge ? ['thp'] : [])],
    memory: huge ? 'T' : `P*${N}`,
    pages: n,
    shipped: huge === migrate,
    program: [
      ...(migrate ? [ioctl('to-dev', 0, n, { ret: 0, cpages: n, data: PATTERN })] : []),
      fork,
      reads(0, n, PATTERN, 1),
      { call: 'open', device: 0, process: 1, expect: { ret: 0 } },
      ioctl('write', 0, n, { ret: 0, cpages: n, faults: 1 }, 0, 1),
      ...(migrate ? [] : [reads(0, n, WRITTEN, 1)]),
      reads(0, n),
    ],
  });
}

/** Tests of mirroring, in the order of the program. */
export const MIRROR_TESTS: readonly Selftest[] = [
  selftest({
    test: 'anon_read',
    id: 'hmm-anon-read',
    title: 'Test anon_read: nothing, zero page and pages in one read',
    about:
      'Page 0 was never touched, page 1 was read once, the rest was written; then everything became read-only. One READ mirrors it all with a single round of faults.',
    look: [
      'Only page 0 makes the walk fault, and the handler is called for the rest of the window, too.',
      'faults counts rounds, not pages: 1.',
    ],
    tags: ['fault', 'zero'],
    memory: `N Z R*${N - 2}`,
    pages: N,
    vmas: [anon(0, N, 'r--p')],
    program: [
      ioctl('read', 0, N, { ret: 0, cpages: N, faults: 1 }),
      ioctl('read', 0, 2, { ret: 0, faults: 0, data: 'zero' }),
      ioctl('read', 2, N, { ret: 0, faults: 0, data: PATTERN + 2 }),
    ],
  }),
  selftest({
    test: 'anon_read_prot',
    id: 'hmm-anon-read-prot',
    title: 'Test anon_read_prot: memory without permissions',
    about: 'PROT_NONE memory cannot be mirrored: READ fails with -EFAULT, and the memory is intact afterwards.',
    tags: ['vma', 'error'],
    memory: `R*${N}`,
    pages: N,
    vmas: [anon(0, N, '---p')],
    program: [
      ioctl('read', 0, N, { ret: -14 }),
      { call: 'mprotect', start: 0, end: N, perms: 'r--', expect: { ret: 0 } },
      reads(0, N),
    ],
  }),
  selftest({
    test: 'anon_write',
    id: 'hmm-anon-write',
    title: 'Test anon_write: the device writes first',
    about:
      'Nobody has touched the memory; the device’s write faults allocate it, and the CPU reads what the device wrote.',
    tags: ['fault', 'hole'],
    memory: [],
    pages: N,
    program: [ioctl('write', 0, N, { ret: 0, cpages: N, faults: 1 }), reads(0, N, WRITTEN)],
  }),
  selftest({
    test: 'anon_write_prot',
    id: 'hmm-anon-write-prot',
    title: 'Test anon_write_prot: read-only, then writable',
    about: 'Writing to read-only memory gives -EPERM and changes nothing; after mprotect() the same WRITE succeeds.',
    look: [
      '-EPERM comes from the look at the VMA, before any fault.',
      'The zero pages are replaced at the second try.',
    ],
    tags: ['vma', 'error', 'fault'],
    memory: [],
    pages: N,
    vmas: [anon(0, N, 'r--p')],
    program: [
      ioctl('read', 0, 1, { ret: 0, cpages: 1, faults: 1 }),
      ioctl('write', 0, N, { ret: -1 }),
      reads(0, N, 'zero'),
      { call: 'mprotect', start: 0, end: N, perms: 'rw-', expect: { ret: 0 } },
      ioctl('write', 0, N, { ret: 0, cpages: N, faults: 1 }),
      reads(0, N, WRITTEN),
    ],
  }),
  writeChild(false, false),
  writeChild(false, true),
  writeChild(true, false),
  writeChild(true, true),
  selftest({
    test: 'anon_write_child_shared',
    id: 'hmm-anon-write-child-shared',
    title: 'Test anon_write_child_shared: shared memory after fork()',
    about: 'Shared anonymous memory stays shared: what the child writes through the device, the parent reads.',
    look: ['fork() copies no entry: the child can fault the pages in from the file behind them.'],
    tags: ['fork', 'file'],
    memory: `F*${N}`,
    pages: N,
    vmas: [{ start: 0, end: N, perms: 'rw-s', kind: 'shmem' }],
    program: [
      fork,
      { call: 'open', device: 0, process: 1, expect: { ret: 0 } },
      ioctl('write', 0, N, { ret: 0, cpages: N, faults: 1 }, 0, 1),
      reads(0, N, WRITTEN),
    ],
  }),
  selftest({
    test: 'anon_write_huge',
    id: 'hmm-anon-write-huge',
    title: 'Test anon_write_huge: one fault for 2 MiB',
    about: 'The first write fault allocates a whole THP; the other 511 calls of the handler find nothing to do.',
    tags: ['thp', 'fault'],
    memory: [],
    pages: 512,
    vmas: hugeVma(),
    program: [ioctl('write', 0, 512, { ret: 0, cpages: 512, faults: 1 }), reads(0, 512, WRITTEN)],
  }),
  selftest({
    test: 'anon_write_hugetlbfs',
    id: 'hmm-anon-write-hugetlbfs',
    title: 'Test anon_write_hugetlbfs: a page of the hugetlb pool',
    about: 'hugetlb memory has a walk of its own. It can be mirrored, also for writing; it can never be migrated.',
    tags: ['hugetlb', 'fault'],
    memory: [],
    pages: 512,
    vmas: [{ start: 0, end: 512, perms: 'rw-p', kind: 'hugetlb' }],
    program: [ioctl('write', 0, 512, { ret: 0, cpages: 512, faults: 1 }), reads(0, 512, WRITTEN)],
  }),
  selftest({
    test: 'file_read',
    id: 'hmm-file-read',
    title: 'Test file_read: pages of a file',
    about: 'The file is in the page cache, but no longer mapped: read faults map it again.',
    look: ['One fault maps a whole group of pages around it (fault-around).'],
    tags: ['file', 'fault'],
    memory: [{ page: 0, count: N, level: 'pte', kind: 'present', young: true, folio: { anon: false } }],
    pages: N,
    vmas: [{ start: 0, end: N, perms: 'r--s', kind: 'file' }],
    program: [
      { call: 'madvise', advice: 'dontneed', start: 0, end: N, expect: { ret: 0 } },
      ioctl('read', 0, N, { ret: 0, cpages: N, faults: 1, data: PATTERN }),
    ],
  }),
  selftest({
    test: 'file_write',
    id: 'hmm-file-write',
    title: 'Test file_write: the device writes into a file',
    about: 'A shared, writable mapping of an empty file: the device’s write faults bring pages into the page cache.',
    tags: ['file', 'fault'],
    memory: [],
    pages: N,
    vmas: [{ start: 0, end: N, perms: 'rw-s', kind: 'file' }],
    program: [ioctl('write', 0, N, { ret: 0, cpages: N, faults: 1 }), reads(0, N, WRITTEN)],
  }),
  selftest({
    test: 'anon_read_multiple',
    id: 'hmm-anon-read-multiple',
    title: 'Test anon_read_multiple: ten buffers',
    about: 'Ten buffers are read one after the other. Each READ needs one round and mirrors its own buffer.',
    memory: 'P*80',
    program: Array.from({ length: 10 }, (_, i) =>
      ioctl('read', i * 8, i * 8 + 8, { ret: 0, cpages: 8, faults: 1, data: PATTERN + i * 8 }),
    ),
  }),
  selftest({
    test: 'anon_teardown',
    id: 'hmm-anon-teardown',
    title: 'Test anon_teardown: half of the buffer goes away',
    about:
      'Another thread unmaps the second half while the device reads. READ may succeed or fail, but what it mirrors must be right; here the thread comes before the first lock, so that the second half is gone.',
    look: ['munmap() waits until the walk drops the mmap lock.', 'The second window finds no VMA: -EFAULT.'],
    tags: ['race', 'vma', 'error'],
    memory: `N P*${N - 1}`,
    pages: N,
    conditions: { rivals: [{ does: 'munmap', start: N / 2, end: N, when: 'before-first-pte-lock' }] },
    program: [ioctl('read', 0, N, { ret: -14 }), reads(1, N / 2)],
  }),
  selftest({
    test: 'mixedmap',
    id: 'hmm-mixedmap',
    title: 'Test mixedmap: a driver’s own mapping',
    about: 'The device file maps one zeroed page into a VM_MIXEDMAP VMA. It has a struct page, so it can be mirrored.',
    tags: ['vma'],
    memory: [{ page: 0, count: 1, level: 'pte', kind: 'present', young: true, data: 0, folio: { anon: false } }],
    vmas: [{ start: 0, end: 1, perms: 'rw-p', kind: 'special', flags: ['mixedmap'] }],
    program: [ioctl('snapshot', 0, 1, { ret: 0, cpages: 1, bytes: '01' })],
  }),
  selftest({
    test: 'compound',
    id: 'hmm-compound',
    title: 'Test compound: the order of a mapping',
    about:
      'A hugetlb page is reported with order 9 for each of its pages, writable at first, read-only after mprotect().',
    tags: ['hugetlb'],
    memory: [
      {
        page: 0,
        count: 512,
        level: 'pmd',
        kind: 'present',
        write: true,
        young: true,
        dirty: true,
        folio: { exclusive: true },
      },
    ],
    vmas: [{ start: 0, end: 512, perms: 'rw-p', kind: 'hugetlb' }],
    program: [
      ioctl('snapshot', 0, 512, { ret: 0, cpages: 512, bytes: '06*512' }),
      { call: 'mprotect', start: 0, end: 512, perms: 'r--', expect: { ret: 0 } },
      ioctl('snapshot', 0, 512, { ret: 0, cpages: 512, bytes: '05*512' }),
    ],
  }),
  selftest({
    test: 'exclusive',
    id: 'hmm-exclusive',
    title: 'Test exclusive: atomic access of the device',
    about:
      'The device takes pages for itself: their entries become device-exclusive, and the next access of a CPU takes them back.',
    look: [
      'The page stays where it is; only the entry changes.',
      'The CPU’s write ends the device’s access by an event.',
    ],
    tags: ['device', 'fault'],
    memory: `P*${N}`,
    pages: N,
    program: [
      ioctl('exclusive', 0, N, { ret: 0, cpages: N, data: PATTERN }),
      writes(0, N, PATTERN + 1),
      ioctl('check-exclusive', 0, N),
      reads(0, N, PATTERN + 1),
    ],
  }),
  selftest({
    test: 'exclusive_mprotect',
    id: 'hmm-exclusive-mprotect',
    title: 'Test exclusive_mprotect: read-only meanwhile',
    about: 'The device has the pages for itself when they become read-only: it may no longer write to them.',
    tags: ['device', 'vma', 'error'],
    memory: `P*${N}`,
    pages: N,
    program: [
      ioctl('exclusive', 0, N, { ret: 0, cpages: N, data: PATTERN }),
      { call: 'mprotect', start: 0, end: N, perms: 'r--', expect: { ret: 0 } },
      ioctl('write', 0, N, { ret: -1 }),
    ],
  }),
  selftest({
    test: 'exclusive_cow',
    id: 'hmm-exclusive-cow',
    title: 'Test exclusive_cow: fork() while the device has the pages',
    about:
      'fork() ends the exclusive access before it shares the pages; then parent and child each write their own copy.',
    look: ['copy_nonpresent_pte() restores the entry, then it is copied like any other.'],
    tags: ['device', 'fork'],
    memory: `P*${N}`,
    pages: N,
    program: [
      ioctl('exclusive', 0, N, { ret: 0, cpages: N, data: PATTERN }),
      fork,
      writes(0, N, PATTERN + 1),
      writes(0, N, PATTERN + 2, 1),
      reads(0, N, PATTERN + 1),
      reads(0, N, PATTERN + 2, 1),
    ],
  }),
];
