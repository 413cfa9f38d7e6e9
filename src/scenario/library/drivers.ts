import type { DriverName } from '../../kernel/drivers/ways.ts';
import type { ProcessCall } from '../process.ts';
import type { Operation, Scenario } from '../types.ts';
import { type Sketch, anon, sketch } from './make.ts';
import { PATTERN, ioctl, reads } from './selftest.ts';

/** Scenarios of the drivers that use the walks, each for what is particular about its driver. */

type Event = Extract<ProcessCall, { call: 'driver' }>['does'];

interface DriverSketch extends Omit<Sketch, 'source' | 'tags'> {
  readonly source?: readonly string[];
  readonly tags?: readonly string[];
  readonly program?: readonly Operation[];
}

/** Makes scenarios of one driver. */
const ofDriver =
  (driver: DriverName) =>
  (s: DriverSketch): Scenario => {
    const { program, tags = [], source = [], ...rest } = s;
    const made = sketch({ ...rest, tags: ['driver', driver, ...tags], source: [`driver ${driver}`, ...source] });
    const request = { ...made.request, driver };
    return { ...made, request, ...(program === undefined ? {} : { program }) };
  };

const xe = ofDriver('drm_pagemap');
const nouveau = ofDriver('nouveau');
const amdkfd = ofDriver('amdkfd');
const uvmem = ofDriver('uvmem');

/** What makes a driver act, on pages [start, end); it returns 0 unless something else is said. */
function event(
  does: Event,
  start: number,
  end: number,
  { ret = 0, device = 0, write = false }: { ret?: number; device?: number; write?: boolean } = {},
): Operation {
  return { call: 'driver', does, start, end, device, write, expect: { ret } };
}

/** The device maps the pages from 0 on as these bytes of the SNAPSHOT ioctl say. */
const sees = (bytes: string, pages: number, device = 0): Operation =>
  ioctl('snapshot', 0, pages, { ret: 0, bytes }, device);

const XE = [
  xe({
    id: 'xe-present',
    title: 'xe: 64 KiB move as one',
    about:
      'The GPU faults; the CPU has touched all of the 64 KiB around. One collect takes all 16 pages, then a second walk finds them in VRAM and maps them.',
    look: ['A snapshot decides whether the 64 KiB range is taken.', 'All or nothing: 16 of 16 were collected.'],
    memory: 'P*16',
    program: [event('gpu-fault', 0, 16, { write: true }), sees('22*16', 16)],
  }),
  xe({
    id: 'xe-untouched',
    title: 'xe: 2 MiB nobody has touched',
    about:
      'A 2 MiB range is taken without asking the CPU. Holes count as collected, so everything goes to VRAM without one page fault.',
    look: ['512 entries MIGRATE without VALID.', 'Nothing is copied: VRAM was cleared when it was allocated.'],
    memory: [],
    pages: 512,
    vmas: [anon(0, 512)],
    tags: ['hole'],
    program: [event('gpu-fault', 0, 512), sees('22*512', 512)],
  }),
  xe({
    id: 'xe-repair',
    title: 'xe: one swapped page spoils the whole range',
    about:
      'One of 512 pages is swapped out, so that the collect is given up. A fault walk with owner NULL brings everything to system memory, and the second collect succeeds.',
    look: [
      '511 of 512 collected: pages with no destination, then finalize puts all back.',
      'Five walks: look, collect, evict, collect, map.',
    ],
    memory: 'P*511 S',
    vmas: [anon(0, 512)],
    tags: ['swap', 'retry', 'cost'],
    program: [event('gpu-fault', 0, 512), sees('22*512', 512)],
  }),
  xe({
    id: 'xe-cold',
    title: 'xe: an untouched page makes the range small',
    about: 'One page of the 64 KiB has never been touched: the driver takes 4 KiB ranges instead, one after the other.',
    look: ['The snapshot sees one page without VALID.', 'Sixteen ranges of one page each.'],
    memory: 'P*8 N P*7',
    program: [event('gpu-fault', 0, 16), sees('22*16', 16)],
  }),
  xe({
    id: 'xe-pinned',
    title: 'xe: a pinned page keeps all in system memory',
    about: 'One page is pinned. Two collects are given up, and the GPU maps the range in system memory.',
    look: ['The eviction between the two changes nothing.', 'A pin costs fifteen other pages their place in VRAM.'],
    memory: 'P*8 G P*7',
    tags: ['references', 'restore'],
    program: [event('gpu-fault', 0, 16, { write: true }), sees('02*16', 16)],
  }),
  xe({
    id: 'xe-evict',
    title: 'xe: VRAM is needed for something else',
    about:
      'Eviction works by page frames: no VMA, no mmap lock. Reverse mapping finds every place where a page is mapped.',
    look: [
      'migrate_device_pfns() locks what it can.',
      'The GPU’s mapping goes with the CLEAR events of the unmapping.',
    ],
    memory: 'P*16',
    tags: ['evict', 'rmap'],
    program: [event('gpu-fault', 0, 16), event('evict', 0, 16), reads(0, 16), sees('02*16', 16)],
  }),
  xe({
    id: 'xe-unified',
    title: 'xe with the unified walk: a driver that hears itself',
    about:
      'The driver’s notifier callback does not look at the owner of a MIGRATE event. The unified walk’s own event moves the sequence on, so that every try ends with -EBUSY.',
    look: [
      'The walk collects everything, then the driver’s check fails.',
      'The driver would have to filter its own events before it could use the unified walk.',
    ],
    memory: 'P*8',
    tags: ['defect', 'retry'],
    source: ['ledger RFC-2'],
  }),
];

const NOUVEAU = [
  nouveau({
    id: 'nouveau-bind',
    title: 'nouveau: user space asks for VRAM',
    about: 'Migration is an explicit request (SVM bind). A THP becomes one 2 MiB folio in VRAM, in a single walk.',
    look: [
      'COMPOUND both ways: one entry, one folio.',
      'The GPU’s mappings were made before pages and are not checked again.',
    ],
    memory: 'T',
    tags: ['thp', 'compound'],
    program: [event('bind', 0, 512), sees('26*512', 512)],
  }),
  nouveau({
    id: 'nouveau-no-vram',
    title: 'nouveau: no 2 MiB of VRAM',
    about:
      'A failed 2 MiB allocation declines the whole entry; there is no fallback to 512 small pages as in lib/test_hmm.c.',
    look: ['dst stays 0.', 'finalize restores the THP whole.'],
    memory: 'T',
    tags: ['thp', 'restore'],
    conditions: { failAlloc: [0] },
    program: [event('bind', 0, 512), sees('06*512', 512)],
  }),
  nouveau({
    id: 'nouveau-home',
    title: 'nouveau: the CPU touches a huge page in VRAM',
    about: 'A PMD fault: one system folio of the same order, one copy, one mapping.',
    look: ['COMPOUND is always set in the request, also for one page.'],
    memory: 'T',
    tags: ['thp', 'fault'],
    program: [event('bind', 0, 512), reads(0, 512)],
  }),
  nouveau({
    id: 'nouveau-half',
    title: 'nouveau: half of a huge page in VRAM',
    about:
      'Half of the folio is unmapped, so that the fault comes through a PTE: one page, and a split under the fault page.',
    look: ['munmap() splits the PMD.', 'collect splits the device folio before it takes the one page.'],
    memory: 'T',
    tags: ['thp', 'split', 'fault'],
    program: [event('bind', 0, 512), { call: 'munmap', start: 256, end: 512, expect: { ret: 0 } }, reads(0, 4)],
  }),
  nouveau({
    id: 'nouveau-gpu-fault',
    title: 'nouveau: a fault of the GPU migrates nothing',
    about: 'Each fault of the GPU mirrors a single page where it is; a page nobody has touched becomes the zero page.',
    look: ['hmm_pfns has one entry.', 'No migrate_vma at all.'],
    memory: 'P N',
    tags: ['zero', 'fault'],
    program: [event('gpu-fault', 0, 2), sees('02 11', 2)],
  }),
  nouveau({
    id: 'nouveau-unload',
    title: 'nouveau: a huge page that cannot be evicted',
    about:
      'At unload a large source gets a large page, but dst does not say COMPOUND. The core wants to split the source, has no VMA for that, and refuses.',
    look: [
      'src says COMPOUND, dst does not.',
      'The folio stays in VRAM although the driver is leaving.',
      'v6.19 also forgets that its mapping was writable when it puts the entry back.',
    ],
    memory: 'T',
    tags: ['thp', 'evict', 'defect'],
    program: [event('bind', 0, 512), event('evict', 0, 512)],
  }),
];

const AMDKFD = [
  amdkfd({
    id: 'kfd-present',
    title: 'amdkfd: migrate, then fault',
    about:
      'One walk collects, a second one finds the pages in VRAM and maps them. No repair in between: what was not collected stays.',
    look: ['Two walks although nothing was missing.', 'One mmap lock over all of it.'],
    memory: 'P*8',
    program: [event('gpu-fault', 0, 8), sees('22*8', 8)],
  }),
  amdkfd({
    id: 'kfd-half-swapped',
    title: 'amdkfd: half of it is swapped out',
    about:
      'The last four pages go to VRAM. The fault walk then begins at the first page and calls the handler for all eight; the guard keeps it from fetching the four back.',
    look: [
      'svm_migrate_to_ram() sees that its own task is faulting and returns 0.',
      'The range ends up mixed: four pages here, four there.',
    ],
    memory: 'S*4 P*4',
    tags: ['swap', 'fault'],
    program: [event('gpu-fault', 0, 8), sees('02*4 22*4', 8)],
  }),
  amdkfd({
    id: 'kfd-thp',
    title: 'amdkfd: a huge page is taken apart',
    about: 'The driver does not ask for COMPOUND: collect splits the THP, and 512 pages travel one by one.',
    look: ['One split, 512 entries.'],
    memory: 'T',
    tags: ['thp', 'split', 'cost'],
    program: [event('gpu-fault', 0, 512), sees('22*512', 512)],
  }),
  amdkfd({
    id: 'kfd-other-gpu',
    title: 'amdkfd: from one GPU to another, over system memory',
    about: 'The pages are on device 1. They first come home in one migration and then go to device 0 in another.',
    look: ['Two migrations, two copies of each page.'],
    memory: 'E*8',
    program: [event('gpu-fault', 0, 8), sees('22*8', 8)],
  }),
  amdkfd({
    id: 'kfd-shmem',
    title: 'amdkfd: shared memory stays',
    about: 'Pages of a file are collected and refused by migrate_vma_pages(); the GPU maps them in system memory.',
    look: ['Partial results are no error, not even an empty one.'],
    memory: 'F*8',
    vmas: [{ start: 0, end: 8, perms: 'rw-s', kind: 'shmem' }],
    tags: ['file', 'restore'],
    program: [event('gpu-fault', 0, 8), sees('02*8', 8)],
  }),
  amdkfd({
    id: 'kfd-coherent',
    title: 'amdkfd: a GPU the CPU can look into',
    about:
      'On a coherently connected GPU the pages go to device-coherent memory: ordinary page frames, present entries, and no fault when the CPU reads.',
    look: ['The CPU’s reads do not migrate anything.', 'Eviction asks for DEVICE_COHERENT.'],
    memory: 'P*8',
    device: 2,
    tags: ['coherent', 'evict'],
    program: [
      event('gpu-fault', 0, 8, { device: 2 }),
      reads(0, 8),
      sees('42*8', 8, 2),
      event('evict', 0, 8, { device: 2 }),
      sees('02*8', 8, 2),
    ],
  }),
];

const UVMEM = [
  uvmem({
    id: 'uvmem-in',
    title: 'KVM: a page of a guest becomes secure',
    about:
      'powerpc’s secure guests move one page at a time. Page-in names no owner; with the unified walk’s second posting the MIGRATE event then begins and never ends.',
    look: [
      'src and dst are single words.',
      'In v2 “started” is told from the owner: with NULL the end is forgotten (F-02).',
    ],
    memory: 'P',
    source: ['ledger F-02'],
    tags: ['defect'],
    program: [event('page-in', 0, 1)],
  }),
  uvmem({
    id: 'uvmem-untouched',
    title: 'KVM: a page nobody has touched',
    about: 'A hole is MIGRATE without VALID: a secure page is inserted, and nothing is copied.',
    look: ['The host’s read brings a page of zeros back.'],
    memory: 'N',
    tags: ['hole'],
    program: [event('page-in', 0, 1), reads(0, 1, 'zero')],
  }),
  uvmem({
    id: 'uvmem-held',
    title: 'KVM: somebody holds a reference',
    about: 'The page is collected and refused when its references are counted; src is 0, and the guest gets an error.',
    look: ['-EINVAL, after finalize.'],
    memory: 'V',
    tags: ['references', 'error'],
    program: [event('page-in', 0, 1, { ret: -22 })],
  }),
  uvmem({
    id: 'uvmem-out',
    title: 'KVM: the host touches a secure page',
    about: 'A CPU fault pages the secure page out. This direction does name its owner.',
    look: ['fault_page lets the page move although the fault handler holds it.'],
    memory: 'P*2',
    tags: ['fault'],
    program: [event('page-in', 0, 2), reads(0, 1, PATTERN), event('page-out', 1, 2), reads(1, 2)],
  }),
];

/** Scenarios of drivers other than lib/test_hmm.c. */
export const DRIVERS: readonly Scenario[] = [...XE, ...NOUVEAU, ...AMDKFD, ...UVMEM];
