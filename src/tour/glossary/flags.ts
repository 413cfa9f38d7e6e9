import type { Term } from '../glossary.ts';

const HMM_H = 'include/linux/hmm.h';
const MIGRATE_H = 'include/linux/migrate.h';

/** Flags and return values. */
export const FLAG_TERMS: readonly Term[] = [
  {
    term: 'VALID',
    also: ['HMM_PFN_VALID', 'MIGRATE_PFN_VALID', 'HMM_PFN_REQ_FAULT'],
    means:
      'In an hmm pfn: there is a page the device may read. Asked for in the request it means: fault it in. In src and dst: the word names a page.',
    source: HMM_H,
  },
  {
    term: 'WRITE',
    also: ['HMM_PFN_WRITE', 'MIGRATE_PFN_WRITE', 'HMM_PFN_REQ_WRITE'],
    means: 'The page may be written; in a request: make it writable.',
    source: HMM_H,
  },
  {
    term: 'ERROR',
    also: ['HMM_PFN_ERROR'],
    means: 'The page cannot be accessed, or could not be prepared.',
    source: HMM_H,
  },
  {
    term: 'MIGRATE',
    also: ['HMM_PFN_MIGRATE', 'MIGRATE_PFN_MIGRATE', 'HMM_PFN_REQ_MIGRATE'],
    means:
      'The page has been collected: a migration entry stands for it and its folio is locked. In a request: prepare what you find. The series adds it to hmm pfns; src had it before.',
    source: `${HMM_H} of the series; ${MIGRATE_H}`,
  },
  {
    term: 'COMPOUND',
    also: ['HMM_PFN_COMPOUND', 'MIGRATE_PFN_COMPOUND'],
    means: 'The word stands for a whole huge page; the 511 words after it are empty.',
    source: `${HMM_H} of the series; ${MIGRATE_H}`,
  },
  {
    term: 'MIGRATE_PFN_DEVICE',
    also: ['MIGRATE_PFN_DEVICE_PRIVATE'],
    means:
      'A bit of src and dst that another series adds: the page frame is one of device-private memory, whose frames are then numbered apart.',
    source: 'the device-private page frame series, include/linux/migrate.h',
  },
  {
    term: 'HMM_PFN_DEVICE_PRIVATE',
    means: 'The same for hmm pfns: bit 57 there, the bit that the unified walk uses for MIGRATE.',
    source: 'the device-private page frame series, include/linux/hmm.h',
  },
  {
    term: 'MIGRATE_VMA_SELECT_SYSTEM',
    also: [
      'MIGRATE_VMA_SELECT_DEVICE_PRIVATE',
      'MIGRATE_VMA_SELECT_DEVICE_COHERENT',
      'SELECT_SYSTEM',
      'SELECT_DEVICE_PRIVATE',
    ],
    means:
      'Which pages a migration may take: those of system memory, of device-private memory, of device-coherent memory.',
    source: MIGRATE_H,
  },
  {
    term: 'MIGRATE_VMA_SELECT_COMPOUND',
    means: 'The driver can take a huge page as a whole; without it huge pages are split.',
    source: MIGRATE_H,
  },
  {
    term: 'MIGRATE_VMA_FAULT',
    means: 'A flag of the series: migrate_vma_setup() may fault missing pages in.',
    source: `${MIGRATE_H} of the series`,
  },
  {
    term: 'MMU_NOTIFY_MIGRATE',
    also: ['MIGRATE event'],
    means: 'The event that a migration sends: its own device may ignore it.',
    source: 'include/linux/mmu_notifier.h',
  },
  {
    term: 'MMU_NOTIFY_CLEAR',
    also: ['CLEAR event'],
    means: 'The event before an entry is replaced, such as by copy on write.',
    source: 'include/linux/mmu_notifier.h',
  },
  {
    term: '-EBUSY',
    also: ['EBUSY'],
    means:
      'Come again: inside the walk it means “faulted, walk on from last”; from hmm_range_fault() that the notifier’s sequence has moved on.',
    source: 'include/uapi/asm-generic/errno-base.h',
  },
  {
    term: '-EFAULT',
    also: ['EFAULT'],
    means: 'The address cannot be accessed.',
    source: 'include/uapi/asm-generic/errno-base.h',
  },
  {
    term: '-EAGAIN',
    also: ['EAGAIN'],
    means: 'Not now; what was needed is busy or has changed.',
    source: 'include/uapi/asm-generic/errno-base.h',
  },
  {
    term: '-EINVAL',
    also: ['EINVAL'],
    means: 'The call makes no sense with these arguments.',
    source: 'include/uapi/asm-generic/errno-base.h',
  },
  {
    term: '-ENOENT',
    also: ['ENOENT'],
    means: 'Inside the walk: the huge page cannot be taken whole, it has to be split.',
    source: 'include/uapi/asm-generic/errno-base.h',
  },
  {
    term: '-ERANGE',
    also: ['ERANGE'],
    means: 'The range lies in more than one VMA.',
    source: 'include/uapi/asm-generic/errno.h',
  },
  { term: '-ENOMEM', also: ['ENOMEM'], means: 'There is no memory.', source: 'include/uapi/asm-generic/errno-base.h' },
  {
    term: 'hmm_pfns',
    also: ['hmm_pfns[]', 'hmm pfn', 'hmm pfns'],
    means: 'The array that a walk fills: a word for each page with flags and page frame.',
    source: `${HMM_H}, struct hmm_range`,
  },
  {
    term: 'last',
    everyday: true,
    also: ['hmm_vma_walk->last'],
    means: 'Where the walk resumes when it has been interrupted.',
    source: 'mm/hmm.c, struct hmm_vma_walk',
  },
  {
    term: 'cpages',
    also: ['npages'],
    means: 'How many pages a migration has collected, of how many.',
    source: `${MIGRATE_H}, struct migrate_vma`,
  },
  {
    term: 'HMM_PFN_ORDER_SHIFT',
    means: 'Where in an hmm pfn the order of the mapping is kept. New flags push it down.',
    source: HMM_H,
  },
  {
    term: 'LOCKED',
    also: ['HMM_PFN_LOCKED'],
    means: 'A flag of 2016: the page of this entry is locked by the migration.',
    source: 'HMM v13 (2016), include/linux/hmm.h',
  },
  {
    term: 'SIGBUS',
    means: 'The signal for an access that cannot be served, such as a page that its device does not give back.',
    source: 'include/uapi/asm-generic/signal.h',
  },
  {
    term: 'DEVICE_MIGRATION',
    also: ['HMM_MIRROR', 'CONFIG_DEVICE_MIGRATION', 'CONFIG_HMM_MIRROR', 'CONFIG_TRANSPARENT_HUGEPAGE'],
    means:
      'Options with which a kernel is built: migration to devices, mirrors, huge pages. Code has to build without them, too.',
    source: 'mm/Kconfig',
  },
];
