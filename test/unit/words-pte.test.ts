import { describe, expect, test } from 'vitest';
import { explainWord } from '../../src/machine/words/explain.ts';
import {
  _PAGE_DIRTY,
  _PAGE_RW,
  pmd_bad,
  pmd_leaf,
  pmd_none,
  pmd_present,
  pmd_protnone,
  pmd_trans_huge,
  pmdLeafHi,
  pmdLeafLo,
  pmdPfn,
  pmdTableHi,
  pmdTableLo,
  pte_dirty,
  pte_none,
  pte_present,
  pte_protnone,
  pte_shstk,
  pte_soft_dirty,
  pte_special,
  pte_uffd_wp,
  pte_write,
  pte_young,
  pteHi,
  pteLo,
  ptePfn,
  settleDirtyHi,
  settleDirtyLo,
} from '../../src/machine/words/pte.ts';
import { is_swap_pmd, is_swap_pte } from '../../src/machine/words/swp.ts';
import { hiOf, loOf, toBig } from '../../src/machine/words/word.ts';

type Test = (lo: number, hi: number) => boolean;

/** The names of the predicates that hold for `word`. */
function holding(word: bigint, tests: Readonly<Record<string, Test>>): string {
  return Object.keys(tests)
    .filter((name) => tests[name]?.(loOf(word), hiOf(word)))
    .join(' ');
}

const PTE_TESTS = {
  none: pte_none,
  present: pte_present,
  protnone: pte_protnone,
  write: pte_write,
  young: pte_young,
  dirty: pte_dirty,
  special: pte_special,
  soft: pte_soft_dirty,
  wp: pte_uffd_wp,
  swap: is_swap_pte,
};
const PMD_TESTS = {
  none: pmd_none,
  present: pmd_present,
  protnone: pmd_protnone,
  huge: pmd_trans_huge,
  leaf: pmd_leaf,
  bad: pmd_bad,
  swap: is_swap_pmd,
};
describe('present entries', () => {
  test.each([
    ['P01', 0x8000000012345067n, 'present, RW, A, D, NX, pfn 0x12345', 'present write young dirty'],
    ['P02', 0x8000000012345025n, 'present, RO, A, NX, pfn 0x12345', 'present young'],
    ['P03', 0x8000000012345867n, 'present, RW, A, D, soft-dirty, NX, pfn 0x12345', 'present write young dirty soft'],
    ['P04', 0x8000000012345425n, 'present, RO, A, uffd-wp, NX, pfn 0x12345', 'present young wp'],
    ['P05', 0x8000000002a00225n, 'present, special, RO, A, NX, pfn 0x2a00', 'present young special'],
    ['P09', 0x000fffffedcba120n, 'protnone, RO, A, pfn 0x12345', 'present protnone young'],
    ['P10', 0x8000000000100025n, 'present, RO, A, NX, pfn 0x100', 'present young'],
    ['P11', 0x8000000000101867n, 'present, RW, A, D, soft-dirty, NX, pfn 0x101', 'present write young dirty soft'],
    ['P12', 0x0000000000000060n, 'empty, stray A and D ignored', 'none young dirty'],
  ])('PTE %s', (_id, word, summary, tests) => {
    expect(explainWord(word, 'pte').summary).toBe(summary);
    expect(holding(word, PTE_TESTS)).toBe(tests);
  });

  test.each([
    ['P06', 0x80000000802000e7n, 'huge, RW, A, D, NX, pfn 0x80200', 'present huge leaf bad'],
    ['P07', 0x80000000802008e7n, 'huge, RW, A, D, soft-dirty, NX, pfn 0x80200', 'present huge leaf bad'],
    ['P08', 0x0000000009abc067n, 'page table at frame 0x9abc', 'present'],
    ['kernel table', 0x0000000009abc063n, 'page table at frame 0x9abc', 'present'],
    ['P12', 0x0000000000000060n, 'empty, stray A and D ignored', 'none bad'],
    ['a PTE in a PMD', 0x8000000012345025n, 'bad: not a table, pfn 0x12345', 'present bad'],
    [
      'invalidated for a split',
      0x000fffff7fc000e6n,
      'huge-invalidated, RW, A, D, pfn 0x80200',
      'present huge leaf bad',
    ],
    ['protnone', 0x000fffff7fc001a0n, 'huge-protnone, RO, A, pfn 0x80200', 'present protnone huge leaf bad'],
  ])('PMD %s', (_id, word, summary, tests) => {
    expect(explainWord(word, 'pmd').summary).toBe(summary);
    expect(holding(word, PMD_TESTS)).toBe(tests);
  });

  test('a 1 GiB page in a PUD', () =>
    expect(explainWord(0x80000000400000e7n, 'pud')).toMatchObject({
      kind: 'huge',
      summary: expect.stringContaining('pfn 0x40000'),
    }));

  test.each([
    ['P01', 0x8000000012345067n],
    ['P02', 0x8000000012345025n],
    ['P09', 0x000fffffedcba120n],
  ])('PTE %s is built from its frame and flags', (_id, word) => {
    const flags = loOf(word) & 0xfff;
    expect(toBig(pteLo(0x12345, flags), pteHi(0x12345, hiOf(word) & 0xfff00000, flags))).toBe(word);
    expect(ptePfn(loOf(word), hiOf(word))).toBe(0x12345);
  });

  test.each([0x80000000802000e7n, 0x000fffff7fc000e6n, 0x000fffff7fc001a0n])('PMD %d is built likewise', (word) => {
    const flags = loOf(word) & 0xfff;
    expect(toBig(pmdLeafLo(0x80200, flags), pmdLeafHi(0x80200, hiOf(word) & 0xfff00000, flags))).toBe(word);
    expect(pmdPfn(loOf(word), hiOf(word))).toBe(0x80200);
  });

  test('a table', () => {
    expect(toBig(pmdTableLo(0x9abc), pmdTableHi(0x9abc))).toBe(0x9abc067n);
    expect(toBig(pmdTableLo(0x7fffffff), pmdTableHi(0x7fffffff))).toBe(0x7fffffff067n);
    expect(pmdPfn(pmdTableLo(0x7fffffff), pmdTableHi(0x7fffffff))).toBe(0x7fffffff);
  });

  test('the shadow-stack form is not writable on the modelled processor', () => {
    expect(pte_shstk(0x65, 0)).toBe(true);
    expect(pte_write(0x65, 0)).toBe(false);
  });

  test('dirty follows writable: D when it is, SAVED_DIRTY when not', () => {
    const lo = 0x65;
    const ro = [settleDirtyLo(lo, 0), settleDirtyHi(lo, 0)] as const;
    expect([ro[0] & _PAGE_DIRTY, pte_dirty(...ro), pte_shstk(...ro)]).toEqual([0, true, false]);
    const rw = [ro[0] | _PAGE_RW, ro[1]] as const;
    expect(toBig(settleDirtyLo(...rw), settleDirtyHi(...rw))).toBe(0x67n);
  });
});
