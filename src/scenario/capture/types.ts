/**
 * What a capture is: the mapping of a real process's memory, as public/capture/capture.py writes it. It says how pages are
 * mapped, never what they hold.
 */

/** Facts that the kernel, or missing privilege, kept from the script. */
export type CaptureFact = 'page-frames' | 'kpageflags' | 'kpagecount' | 'soft-dirty' | 'pagemap-scan' | 'ksm' | 'smaps';

/** How a page-table entry looks from /proc/PID/pagemap and PAGEMAP_SCAN. */
export type CaptureMapBit =
  | 'present'
  | 'swapped'
  | 'file-or-shared'
  | 'soft-dirty'
  | 'exclusive'
  | 'uffd-wp'
  | 'guard'
  | 'pmd'
  | 'zero';

/** Flags of the folio behind it, from /proc/kpageflags. */
export type CaptureFlag =
  | 'locked'
  | 'dirty'
  | 'lru'
  | 'writeback'
  | 'anon'
  | 'swapcache'
  | 'swapbacked'
  | 'hugetlb'
  | 'unevictable'
  | 'hwpoison'
  | 'ksm'
  | 'thp'
  | 'zero'
  | 'mlocked';

/** Everything known of a page; many pages share one state. */
export interface CaptureState {
  /** pagemap bits; pmd = a PMD entry maps the page, zero = it is the zero page (both from PAGEMAP_SCAN) */
  readonly map: readonly CaptureMapBit[];
  /** number of the swap file, or of a special kind of swap entry */
  readonly swapType?: number;
  /** flags of the folio; left out when /proc/kpageflags could not be read */
  readonly flags?: readonly CaptureFlag[];
  /** order of the folio, 0 when left out; 10 stands for everything above 9 */
  readonly order?: number;
  /** page-table entries in all processes that map the page, from /proc/kpagecount */
  readonly maps?: number;
}

/** A mapping of the process with the pages that were captured in it. */
export interface CaptureVma {
  /** first address, hexadecimal with 0x */
  readonly start: string;
  /** first address after it */
  readonly end: string;
  /** as in /proc/PID/maps */
  readonly perms: string;
  /** what is mapped; special = a driver's or the kernel's own pages */
  readonly kind: 'anon' | 'shmem' | 'file' | 'hugetlb' | 'special';
  /** heap, stack …, or the name of the file if the person wanted names */
  readonly label: string;
  /** VmFlags of /proc/PID/smaps */
  readonly vmFlags?: readonly string[];
  /** counters of /proc/PID/smaps in KiB, those that are not 0 */
  readonly smaps?: Readonly<Record<string, number>>;
  /**
   * runs of equal pages, in order: [page in the VMA, number of pages, state], and where known and telling a fourth number that
   * goes up by one from page to page: of present pages the renumbered page frame (2 MiB areas of physical memory are numbered
   * as they come, the place inside is kept), of swapped pages the swap slot
   */
  readonly runs: readonly (readonly number[])[];
}

/** A range of addresses. */
export interface CaptureRange {
  /** first address, hexadecimal with 0x */
  readonly start: string;
  /** first address after it */
  readonly end: string;
}

/** A capture file, version 1. */
export interface Capture {
  readonly format: 'walkscope-capture';
  readonly version: 1;
  /** release of the kernel, as uname -r says */
  readonly kernel: string;
  /** processor, as uname -m says */
  readonly machine: string;
  readonly pageSize: 4096;
  /** root: page frames were visible; user: they were not */
  readonly privilege: 'root' | 'user';
  /** facts that could not be had */
  readonly missing: readonly CaptureFact[];
  /** /sys/kernel/mm/transparent_hugepage/enabled */
  readonly thp: 'always' | 'madvise' | 'never';
  /** what the script was asked for */
  readonly selection: 'range' | 'all-anon' | 'heap';
  /** of selection range: the range that was asked for */
  readonly range?: CaptureRange;
  /** address at which the capture ends early because it grew too large */
  readonly truncatedAt?: string;
  /** the states of pages, by number */
  readonly states: readonly CaptureState[];
  /** mappings by address */
  readonly vmas: readonly CaptureVma[];
}
