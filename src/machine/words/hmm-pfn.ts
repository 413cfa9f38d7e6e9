import { defineLayout, type Field, flag, kernelNamed, type Layout, maskHi } from './field.ts';

/*
 * Entries of hmm_range.hmm_pfns[] (include/linux/hmm.h): flags on top, the map order below them, the page frame at the
 * bottom. Five headers are known and the same word means another thing in each:
 *
 *             63..58            57              56        order    pfn
 *   mainline  VALID..P2PDMA_BUS order           order     57..53   52..0
 *   rfc       same              MIGRATE         order     56..52   51..0
 *   v2        same              MIGRATE         COMPOUND  55..51   50..0   (all later revisions of the series too)
 *   dp        same              DEVICE_PRIVATE  order     56..52   51..0   (the device-private page frame series)
 *   v2-dp     same              MIGRATE         COMPOUND  54..50   49..0   (both series: DEVICE_PRIVATE moves to bit 55)
 */

/** Which include/linux/hmm.h a word follows; `v2` also serves the later revisions of the series. */
export type HmmEncodingId = 'mainline' | 'rfc' | 'v2' | 'dp' | 'v2-dp';

const TOP_FLAGS = kernelNamed('HMM_PFN_', [
  flag(63, 'VALID', 'the page frame is valid; in a request: fault the page in', 'no valid page'),
  flag(62, 'WRITE', 'the page may be written; in a request: fault for writing', 'not writable'),
  flag(61, 'ERROR', 'the CPU cannot access this address', 'no error'),
  flag(60, 'DMA_MAPPED', 'kept for the caller: the page is mapped for DMA', 'not mapped for DMA'),
  flag(59, 'P2PDMA', 'kept for the caller: a peer-to-peer DMA page', 'no peer-to-peer page'),
  flag(58, 'P2PDMA_BUS', 'kept for the caller: a peer-to-peer page mapped by bus address', 'not mapped by bus address'),
]);

const MIGRATE = flag(57, 'MIGRATE', 'this entry is to be migrated', 'not collected for migration');
const COMPOUND = flag(56, 'COMPOUND', 'a whole PMD is migrated as one', 'a single page');
/** Where the flag can go when both series are merged: one below COMPOUND. */
const DEVICE_PRIVATE_55 = flag(
  55,
  'DEVICE_PRIVATE',
  'the page frame number is a device-private offset',
  'system memory',
);
const DEVICE_PRIVATE = flag(57, 'DEVICE_PRIVATE', 'the page frame number is a device-private offset', 'system memory');

function hmmLayout(id: HmmEncodingId, title: string, orderBit: number, flags: readonly Field[]): Layout {
  return defineLayout(`hmm-${id}`, title, [
    ...TOP_FLAGS,
    ...kernelNamed('HMM_PFN_', flags),
    { name: 'order', bit: orderBit, width: 5, doc: 'the CPU maps 2^order pages in one entry' },
    { name: 'pfn', bit: 0, width: orderBit, doc: 'page frame number', hex: true },
  ]);
}

/** The five layouts of an hmm_pfns[] entry. */
export const HMM_LAYOUTS: Readonly<Record<HmmEncodingId, Layout>> = Object.freeze({
  mainline: hmmLayout('mainline', 'hmm pfn, mainline', 53, []),
  rfc: hmmLayout('rfc', 'hmm pfn, first posting of the series', 52, [MIGRATE]),
  v2: hmmLayout('v2', 'hmm pfn, series v2 and later', 51, [MIGRATE, COMPOUND]),
  'v2-dp': hmmLayout('v2-dp', 'hmm pfn, both series, the second renumbered', 50, [
    MIGRATE,
    COMPOUND,
    DEVICE_PRIVATE_55,
  ]),
  dp: hmmLayout('dp', 'hmm pfn, device-private page frame series', 52, [DEVICE_PRIVATE]),
});

/**
 * One header's masks as the engine uses them, all within the high half of the word. A flag the header lacks is 0, so
 * setting it does nothing and testing it fails.
 */
export interface HmmEncoding {
  readonly id: HmmEncodingId;
  readonly VALID: number;
  readonly WRITE: number;
  readonly ERROR: number;
  readonly DMA_MAPPED: number;
  readonly P2PDMA: number;
  readonly P2PDMA_BUS: number;
  readonly MIGRATE: number;
  readonly COMPOUND: number;
  readonly DEVICE_PRIVATE: number;
  /** HMM_PFN_INOUT_FLAGS: what a report leaves as the caller had it. */
  readonly INOUT: number;
  /** HMM_PFN_FLAGS: everything above the page frame. */
  readonly FLAGS: number;
  /** HMM_PFN_ORDER_SHIFT - 32. */
  readonly ORDER_SHIFT: number;
  /** hmm_pfn_flags_order() as bits of the high half. */
  orderBits(order: number): number;
  /** hmm_pfn_to_map_order(): log2 of the pages in the CPU's mapping. */
  orderOf(hi: number): number;
}

function encodingOf(id: HmmEncodingId): HmmEncoding {
  const layout = HMM_LAYOUTS[id];
  const mask = (name: string) => (layout.fields.some((f) => f.name === name) ? maskHi(layout, name) : 0);
  const orderMask = mask('order');
  const ORDER_SHIFT = 31 - Math.clz32(orderMask & -orderMask);
  return Object.freeze({
    id,
    VALID: mask('VALID'),
    WRITE: mask('WRITE'),
    ERROR: mask('ERROR'),
    DMA_MAPPED: mask('DMA_MAPPED'),
    P2PDMA: mask('P2PDMA'),
    P2PDMA_BUS: mask('P2PDMA_BUS'),
    MIGRATE: mask('MIGRATE'),
    COMPOUND: mask('COMPOUND'),
    DEVICE_PRIVATE: mask('DEVICE_PRIVATE'),
    INOUT: mask('DMA_MAPPED') | mask('P2PDMA') | mask('P2PDMA_BUS'),
    FLAGS: -1 << ORDER_SHIFT,
    ORDER_SHIFT,
    orderBits: (order: number) => order << ORDER_SHIFT,
    orderOf: (hi: number) => (hi >>> ORDER_SHIFT) & 0x1f,
  });
}

const ENCODINGS: Readonly<Record<HmmEncodingId, HmmEncoding>> = Object.freeze({
  mainline: encodingOf('mainline'),
  rfc: encodingOf('rfc'),
  v2: encodingOf('v2'),
  dp: encodingOf('dp'),
  'v2-dp': encodingOf('v2-dp'),
});

/** The masks of one header. */
export function hmmEncoding(id: HmmEncodingId): HmmEncoding {
  return ENCODINGS[id];
}

/** The page frame number of an entry: the entry without HMM_PFN_FLAGS. Exact; an int32 for every modelled frame. */
export function hmmPfnOf(lo: number, hi: number, enc: HmmEncoding): number {
  const top = hi & ~enc.FLAGS;
  return top === 0 ? lo >>> 0 : top * 0x100000000 + (lo >>> 0);
}
