import { describe, expect, test } from 'vitest';
import { explainWord, type WordForm } from '../../src/machine/words/explain.ts';
import { hmmEncoding, hmmPfnOf } from '../../src/machine/words/hmm-pfn.ts';
import { HMM_PFN_2016, hmm2016Hi, hmm2016Lo, hmm2016PfnOf } from '../../src/machine/words/hmm-pfn-2016.ts';
import {
  MIGRATE_PFN_COMPOUND,
  MIGRATE_PFN_MIGRATE,
  MIGRATE_PFN_VALID,
  MIGRATE_PFN_WRITE,
  migratePfnHi,
  migratePfnLo,
  migratePfnToPfn,
} from '../../src/machine/words/migrate-pfn.ts';
import { hex, hiOf, loOf } from '../../src/machine/words/word.ts';

const summary = (word: bigint, as: WordForm) => explainWord(word, as).summary;
const kind = (word: bigint, as: WordForm) => explainWord(word, as).kind;

describe('one hmm pfn, three headers', () => {
  test.each([
    [
      'H01',
      0xc120000000080200n,
      'VALID, WRITE, order 9, pfn 0x80200',
      'VALID, WRITE, order 18, pfn 0x80200',
      'VALID, WRITE, COMPOUND, order 4, pfn 0x80200',
    ],
    [
      'H02',
      0xc048000000080200n,
      'VALID, WRITE, order 2, pfn 0x8000000080200',
      'VALID, WRITE, order 4, pfn 0x8000000080200',
      'VALID, WRITE, order 9, pfn 0x80200',
    ],
    [
      'H03',
      0xc348000000080200n,
      'VALID, WRITE, order 26, pfn 0x8000000080200',
      'VALID, WRITE, MIGRATE, order 20, pfn 0x8000000080200',
      'VALID, WRITE, MIGRATE, COMPOUND, order 9, pfn 0x80200',
    ],
    [
      'H04',
      0x8200000000000000n,
      'VALID, order 16, pfn 0x0',
      'VALID, MIGRATE, order 0, pfn 0x0',
      'VALID, MIGRATE, order 0, pfn 0x0',
    ],
    ['H05', 0x0200000000000000n, 'order 16, pfn 0x0', 'MIGRATE, order 0, pfn 0x0', 'MIGRATE, order 0, pfn 0x0'],
    [
      'H06',
      0xc000000000012345n,
      'VALID, WRITE, order 0, pfn 0x12345',
      'VALID, WRITE, order 0, pfn 0x12345',
      'VALID, WRITE, order 0, pfn 0x12345',
    ],
    ['H07', 0x2000000000000000n, 'ERROR, order 0, pfn 0x0', 'ERROR, order 0, pfn 0x0', 'ERROR, order 0, pfn 0x0'],
    [
      'H08',
      0xc240000000040000n,
      'VALID, WRITE, order 18, pfn 0x40000',
      'VALID, WRITE, MIGRATE, order 4, pfn 0x40000',
      'VALID, WRITE, MIGRATE, order 8, pfn 0x40000',
    ],
    [
      'H09',
      0xc090000000040000n,
      'VALID, WRITE, order 4, pfn 0x10000000040000',
      'VALID, WRITE, order 9, pfn 0x40000',
      'VALID, WRITE, order 18, pfn 0x40000',
    ],
    [
      'H10',
      0x9000000000000077n,
      'VALID, DMA_MAPPED, order 0, pfn 0x77',
      'VALID, DMA_MAPPED, order 0, pfn 0x77',
      'VALID, DMA_MAPPED, order 0, pfn 0x77',
    ],
  ])('%s', (_id, word, mainline, rfc, v2) => {
    expect(summary(word, 'hmm-mainline')).toBe(mainline);
    expect(summary(word, 'hmm-rfc')).toBe(rfc);
    expect(summary(word, 'hmm-v2')).toBe(v2);
    expect(summary(word, 'hmm-v7')).toBe(v2);
  });

  test.each([
    ['mainline', 21, 0xffe00000, 0, 0, 0],
    ['rfc', 20, 0xfff00000, 0x02000000, 0, 0],
    ['v2', 19, 0xfff80000, 0x02000000, 0x01000000, 0],
    ['dp', 20, 0xfff00000, 0, 0, 0x02000000],
  ] as const)('masks of %s', (id, ORDER_SHIFT, flags, MIGRATE, COMPOUND, DEVICE_PRIVATE) =>
    expect(hmmEncoding(id)).toMatchObject({
      VALID: 0x80000000 | 0,
      WRITE: 0x40000000,
      ERROR: 0x20000000,
      INOUT: 0x1c000000,
      FLAGS: flags | 0,
      ORDER_SHIFT,
      MIGRATE,
      COMPOUND,
      DEVICE_PRIVATE,
    }),
  );

  test('order 9 of a v2 report', () => {
    const v2 = hmmEncoding('v2');
    expect(hex(0x80200, v2.VALID | v2.WRITE | v2.orderBits(9))).toBe('0xc048000000080200');
    expect(v2.orderOf(hiOf(0xc348000000080200n))).toBe(9);
  });

  test.each([
    [0x82000003ffffffffn, 0x3ffffffff],
    [0x820000ffffffffffn, 0xffffffffff],
    [0xc048000000080200n, 0x80200],
    [0xc0000000ffffffffn, 0xffffffff],
  ])('frame of %d', (word, pfn) => expect(hmmPfnOf(loOf(word), hiOf(word), hmmEncoding('v2'))).toBe(pfn));
});

/** Conversion vectors, decoded only: the word, then the kind under v2, v7 and rfc where they matter. */
describe('hmm pfns that go into the conversion', () => {
  test.each([
    ['C01', 0x0000000000000000n, 'nothing', 'nothing', 'nothing'],
    ['C02', 0x8000000000001234n, 'VALID, order 0, pfn 0x1234', 'page', 'page'],
    ['C03', 0x8200000000001234n, 'VALID, MIGRATE, order 0, pfn 0x1234', 'collected page', 'collected page'],
    ['C04', 0xc200000000001234n, 'VALID, WRITE, MIGRATE, order 0, pfn 0x1234', 'collected page', 'collected page'],
    [
      'C05',
      0xc348000000080200n,
      'VALID, WRITE, MIGRATE, COMPOUND, order 9, pfn 0x80200',
      'collected huge page',
      'collected huge page',
    ],
    [
      'C06',
      0x8348000000080200n,
      'VALID, MIGRATE, COMPOUND, order 9, pfn 0x80200',
      'collected huge page',
      'collected huge page',
    ],
    ['C07', 0x8200000000000000n, 'VALID, MIGRATE, order 0, pfn 0x0', 'hole', 'collected page'],
    ['C08', 0x8300000000000000n, 'VALID, MIGRATE, COMPOUND, order 0, pfn 0x0', 'huge hole', 'collected huge page'],
    ['C09', 0x0200000000000000n, 'MIGRATE, order 0, pfn 0x0', 'never produced', 'hole'],
    ['C10', 0x0300000000000000n, 'MIGRATE, COMPOUND, order 0, pfn 0x0', 'never produced', 'huge hole'],
    ['C11', 0x2000000000000000n, 'ERROR, order 0, pfn 0x0', 'error', 'error'],
    ['C12', 0xa200000000001234n, 'VALID, ERROR, MIGRATE, order 0, pfn 0x1234', 'error', 'error'],
    ['C13', 0x9200000000000000n, 'VALID, DMA_MAPPED, MIGRATE, order 0, pfn 0x0', 'hole', 'collected page'],
    ['C14', 0x1200000000000000n, 'DMA_MAPPED, MIGRATE, order 0, pfn 0x0', 'never produced', 'hole'],
    [
      'C15',
      0xda00000000001234n,
      'VALID, WRITE, DMA_MAPPED, P2PDMA, MIGRATE, order 0, pfn 0x1234',
      'collected page',
      'collected page',
    ],
    ['C16', 0x1400000000000000n, 'DMA_MAPPED, P2PDMA_BUS, order 0, pfn 0x0', 'nothing', 'nothing'],
    ['C17', 0x4200000000000000n, 'WRITE, MIGRATE, order 0, pfn 0x0', 'never produced', 'hole'],
    ['C18', 0x8148000000080200n, 'VALID, COMPOUND, order 9, pfn 0x80200', 'page', 'page'],
    ['C19', 0x8248000000080205n, 'VALID, MIGRATE, order 9, pfn 0x80205', 'collected page', 'collected page'],
    ['C20', 0x8248000000000000n, 'VALID, MIGRATE, order 9, pfn 0x0', 'collected page', 'collected page'],
    ['C21', 0xc2000003ffffffffn, 'VALID, WRITE, MIGRATE, order 0, pfn 0x3ffffffff', 'collected page', 'collected page'],
    ['C22', 0x820000ffffffffffn, 'VALID, MIGRATE, order 0, pfn 0xffffffffff', 'collected page', 'collected page'],
  ])('%s', (_id, word, text, v2, v7) => {
    expect(summary(word, 'hmm-v2')).toBe(text);
    expect(kind(word, 'hmm-v2')).toBe(v2);
    expect(kind(word, 'hmm-v7')).toBe(v7);
  });

  test('the first posting takes a hole with a sticky flag for page frame 0', () => {
    expect(kind(0x8200000000000000n, 'hmm-rfc')).toBe('hole');
    expect(kind(0x9200000000000000n, 'hmm-rfc')).toBe('collected page');
  });

  test('a frame without VALID is a page without access', () =>
    expect(kind(0x1234n, 'hmm-v2')).toBe('page without access'));

  test('bit 57 of the device-private series', () => {
    expect(summary(0x8200000000000042n, 'hmm-dp')).toBe('VALID, DEVICE_PRIVATE, order 0, pfn 0x42');
    expect(kind(0x8200000000000042n, 'hmm-dp')).toBe('device-private page');
  });
});

describe('migrate pfns that come out of the conversion', () => {
  test.each([
    [0x0n, 'nothing', 'nothing'],
    [0x2n, 'MIGRATE', 'hole'],
    [0x3n, 'VALID, MIGRATE, pfn 0x0', 'page'],
    [0xan, 'MIGRATE, WRITE', 'hole'],
    [0x10n, 'COMPOUND', 'huge hole, not filled'],
    [0x12n, 'MIGRATE, COMPOUND', 'huge hole'],
    [0x13n, 'VALID, MIGRATE, COMPOUND, pfn 0x0', 'huge page'],
    [0x48d01n, 'VALID, pfn 0x1234', 'page, not migrated'],
    [0x48d03n, 'VALID, MIGRATE, pfn 0x1234', 'page'],
    [0x48d0bn, 'VALID, MIGRATE, WRITE, pfn 0x1234', 'page'],
    [0x200801bn, 'VALID, MIGRATE, WRITE, COMPOUND, pfn 0x80200', 'huge page'],
    [0x2008013n, 'VALID, MIGRATE, COMPOUND, pfn 0x80200', 'huge page'],
    [0x2008143n, 'VALID, MIGRATE, pfn 0x80205', 'page'],
    [0xffffffffcbn, 'VALID, MIGRATE, WRITE, pfn 0x3ffffffff', 'page'],
    [0x3fffffffffc3n, 'VALID, MIGRATE, pfn 0xffffffffff', 'page'],
  ])('%d is %s', (word, text, what) => {
    expect(summary(word, 'migrate')).toBe(text);
    expect(kind(word, 'migrate')).toBe(what);
  });

  test('a word is built from its halves', () => {
    const flags = MIGRATE_PFN_VALID | MIGRATE_PFN_MIGRATE | MIGRATE_PFN_WRITE | MIGRATE_PFN_COMPOUND;
    expect(hex(migratePfnLo(0x80200, flags), migratePfnHi(0x80200))).toBe('0x000000000200801b');
    expect(hex(migratePfnLo(0x7fffffff, 1), migratePfnHi(0x7fffffff))).toBe('0x0000001fffffffc1');
    expect(migratePfnToPfn(loOf(0x3fffffffffc3n), hiOf(0x3fffffffffc3n))).toBe(0xffffffffff);
  });

  test('bit 5 belongs to the device-private series only', () => {
    expect(summary(0x23n, 'migrate')).toBe('VALID, MIGRATE, bit 5, pfn 0x0');
    expect(summary(0x23n, 'migrate-dp')).toBe('VALID, MIGRATE, DEVICE_PRIVATE, pfn 0x0');
    expect(explainWord(0x23n, 'migrate').fields.find((f) => f.bit === 5)?.meaning).toMatch(/unexpectedly set/);
  });

  test('every bit that a header of the past or the future names has its name', () => {
    expect(summary(0x6n, 'migrate-2019')).toBe('MIGRATE, LOCKED');
    expect(summary(0x33n, 'migrate-dst-dp')).toBe('VALID, MIGRATE, COMPOUND, DEVICE_PRIVATE, pfn 0x0');
    const free = explainWord(0n, 'migrate').fields.filter((f) => f.reserved);
    expect(free.map((f) => f.meaning)).toEqual([expect.stringMatching(/LOCKED/), expect.stringMatching(/series/)]);
  });

  test('a destination', () => expect(kind(0x2008011n, 'migrate-dst')).toBe('huge destination'));
});

describe('hmm pfns of 2016', () => {
  test('flags and frame', () => {
    const flags = HMM_PFN_2016.VALID | HMM_PFN_2016.MIGRATE | HMM_PFN_2016.LOCKED;
    const lo = hmm2016Lo(0x7fffffff, flags);
    const hi = hmm2016Hi(0x7fffffff);
    expect(hex(lo, hi)).toBe('0x000003fffffffa81');
    expect(hmm2016PfnOf(lo, hi)).toBe(0x7fffffff);
    expect(summary(0x3fffffffa81n, 'hmm-2016')).toBe('VALID, LOCKED, MIGRATE, pfn 0x7fffffff');
  });

  test('patch 16/18 moved SPECIAL', () => {
    expect(summary(0x80n, 'hmm-2016-early')).toBe('SPECIAL, pfn 0x0');
    expect(summary(0x100n, 'hmm-2016')).toBe('SPECIAL, pfn 0x0');
  });
});
