import type { DriverName, DriverWay } from '../kernel/drivers/ways.ts';
import type { Cue } from '../kernel/scheduler.ts';
import type { ActorKind } from './actors.ts';
import type { ProcessCall } from './process.ts';

/**
 * What a scenario is. Pages are numbers relative to the start of the requested range (they may be
 * negative); `base` says which virtual address page 0 stands for.
 */

export type VmaKind = 'anon' | 'shmem' | 'file' | 'hugetlb' | 'special';

export interface ScenarioVma {
  readonly start: number;
  readonly end: number;
  /** as in /proc/PID/maps: rwxp or rwxs with - for what is missing */
  readonly perms: string;
  readonly kind: VmaKind;
  readonly flags?: readonly ('hugepage' | 'nohugepage' | 'mlocked' | 'io' | 'pfnmap' | 'mixedmap' | 'dontexpand')[];
}

export type EntryKind =
  | 'none'
  | 'present'
  | 'zero'
  | 'swap'
  | 'migration'
  | 'device'
  | 'device-exclusive'
  | 'hwpoison'
  | 'marker';

/** A stretch of equal page-table entries: `count` pages from `page` on. */
export interface ScenarioEntry {
  readonly page: number;
  /** pages; a PMD entry may cover fewer than 512 pages of the stretch, its folio always has 512 */
  readonly count: number;
  readonly level: 'pte' | 'pmd';
  readonly kind: EntryKind;
  readonly write?: boolean;
  readonly young?: boolean;
  readonly dirty?: boolean;
  readonly softDirty?: boolean;
  readonly uffdWp?: boolean;
  readonly protnone?: boolean;
  /** special mapping without a normal page (not the zero page) */
  readonly special?: boolean;
  /** kind of a migration entry: read, read-exclusive, write */
  readonly migration?: 'r' | 'rx' | 'w';
  /** bits of a marker */
  readonly marker?: 'uffd-wp' | 'poisoned' | 'guard';
  readonly folio?: ScenarioFolio;
  /** first page of the folio that the first entry of the stretch maps; 0 when left out */
  readonly folioPage?: number;
  /** what the first word of the first page holds; one more for each further page; 0x1000 + page when left out */
  readonly data?: number;
  /** of a swap entry: SWP_EXCLUSIVE (true when left out and nobody shares it), and forked processes that use the slot too */
  readonly slot?: { readonly exclusive?: boolean; readonly sharedBy?: number };
  /**
   * of device memory: the device's own page table maps the pages, with the entry's write permission. Left out: true, unless
   * something has dropped it since the migration (write-protection in a writable VMA, a PMD split).
   */
  readonly mirrored?: boolean;
}

/** The folio behind a present, migration, device or (through the swap cache) swap entry. */
export interface ScenarioFolio {
  /** stretches with the same name map the same folio; without a name each order-0 page has its own */
  readonly name?: string;
  /** 0 or 9; a PMD entry implies 9 */
  readonly order?: 0 | 9;
  readonly memory?: 'system' | 'private' | 'coherent';
  /** device that owns the memory: 0, 1 private; 2, 3 coherent */
  readonly device?: number;
  /** anonymous memory; left out: as the VMA says, in a private mapping of a file true if writable or exclusive */
  readonly anon?: boolean;
  /** AnonExclusive of the page(s) */
  readonly exclusive?: boolean;
  /** other processes (made by fork) that map the folio at the same address with the same kind of entry */
  readonly sharedBy?: number;
  /** plain extra references (vmsplice, O_DIRECT …) */
  readonly extraRefs?: number;
  /** GUP pins (FOLL_PIN) */
  readonly pins?: number;
  /** folio lock held by somebody outside the scenario */
  readonly locked?: boolean;
  /** 'list' (default for system memory), 'batch' (per-CPU batch, holds a reference), 'none' */
  readonly lru?: 'list' | 'batch' | 'none';
  readonly dirty?: boolean;
  readonly mlocked?: boolean;
}

/** Where the walk is asked for and how. */
export interface ScenarioRequest {
  readonly start: number;
  readonly end: number;
  /** HMM_PFN_REQ_FAULT */
  readonly fault: boolean;
  /** HMM_PFN_REQ_WRITE */
  readonly write: boolean;
  /** MIGRATE_VMA_SELECT_* of migrate.flags */
  readonly select: readonly ('SYSTEM' | 'DEVICE_PRIVATE' | 'DEVICE_COHERENT' | 'COMPOUND')[];
  /** the device that asks: its owner value, its interval notifier */
  readonly device: number;
  /** whose driver asks; left out: lib/test_hmm.c */
  readonly driver?: DriverName;
  /** requests page by page through pfn_flags_mask: request of even pages, of odd pages */
  readonly perPage?: { readonly even: 'fault' | 'write' | 'nothing'; readonly odd: 'fault' | 'write' | 'nothing' };
}

/** A second actor and the moment at which it gets the CPU. */
export interface ScenarioRival {
  /** what it does; actors.ts says what each is */
  readonly does: ActorKind;
  readonly start: number;
  readonly end: number;
  /** device that a rival migration goes to, or that a second device fault comes from; 0 when left out */
  readonly device?: number;
  /** a rival migration (or second device fault) pauses between its setup and its copy until the walker waits or ends */
  readonly holds?: boolean;
  /**
   * just before the walker's first pmd_lock / pte_offset_map_lock, between its setup and its copy, after it dropped a
   * PTE lock to split a folio, while it holds the mmap lock and wants it once more, or (2016) between isolating and
   * unmapping
   */
  readonly when: Exclude<Cue, 'at-once'>;
}

export interface ScenarioConditions {
  /** devices whose file the process has open (they get notifier callbacks); left out: the asking device and the owners of mapped memory */
  readonly openDevices?: readonly number[];
  /** devices whose next allocation fails (HMM_DMIRROR_FLAG_FAIL_ALLOC) */
  readonly failAlloc?: readonly number[];
  readonly thp?: 'always' | 'madvise' | 'never';
  readonly rivals?: readonly ScenarioRival[];
  /** in what the driver departs from lib/test_hmm.c */
  readonly driver?: readonly DriverWay[];
  /** build options that the kernel lacks */
  readonly without?: readonly 'DEVICE_MIGRATION'[];
}

export interface Scenario {
  readonly format: 'walkscope-scenario';
  readonly version: 1;
  readonly id: string;
  readonly title: string;
  /** what it teaches, one to three sentences */
  readonly about?: string;
  /** what to look at, in order */
  readonly look?: readonly string[];
  /** where it comes from: golden scenario, hmm-tests test, ledger id, capture */
  readonly source?: readonly string[];
  readonly tags?: readonly string[];
  /** virtual address of page 0, hexadecimal with 0x, page aligned */
  readonly base: string;
  readonly vmas: readonly ScenarioVma[];
  /** entries not named are none; a 2 MiB area in which no PTE stretch lies has no PTE table unless `tables` names a page of it */
  readonly entries: readonly ScenarioEntry[];
  /** pages whose PMD (and PUD) table exists although everything below is empty: 'pmd' = PMD table exists, 'pte' = PTE table exists */
  readonly tables?: readonly { readonly page: number; readonly level: 'pmd' | 'pte' }[];
  readonly request: ScenarioRequest;
  readonly conditions?: ScenarioConditions;
  /** what the process does, in order; left out: the strategy's calls alone. `strategy` stands for them */
  readonly program?: readonly Operation[];
}

/**
 * One operation of a run. Without explicit operations the strategy makes them from the request.
 * `when`: only if the operation before ran and returned 0 (`succeeded`), or did so and its setup left pages
 * uncollected (`incomplete`).
 */
export type Operation = { readonly when?: 'succeeded' | 'incomplete' } & (OperationCall | ProcessCall);

export type OperationCall =
  /** hmm_range_fault(), repeated on -EBUSY; with `migrate`, REQ_MIGRATE and then setup, copy, pages, finalize */
  | { readonly call: 'hmm_range_fault'; readonly migrate: boolean; readonly request: ScenarioRequest }
  /**
   * migrate_vma_setup(), copy, pages, finalize; `fault` = MIGRATE_VMA_FAULT. `ifIncomplete`: when setup did not collect
   * every page (for a write request: every page writable), the driver gives everything back instead of going on.
   */
  | {
      readonly call: 'migrate_vma';
      readonly fault: boolean;
      readonly request: ScenarioRequest;
      readonly ifIncomplete?: 'abort';
    }
  /** in a program: the calls that the strategy makes for the request */
  | { readonly call: 'strategy' }
  /** hmm_vma_migrate() of 2016, which does everything itself and calls the driver back */
  | { readonly call: 'hmm_vma_migrate'; readonly request: ScenarioRequest }
  /** the CPU touches the first page of the range */
  | { readonly call: 'cpu'; readonly write: boolean; readonly page: number }
  /** the stock ioctls of lib/test_hmm.c */
  | {
      readonly call: 'ioctl';
      readonly nr: 'read' | 'write' | 'to-dev' | 'to-sys';
      readonly start: number;
      readonly end: number;
      readonly device: number;
    };

export type Strategy =
  | 'unified'
  | 'fault-then-migrate'
  | 'migrate-fault-migrate'
  | 'migrate-only'
  | 'fault-only'
  | 'legacy-2016';
export type Revision = 'v2' | 'v7' | 'fixed' | 'rfc';
/**
 * The kernel that runs: `v2` has the series applied (its text follows the revision), `base` is the unmodified
 * v6.19, `k715` the unmodified v7.1.5.
 */
export type KernelVersion = 'v2' | 'base' | 'k715';

/** Everything that determines a recording. */
export interface RunSpec {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  /** text of the series; without effect on a kernel that does not have it */
  readonly revision: Revision;
  /** v2 when left out */
  readonly kernel?: KernelVersion;
  /** fix switches on top of the revision, or of the unmodified kernel */
  readonly fixes?: readonly string[];
  /** instead of what the strategy would do */
  readonly operations?: readonly Operation[];
  /**
   * who goes on at each preemption point, as schedule.ts writes it; all rivals are ready from the start then. Left out:
   * the walker runs, and each rival starts at its cue
   */
  readonly schedule?: string;
}
