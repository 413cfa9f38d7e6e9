import { AS_BEFORE, type LedgerRow, MENDED, notADefect, rowsOf } from './row.ts';

const said = rowsOf({ reported: 'reviews of the RFC, August 2025', firstBad: 'RFC', fixedIn: '?', certainty: 'read' });
const read = rowsOf({
  reported: 'nobody: found by reading the RFC',
  firstBad: 'RFC',
  fixedIn: 'v2',
  certainty: 'found by reading',
});

/** RFC: remarks on the first posting, and defects of it that v2 no longer has. */
export const RFC_ROWS: readonly LedgerRow[] = [
  said(
    'RFC-1',
    'the owner of an event must not be taken for "this walk is the invalidator"',
    notADefect('a remark on the design, which stayed; what follows from it are RFC-2 and RFC-3'),
    { reported: 'Jason Gunthorpe on the RFC' },
  ),
  said('RFC-2', 'a driver that heeds the walk’s own event starts anew for ever', MENDED, {
    reported: 'Jason Gunthorpe on the RFC',
    golden: ['thp__v2__hmmM', 'zero__v2__hmmMW', 'cow_parent__v2__hmmMW'],
  }),
  said('RFC-3', 'a callback must move its sequence on, also for its own event', MENDED, {
    reported: 'Jason Gunthorpe on the RFC',
  }),
  said(
    'RFC-4',
    'a better name for the selection, and is collecting after a fault racy?',
    notADefect('answered: entries are read again under the lock'),
    {
      reported: 'Balbir Singh on the RFC',
      fixedIn: 'v2',
    },
  ),
  read('RFC-5', 'dst[] of an entry that migrates keeps what was in it', AS_BEFORE),
  read('RFC-6', 'every migrate_vma_setup() selects system memory, too', AS_BEFORE),
  read('RFC-7', 'the mmap lock is taken for reading twice', AS_BEFORE, { fixedIn: 'list 6256xx' }),
  read('RFC-8', 'an entry is reported without the lock under which it is collected', AS_BEFORE),
  read('RFC-9', 'a failing migrate_vma_setup() leaves what it collected', AS_BEFORE),
  read('RFC-10', 'an empty page with an in/out flag becomes page frame 0', AS_BEFORE),
  read('RFC-11', 'accessed and dirty bits are lost', AS_BEFORE),
  read('RFC-12', 'MIGRATE_VMA_FAULT has the number of COMPOUND', AS_BEFORE),
  read('RFC-13', 'a walk waits for migration entries of its own', AS_BEFORE),
];
