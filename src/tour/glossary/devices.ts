import type { Term } from '../glossary.ts';

/** Devices and their memory, and migration to it. */
export const DEVICE_TERMS: readonly Term[] = [
  {
    term: 'device',
    everyday: true,
    also: ['devices'],
    means:
      'A processor other than the CPU that uses the memory of a process: a GPU, or the test driver that plays one.',
    source: 'lib/test_hmm.c, struct dmirror_device',
  },
  {
    term: 'device-coherent memory',
    also: ['device-coherent', 'coherent', 'coherent memory'],
    means: 'Memory of a device that the CPU can use as well: its pages are mapped by ordinary present entries.',
    source: 'include/linux/memremap.h, MEMORY_DEVICE_COHERENT',
  },
  {
    term: 'device-exclusive',
    also: ['device-exclusive entry'],
    means:
      'An entry that says: the device uses this page atomically, the CPU has to fault before it may touch it. The page stays in system memory.',
    source: 'include/linux/swapops.h, SWP_DEVICE_EXCLUSIVE',
  },
  {
    term: 'device-private memory',
    also: [
      'device-private',
      'device-private entry',
      'device-private entries',
      'device-private page',
      'device-private pages',
    ],
    means:
      'Memory of a device that the CPU cannot reach. Its pages are mapped by entries that are not present; a CPU that touches one faults, and the page is fetched back.',
    source: 'include/linux/memremap.h, MEMORY_DEVICE_PRIVATE',
  },
  {
    term: 'DMA',
    also: ['DMA_MAPPED', 'HMM_PFN_DMA_MAPPED'],
    means:
      'A device reads and writes memory by itself. DMA_MAPPED in an hmm pfn says that the page has an address for it already.',
    source: 'include/linux/hmm.h, HMM_PFN_DMA_MAPPED',
  },
  {
    term: 'driver',
    everyday: true,
    also: ['drivers'],
    means: 'The kernel code that serves a device and asks for walks and migrations.',
    source: 'lib/test_hmm.c is the one modelled by default',
  },
  {
    term: 'finalize',
    means:
      'The last step of a migration: migration entries become mappings again, of the new page or of the old, and all locks and references go.',
    source: 'mm/migrate_device.c, migrate_vma_finalize()',
  },
  {
    term: 'HMM',
    means:
      'Heterogeneous memory management: the helpers by which a driver mirrors the page table of a process and takes pages to a device.',
    source: 'mm/hmm.c, Documentation/mm/hmm.rst',
  },
  {
    term: 'interval notifier',
    also: ['interval notifiers'],
    means:
      'A notifier for a range of addresses with a sequence number. A reader takes the number first and checks it at the end; if it has changed, what was read is void.',
    source: 'mm/mmu_notifier.c, struct mmu_interval_notifier',
  },
  {
    term: 'migrate_vma',
    means:
      'What a driver hands to the migration calls: the VMA, the range, the arrays src and dst, and what may be selected.',
    source: 'include/linux/migrate.h, struct migrate_vma',
  },
  {
    term: 'migration',
    everyday: true,
    also: ['migrate', 'migrated', 'migrates'],
    means:
      'To move the content of a page to another page frame, here to the memory of a device, so that no process notices.',
    source: 'mm/migrate_device.c',
  },
  {
    term: 'migration entry',
    also: ['migration entries'],
    means:
      'Stands in a page table in place of a mapping whose page is being moved. It names the old page frame and what the mapping allowed; whoever touches it waits for the folio lock.',
    source: 'include/linux/swapops.h, make_writable_migration_entry()',
  },
  {
    term: 'MMU notifier',
    also: ['MMU', 'notifier', 'notifiers', 'bracket', 'brackets'],
    means:
      'Tells others that a page table is about to change and when the change is over (a bracket), so that they drop what they have copied from it.',
    source: 'mm/mmu_notifier.c',
  },
  {
    term: 'owner',
    everyday: true,
    means: 'A pointer by which a driver recognizes its own device memory and its own notifier events.',
    source: 'include/linux/memremap.h, dev_pagemap.owner',
  },
  {
    term: 'sequence',
    everyday: true,
    also: ['sequence number', 'notifier sequence'],
    means: 'The number of an interval notifier; it moves on with each invalidation of its range.',
    source: 'mm/mmu_notifier.c, mmu_interval_read_begin()',
  },
  {
    term: 'src',
    also: ['src[]', 'dst', 'dst[]'],
    means: 'The arrays of a migration: src what leaves each place, dst where it goes.',
    source: 'include/linux/migrate.h, struct migrate_vma',
  },
  {
    term: 'ZONE_DEVICE',
    also: ['pgmap', 'dev_pagemap'],
    means: 'Page frames that belong to a device but have a struct page like any other.',
    source: 'mm/memremap.c',
  },
];
