import { hmmPfnOf } from '../machine/words/hmm-pfn.ts';
import { hasDeviceBit, migrateWordFrame } from '../kernel/common/migrate-pfn.ts';
import { HMM_PFN_2016, hmm2016PfnOf } from '../machine/words/hmm-pfn-2016.ts';
import type { WordForm } from '../machine/words/explain.ts';
import { type WordArray, wordArrays } from '../recording/arrays.ts';
import { namesOf } from '../recording/names.ts';
import type { Recording } from '../recording/recording.ts';
import { layoutAt } from '../recording/word-layout.ts';
import { changesOf } from './changes.ts';
import { type ArrayNow, arrayNow, type Pages } from './run-index.ts';

type WordKind = WordArray['kind'];

/** A flag of a word as a chip. */
export interface WordFlag {
  readonly letter: string;
  readonly name: string;
}

/** One 64-bit word of an array, for the strip. */
export interface WordCell {
  readonly kind: WordKind;
  readonly page: number;
  /** index in the array */
  readonly index: number;
  /** number in the words bank, 0 when the array does not exist yet */
  readonly word: number;
  readonly lo: number;
  readonly hi: number;
  readonly form: WordForm;
  readonly flags: readonly WordFlag[];
  /** order field of an hmm word, 0 elsewhere */
  readonly order: number;
  /** name of the page it names, empty without one */
  readonly name: string;
  /** value before this step, when this step wrote it, and the layout it had then */
  readonly before: { readonly lo: number; readonly hi: number; readonly form: WordForm } | undefined;
}

/** A row of the strip. */
export interface WordRow {
  readonly kind: WordKind;
  /** false until the code has the array */
  readonly exists: boolean;
  /** the walk reports into src[] itself, which migrate_hmm_range_setup() then converts in place */
  readonly reported: boolean;
  readonly cells: readonly WordCell[];
}

export interface PfnStripModel {
  readonly pages: readonly number[];
  readonly focus: number;
  readonly rows: readonly WordRow[];
  /** the conversion this step made: from which row a word just written came */
  readonly conversion:
    | { readonly from: WordKind; readonly to: WordKind; readonly pages: readonly number[] }
    | undefined;
}

const HMM_FLAGS: readonly (readonly [
  name:
    | 'VALID'
    | 'WRITE'
    | 'ERROR'
    | 'MIGRATE'
    | 'COMPOUND'
    | 'DEVICE_PRIVATE'
    | 'DMA_MAPPED'
    | 'P2PDMA'
    | 'P2PDMA_BUS',
  letter: string,
])[] = [
  ['VALID', 'V'],
  ['WRITE', 'W'],
  ['MIGRATE', 'M'],
  ['COMPOUND', 'C'],
  ['DEVICE_PRIVATE', 'D'],
  ['ERROR', 'E'],
  ['DMA_MAPPED', 'dma'],
  ['P2PDMA', 'p2p'],
  ['P2PDMA_BUS', 'bus'],
];
const MIGRATE_FLAGS: readonly (readonly [bit: number, name: string, letter: string])[] = [
  [1, 'VALID', 'V'],
  [8, 'WRITE', 'W'],
  [2, 'MIGRATE', 'M'],
  [16, 'COMPOUND', 'C'],
  [32, 'DEVICE_PRIVATE', 'D'],
];

/** The strip: words of the pages in view, in the order in which the code makes one from the other. */
export function pfnStrip(
  recording: Recording,
  step: number,
  focus: number,
  columns: number,
  request: Pages,
): PfnStripModel {
  const changes = changesOf(recording, step);
  const inside = Math.max(request.start, Math.min(focus, request.end - 1));
  const pages = request.end > request.start ? pagesInView(inside, columns, request) : [];
  const rows = rowKinds(recording).map((kind): WordRow => {
    const array = arrayNow(recording, kind, request);
    return {
      kind,
      exists: array !== undefined,
      reported: array?.reported === true,
      cells: pages.map((page) => cellOf(recording, step, kind, page, array, changes.words)),
    };
  });
  return { pages, focus, rows, conversion: conversionOf(rows) };
}

/** The rows in the order in which the code makes one from the other. The code of 2016 had one array for all of it. */
function rowKinds(recording: Recording): readonly WordKind[] {
  const kinds = new Set(wordArrays(recording).map((array) => array.kind));
  const modern = kinds.size > (kinds.has('pfns_2016') ? 1 : 0);
  return [
    ...(modern || kinds.size === 0 ? (['hmm_pfns', 'src', 'dst'] as const) : []),
    ...(kinds.has('pfns_2016') ? (['pfns_2016'] as const) : []),
  ];
}

/** All pages when they fit; else a window that holds the focus and moves by half its size, as on the stage. */
function pagesInView(focus: number, columns: number, request: Pages): readonly number[] {
  const { start, end } = request;
  const half = Math.max(1, columns >> 1);
  const at = start + Math.floor((focus - start) / half) * half - (half >> 1);
  const first = end - start <= columns ? start : Math.max(start, Math.min(at, end - columns));
  return Array.from({ length: Math.min(columns, end - start) }, (_, i) => first + i);
}

function cellOf(
  recording: Recording,
  step: number,
  kind: WordKind,
  page: number,
  array: ArrayNow | undefined,
  changed: ReadonlyMap<number, { lo: number; hi: number }>,
): WordCell {
  const index = array === undefined ? page : page - array.first;
  const word = array === undefined || index < 0 || index >= array.length ? 0 : array.word + index;
  const m = recording.machine;
  const lo = word === 0 ? 0 : (m.words.cells[word * 2] as number);
  const hi = word === 0 ? 0 : (m.words.cells[word * 2 + 1] as number);
  const base = { kind, page, index, word, lo, hi };
  const told = READ[layoutOf(recording, base, step)](recording, base);
  const old = word === 0 ? undefined : changed.get(word);
  if (old === undefined) return { ...base, ...told, before: undefined };
  const was = { ...base, ...old };
  const { form } = READ[layoutOf(recording, was, step - 1)](recording, was);
  return { ...base, ...told, before: { ...old, form } };
}

type Base = Pick<WordCell, 'kind' | 'page' | 'index' | 'word' | 'lo' | 'hi'>;
type Told = Pick<WordCell, 'form' | 'flags' | 'order' | 'name'>;

/** How to read a word: as its array says, or as the walk's report that stands in src[] (recording/word-layout.ts). */
function layoutOf(recording: Recording, { kind, word }: Base, step: number): WordKind {
  const layout = word === 0 ? kind : layoutAt(recording, word, step);
  return layout === 'word' ? kind : layout;
}

const READ: Readonly<Record<WordKind, (recording: Recording, base: Base) => Told>> = {
  hmm_pfns: hmmCell,
  src: migrateCell,
  dst: migrateCell,
  pfns_2016: cell2016,
};

function hmmCell(recording: Recording, base: Base): Told {
  const { enc } = recording;
  const flags = HMM_FLAGS.filter(([name]) => (base.hi & enc[name]) !== 0).map(([name, letter]) => ({ letter, name }));
  const pfn = hmmPfnOf(base.lo, base.hi, enc);
  const shows = pfn !== 0 && (base.hi & enc.VALID) !== 0;
  return {
    form: `hmm-${enc.id}`,
    flags,
    order: enc.orderOf(base.hi),
    name: shows ? namesOf(recording).frame(pfn) : '',
  };
}

const FLAGS_2016 = [
  ['VALID', 'V'],
  ['WRITE', 'W'],
  ['LOCKED', 'L'],
  ['MIGRATE', 'M'],
  ['DEVICE', 'D'],
  ['UNADDRESSABLE', 'U'],
  ['ERROR', 'E'],
] as const;

function cell2016(recording: Recording, base: Base): Told {
  const flags = FLAGS_2016.filter(([name]) => (base.lo & HMM_PFN_2016[name]) !== 0);
  const pfn = (base.lo & HMM_PFN_2016.VALID) === 0 ? 0 : hmm2016PfnOf(base.lo, base.hi);
  return {
    form: 'hmm-2016',
    flags: flags.map(([name, letter]) => ({ letter, name })),
    order: 0,
    name: pfn === 0 ? '' : namesOf(recording).frame(pfn),
  };
}

function migrateCell(recording: Recording, base: Base): Told {
  const flags = MIGRATE_FLAGS.filter(([bit]) => (base.lo & bit) !== 0).map(([, name, letter]) => ({ letter, name }));
  const pfn = migrateWordFrame(base.lo, base.hi);
  return {
    form: `${base.kind === 'dst' ? 'migrate-dst' : 'migrate'}${hasDeviceBit(base.lo) ? '-dp' : ''}`,
    flags,
    order: 0,
    name: (base.lo & 1) !== 0 ? namesOf(recording).frame(pfn) : '',
  };
}

/** src is made from hmm_pfns, dst belongs to src: the row below that this step wrote. */
function conversionOf(rows: readonly WordRow[]): PfnStripModel['conversion'] {
  const [hmm, src, dst] = (['hmm_pfns', 'src', 'dst'] as const).map((kind) => rows.find((row) => row.kind === kind));
  for (const [from, to] of [
    [src, dst],
    [hmm, src],
  ] as const) {
    // A src[] into which the walk reports is not made from another row: its words change where they lie.
    if (from === undefined || to === undefined || !from.exists || to.reported) continue;
    const pages = to.cells.filter((c) => c.before !== undefined).map((c) => c.page);
    if (pages.length > 0) return { from: from.kind, to: to.kind, pages };
  }
  return undefined;
}
