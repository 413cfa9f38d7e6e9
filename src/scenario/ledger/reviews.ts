import { buildOrStyle, equals, type LedgerRow, MENDED, notADefect, rowsOf, unreachable } from './row.ts';

const brost = rowsOf({
  reported: 'Matthew Brost, review of v2 1/3, by inspection',
  firstBad: 'v2',
  fixedIn: 'v3',
  certainty: 'read',
});
const smatch = rowsOf({
  reported: 'Dan Carpenter with smatch, on v2 1/3',
  firstBad: 'v2',
  fixedIn: 'v3',
  certainty: 'read',
});
const robot = rowsOf({ reported: 'kernel test robot', firstBad: 'v2', fixedIn: '?', certainty: 'read' });
const changelog = rowsOf({
  reported: 'changelog in the v4 message and the v5 cover letter',
  firstBad: 'v2',
  fixedIn: '?',
  certainty: 'read',
});

/** R: Matthew Brost's review. S: smatch. K: build robots. C: changelogs. */
export const REVIEW_ROWS: readonly LedgerRow[] = [
  brost('R-01', 'a fault asserts that no page-table lock is held', MENDED, { golden: ['cross_pmd_none__v2__hmmM'] }),
  brost(
    'R-02',
    'an unlock on the way to a migration-entry wait that can never run',
    unreachable('the wait needs a walk that does not migrate, the lock one that does'),
  ),
  brost('R-03', 'collecting a PMD asserts that its lock is held', MENDED, { golden: ['thp__v2__hmmM'] }),
  brost('R-04', 'collecting a PTE asserts that its lock is held', MENDED),
  brost('R-05', 'collecting a PTE relies on a table that may be gone', MENDED, { golden: ['anon_rw__v2__hmmM'] }),
  brost('R-06', 'splitting asserts that no page-table lock is held', MENDED, { golden: ['thp__v2__mig'] }),
  brost('R-07', 'the PMD lock is dropped when an absent PMD gives an error', MENDED, {
    golden: ['race_pmd_dontneed__v2__hmmM', 'race_pmd_dontneed__v2__hmmMC', 'race_pmd_dontneed__v2__vmaFC'],
  }),
  brost(
    'R-08',
    'a test for "not huge" inside a branch for huge PMDs',
    unreachable('the branch is only entered for huge PMDs'),
  ),
  brost(
    'R-09',
    'is the PMD lock leaked when a huge PMD must be faulted?',
    notADefect('the only error comes after the callee’s own unlock'),
    { firstBad: '–', golden: ['thp_fork__v2__hmmMWC', 'thp_zero__v2__hmmMWC'] },
  ),
  brost(
    'R-10',
    'is the PTE lock leaked when a PTE gives an error?',
    notADefect('the callee unmaps and unlocks on every error'),
    { firstBad: '–', fixedIn: '–', golden: ['mixed__v2__hmmMW', 'prot_read__v2__hmmMW'] },
  ),
  brost('R-11', 'after a split at PTE level it is asserted that the lock was dropped', MENDED, {
    golden: ['thp_pte__v2__mig'],
  }),
  smatch(
    'S-01',
    'missing error code on four returns of the PMD walk',
    notADefect('0 is meant: the hole has been encoded'),
  ),
  smatch('S-02', 'a walk without notifier has no address space without DEVICE_MIGRATION', MENDED),
  robot(
    'K-01',
    'hmm_range_fault is undefined when HMM_MIRROR is off',
    buildOrStyle('a link error of one configuration'),
    { fixedIn: 'v3, v5' },
  ),
  robot('K-02', 'link error without transparent huge pages', buildOrStyle('a link error of one configuration'), {
    reported: 'changelog of v5',
    firstBad: 'v3 or v4',
    fixedIn: 'v5',
    certainty: 'inferred',
  }),
  robot('K-03', 'issues of the robot in v1', buildOrStyle('not stated what they were'), {
    reported: 'changelog of v2',
    firstBad: 'v1',
    fixedIn: 'v2',
  }),
  robot('K-04', 'random configurations and typos', buildOrStyle('configurations and spelling'), {
    reported: 'changelog of v4',
    firstBad: 'v3',
    fixedIn: 'v4',
  }),
  changelog(
    'C-01',
    'rebase to 6.19 with device-private huge pages',
    notADefect('new ground: the model begins after it'),
    { firstBad: 'RFC', fixedIn: 'v1' },
  ),
  changelog('C-02', 'one lock covers reporting and collecting', equals('RFC-8'), { firstBad: 'RFC', fixedIn: 'v2' }),
  changelog('C-03', 'lock handling on errors, assertions', equals('R-01', 'R-03', 'R-04', 'R-06', 'R-07', 'R-11'), {
    fixedIn: 'v3',
  }),
  changelog('C-04', 'random configurations, typos', equals('K-04'), { firstBad: 'v3', fixedIn: 'v4' }),
  changelog('C-05', 'link issue, smaller commits, comments', equals('K-02'), { firstBad: 'v4', fixedIn: 'v5' }),
  changelog('C-06', 'what v7 shows against v5: the encoding of empty pages', equals('V-01', 'F-17'), {
    firstBad: 'v5',
    fixedIn: 'v7',
    certainty: 'inferred',
  }),
  changelog('C-07', 'v7 to v11', notADefect('not read; the order of migrate_vma_setup() is as in v2'), {
    certainty: 'inferred',
  }),
];
