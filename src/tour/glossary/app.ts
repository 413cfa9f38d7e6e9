import type { Term } from '../glossary.ts';

/** Words of this app. */
export const APP_TERMS: readonly Term[] = [
  {
    term: 'actor',
    everyday: true,
    also: ['actors'],
    means: 'One thread of execution in a scenario: the walker, or another that interferes with it.',
    source: 'a word of this app; in the kernel a task on a CPU',
  },
  { term: 'base', means: 'The kernel v6.19 without the series, as it was measured.', source: 'a word of this app' },
  {
    term: 'cursor',
    everyday: true,
    means: 'The step of the recording at which everything on the screen stands.',
    source: 'a word of this app',
  },
  {
    term: 'descent',
    also: ['descents'],
    means: 'One way down the tables, ended by a fault or by the end of the range.',
    source: 'mm/pagewalk.c, walk_page_range()',
  },
  {
    term: 'finding',
    also: ['findings'],
    means: 'A broken rule at a step of the recording: a lock that leaks, a sleep under a spinlock, a lost reference …',
    source: 'a word of this app; in the kernel a report of lockdep, WARN_ON or a hung task',
  },
  {
    term: 'fix switch',
    also: ['fix switches'],
    means: 'One defect of the review ledger, to be switched on and off.',
    source: 'a word of this app',
  },
  {
    term: 'kernel text',
    everyday: true,
    means: 'Which version of the code runs: the series v2 or v7, mended, or a kernel without it.',
    source: 'a word of this app',
  },
  {
    term: 'ledger',
    also: ['review ledger'],
    means: 'The list of all remarks on the series, each with a number such as R-07 and a switch that shows it.',
    source: 'a word of this app',
  },
  {
    term: 'pass',
    everyday: true,
    also: ['passes'],
    means: 'A walk over the whole range from its start, however often it is interrupted.',
    source: 'cover letter of the series: “page walk”',
  },
  {
    term: 'recording',
    everyday: true,
    also: ['recordings'],
    means: 'All steps and state changes of one run, playable in both directions.',
    source: 'a word of this app',
  },
  {
    term: 'scenario',
    everyday: true,
    also: ['scenarios'],
    means: 'An initial memory, a request made on it, and the conditions around it.',
    source: 'a word of this app',
  },
  {
    term: 'strategy',
    everyday: true,
    also: ['strategies'],
    means: 'How a request is served: by one walk, by two, by up to three.',
    source: 'a word of this app',
  },
  {
    term: 'unified walk',
    means: 'The walk of the series: hmm_range_fault() reports, faults and prepares for migration in the same visit.',
    source: 'the series, mm/hmm.c',
  },
  { term: 'walker', means: 'The actor whose walk the scenario is about.', source: 'a word of this app' },
];
