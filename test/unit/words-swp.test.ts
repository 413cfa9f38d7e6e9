import { describe, expect, test } from 'vitest';
import { explainWord } from '../../src/machine/words/explain.ts';
import {
  _PAGE_PSE,
  pmd_present,
  pte_dirty,
  pte_present,
  pte_uffd_wp,
  pte_write,
  pte_young,
} from '../../src/machine/words/pte.ts';
import {
  _PAGE_SWP_SOFT_DIRTY as SD,
  _PAGE_SWP_UFFD_WP as UW,
  _PAGE_SWP_EXCLUSIVE as EX,
  is_device_exclusive_entry,
  is_device_private_entry,
  is_hwpoison_entry,
  is_migration_entry,
  is_plain_swap,
  is_pte_marker,
  is_readable_exclusive_migration_entry,
  is_swap_pmd,
  is_swap_pte,
  is_writable_device_private_entry,
  is_writable_migration_entry,
  pteMarkerBits,
  softleafKind,
  swpDirty,
  swpHi,
  swpLo,
  swpOffset,
  swpPfn,
  swpType,
  swpYoung,
} from '../../src/machine/words/swp.ts';
import { encodeFields } from '../../src/machine/words/field.ts';
import { MIGRATION_LA57_LAYOUT, swpEntryOf, swpHardwareOf } from '../../src/machine/words/swp-layout.ts';
import { hiOf, loOf, toBig } from '../../src/machine/words/word.ts';

type Test = (lo: number, hi: number) => boolean;

/** The names of the predicates that hold for `word`. */
function holding(word: bigint, tests: Readonly<Record<string, Test>>): string {
  return Object.keys(tests)
    .filter((name) => tests[name]?.(loOf(word), hiOf(word)))
    .join(' ');
}

const SWP_TESTS = {
  plain: is_plain_swap,
  hwpoison: is_hwpoison_entry,
  migr: is_migration_entry,
  'migr-w': is_writable_migration_entry,
  'migr-x': is_readable_exclusive_migration_entry,
  devpriv: is_device_private_entry,
  'devpriv-w': is_writable_device_private_entry,
  devexcl: is_device_exclusive_entry,
  marker: is_pte_marker,
};

/** Predicates meant for present entries, with which the kernel also looks at a device-private PMD. */
const PRESENT_TESTS = {
  write: pte_write,
  young: pte_young,
  dirty: pte_dirty,
  wp: pte_uffd_wp,
};

describe('swap entries', () => {
  test.each([
    ['S01', 25, 0x12345, 0, 0, 0x6400000000012345n, 0xcffffffffdb97400n, 'migration-read, pfn 0x12345', 'migr'],
    [
      'S02',
      26,
      0x12345,
      0,
      0,
      0x6800000000012345n,
      0xd7fffffffdb97400n,
      'migration-read-exclusive, pfn 0x12345',
      'migr migr-x',
    ],
    ['S03', 27, 0x12345, 0, 0, 0x6c00000000012345n, 0xdffffffffdb97400n, 'migration-write, pfn 0x12345', 'migr migr-w'],
    [
      'S04',
      27,
      0x12345,
      SD,
      0,
      0x6c00000000012345n,
      0xdffffffffdb97402n,
      'migration-write, pfn 0x12345, soft-dirty',
      'migr migr-w',
    ],
    [
      'S05',
      25,
      0x12345,
      UW,
      0,
      0x6400000000012345n,
      0xcffffffffdb97404n,
      'migration-read, pfn 0x12345, uffd-wp',
      'migr',
    ],
    [
      'S06',
      27,
      0x12345,
      SD,
      1,
      0x6c00000c00012345n,
      0xdfffe7fffdb97402n,
      'migration-write, pfn 0x12345, A, D, soft-dirty',
      'migr migr-w',
    ],
    [
      'S08',
      29,
      0x3fc0000,
      0,
      0,
      0x7400000003fc0000n,
      0xeffffff807fffe00n,
      'device-private-read, device pfn 0x3fc0000',
      'devpriv',
    ],
    [
      'S09',
      28,
      0x3fc0000,
      0,
      0,
      0x7000000003fc0000n,
      0xe7fffff807fffe00n,
      'device-private-write, device pfn 0x3fc0000',
      'devpriv devpriv-w',
    ],
    [
      'S10',
      28,
      0x3fc0000,
      SD | UW,
      0,
      0x7000000003fc0000n,
      0xe7fffff807fffe06n,
      'device-private-write, device pfn 0x3fc0000, soft-dirty, uffd-wp',
      'devpriv devpriv-w',
    ],
    ['S11', 30, 0x12345, 0, 0, 0x7800000000012345n, 0xf7fffffffdb97400n, 'device-exclusive, pfn 0x12345', 'devexcl'],
    ['S12', 24, 0x12345, 0, 0, 0x6000000000012345n, 0xc7fffffffdb97400n, 'hwpoison, pfn 0x12345', 'hwpoison'],
    ['S13', 31, 1, 0, 0, 0x7c00000000000001n, 0xfffffffffffffc00n, 'marker, UFFD_WP', 'marker'],
    ['S14', 31, 2, 0, 0, 0x7c00000000000002n, 0xfffffffffffffa00n, 'marker, POISONED', 'marker'],
    ['S15', 31, 4, 0, 0, 0x7c00000000000004n, 0xfffffffffffff600n, 'marker, GUARD', 'marker'],
    ['S16', 0, 0x1000, EX, 0, 0x0000000000001000n, 0x07ffffffffdffe08n, 'swap file 0, slot 0x1000, exclusive', 'plain'],
    ['S17', 2, 0x77, SD, 0, 0x0800000000000077n, 0x17ffffffffff1002n, 'swap file 2, slot 0x77, soft-dirty', 'plain'],
    ['S18', 25, 0x80200, 0, 0, undefined, 0xcfffffffeffbfe00n, 'migration-read, pfn 0x80200', 'migr'],
    [
      'S19',
      27,
      0x80200,
      SD,
      1,
      undefined,
      0xdfffe7ffeffbfe02n,
      'migration-write, pfn 0x80200, A, D, soft-dirty',
      'migr migr-w',
    ],
    ['S20', 27, 0x80200, 0, 1, undefined, 0xdfffe7ffeffbfe00n, 'migration-write, pfn 0x80200, A, D', 'migr migr-w'],
    ['S21', 27, 0x80200, 0, 0, undefined, 0xdfffffffeffbfe00n, 'migration-write, pfn 0x80200', 'migr migr-w'],
    [
      'S22',
      28,
      0x80200,
      0,
      0,
      undefined,
      0xe7ffffffeffbfe00n,
      'device-private-write, device pfn 0x80200',
      'devpriv devpriv-w',
    ],
    [
      'S23',
      29,
      0x80200,
      SD,
      0,
      undefined,
      0xefffffffeffbfe02n,
      'device-private-read, device pfn 0x80200, soft-dirty',
      'devpriv',
    ],
    [
      'S25',
      27,
      0x101,
      SD,
      1,
      undefined,
      0xdfffe7fffffdfc02n,
      'migration-write, pfn 0x101, A, D, soft-dirty',
      'migr migr-w',
    ],
    ['S26', 27, 0x3fc0000, 0, 0, undefined, 0xdffffff807fffe00n, 'migration-write, pfn 0x3fc0000', 'migr migr-w'],
  ] as const)('%s', (_id, type, pfn, flags, ad, generic, word, summary, tests) => {
    const lo = loOf(word);
    const hi = hiOf(word);
    expect(toBig(swpLo(type, pfn, flags), swpHi(type, pfn, ad, ad))).toBe(word);
    expect([swpType(lo, hi), swpPfn(lo, hi), lo & 0xff]).toEqual([type, pfn, flags]);
    expect([swpYoung(lo, hi), swpDirty(lo, hi)]).toEqual([ad === 1, ad === 1]);
    for (const level of ['pte', 'pmd'] as const) expect(explainWord(word, level).summary).toBe(summary);
    expect(holding(word, SWP_TESTS)).toBe(tests);
    expect(softleafKind(lo, hi)).toBe(explainWord(word, 'pte').kind);
    expect([is_swap_pte(lo, hi), is_swap_pmd(lo, hi), pte_present(lo, hi), pmd_present(lo, hi)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    if (generic !== undefined) {
      expect(swpEntryOf(word)).toBe(generic);
      expect(swpHardwareOf(generic) | BigInt(flags)).toBe(word);
    }
  });

  test('S24: young alone', () => {
    const word = 0xcffff7fffffdfe00n;
    expect(toBig(swpLo(25, 0x100, 0), swpHi(25, 0x100, 1, 0))).toBe(word);
    expect(explainWord(word, 'pte').summary).toBe('migration-read, pfn 0x100, A');
    expect([swpYoung(loOf(word), hiOf(word)), swpDirty(loOf(word), hiOf(word))]).toEqual([true, false]);
  });

  test('S07: 5-level paging keeps young and dirty six bits higher', () => {
    const fields = { type: 27, pfn: 0x12345, YOUNG: 1, DIRTY: 1, SOFT_DIRTY: 1 };
    expect(encodeFields(MIGRATION_LA57_LAYOUT, fields)).toBe(0xdff9fffffdb97402n);
    expect(swpEntryOf(0xdff9fffffdb97402n)).toBe(0x6c00030000012345n);
  });

  test('S19: the whole offset is the frame with young and dirty above it', () =>
    expect(swpOffset(loOf(0xdfffe7ffeffbfe02n), hiOf(0xdfffe7ffeffbfe02n))).toBe(0xc00080200));

  test('several marks at once', () => {
    const word = toBig(swpLo(31, 5, 0), swpHi(31, 5, 0, 0));
    expect(explainWord(word, 'pte').summary).toBe('marker, UFFD_WP, GUARD');
    expect(pteMarkerBits(loOf(word), hiOf(word))).toBe(5);
  });

  test('an ordinary swap entry looks dirty, one whose offset has bit 49 does not', () => {
    const word = 0xe7fffff807fffe00n;
    expect(pte_dirty(loOf(word), hiOf(word))).toBe(true);
    expect(pte_dirty(loOf(swpHardwareOf(1n << 49n)), hiOf(swpHardwareOf(1n << 49n)))).toBe(false);
  });

  test('present predicates on a device-private PMD see an old, dirty, uffd-wp page', () => {
    const word = 0xe7ffffffeffbfe00n;
    expect(holding(word, PRESENT_TESTS)).toBe('dirty wp');
  });

  test('present and invalidated entries are of no swap kind', () => {
    for (const word of [0x8000000012345067n, 0x000fffffedcba120n, 0x000fffff7fc000e6n, 0n, 0x60n]) {
      expect(holding(word, SWP_TESTS)).toBe('');
    }
    expect(is_swap_pmd(_PAGE_PSE, 0)).toBe(false);
    expect([softleafKind(0, 0), softleafKind(0x60, 0), softleafKind(0x67, 0)]).toEqual(['none', 'none', 'present']);
  });

  test.each([
    [20, 'swap'],
    [21, 'hwpoison'],
    [24, 'migration-write'],
    [25, 'device-private-write'],
    [28, 'migration-device-read'],
    [30, 'migration-device-write'],
    [31, 'marker'],
  ])('type %i in the device-private series', (type, kind) =>
    expect(explainWord(toBig(swpLo(type, 1, 0), swpHi(type, 1, 0, 0)), 'pte-dp').kind).toBe(kind),
  );

  test('the generic form', () =>
    expect(explainWord(0x6c00000c00012345n, 'swp-entry').summary).toBe('offset 0xc00012345, type 27'));
});
