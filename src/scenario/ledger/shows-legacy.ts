import { anon } from '../library/make.ts';
import type { ScenarioEntry, ScenarioFolio } from '../types.ts';
import { ledgerCase, own } from './case.ts';
import type { Show } from './show.ts';

const page = (at: number, folio: ScenarioFolio, more: Partial<ScenarioEntry> = {}): ScenarioEntry => ({
  ...own(at, 1),
  ...more,
  folio: { exclusive: true, ...folio },
});

/** Section H: hmm_vma_migrate() of 2016. */
export const LEGACY_SHOWS: Readonly<Record<string, Show>> = {
  'H-01': {
    scenario: ledgerCase('H-01', 'a THP', 'T', 8),
    strategy: 'legacy-2016',
    off: 'the PMD is split, and eight PTEs of the page are taken away for good',
    on: 'the PTEs come back, the pages stay',
    differs: { finding: 'mapping-lost', in: 'off' },
  },
  'H-02': {
    scenario: ledgerCase('H-02', 'the zero page, twice', 'Z Z P', 3),
    strategy: 'legacy-2016',
    off: 'the zero page is collected and locked; at its second place the task waits for its own lock',
    on: 'the zero page stays where it is',
    differs: { finding: 'blocked-forever', in: 'off' },
  },
  'H-03': {
    scenario: ledgerCase('H-03', 'a page that somebody has locked', 'L P', 2),
    strategy: 'legacy-2016',
    off: 'the next phase waits for the lock, with another page locked',
    on: 'the page is left alone',
    differs: { finding: 'blocked-forever', in: 'off' },
  },
  'H-04': {
    scenario: ledgerCase('H-04', 'device pages', 'D*8', 8),
    strategy: 'legacy-2016',
    off: 'a bit of the page frame number is taken for soft-dirty, and comes back as soft-dirty',
    on: 'no page is soft-dirty afterwards',
    differs: { table: true },
  },
  'H-05': {
    scenario: ledgerCase(
      'H-05',
      'a page off the LRU that somebody holds',
      [own(0, 1), page(1, { lru: 'none', extraRefs: 2 })],
      2,
    ),
    strategy: 'legacy-2016',
    off: 'one page counts as two to restore; looking for the second leaves the array',
    on: 'one page is restored',
    differs: { finding: 'bug', in: 'off' },
  },
  'H-07': {
    scenario: ledgerCase('H-07', 'one page that somebody holds', 'V', 1),
    strategy: 'legacy-2016',
    off: 'the failed page is stepped over: a migration entry and a page lock for ever, and the call returns 0',
    on: 'the page comes back',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'H-08': {
    scenario: ledgerCase('H-08', 'a page that reclaim has locked for a while', 'P P', 2, {
      conditions: { rivals: [{ does: 'borrow', start: 1, end: 2, when: 'before-first-pte-lock' }] },
    }),
    strategy: 'legacy-2016',
    off: 'the page was never unmapped, and the rollback takes its PTE away',
    on: 'a PTE that is there stays',
    differs: { finding: 'mapping-lost', in: 'off' },
  },
  'H-09': {
    scenario: ledgerCase(
      'H-09',
      'a soft-dirty page that somebody holds',
      [own(0, 1), page(1, { extraRefs: 1 }, { softDirty: true })],
      2,
    ),
    strategy: 'legacy-2016',
    off: 'the page comes back without soft-dirty',
    on: 'soft-dirty comes back with it',
    differs: { table: true },
  },
  'H-10': {
    scenario: ledgerCase('H-10', 'failed, good, failed', 'V P V', 3),
    strategy: 'legacy-2016',
    off: 'the index runs out of the array',
    on: 'the index keeps pace with the address',
    differs: { finding: 'bug', in: 'off' },
  },
  'H-11': {
    scenario: ledgerCase('H-11', 'one page that compaction takes hold of before it is unmapped', 'P', 1, {
      conditions: { rivals: [{ does: 'borrow', start: 0, end: 1, when: 'before-unmap' }] },
    }),
    strategy: 'legacy-2016',
    off: 'the loop that should put the page back begins at the end; with no page left, the call returns',
    on: 'the page comes back',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'H-12': {
    scenario: ledgerCase('H-12', 'no VMA at all behind the range', [], 8, { vmas: [anon(-8, 0)] }),
    strategy: 'legacy-2016',
    off: 'the flags of NULL are read',
    on: '-EINVAL',
    differs: { finding: 'bug', in: 'off' },
  },
  'H-13': {
    scenario: ledgerCase('H-13', 'a page that compaction takes hold of while it is copied', 'P P', 2, {
      conditions: { rivals: [{ does: 'borrow', start: 0, end: 1, when: 'before-copy' }] },
    }),
    strategy: 'legacy-2016',
    off: 'the destination replaces nothing: the migration entry stays, and its page is unlocked and given up',
    on: 'the destination goes back, the page comes back',
    differs: { finding: 'migration-entry-left', in: 'off' },
  },
  'H-14': {
    scenario: ledgerCase('H-14', 'a hole of 2 MiB behind the pages', [own(0, 4)], 1024, { vmas: [anon(0, 1024)] }),
    strategy: 'legacy-2016',
    off: 'a table is looked for where there is none',
    on: 'the hole is stepped over',
    differs: { finding: 'bug', in: 'off' },
  },
};
