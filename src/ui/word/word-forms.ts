import type { WordForm } from '../../machine/words/explain.ts';

/** Every way to read a word, by group, with the revision it belongs to. */
export const WORD_FORMS: readonly (readonly [group: string, forms: readonly (readonly [WordForm, string])[]])[] = [
  [
    'Page-table entry',
    [
      ['pte', 'PTE'],
      ['pmd', 'PMD'],
      ['pud', 'PUD'],
      ['pte-dp', 'PTE, device page frame series'],
      ['pmd-dp', 'PMD, device page frame series'],
      ['pud-dp', 'PUD, device page frame series'],
      ['swp-entry', 'swp_entry_t (arch-independent)'],
    ],
  ],
  [
    'hmm pfn',
    [
      ['hmm-mainline', 'v6.19'],
      ['hmm-rfc', 'RFC of the series'],
      ['hmm-v2', 'series v2'],
      ['hmm-v7', 'series v7'],
      ['hmm-dp', 'device page frame series'],
      ['hmm-v2-dp', 'series v2 with device page frames'],
      ['hmm-2016', '2016, as posted last'],
      ['hmm-2016-early', '2016, early postings'],
    ],
  ],
  [
    'migrate pfn',
    [
      ['migrate', 'src, v6.19'],
      ['migrate-dst', 'dst, v6.19'],
      ['migrate-dp', 'src, device page frame series'],
      ['migrate-dst-dp', 'dst, device page frame series'],
      ['migrate-2019', '2019 to 2021'],
    ],
  ],
];
