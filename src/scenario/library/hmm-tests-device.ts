import type { Operation } from '../types.ts';
import { anon } from './make.ts';
import { PATTERN, type Selftest, ioctl, reads, selftest, toDevice, writes } from './selftest.ts';

/*
 * Tests that migrate small pages (rows 12 to 17, 21, 23, 27, 28 and the one that the series adds). 64 pages stand
 * for the 1024 of the tests.
 */

const N = 64;
const two = { openDevices: [0, 1] } as const;

/** Seven pages in all states, as seen from device `device`; `other` is the second one. */
function snapshot(device: number, other: number, bytes: string): Selftest {
  const kind = device === 0 ? 'private' : 'coherent';
  return selftest({
    test: 'snapshot',
    id: `hmm-snapshot-${kind}`,
    title: `Test snapshot: every state at once (device-${kind})`,
    about:
      'No permission, no VMA, zero page, read-only, writable, on the asking device, on another one: what the device is told about each, without any fault.',
    look: [
      'FF is an error, 00 nothing, 11 the zero page.',
      'A device-private page of another device is nothing; a coherent one is memory.',
    ],
    tags: ['device', 'zero', 'vma'],
    memory: 'R N Z R P*3',
    pages: 7,
    device,
    vmas: [anon(0, 1, '---p'), anon(2, 4, 'r--p'), anon(4, 7)],
    conditions: { openDevices: [device, other] },
    program: [
      toDevice(5, 6, PATTERN + 5, device),
      toDevice(6, 7, PATTERN + 6, other),
      ioctl('snapshot', 0, 7, { ret: 0, cpages: 7, bytes }, device),
    ],
  });
}

/** Ten buffers of eight pages, each moved there and back. */
function multiple(device: number): Selftest {
  const kind = device === 0 ? 'private' : 'coherent';
  const back = (start: number): Operation[] =>
    device === 0 ? [] : [ioctl('to-sys', start, start + 8, { ret: 0, cpages: 8 }, device)];
  return selftest({
    test: 'migrate_multiple',
    id: `hmm-migrate-multiple-${kind}`,
    title: `Test migrate_multiple: there and back, ten times (device-${kind})`,
    about:
      device === 0
        ? 'Ten buffers go to the device, and the CPU’s reads bring each back page by page.'
        : 'Ten buffers go to coherent memory, which the CPU can read in place; an ioctl brings them back.',
    tags: ['device', ...(device === 0 ? [] : ['coherent'])],
    memory: 'P*80',
    pages: 80,
    device,
    program: Array.from({ length: 10 }, (_, i) => i * 8).flatMap((start) => [
      toDevice(start, start + 8, PATTERN + start, device),
      ...back(start),
      reads(start, start + 8),
    ]),
  });
}

/** Tests of migration page by page, in the order of the program. */
export const DEVICE_TESTS: readonly Selftest[] = [
  selftest({
    test: 'migrate',
    id: 'hmm-migrate',
    title: 'Test migrate: memory goes to the device',
    about: 'The plainest test: everything is mapped and goes to the device in one window; the device reads it back.',
    tags: ['device'],
    memory: `P*${N}`,
    pages: N,
    program: [toDevice(0, N)],
  }),
  selftest({
    test: 'migrate_file_private',
    id: 'hmm-migrate-file-private',
    title: 'Test migrate_file_private: private copies of a file',
    about: 'Pages written in a private mapping of a file are anonymous memory, and migrate as such.',
    tags: ['device', 'file'],
    memory: `P*${N}`,
    pages: N,
    vmas: [{ start: 0, end: N, perms: 'rw-p', kind: 'file' }],
    program: [toDevice(0, N)],
  }),
  selftest({
    test: 'migrate_fault',
    id: 'hmm-migrate-fault',
    title: 'Test migrate_fault: half comes back, then all goes again',
    about: 'The CPU reads the first half back; the second MIGRATE_TO_DEV meets a mix of system pages and its own.',
    look: [
      'Each read is a page fault that migrates one page home.',
      'Pages that are on the device already are left out, and yet mirrored.',
    ],
    tags: ['device', 'fault'],
    memory: `P*${N}`,
    pages: N,
    program: [toDevice(0, N), reads(0, N / 2), toDevice(0, N)],
  }),
  selftest({
    test: 'migrate_release',
    id: 'hmm-migrate-release',
    title: 'Test migrate_release: the device loses its memory',
    about:
      'RELEASE evicts everything from the device by its page frames: no VMA, no mmap lock, only reverse mapping. The CPU then reads plain system memory.',
    look: [
      'migrate_device_range() knows frames, not addresses.',
      'finalize finds the migration entries by reverse mapping.',
    ],
    tags: ['device', 'rmap', 'evict'],
    memory: `P*${N}`,
    pages: N,
    program: [
      toDevice(0, N),
      ioctl('release', 0, N),
      reads(0, N),
      ioctl('snapshot', 0, N, { ret: 0, bytes: `02*${N}` }),
    ],
  }),
  selftest({
    test: 'migrate_shared',
    id: 'hmm-migrate-shared',
    title: 'Test migrate_shared: holes of shared memory stay',
    about:
      'Nothing is mapped in a shared mapping. Such holes belong to a file and cannot be filled with device pages: -ENOENT.',
    tags: ['file', 'hole', 'error'],
    memory: [],
    pages: N,
    vmas: [{ start: 0, end: N, perms: 'rw-s', kind: 'shmem' }],
    program: [ioctl('to-dev', 0, N, { ret: -2 })],
  }),
  selftest({
    test: 'migrate_mixed',
    id: 'hmm-migrate-mixed',
    title: 'Test migrate_mixed: two devices and a patchwork',
    about:
      'No permission, a gap, a zero page, a read-only page and two of its own. Device 1 gets what it may; then device 0 asks for a page that device 1 holds.',
    look: [
      '-EINVAL twice: the VMA of page 0 cannot be read.',
      'A page of another device is not collected, hence -ENOENT.',
    ],
    tags: ['device', 'vma', 'error'],
    memory: 'R N Z R P P',
    vmas: [anon(0, 1, '---p'), anon(2, 4, 'r--p'), anon(4, 6)],
    conditions: two,
    program: [
      ioctl('to-dev', 0, 6, { ret: -22 }, 1),
      ioctl('to-dev', 0, 3, { ret: -22 }, 1),
      ioctl('to-dev', 2, 6, { ret: 0, cpages: 4 }, 1),
      ioctl('to-dev', 5, 6, { ret: -2 }, 0),
    ],
  }),
  multiple(0),
  multiple(2),
  snapshot(0, 1, 'FF FF 11 01 02 22 00'),
  snapshot(2, 3, 'FF FF 11 01 02 42 52'),
  selftest({
    test: 'double_map',
    id: 'hmm-double-map',
    title: 'Test double_map: two devices mirror the same pages',
    about:
      'Both devices read the pages; then device 1 takes them. When device 0 reads again, its walk brings them home first.',
    look: [
      'The migration’s event drops device 0’s mirror: it is another owner’s.',
      'Six faults, six nested migrations.',
    ],
    tags: ['device', 'fault'],
    memory: 'R*6',
    vmas: [anon(0, 6, 'r--p')],
    conditions: two,
    program: [
      ioctl('read', 0, 6, { ret: 0, cpages: 6, faults: 1, data: PATTERN }),
      ioctl('read', 0, 6, { ret: 0, cpages: 6, faults: 1, data: PATTERN }, 1),
      toDevice(0, 6, PATTERN, 1),
      ioctl('read', 0, 6, { ret: 0, cpages: 6, faults: 1, data: PATTERN }),
    ],
  }),
  selftest({
    test: 'hmm_gup_test',
    id: 'hmm-gup-test',
    title: 'Test hmm_gup_test: a reference on device memory',
    about: 'Device-private memory cannot be pinned: get_user_pages() faults it home first, like any access of a CPU.',
    tags: ['device', 'references', 'fault'],
    memory: 'P*4',
    program: [
      toDevice(0, 4),
      { call: 'gup', start: 0, end: 4, write: true, expect: { ret: 0 } },
      ioctl('snapshot', 0, 4, { ret: 0, cpages: 4, bytes: '02*4' }),
    ],
  }),
  selftest({
    test: 'hmm_cow_in_device',
    id: 'hmm-cow-in-device',
    title: 'Test hmm_cow_in_device: fork() shares device memory',
    about:
      'Parent and child share the device pages after fork(). The parent’s write brings each home for both, then copies it.',
    look: ['fork() makes the device entries read-only.', 'migrate_to_ram() serves both processes by reverse mapping.'],
    tags: ['device', 'fork', 'rmap'],
    memory: 'P*4',
    program: [
      toDevice(0, 4),
      { call: 'fork', expect: { ret: 0 } },
      writes(0, 4, PATTERN + 7),
      ioctl('snapshot', 0, 4, { ret: 0, cpages: 4, bytes: '02*4' }),
      reads(0, 4, PATTERN, 1),
    ],
  }),
  selftest({
    test: 'migrate_on_fault',
    id: 'hmm-migrate-on-fault',
    title: 'Test migrate_on_fault: the test that the series adds',
    about:
      'MIGRATE_ON_FAULT_TO_DEV: one walk faults and collects. All pages are present, so that only the second half of the name is tested.',
    tags: ['device'],
    memory: `P*${N}`,
    pages: N,
    needsSeries: true,
    program: [{ call: 'strategy' }, ioctl('read', 0, N, { ret: 0, cpages: N, faults: 0, data: PATTERN })],
  }),
];
