import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineLayout, encodeFields, flag, maskHi, maskLo, unused } from '../../src/machine/words/field.ts';
import { PTE_LAYOUT } from '../../src/machine/words/pte-layout.ts';
import { hex, hiOf, loOf, parseHex, toBig } from '../../src/machine/words/word.ts';

const WORD = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

describe('word', () => {
  test('halves are signed 32-bit integers and give the word back, as does its text', () =>
    fc.assert(
      fc.property(WORD, (word) => {
        const [lo, hi] = [loOf(word), hiOf(word)];
        expect([lo | 0, hi | 0]).toEqual([lo, hi]);
        expect(toBig(lo, hi)).toBe(word);
        expect(parseHex(hex(lo, hi))).toBe(word);
      }),
    ));

  test.each([
    ['0x8200000000000000', 0x8200000000000000n],
    ['8200_0000_0000_0000', 0x8200000000000000n],
    [' 0XfF ', 0xffn],
    ['0', 0n],
  ])('parses %j', (text, word) => expect(parseHex(text)).toBe(word));

  test.each(['', '0x', 'pfn', '0x12345678901234567', '-1', '1.5', '_1', '1_'])('refuses %j', (text) =>
    expect(parseHex(text)).toEqual({ error: expect.stringContaining(`"${text}"`) }),
  );

  test('prints 16 digits', () => expect(hex(-1, 0)).toBe('0x00000000ffffffff'));
});

describe('field tables', () => {
  test('overlapping fields are refused', () =>
    expect(() => defineLayout('x', 'x', [unused(0, 8), flag(7, 'A', 'a')])).toThrow(/overlaps/));
  test('a field beyond bit 63 is refused', () =>
    expect(() => defineLayout('x', 'x', [unused(60, 5)])).toThrow(/bit 60/));
  test('two fields of one name are refused', () =>
    expect(() => defineLayout('x', 'x', [flag(0, 'A', 'a'), flag(1, 'A', 'a')])).toThrow(/repeats/));
  test('an unknown field is refused', () => expect(() => encodeFields(PTE_LAYOUT, { HUGE: 1 })).toThrow(/HUGE/));
  test('a value too wide is refused', () => expect(() => encodeFields(PTE_LAYOUT, { RW: 2 })).toThrow(/RW/));
  test('a negative value is refused', () => expect(() => encodeFields(PTE_LAYOUT, { pfn: -1 })).toThrow(/pfn/));
  test('a mask of the wrong half is refused', () => {
    expect(() => maskLo(PTE_LAYOUT, 'NX')).toThrow(/low half/);
    expect(() => maskHi(PTE_LAYOUT, 'RW')).toThrow(/high half/);
  });
});
