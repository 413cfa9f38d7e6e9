import type { DevicePfnShow } from '../device-pfn.ts';
import type { Scenario } from '../types.ts';
import { DRIVERS } from './drivers.ts';
import { sketch } from './make.ts';
import { ioctl, reads } from './selftest.ts';

/*
 * What a wrong bit in a migrate pfn does once the number beside it is an offset (review of the device-private page
 * frame series, rows D of the ledger).
 */

const tags = ['device', 'device-pfn'];
const kfd = DRIVERS.find((s) => s.id === 'kfd-coherent') as Scenario;

const AMDKFD: Scenario = {
  ...kfd,
  id: 'dp-amdkfd-coherent',
  title: 'The bit on a coherent GPU (amdkfd)',
  about:
    'svm_migrate_copy_to_vram() calls every destination device-private. On a coherently connected GPU it is an ordinary frame; read as an offset it names no page.',
  look: [
    'With DP-1 alone nothing happens: nobody reads the bit.',
    'With DP-8 the core finds no destination and gives every page up.',
  ],
  source: ['ledger D-01'],
  tags: [...tags, 'coherent', 'driver', 'defect'],
};

const TEST_HUGE = {
  ...sketch({
    id: 'dp-test-hmm-huge',
    title: 'The bit on a coherent huge page (test driver)',
    about: 'The large branch of dmirror_migrate_alloc_and_copy() sets the bit without looking at the device.',
    look: ['dst[0] is VALID, COMPOUND and DEVICE, with an ordinary frame.'],
    source: ['ledger D-02'],
    tags: [...tags, 'coherent', 'thp', 'defect'],
    memory: 'T',
    device: 2,
    select: ['SYSTEM', 'COMPOUND'],
  }),
  program: [ioctl('to-dev', 0, 512, { ret: 0, cpages: 512 }, 2)],
} satisfies Scenario;

const TEST_SMALL = {
  ...sketch({
    id: 'dp-test-hmm',
    title: 'The bit on coherent pages (test driver)',
    about: 'The same mistake in the branch for small pages: eight destinations that the core cannot find.',
    look: ['The pages come back to where they were; the device pages stay locked for ever.'],
    source: ['ledger D-03'],
    tags: [...tags, 'coherent', 'defect'],
    memory: 'P*8',
    device: 2,
  }),
  program: [ioctl('to-dev', 0, 8, { ret: 0, cpages: 8 }, 2)],
} satisfies Scenario;

const EVICT = {
  ...sketch({
    id: 'dp-evict-coherent',
    title: 'The bit when a coherent device is emptied',
    about:
      'migrate_device_pfn_lock() gets bare numbers and cannot tell what they are; it sets the bit on all. A later revision therefore has its callers pass migrate pfns.',
    look: ['The collector’s branch for page-table entries was right (D-04); this one cannot be.'],
    source: ['ledger D-05', 'ledger D-04'],
    tags: [...tags, 'coherent', 'evict', 'defect'],
    memory: 'H*8',
    device: 2,
  }),
  program: [ioctl('release', 0, 8, { ret: 0 }, 2), reads(0, 8), ioctl('snapshot', 0, 8, { ret: 0, bytes: '02*8' }, 2)],
} satisfies Scenario;

const CLASH = sketch({
  id: 'dp-bit-57',
  title: 'Bit 57 means two things',
  about:
    'The unified walk calls bit 57 MIGRATE, the device-private series DEVICE_PRIVATE. With both, a page that is merely reported as device-private looks collected: it is migrated without having been locked or unmapped.',
  look: [
    'The report of an own device page has bit 57 set, and nobody has locked its folio.',
    'migrate_hmm_range_setup() takes it for collected.',
    'Mended, the flag is bit 55 and the order field begins at bit 50.',
  ],
  source: ['ledger D-13'],
  tags: [...tags, 'defect'],
  memory: 'D*4 P*4',
});

const OFFSET = sketch({
  id: 'dp-src-from-frame',
  title: 'src made from a frame that is none',
  about:
    'migrate_hmm_range_setup() builds src from a page frame. A device-private page has an offset instead; without the bit the core takes it for the frame of some system page.',
  look: [
    'The collected device page and the page that src names are not the same.',
    'The test driver’s warnings are another matter: it is asked to move its own pages to itself.',
  ],
  source: ['ledger D-14'],
  tags: [...tags, 'defect'],
  memory: 'D*4',
  select: ['SYSTEM', 'DEVICE_PRIVATE'],
});

const HUGE_REPORT = sketch({
  id: 'dp-huge-report',
  title: 'A huge page on the device, reported without its bit',
  about:
    'hmm_vma_handle_absent_pmd() reports a device-private PMD. The first posting forgot the bit there, so that the number would be read as a frame.',
  look: ['512 reports of order 9; with D-09 each has bit 57.'],
  source: ['ledger D-09'],
  tags: [...tags, 'thp'],
  memory: 'TD',
});

/** Runs that show what the rows of the series are about. */
export const DEVICE_PFN_SHOWS: readonly DevicePfnShow[] = [
  {
    row: 'D-01',
    scenario: AMDKFD,
    strategy: 'unified',
    kernel: 'base',
    with: ['DP-8', 'D-05'],
    off: 'the core finds no destination: nothing migrates, and the VRAM pages stay locked',
    on: 'eight pages go to VRAM and come back',
  },
  {
    row: 'D-02',
    scenario: TEST_HUGE,
    strategy: 'unified',
    kernel: 'base',
    with: ['DP-8'],
    off: 'the THP stays, and a device folio is left locked',
    on: 'the THP migrates',
  },
  {
    row: 'D-03',
    scenario: TEST_SMALL,
    strategy: 'unified',
    kernel: 'base',
    with: ['DP-8'],
    off: 'the pages stay, and eight device pages are left locked',
    on: 'the pages migrate',
  },
  {
    row: 'D-05',
    scenario: EVICT,
    strategy: 'unified',
    kernel: 'base',
    with: ['DP-8'],
    off: 'the locked pages are not found again: nothing is evicted, and they stay locked',
    on: 'the device is emptied',
  },
  {
    row: 'D-09',
    scenario: HUGE_REPORT,
    strategy: 'fault-only',
    kernel: 'base',
    with: ['DP-3'],
    off: 'the reports lack the bit',
    on: 'they have it',
  },
  {
    row: 'D-13',
    scenario: CLASH,
    strategy: 'unified',
    kernel: 'v2',
    with: ['DP-3'],
    off: 'pages that were only reported are taken for collected, and unlocked by somebody who never locked them',
    on: 'they are left alone',
  },
  {
    row: 'D-14',
    scenario: OFFSET,
    strategy: 'unified',
    kernel: 'v2',
    with: ['DP-8'],
    off: 'src names unrelated system pages; the device pages stay locked behind migration entries',
    on: 'src names the device pages',
  },
];

/** The scenarios of these runs. */
export const DEVICE_PFN: readonly Scenario[] = DEVICE_PFN_SHOWS.map((s) => s.scenario);
