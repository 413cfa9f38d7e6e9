import { buildOrStyle, equals, type LedgerRow, MENDED, notADefect, rowsOf, unreachable } from './row.ts';

const david = rowsOf({
  reported: 'David Hildenbrand on v5 2/6, 17 March 2026',
  firstBad: 'v5',
  fixedIn: 'v7',
  certainty: 'read',
});
const robot = rowsOf({
  reported: 'automatic review of v11, 25 May 2026',
  firstBad: 'v11',
  fixedIn: '?',
  certainty: 'read',
});
const list = rowsOf({
  reported: 'commit text, list 6388xx',
  firstBad: 'v2',
  fixedIn: 'list 6388xx',
  certainty: 'read',
});

/** V: remarks on v5 to v11. L: later messages and mainline fixes. */
export const LATER_ROWS: readonly LedgerRow[] = [
  david('V-01', 'an empty page is MIGRATE without VALID', MENDED, { firstBad: 'v2' }),
  david('V-02', 'wording of the commit message, an empty line', buildOrStyle('text only')),
  david('V-03', 'Acked-by for the Kconfig patch', buildOrStyle('a tag'), {
    reported: 'David Hildenbrand, seen on v11',
  }),
  robot(
    'V-04',
    'hmm_select_migrate may be defined twice',
    buildOrStyle('a build error according to the robot, not verified'),
  ),
  robot('V-05', 'COMPOUND is 0 in a build without migration', notADefect('migrate is never true in such a build')),
  robot(
    'V-06',
    'migrate_vma_setup() now returns errors of the walk',
    notADefect('as meant: callers have to handle -EFAULT; the walk undoes its collection'),
    {
      firstBad: 'v2',
      golden: ['prot_none__v2__vmaF', 'dev_other__v2__vmaF'],
    },
  ),
  robot('V-07', 'an uninitialised frame before a cache flush', notADefect('withdrawn by the robot')),
  robot('V-08', 'ioctl numbers of the test driver change', buildOrStyle('an interface of the test program')),
  robot('V-09', 'the helper patch calls a static function', notADefect('of the same file')),
  robot('V-10', 'comment style', buildOrStyle('comments')),
  list('L-01', 'a folio must be held before the PTE lock is dropped', equals('F-20'), {
    reported: 'commit text, list 6256xx',
    fixedIn: 'list 6256xx',
  }),
  list('L-02', 'one reference too many when the fault page’s folio is split', MENDED, {
    firstBad: 'mainline collector',
    fixedIn: 'series, new structure',
  }),
  list(
    'L-03',
    'the wrong folio is unlocked after the fault page’s folio was split',
    unreachable('when a PMD faults, the fault page is the head of its folio, whose lock a split keeps'),
    { firstBad: 'mainline collector', fixedIn: 'series, new structure' },
  ),
  list('L-04', 'a migration may not let go of the mmap lock', MENDED, { firstBad: '–' }),
  list('L-05', 'a huge report is still there when the split table is walked', equals('F-03'), {
    reported: 'automatic review, list 6459xx, severity high',
    severity: 'high',
    fixedIn: '?',
    golden: ['thp__v2__hmmM'],
  }),
  list('L-06', 'a valid report is overwritten when a PMD is skipped', equals('F-15'), {
    reported: 'automatic review, list 6459xx, severity medium',
    severity: 'medium',
    fixedIn: '?',
    golden: ['thp_locked__v2__hmmM'],
  }),
  list('L-07', 'a device-private PMD is read with the predicates of a present one', equals('F-27'), {
    reported: 'Lorenzo Stoakes, June 2026, Fixes: 65edfda6f3f2',
    firstBad: '65edfda6f3f2',
    fixedIn: 'v7.1.5',
    golden: ['thp_dev__v2__migDC', 'thp_dev__base__cpu', 'thp_dev__k715__migDC'],
  }),
  list('L-08', 'a walk over the mappings takes a device-private PMD for what it looks for', MENDED, {
    reported: 'Wei Yang, July 2026 (f84ca9b18884)',
    firstBad: 'device-private huge pages',
    fixedIn: 'mainline',
    certainty: 'inferred',
  }),
  list('L-09', 'names of the lock fields collide with another series', buildOrStyle('names')),
];
