import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainWord, type WordForm } from '../../src/machine/words/explain.ts';
import { decodeFields, encodeFields, fieldOf, getField, type Layout } from '../../src/machine/words/field.ts';
import { HMM_LAYOUTS, hmmEncoding, type HmmEncodingId, hmmPfnOf } from '../../src/machine/words/hmm-pfn.ts';
import {
  HMM_2016_EARLY_LAYOUT,
  HMM_2016_LAYOUT,
  hmm2016Hi,
  hmm2016Lo,
  hmm2016PfnOf,
} from '../../src/machine/words/hmm-pfn-2016.ts';
import {
  MIGRATE_DP_LAYOUT,
  MIGRATE_LAYOUT,
  migratePfnHi,
  migratePfnLo,
  migratePfnToPfn,
} from '../../src/machine/words/migrate-pfn.ts';
import * as layouts from '../../src/machine/words/pte-layout.ts';
import * as pte from '../../src/machine/words/pte.ts';
import * as swapLayouts from '../../src/machine/words/swp-layout.ts';
import * as swp from '../../src/machine/words/swp.ts';
import { hiOf, loOf, toBig } from '../../src/machine/words/word.ts';

const ALL: readonly Layout[] = [
  ...Object.values(HMM_LAYOUTS),
  MIGRATE_LAYOUT,
  MIGRATE_DP_LAYOUT,
  HMM_2016_LAYOUT,
  HMM_2016_EARLY_LAYOUT,
  ...Object.values(layouts),
  swapLayouts.SWAP_SLOT_LAYOUT,
  swapLayouts.MIGRATION_LAYOUT,
  swapLayouts.MIGRATION_LA57_LAYOUT,
  swapLayouts.SWAP_PAGE_LAYOUT,
  swapLayouts.MARKER_LAYOUT,
  swapLayouts.SWP_ENTRY_LAYOUT,
  ...(['swap', 'migration-device-read', 'device-private-read', 'marker'] as const).map((kind) =>
    swapLayouts.swapLayoutOf(kind, true),
  ),
];
const FORMS: readonly WordForm[] = [
  ...(['pte', 'pmd', 'pud', 'pte-dp', 'pmd-dp', 'pud-dp', 'swp-entry', 'hmm-2016', 'hmm-2016-early'] as const),
  ...([
    'hmm-mainline',
    'hmm-rfc',
    'hmm-v2',
    'hmm-v7',
    'hmm-dp',
    'migrate',
    'migrate-dp',
    'migrate-dst',
    'migrate-2019',
  ] as const),
];
const WORD = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const PFN = fc.integer({ min: 0, max: 0x7fffffff });
const BIT = fc.constantFrom(0 as const, 1 as const);

/** The value of one field, by the table. */
const by = (layout: Layout, name: string, word: bigint) => getField(fieldOf(layout, name), word);
const isSet = (layout: Layout, name: string, word: bigint) => by(layout, name, word) !== 0n;

function expectTiles(fields: readonly { bit: number; width: number }[]): void {
  let next = 0;
  for (const { bit, width } of fields) {
    expect([bit, width > 0]).toEqual([next, true]);
    next += width;
  }
  expect(next).toBe(64);
}

describe.each(ALL)('layout $id', (layout) => {
  test('tiles 64 bits', () => expectTiles(layout.fields));

  test('encoding what was decoded gives the word back', () =>
    fc.assert(
      fc.property(WORD, (word) => {
        const values = decodeFields(layout, word).map(({ field, value }) => [field.name, value] as const);
        expect(encodeFields(layout, Object.fromEntries(values))).toBe(word);
      }),
    ));

  test('decoding what was encoded gives the values back', () =>
    fc.assert(
      fc.property(WORD, (bits) => {
        const values = layout.fields.map(
          (f) => [f.name, BigInt.asUintN(f.width, bits >> BigInt(f.bit)) << BigInt(f.shift ?? 0)] as const,
        );
        const decoded = decodeFields(layout, encodeFields(layout, Object.fromEntries(values)));
        expect(decoded.map((d) => [d.field.name, d.value])).toEqual(values);
      }),
    ));
});

test.each(FORMS)('any word explained as %s has a kind, a summary and 64 bits of fields with meanings', (form) =>
  fc.assert(
    fc.property(WORD, (word) => {
      const explained = explainWord(word, form);
      expectTiles(explained.fields);
      expect([
        explained.kind,
        explained.title,
        explained.summary,
        ...explained.fields.map((f) => f.meaning),
      ]).not.toContain('');
    }),
  ),
);

describe('functions on halves agree with the tables', () => {
  test.each(Object.keys(HMM_LAYOUTS) as HmmEncodingId[])('hmm pfn, %s', (id) => {
    const layout = HMM_LAYOUTS[id];
    const enc = hmmEncoding(id);
    const flags = [
      'VALID',
      'WRITE',
      'ERROR',
      'DMA_MAPPED',
      'P2PDMA',
      'P2PDMA_BUS',
      'MIGRATE',
      'COMPOUND',
      'DEVICE_PRIVATE',
    ] as const;
    fc.assert(
      fc.property(WORD, PFN, fc.integer({ min: 0, max: 31 }), (word, pfn, order) => {
        const lo = loOf(word);
        const hi = hiOf(word);
        for (const name of flags) {
          const has = layout.fields.some((f) => f.name === name);
          expect((hi & enc[name]) !== 0).toBe(has && isSet(layout, name, word));
        }
        expect(hmmPfnOf(lo, hi, enc)).toBe(Number(by(layout, 'pfn', word)));
        expect(enc.orderOf(hi)).toBe(Number(by(layout, 'order', word)));
        expect(toBig(pfn, enc.VALID | enc.orderBits(order))).toBe(encodeFields(layout, { VALID: 1, order, pfn }));
      }),
    );
  });

  test('migrate pfn', () =>
    fc.assert(
      fc.property(PFN, fc.integer({ min: 0, max: 31 }), (pfn, low) => {
        const flags = low & 27;
        const lo = migratePfnLo(pfn, flags);
        const hi = migratePfnHi(pfn);
        expect(by(MIGRATE_LAYOUT, 'pfn', toBig(lo, hi))).toBe(BigInt(pfn));
        expect([migratePfnToPfn(lo, hi), lo & 63]).toEqual([pfn, flags]);
      }),
    ));

  test('hmm pfn of 2016', () =>
    fc.assert(
      fc.property(PFN, fc.integer({ min: 0, max: 0x7ff }), (pfn, flags) => {
        const lo = hmm2016Lo(pfn, flags);
        const hi = hmm2016Hi(pfn);
        expect(by(HMM_2016_LAYOUT, 'pfn', toBig(lo, hi))).toBe(BigInt(pfn));
        expect([hmm2016PfnOf(lo, hi), lo & 0x7ff]).toEqual([pfn, flags]);
      }),
    ));

  test('PTE', () =>
    fc.assert(
      fc.property(WORD, (word) => {
        const layout = pte.pte_protnone(loOf(word), hiOf(word)) ? layouts.PTE_PROTNONE_LAYOUT : layouts.PTE_LAYOUT;
        const [lo, hi] = [loOf(word), hiOf(word)];
        const has = (name: string) => isSet(layout, name, word);
        expect(pte.pte_write(lo, hi)).toBe(has('RW'));
        expect(pte.pte_young(lo, hi)).toBe(has('ACCESSED'));
        expect(pte.pte_dirty(lo, hi)).toBe(has('DIRTY') || has('SAVED_DIRTY'));
        expect(pte.pte_special(lo, hi)).toBe(has('SPECIAL'));
        expect(pte.pte_soft_dirty(lo, hi)).toBe(has('SOFT_DIRTY'));
        expect(pte.pte_uffd_wp(lo, hi)).toBe(has('UFFD_WP'));
        expect(pte.pte_none(lo, hi)).toBe((word & ~0x60n) === 0n);
        if (pte.pte_present(lo, hi)) expect(pte.ptePfn(lo, hi)).toBe(Number(by(layout, 'pfn', word)));
      }),
    ));

  test('PTE and huge PMD are built with the frame inverted unless P is set', () =>
    fc.assert(
      fc.property(PFN, fc.constantFrom(0x67, 0x25, 0x120), fc.constantFrom(0, pte._PAGE_NX_HI), (pfn, flags, high) => {
        const word = toBig(pte.pteLo(pfn, flags), pte.pteHi(pfn, high, flags));
        const layout = flags & 1 ? layouts.PTE_LAYOUT : layouts.PTE_PROTNONE_LAYOUT;
        expect([by(layout, 'pfn', word), word & 0xfffn, hiOf(word) & ~0xfffff]).toEqual([
          BigInt(pfn),
          BigInt(flags),
          high,
        ]);
        const head = pfn & ~511;
        const huge = toBig(pte.pmdLeafLo(head, flags | 0x80), pte.pmdLeafHi(head, high, flags | 0x80));
        const hugeLayout = flags & 1 ? layouts.PMD_LEAF_LAYOUT : layouts.PMD_LEAF_INVERTED_LAYOUT;
        expect([by(hugeLayout, 'pfn', huge), huge & 0x1fffffn]).toEqual([BigInt(head), BigInt(flags | 0x80)]);
        expect(pte.pmdPfn(loOf(huge), hiOf(huge))).toBe(head);
      }),
    ));

  test('settling dirty keeps dirty and all other bits', () =>
    fc.assert(
      fc.property(WORD, (word) => {
        const [lo, hi] = [loOf(word), hiOf(word)];
        const [lo2, hi2] = [pte.settleDirtyLo(lo, hi), pte.settleDirtyHi(lo, hi)];
        expect([pte.pte_dirty(lo2, hi2), pte.pte_shstk(lo2, hi2)]).toEqual([pte.pte_dirty(lo, hi), false]);
        const others = ~((1n << 58n) | (1n << 6n));
        expect(toBig(lo2, hi2) & others).toBe(word & others);
      }),
    ));

  test('page-carrying swap entry', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: 30 }),
        PFN,
        fc.constantFrom(0, 2, 4, 6),
        BIT,
        BIT,
        (type, pfn, flags, young, dirty) => {
          const values = { type, pfn, YOUNG: young, DIRTY: dirty, SOFT_DIRTY: (flags >> 1) & 1, UFFD_WP: flags >> 2 };
          const [lo, hi] = [swp.swpLo(type, pfn, flags), swp.swpHi(type, pfn, young, dirty)];
          expect(toBig(lo, hi)).toBe(encodeFields(swapLayouts.MIGRATION_LAYOUT, values));
          expect([swp.swpType(lo, hi), swp.swpPfn(lo, hi)]).toEqual([type, pfn]);
          expect([swp.swpYoung(lo, hi), swp.swpDirty(lo, hi)]).toEqual([young === 1, dirty === 1]);
        },
      ),
    ));

  test('swap entry decoded', () =>
    fc.assert(
      fc.property(WORD, (bits) => {
        const word = bits & ~0x1f1n;
        const [lo, hi] = [loOf(word), hiOf(word)];
        expect(swp.swpOffset(lo, hi)).toBe(Number(by(swapLayouts.SWAP_SLOT_LAYOUT, 'offset', word)));
        expect(swp.swpType(lo, hi)).toBe(Number(by(swapLayouts.SWAP_SLOT_LAYOUT, 'type', word)));
        expect(swp.swpPfn(lo, hi)).toBe(Number(by(swapLayouts.MIGRATION_LAYOUT, 'pfn', word)));
        expect(swapLayouts.swpHardwareOf(swapLayouts.swpEntryOf(word))).toBe(word & ~0x1ffn);
      }),
    ));
});
