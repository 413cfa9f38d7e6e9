import { functionOfSite } from '../../machine/sites.ts';
import type { RuleFinding } from '../../recording/rule-findings.ts';

/** A finding on the mended kernel that is no mistake of the model: perhaps a defect that nobody has reported. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  /** functions in which it is found */
  readonly functions: readonly string[];
  /** why the kernel does this, and what would have to happen for it to do harm */
  readonly argument: string;
}

/** What the rules find on the mended kernel, each with its argument. */
export const CANDIDATES: readonly Candidate[] = [
  {
    id: 'X-01',
    title: 'A fault of the unified walk waits for a folio lock while collected folios are locked',
    rule: 'lock-order',
    functions: ['do_swap_page', 'migration_entry_wait', 'pmd_migration_entry_wait', 'shmem_fault', 'filemap_fault'],
    argument:
      'hmm_vma_fault() runs the fault handler with what was collected so far still locked. do_swap_page() then waits for the lock of a swap-cache folio (hmm_vma_fault() does not set FAULT_FLAG_ALLOW_RETRY, so folio_lock_or_retry() sleeps), shmem_fault() and filemap_fault() for that of a page of the file, or all of them for a migration entry. Two tasks that share two pages after a fork, one of them in the swap cache, and walk them in different order, can each hold what the other waits for. The old sequence, fault first and collect then, cannot: its collector only tries. F-35 is the same for the split.',
  },
  {
    id: 'X-02',
    title: 'The test driver maps a migrated page that has been unmapped meanwhile',
    rule: 'mirror-stale',
    functions: ['user_program', 'rival_program'],
    argument:
      'dmirror_migrate_finalize_and_map() enters the pages of dst[] into the page table of the device between migrate_vma_pages() and migrate_vma_finalize(), and does not ask the sequence of its interval notifier. For an empty place the new device entry is live as soon as it is inserted; madvise(MADV_DONTNEED) needs the mmap lock for reading only, so it can zap the entry and tell the device before the driver maps the page. The device then keeps a page that the process no longer has.',
  },
  {
    id: 'X-03',
    title: 'A read-only page of the caller’s own device is reported for a request to write, without a fault',
    rule: 'hmm-device-write',
    functions: ['hmm_range_fault'],
    argument:
      'hmm_vma_handle_pte() (and the huge form) reports a device-private page of the caller’s own before it asks whether a fault is required: "Don’t fault in device private pages owned by the caller, just report the PFN". When that page may only be read, as after a fork, the call succeeds without HMM_PFN_WRITE, although include/linux/hmm.h promises that with HMM_PFN_REQ_WRITE it has write permission or the call fails. A driver that answers a write fault of its device by mapping what is reported faults again for ever; copy-on-write is never done for the device. All texts do this, v6.19 first.',
  },
];

const candidateAt = (rule: string, fn: string): Candidate | undefined =>
  CANDIDATES.find((c) => c.rule === rule && c.functions.includes(fn));

/** The candidate that a finding on the mended kernel is, if it is one. */
export const candidateOf = (finding: Pick<RuleFinding, 'rule' | 'site'>): Candidate | undefined =>
  candidateAt(finding.rule, functionOfSite(finding.site).name);

/** What a search has found: the broken rule, `function:label`, and the rows of the ledger that it belongs to. */
interface Hit {
  readonly rule: string;
  readonly site: string;
  readonly ledger: readonly string[];
}

/** The candidate that a hit is, if it is one: what a row of the ledger explains is none. */
export const candidateOfHit = ({ rule, site, ledger }: Hit): Candidate | undefined =>
  ledger.length > 0 ? undefined : candidateAt(rule, site.split(':', 1)[0] as string);
