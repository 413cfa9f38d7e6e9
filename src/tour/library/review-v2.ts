import { HUGE_PAGES } from '../../scenario/library/huge-pages.ts';
import type { Scenario } from '../../scenario/types.ts';
import type { Tour } from '../types.ts';
import { showRun } from './show-run.ts';

const shared = HUGE_PAGES.find((s) => s.id === 'thp-shared') as Scenario;

/** The huge page of two processes, asked for writing: the PMD has to be faulted. */
const HUGE_WRITE: Scenario = {
  ...shared,
  id: 'thp-shared-write',
  title: 'A huge page shared after fork(), asked for writing',
  request: { ...shared.request, write: true, select: ['SYSTEM', 'COMPOUND'] },
};

/** Tour 9: the review of version 2, remark by remark. */
export const REVIEW_V2: Tour = {
  format: 'walkscope-tour',
  version: 1,
  id: 'review-v2',
  title: 'The review of version 2: every remark, shown',
  about:
    'Eleven remarks of the reviewer, two of a checker, and what the build robots said: each at the line it is about.',
  goal: 'Follow a real review: tell a leak from a question, an assertion from a mend, dead code from reachable code, and check each by a run.',
  minutes: 40,
  needs: ['tours 3, 4 and 6'],
  stops: [
    {
      title: 'R-01: assert that no lock is held before a fault',
      run: showRun('R-01', true),
      at: 'hmm_vma_fault:assert',
      expect: 'no page-table lock is held',
      note: `The reviewer wants the code to say what it relies on. A fault may sleep, so no page-table lock may be held when \`hmm_vma_fault()\` is called. Here the switch R-01 is on: the function begins with a check.

An assertion changes nothing in a correct kernel. It finds the next mistake early.`,
      reviewer: `\`HMM_ASSERT_PTE_LOCKED(walk, false)\` and the PMD counterpart. In v2 it would already trip over a stale flag: F-34, a range whose second PMD is none after a table was done.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-02: an unlock that can never run',
      run: { scenario: 'rival-migration' },
      at: 'first hmm_vma_handle_pte:migrationSkip',
      expect: 'skipped',
      note: `At a foreign migration entry v2 has two branches: a walk that migrates *skips*, a walk that does not *waits*. In the waiting branch stands "if the lock is held, drop it". But the lock is only taken by a walk that migrates, and that never gets there. Dead code.`,
      reviewer: `Author: "correct, will fix". No state reaches it (\`minfo == 0\` implies \`locked == false\`). What does happen in the skipping branch is ledger F-14: two entries stay 0 although a fault was asked for, and the call says success.`,
      question: {
        ask: 'How can one show that a line never runs?',
        choices: [
          'Run a test many times and see that it is not hit.',
          'Show that its condition contradicts what holds on every way to it.',
          'Delete it and see whether the kernel still builds.',
          'Ask the author.',
        ],
        right: 1,
        because:
          'The branch needs minfo == 0; the flag it tests is only set where minfo is not 0. A test that does not hit a line proves nothing.',
      },
      panes: { closed: ['pfns'], tab: 'frame' },
    },
    {
      title: 'R-03: assert the PMD lock when collecting a huge page',
      run: showRun('R-03', true),
      at: 'hmm_vma_handle_migrate_prepare_pmd:assert',
      expect: 'the PMD lock is held',
      note: `Collecting a huge page relies on its caller's lock. With R-03 on it says so at the first line.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-04: the same for a PTE',
      run: showRun('R-04', true),
      at: 'first hmm_vma_handle_migrate_prepare:assert',
      expect: 'the PTE lock is held',
      note: `\`hmm_vma_handle_migrate_prepare()\` is called with the PTE lock held. Here, too, the check comes first.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-05: what if the table is gone?',
      run: showRun('R-05', false),
      at: 'first hmm_vma_handle_migrate_prepare:noTable',
      expect: 'the table is gone',
      note: `Without one lock over reporting and collecting (RFC-8, as in the first posting), a table can vanish in between: another thread zaps it. \`pte_offset_map_lock()\` then gives NULL, and the code uses it.`,
      reviewer: `Reachable only with RFC-8 on, where report and collect lock separately. In v2 the lock is already held on entry, so the branch that maps again is dead; the remark led to its removal.`,
      question: { predict: 'finding' },
      panes: { closed: ['pfns'], tab: 'findings' },
    },
    {
      title: 'R-06: assert before a split',
      run: showRun('R-06', true),
      at: 'hmm_vma_walk_split:assert',
      expect: 'no page-table lock is held',
      note: `A split sleeps. \`hmm_vma_walk_split()\` begins with the check that no page-table lock is held.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-07: the lock that leaks (1): a look without a lock',
      run: showRun('R-07', false),
      at: 'zap_huge_pmd:clear by madvise_dontneed',
      expect: 'huge:T0+0 WYD → none',
      note: `The one remark that is a real bug. The walker has seen a huge PMD, without a lock, and is about to take it. In that very moment another thread gives the memory back: the PMD is cleared.`,
      question: { predict: 'lock' },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-07 (2): an error return with the lock held',
      at: 'hmm_vma_walk_pmd:absentFailed',
      expect: '-EFAULT',
      note: `Under the lock the walker reads again: none. \`hmm_vma_handle_absent_pmd()\` says \`-EFAULT\`, and the caller returns at once. The PMD lock is still held. Look at the locks.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-07 (3): mended',
      run: showRun('R-07', true),
      at: 'hmm_vma_walk_pmd:unlock, then hmm_vma_walk_pmd:absentFailed',
      expect: '-EFAULT',
      note: `With the switch on, the lock is dropped before the error is returned. No finding. The error itself is another matter: the memory could have been faulted in (F-08).`,
      facts: { findings: 0 },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-08: “not huge” inside “huge”',
      run: { scenario: 'thp-compound' },
      at: 'hmm_vma_walk_pmd:huge',
      expect: 'a huge PMD',
      note: `In the branch for huge PMDs stood a test for "not a huge PMD". It was left over from code that read without a lock, where the entry could have changed in between. Under the lock it cannot.`,
      reviewer: `Dead code, removed in v3. Its removal probably caused K-02: without CONFIG_TRANSPARENT_HUGEPAGE the impossible test had let the compiler drop a call to a function that is only declared.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-09: does this path leak, too?',
      run: { scenario: HUGE_WRITE },
      at: 'hmm_vma_handle_pmd:unlock',
      expect: 'no lock may be held across a fault',
      note: `The reviewer asks whether the PMD lock must be dropped when \`hmm_vma_handle_pmd()\` fails. The author said yes. But look: the callee drops it itself before it faults, and that is the only way it can fail. **No leak.** Also a review can be wrong.`,
      facts: { findings: 0 },
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-10: and the PTE lock?',
      run: { scenario: 'lost-migration-entries' },
      at: 'first hmm_vma_walk_pmd:pteFailed',
      expect: 'the PTE gave -EBUSY',
      note: `The same question for a PTE. The answer is the same: \`hmm_vma_handle_pte()\` unmaps and unlocks before each error. At this step no PTE lock is held.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'R-11: after a split at PTE level',
      run: showRun('R-11', true),
      at: 'first hmm_vma_walk_pmd:assert',
      expect: 'the PTE lock is not held',
      note: `A large folio that is mapped by PTEs is split in the middle of the table. Afterwards the lock must have been dropped. With R-11 on this is asserted before the table is read again.`,
      panes: { closed: ['pfns'], tab: 'locks' },
    },
    {
      title: 'S-01: “missing error code”',
      run: { scenario: 'huge-zero' },
      at: 'return of hmm_vma_walk_pmd',
      expect: '= 0',
      note: `The checker *smatch* found four returns of \`hmm_vma_walk_pmd()\` that give 0 where one might expect an error code. But 0 is meant: the PMD has been dealt with, and what there is to say is in \`hmm_pfns[]\`. Not a defect.`,
      panes: { closed: ['code'], tab: 'tables' },
    },
    {
      title: 'S-02: a NULL pointer in one configuration',
      run: showRun('S-02', false),
      at: 'first finding',
      expect: 'bug',
      note: `The second finding of smatch is real: a walk without a notifier, in a kernel built without DEVICE_MIGRATION, has nobody to name the address space. The pointer is NULL.

The rest of the remarks came from build robots (K-01 to K-04): configurations that did not link, and typing errors. No run can show them.`,
      reviewer: `S-02 mended: \`-EINVAL\`. K-01: HMM_MIRROR off; K-02: without THP; K-03, K-04: random configurations.`,
      panes: { closed: ['pfns'], tab: 'findings' },
    },
  ],
  discuss: [
    {
      ask: 'Of thirteen remarks one was a bug that bites on every kernel. Were the others useless?',
      answer:
        'No. Assertions keep the next change from breaking what this one relies on, dead code misleads readers, and a wrong question forces the proof that the code is right.',
    },
    {
      ask: 'How would you find R-07 without a reviewer?',
      answer:
        'By a run with a second actor between the lockless look and the lock; by lockdep, if such a run happens; or by checking every return of a function that takes a lock.',
    },
    {
      ask: 'What did nobody say in this review?',
      answer:
        'That a retry loses what was collected (F-04), and that every page is flushed by itself (F-23). See the ledger.',
    },
  ],
};
