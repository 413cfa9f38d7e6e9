import type { Reading } from './explain-entry.ts';
import { fieldOf, getField, type Layout } from './field.ts';
import { HMM_LAYOUTS, type HmmEncodingId } from './hmm-pfn.ts';
import { MIGRATE_2019_LAYOUT, MIGRATE_DP_LAYOUT, MIGRATE_LAYOUT } from './migrate-pfn.ts';

/** A header, or a text of the series that shares v2's layout but encodes an empty page differently. */
export type HmmReader = HmmEncodingId | 'v7';

/** Which flags a word has, and its numbers. */
class Bits {
  readonly layout: Layout;
  readonly word: bigint;

  constructor(layout: Layout, word: bigint) {
    this.layout = layout;
    this.word = word;
  }

  has(name: string): boolean {
    return this.layout.fields.some((f) => f.name === name) && this.number(name) !== 0n;
  }

  number(name: string): bigint {
    return getField(fieldOf(this.layout, name), this.word);
  }

  /** The flags that are set, and stray bits by their number, highest bit first or lowest first. */
  flags(highFirst: boolean): string[] {
    const set = this.layout.fields.filter((f) => f.width === 1 && getField(f, this.word) === 1n);
    const names = set.map((f) => f.name);
    return highFirst ? names.toReversed() : names;
  }
}

/** Tells what an hmm_pfns[] entry says under one header. */
export function readHmm(word: bigint, reader: HmmReader): Reading {
  const layout = HMM_LAYOUTS[reader === 'v7' ? 'v2' : reader];
  const bits = new Bits(layout, word);
  const words = [...bits.flags(true), `order ${bits.number('order')}`, `pfn 0x${bits.number('pfn').toString(16)}`];
  return { kind: hmmKind(bits, reader), layout, summary: word === 0n ? 'nothing' : words.join(', ') };
}

function hmmKind(bits: Bits, reader: HmmReader): string {
  if (bits.has('ERROR')) return 'error';
  const collected = bits.has('MIGRATE');
  const huge = bits.has('COMPOUND') ? 'huge ' : '';
  if (!bits.has('VALID')) {
    if (collected) return reader === 'v7' ? `${huge}hole` : 'never produced';
    return bits.number('pfn') === 0n ? 'nothing' : 'page without access';
  }
  if (!collected) return bits.has('DEVICE_PRIVATE') ? 'device-private page' : 'page';
  return reader !== 'v7' && isHole(bits, reader) ? `${huge}hole` : `collected ${huge}page`;
}

/**
 * The conversion to src[] compares the whole entry with VALID | MIGRATE (| COMPOUND); v2 takes the in/out flags out
 * first, the first posting does not.
 */
function isHole(bits: Bits, reader: HmmReader): boolean {
  const sticky = bits.has('DMA_MAPPED') || bits.has('P2PDMA') || bits.has('P2PDMA_BUS');
  return (
    bits.number('pfn') === 0n && bits.number('order') === 0n && !bits.has('WRITE') && !(reader === 'rfc' && sticky)
  );
}

/** A header of migrate pfns: v6.19, the device-private page frame series, or that of 2019 to 2021. */
const MIGRATE_LAYOUTS = { v619: MIGRATE_LAYOUT, dp: MIGRATE_DP_LAYOUT, y2019: MIGRATE_2019_LAYOUT } as const;

/** Tells what an entry of src[] or dst[] says. */
export function readMigrate(word: bigint, header: keyof typeof MIGRATE_LAYOUTS, destination: boolean): Reading {
  const layout = MIGRATE_LAYOUTS[header];
  const bits = new Bits(layout, word);
  const showPfn = bits.has('VALID') || bits.number('pfn') !== 0n;
  const words = [...bits.flags(false), ...(showPfn ? [`pfn 0x${bits.number('pfn').toString(16)}`] : [])];
  const kind = destination ? destinationKind(bits) : sourceKind(bits);
  return { kind, layout, summary: word === 0n ? 'nothing' : words.join(', ') };
}

function sourceKind(bits: Bits): string {
  const huge = bits.has('COMPOUND') ? 'huge ' : '';
  if (bits.has('VALID')) return bits.has('MIGRATE') ? `${huge}page` : `${huge}page, not migrated`;
  if (bits.has('MIGRATE')) return `${huge}hole`;
  if (huge) return 'huge hole, not filled';
  return bits.word === 0n ? 'nothing' : 'never produced';
}

function destinationKind(bits: Bits): string {
  if (bits.has('VALID')) return bits.has('COMPOUND') ? 'huge destination' : 'destination';
  return bits.word === 0n ? 'nothing' : 'never produced';
}
