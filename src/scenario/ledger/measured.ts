import { CHANGED, type LedgerRow, MENDED, rowsOf } from './row.ts';

const m = rowsOf({ reported: 'nobody: found by measurement', firstBad: 'v6.19', fixedIn: '?', certainty: 'measured' });

/** M: what running kernels did and no message mentions. N: what no ledger
 * has yet: v7.1.5 was seen to do differently, or random runs of the model have found. */
export const MEASURED_ROWS: readonly LedgerRow[] = [
  m('M-01', 'dividing a collected huge page that a forked process maps stops the kernel', MENDED, {
    golden: ['thp_fork_failalloc__v2__migC', 'thp_fork_failalloc__v2__hmmMC'],
  }),
  m('M-02', 'a huge page that two processes map cannot be split', MENDED, {
    fixedIn: 'v7.1.5',
    golden: ['thp_fork__v2__mig', 'thp_fork__v2__hmmM', 'thp_fork__base__mig'],
  }),
  m('M-03', 'foreign device memory: ERROR as a huge page, nothing as small ones', MENDED, {
    golden: ['thp_dev_other__v2__rf0', 'dev_other__v2__rf0'],
  }),
  m('M-04', 'a page unmapped for good between setup and copy counts as migrated', MENDED, {
    golden: ['conc_dontneed__v2__mig', 'thp_conc_dontneed__v2__migC'],
  }),
  m('M-05', 'a lost race for an empty PMD leaves COMPOUND alone', MENDED, {
    golden: ['race_pmd_populated__v2__hmm0C', 'race_pmd_populated__v2__migC'],
  }),
  m('M-06', 'the walk’s own split sends the caller round again', MENDED, {
    firstBad: 'v2',
    golden: ['thp__v2__hmmM', 'thp_two__v2__hmmM', 'thp_cross__v2__hmmM'],
  }),
  m('N-01', 'memory swapped in goes through the swap cache, leaves it at once and is dirty', CHANGED, {
    reported: 'nobody: seen when v7.1.5 was measured',
    fixedIn: '–',
  }),
  m('N-02', 'a fault on a locked device page returns without progress instead of sleeping', MENDED, {
    reported: 'nobody: seen when v7.1.5 was measured',
    fixedIn: 'v7.1.5',
  }),
  m('N-04', 'the fault page may be freed by the split of its folio before it is held', MENDED, {
    reported: 'nobody: found by the model’s random runs',
    certainty: 'found by reading',
    severity: 'A, rare',
  }),
  m('N-03', 'the test driver forgets a collected page when it has no memory for it', MENDED, {
    reported: 'nobody: found by the model’s random runs',
    certainty: 'found by reading',
  }),
];
