import type { KernelText } from '../kernel/kernel.ts';
import type { HmmEncodingId } from '../machine/words/hmm-pfn.ts';
import type { KernelVersion, Revision, RunSpec } from './types.ts';

/** A switch of the review ledger that the code asks for: one defect, on (mended) or off (as in v2). */
export interface FixSwitch {
  readonly id: string;
  readonly title: string;
}

/**
 * Fix switches that the unified walk knows. All off is v2 as posted; V-01 is the encoding of empty pages
 * that came with v7; `fixed` has every one on.
 */
export const FIX_SWITCHES: readonly FixSwitch[] = [
  { id: 'R-07', title: 'PMD lock dropped when an absent PMD gives an error' },
  { id: 'F-01', title: 'device-private huge PMDs are split, too' },
  { id: 'F-02', title: 'the MIGRATE event has a started mark of its own' },
  { id: 'F-03', title: 'a huge report is taken back before the split table is walked' },
  { id: 'F-04', title: 'a failing walk on the fault path undoes its collection' },
  { id: 'F-05', title: 'the PTE table is unmapped once after a failed split' },
  { id: 'F-07', title: 'the fault folio is not unlocked when sharing fails' },
  { id: 'F-08', title: 'a PMD that changed before it was locked is read anew' },
  { id: 'F-10', title: 'migrate_vma_setup() may collect from VMAs that cannot be read' },
  { id: 'F-11', title: 'protnone pages are collected' },
  { id: 'F-13', title: 'every 2 MiB block of a hole is marked' },
  { id: 'F-14', title: 'a required migration entry is waited for while migrating' },
  { id: 'F-15', title: 'a huge page that cannot be collected keeps its report' },
  { id: 'F-16', title: 'the zero page keeps the in/out flags' },
  { id: 'F-19', title: 'PMD-mapped coherent memory is selected by DEVICE_COHERENT' },
  { id: 'F-20', title: 'the folio is held before the PTE lock is dropped for a split' },
  { id: 'F-27', title: 'device-private PMDs are decoded as swap entries' },
  { id: 'F-29', title: 'a VMA that is skipped does not count as the captured one' },
  { id: 'F-31', title: 'only present PTEs make the folio dirty' },
  { id: 'F-34', title: 'locked is cleared when a table is done' },
  { id: 'F-35', title: 'a folio met at PTE level is locked without waiting' },
  { id: 'F-36', title: 'a part of a device huge page is reported from its own offset' },
  { id: 'M-02', title: 'a THP that two processes map can be split' },
  { id: 'K-02', title: 'a fault on a locked device page sleeps instead of repeating' },
  { id: 'K-03', title: 'restoring migration entries leaves device-private PMDs alone' },
  { id: 'V-01', title: 'an empty page is MIGRATE without VALID' },
];

/** What later kernels do differently without mending anything; no revision of the series has it. */
export const KERNEL_CHANGES: readonly FixSwitch[] = [
  { id: 'K-01', title: 'memory swapped in goes through the swap cache, leaves it at once and is dirty' },
];

const ALL = new Set(FIX_SWITCHES.map((s) => s.id));

/** Switches that are on in a revision. What the postings of v7 do not show is left as in v2. */
export function revisionFixes(revision: Revision): ReadonlySet<string> {
  if (revision === 'fixed') return ALL;
  if (revision === 'v7') return new Set(['R-07', 'V-01', 'F-16']);
  return new Set();
}

/** Switches that are on in a kernel without the series: what v7.1.5 has mended since v6.19. */
const VERSION_FIXES: Readonly<Record<Exclude<KernelVersion, 'v2'>, readonly string[]>> = {
  base: [],
  k715: ['F-27', 'M-02', 'K-01', 'K-02'],
};

/** What a run says about its kernel: whose text, which encoding of hmm pfns, which switches are on. */
export function kernelOf(spec: Pick<RunSpec, 'kernel' | 'revision' | 'fixes'>): {
  text: KernelText;
  encoding: HmmEncodingId;
  fixes: ReadonlySet<string>;
} {
  const version = spec.kernel ?? 'v2';
  const extra = spec.fixes ?? [];
  if (version === 'v2')
    return { text: 'v2', encoding: 'v2', fixes: new Set([...revisionFixes(spec.revision), ...extra]) };
  return { text: 'v6.19', encoding: 'mainline', fixes: new Set([...VERSION_FIXES[version], ...extra]) };
}
