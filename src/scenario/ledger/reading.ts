import { buildOrStyle, type LedgerRow, MENDED, notADefect, rowsOf, unreachable } from './row.ts';

const row = rowsOf({
  reported: 'nobody: found by reading v2',
  firstBad: 'v2',
  fixedIn: '?',
  certainty: 'found by reading',
});

function f(id: string, severity: string, title: string, is: LedgerRow['is'], more: Partial<LedgerRow> = {}): LedgerRow {
  return row(id, title, is, { severity, ...(more.golden ? { certainty: 'measured' as const } : {}), ...more });
}

const RFC = { firstBad: 'RFC' };
const OLD = { firstBad: 'the old collectors' };

/** F: found by reading v2. A hang, corruption or leak; B wrong result; C latent; D style or cost. */
export const READING_ROWS: readonly LedgerRow[] = [
  f('F-01', 'A', 'a device-private huge PMD is never split: endless loop', MENDED, {
    golden: ['thp_dev__v2__migD', 'thp_dev_partial__v2__tosys'],
  }),
  f('F-02', 'A', 'with owner NULL the MIGRATE event never ends', MENDED, RFC),
  f('F-03', 'B', 'output of a first pass is read as request of the second', MENDED, { golden: ['thp__v2__hmmM'] }),
  f('F-04', 'A', 'a retry after -EBUSY loses collected pages', MENDED, {
    golden: ['mixed__v2__hmmMW', 'thp_cross__v2__hmmM', 'thp_two__v2__hmmM', 'mixed_dev__v2__hmmMD'],
  }),
  f('F-05', 'A', 'the PTE table is unmapped twice after a failed split', MENDED, {
    golden: ['thp_pte_pinned__v2__mig'],
  }),
  f('F-06', 'A (misuse)', 'REQ_MIGRATE without a migrate_vma: NULL pointer', MENDED, RFC),
  f(
    'F-07',
    'C',
    'the fault folio is unlocked when sharing fails',
    unreachable('sharing fails for pages that may be pinned, and a device-private page cannot be'),
    RFC,
  ),
  f('F-08', 'B/A', 'an entry that changed before it was locked is taken for an absent PMD', MENDED, {
    fixedIn: 'the leak: v3',
    golden: ['race_pmd_dontneed__v2__hmmM'],
  }),
  f('F-09', 'A, rare', 'starting over in the middle of a table forgets what was done of it', MENDED),
  f('F-10', 'B/A', 'memory that cannot be read is no longer collectable', MENDED, {
    ...RFC,
    golden: ['prot_none__v2__mig'],
  }),
  f('F-11', 'B', 'pages under NUMA hinting are not collected', MENDED, RFC),
  f('F-12', 'C', 'the range is made before start and end are aligned', MENDED, RFC),
  f('F-13', 'B', 'a hole of several 2 MiB blocks marks only the first', MENDED, OLD),
  f('F-14', 'B', 'a required migration entry counts as success', MENDED, { golden: ['race_pte_migrating__v2__hmmM'] }),
  f('F-15', 'B', 'a huge page that cannot be collected loses its report', MENDED, {
    golden: ['thp_locked__v2__hmmM', 'thp_pinned__v2__mig'],
  }),
  f('F-16', 'B', 'the zero page drops the in/out flags', MENDED, { ...RFC, fixedIn: 'v7' }),
  f('F-17', 'D', 'a prototype without a function', buildOrStyle('a header line'), { fixedIn: 'v7' }),
  f('F-18', 'B', 'the fault path collects from VMAs that migrate_vma_setup() refuses', MENDED, {
    ...RFC,
    golden: ['hugetlb__v2__hmmM'],
  }),
  f('F-19', 'B', 'coherent memory mapped by a PMD is selected by SYSTEM', MENDED, OLD),
  f('F-20', 'A, rare', 'a folio is held only after the PTE lock was dropped', MENDED, {
    ...OLD,
    fixedIn: 'list 6256xx, v7.3',
    golden: ['thp_pte__v2__mig', 'thp_dev_pte__v2__migD'],
  }),
  f(
    'F-21',
    'C',
    'a split of the fault page’s huge PMD loses the page’s lock',
    unreachable('a fault page is device-private, and the branch is entered for present PMDs only'),
  ),
  f('F-22', 'D', 'branches that nothing enters', unreachable('none of them was entered in 576 measured runs'), {
    fixedIn: 'partly v3',
  }),
  f('F-23', 'D', 'the TLB is flushed page by page', MENDED, { golden: ['anon_rw__v2__mig', 'thp__v2__mig'] }),
  f('F-24', 'A (build)', 'without DEVICE_MIGRATION an event is begun and not ended', MENDED),
  f('F-25', 'D', 'the documentation promises a check of the array’s size', buildOrStyle('a comment')),
  f('F-26', 'A', 'an error after collecting leaves folios locked', MENDED, {
    ...RFC,
    golden: ['hole__v2__hmmM', 'two_vmas__v2__hmmM'],
  }),
  f('F-27', 'B', 'a device-private PMD is decoded as if it were present', MENDED, {
    firstBad: '65edfda6f3f2',
    fixedIn: 'v7.1.5',
    golden: ['thp_dev__v2__migDC', 'thp_dev_other__v2__hmmMWC'],
  }),
  f('F-28', 'D', 'one page’s fault drags the rest of the stretch along', MENDED, {
    ...OLD,
    golden: ['mixed__v2__rfPW', 'mixed__v2__hmmMW'],
  }),
  f('F-29', 'B', 'a VMA that is skipped still counts as the one VMA', MENDED, {
    ...RFC,
    golden: ['prot_none__v2__hmm0'],
  }),
  f('F-30', 'D', 'migrate->end is the end of the last stretch', notADefect('all restarts are in the same VMA')),
  f('F-31', 'C', 'device pages are marked dirty without need', MENDED, {
    ...OLD,
    fixedIn: 'mainline 7.2',
    golden: ['dev_own__v2__migD'],
  }),
  f('F-32', 'C', 'a huge page of a file is collected for nothing', MENDED, OLD),
  f('F-33', 'B', 'without any VMA the caller’s struct keeps old values', MENDED, {
    ...RFC,
    golden: ['hole_start__v2__hmmM'],
  }),
  f('F-34', 'C', '"locked" stays true after a table', MENDED, { golden: ['cross_pmd_none__v2__hmmM'] }),
  f('F-35', 'A, rare', 'a folio lock is waited for while others are held', MENDED, OLD),
  f('F-36', 'B', 'part of a device huge page is reported from its head', MENDED, {
    ...OLD,
    golden: ['thp_dev_partial__v2__rf0'],
  }),
];
