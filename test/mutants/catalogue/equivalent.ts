/** A breakage that is argued to change nothing that can be seen; no run caught it, which alone would prove nothing. */
export interface Equivalent {
  readonly id: string;
  readonly title: string;
  readonly why: string;
}

/** What was tried as a mutant, and is not counted because it changes nothing that can be seen. */
export const EQUIVALENT: readonly Equivalent[] = [
  {
    id: 'walk-keeps-lock-on-error',
    title: 'an error of an absent PMD keeps the lock (R-07)',
    why: 'With F-08 mended, a PMD that is none or a migration entry under the lock is looked at anew and never gets to hmm_vma_handle_absent_pmd(); a device-private one of somebody else drops the lock before it faults. No other absent PMD exists, so the error that came back with the lock held cannot come back.',
  },
  {
    id: 'walk-trusts-first-read',
    title: 'the PMD is not read again under its lock',
    why: 'Everything that is done under the lock reads the entry itself once more (hmm_vma_handle_migrate_prepare_pmd(), pte_offset_map_lock()). Only the report can be of the old entry, and whoever changed it has told the device before, so the caller throws the report away.',
  },
];
