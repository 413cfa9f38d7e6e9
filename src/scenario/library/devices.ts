import { sketch } from './make.ts';

/** Walks over device memory. */
export const DEVICES = [
  sketch({
    id: 'device-own',
    title: 'Pages that are on the device already',
    about:
      'Device-private pages of the asking device are VALID for it without a fault. They are not selected for migration, so nothing happens.',
    look: [
      'The entry is a swap entry: the CPU would fault, the device need not.',
      'Eight reports, no migration entry.',
    ],
    source: ['golden scenario dev_own'],
    tags: ['device', 'pte'],
    memory: 'D*8',
  }),
  sketch({
    id: 'device-own-read-only',
    title: 'The device asks to write what it may only read',
    about:
      'Device-private pages of the asking device that a fork has made read-only. They are reported as they are, without a fault and without WRITE, although writing was asked: whether that is a defect is candidate X-03.',
    look: [
      'The report of each page is VALID without WRITE, and the call succeeds.',
      'Ask to write ordinary read-only pages: there a fault copies them.',
    ],
    source: ['mm/hmm.c, hmm_vma_handle_pte(): "just report the PFN"'],
    tags: ['device', 'pte', 'fork'],
    memory: [{ page: 0, count: 4, level: 'pte', kind: 'device', folio: { device: 0, sharedBy: 1 } }],
    write: true,
  }),
  sketch({
    id: 'device-other',
    title: 'Pages on another device',
    about:
      'Device 0 asks for pages that device 1 holds. Each is fetched home by a CPU-style fault, which is a whole migration of its own, and then collected.',
    look: [
      'dmirror_devmem_fault() runs inside the walk’s fault: a walk within the walk.',
      'Eight faults, eight nested migrations, one -EBUSY.',
      'Every page is moved twice.',
    ],
    source: ['golden scenario dev_other', 'hmm-tests: snapshot, double_map'],
    tags: ['device', 'fault', 'retry'],
    memory: 'E*8',
  }),
  sketch({
    id: 'device-mixed',
    title: 'Own, foreign and system pages together',
    about:
      'Everything a small buffer can look like after some time: own device pages, one of another device, system pages, a hole, a zero page.',
    look: [
      'Pages 0 and 1 are reported where they are.',
      'At page 2, the foreign one, the handler is called for all pages from there on: page 7 comes home too, although the device had it already.',
      'What the faults invalidate costs a retry.',
    ],
    source: ['golden scenario mixed_dev', 'ledger F-28'],
    tags: ['device', 'fault', 'retry'],
    memory: 'D D E P N Z P D',
  }),
  sketch({
    id: 'device-thp-loop',
    title: 'A device huge page that must be split: endless loop',
    about:
      'Eight pages of a device-private THP are to come back. The walk asks for a split, the split function sees that this is no THP in system memory and reports success, and the walk starts again at the same place. For ever.',
    look: [
      'hmm_vma_walk_split() returns 0 without having done anything.',
      'The walk comes back to the very same state.',
      'No lock is held, so the machine stays alive; the process does not.',
    ],
    source: ['golden scenario thp_dev_partial, SELECT_DEVICE_PRIVATE', 'ledger F-01'],
    tags: ['defect', 'device', 'thp', 'split'],
    memory: 'TD',
    from: -100,
    phase: 100,
    pages: 8,
    select: ['SYSTEM', 'DEVICE_PRIVATE'],
  }),
  sketch({
    id: 'device-thp-other',
    title: 'A huge page on another device',
    about: 'A 2 MiB folio of device 1 is fetched home whole by one fault and then migrated whole.',
    look: [
      'The first of 512 calls of the fault handler moves all 512 pages.',
      'The present THP that comes back is collected on the second try.',
    ],
    source: ['golden scenario thp_dev_other, SELECT_COMPOUND'],
    tags: ['device', 'thp', 'compound', 'retry'],
    memory: 'TE',
    select: ['SYSTEM', 'COMPOUND'],
  }),
  sketch({
    id: 'device-alloc-fails',
    title: 'The device has no page to give',
    about: 'The first allocation on the device fails. That page is turned back into a present entry; the others go on.',
    look: [
      'dst[0] stays 0.',
      'migrate_vma_finalize() restores page 0 from its migration entry.',
      'Seven of eight pages migrate.',
    ],
    source: ['golden scenario anon_rw_failalloc'],
    tags: ['device', 'restore'],
    memory: 'P*8',
    conditions: { failAlloc: [0] },
  }),
  sketch({
    id: 'device-thp-alloc-fails',
    title: 'The device has no huge page to give',
    about:
      'The 2 MiB allocation fails and the driver falls back to 512 small device pages: the THP is split on the way, behind its migration entry.',
    look: [
      'src begins with one COMPOUND entry and ends with 512.',
      'The PMD migration entry becomes 512 PTE migration entries.',
    ],
    source: ['golden scenario thp_failalloc, SELECT_COMPOUND', 'hmm-tests: migrate_anon_huge_err'],
    tags: ['device', 'thp', 'compound', 'split'],
    memory: 'T',
    select: ['SYSTEM', 'COMPOUND'],
    conditions: { failAlloc: [0] },
  }),
  sketch({
    id: 'coherent',
    title: 'Device-coherent memory',
    about:
      'Memory of the device that the CPU can reach: ordinary present entries to pages of another zone. Without SELECT_DEVICE_COHERENT they stay.',
    look: ['Present PTEs whose pages belong to a device.', 'VALID for the device, not collected.'],
    source: ['golden scenario coh_own'],
    tags: ['device', 'coherent'],
    memory: 'H*8',
    device: 2,
  }),
];
