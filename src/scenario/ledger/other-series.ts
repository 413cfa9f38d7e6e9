import { type LedgerRow, MENDED, type RowKind, notADefect, rowsOf } from './row.ts';

const felix = rowsOf({
  reported: 'Felix Kuehling on device PFN v1 1/8',
  firstBad: 'device PFN v1',
  fixedIn: 'device PFN v2',
  certainty: 'read',
});
const old = rowsOf({
  reported: 'nobody: found by reading HMM v13 16/18 (2016)',
  firstBad: 'v13',
  fixedIn: 'merged in another form in 2017',
  certainty: 'found by reading',
});
const PFN: RowKind = { kind: 'other-series', series: 'device-pfn' };

/** D: the device-private PFN series. H: the code of 2016. */
export const OTHER_SERIES_ROWS: readonly LedgerRow[] = [
  felix('D-01', 'amdkfd marks coherent pages as device-private', PFN),
  felix('D-02', 'the test driver marks coherent huge pages as device-private', PFN),
  felix('D-03', 'the test driver marks coherent pages as device-private', PFN),
  felix(
    'D-04',
    'the collector should tell coherent pages apart',
    notADefect('coherent pages are present and never get to that branch'),
  ),
  felix('D-05', 'migrate_device_pfn_lock() marks coherent pages as device-private', PFN),
  felix('D-06', 'ripple effects are expected', notADefect('an expectation; D-01 to D-05 are what came of it')),
  felix('D-07', 'a helper from page to migrate pfn', notADefect('a proposal'), { reported: 'the author’s answer' }),
  felix('D-08', 'the order field was not moved for the flag in bit 57', PFN, {
    reported: 'Balbir Singh on that series’ RFC',
    firstBad: 'its RFC',
    fixedIn: 'device PFN v1',
  }),
  felix('D-09', 'an absent device-private PMD lacks the flag', PFN, {
    reported: 'Matthew Brost on that series’ RFC',
    firstBad: 'its RFC',
    fixedIn: 'device PFN v1',
  }),
  felix('D-10', 'three more swap types cost three swap files', notADefect('accepted as cost'), {
    reported: 'list',
    certainty: 'inferred',
  }),
  felix('D-11', 'which test amdkfd makes', notADefect('same result, more robust'), { reported: 'list, v2 and v3' }),
  felix('D-12', 'the last page of a chunk is missing', PFN, {
    reported: 'changelog of v6',
    firstBad: 'device PFN v5',
    fixedIn: 'device PFN v6',
  }),
  felix('D-13', 'both series use bit 57', PFN, {
    reported: 'nobody: found by reading',
    firstBad: 'both',
    fixedIn: '–',
    certainty: 'found by reading',
  }),
  felix('D-14', 'src[] made from a frame loses the device flag', PFN, {
    reported: 'nobody: found by reading',
    firstBad: 'both',
    fixedIn: '–',
    certainty: 'found by reading',
  }),
  old('H-01', 'the PTE of a compound page’s tail is cleared and never put back', MENDED),
  old('H-02', 'the zero page is collected like any page', MENDED),
  old('H-03', 'after a failed trylock the entry stays marked for migration', MENDED),
  old('H-04', 'soft-dirty is read with the wrong predicate', MENDED),
  old('H-05', 'a page is given up twice', MENDED),
  old('H-06', 'goto again after draining', notADefect('repeats the current entry only; a second lock is prevented')),
  old('H-07', 'the restore loop skips what failed', MENDED),
  old('H-08', 'the restore loop clears a present PTE', MENDED),
  old('H-09', 'soft-dirty is read after the slot was cleared', MENDED),
  old('H-10', 'the unlock loop advances by 12 bytes', MENDED),
  old('H-11', 'the second unmap loop never runs', MENDED),
  old('H-12', 'vma is used before it is tested for NULL', MENDED),
  old('H-13', 'the destination stays in pfns[] when a page fails', MENDED),
  old('H-14', 'a hole as large as a table is walked into', MENDED),
];
