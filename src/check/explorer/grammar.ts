import { DRIVER_WAYS, type DriverWay } from '../../kernel/drivers/ways.ts';
import { ACTOR_KINDS } from '../../scenario/actors.ts';
import type { ScenarioRequest } from '../../scenario/types.ts';
import type { Around, Ask, Draft, RangeKind, RivalSketch, VmaLayout, Way } from './draft.ts';
import { HUGE, SMALL, type Word } from './words.ts';

/*
 * The small-scope grammar. Every choice has a weight: 0 for what is usual, 1 or more for each thing out of the ordinary.
 * A search goes through all drafts of weight 0, then 1, 2 …: small and varied ones come first, and "bound n" means
 * every draft of weight n or less. A page of memory weighs 1, so weight also bounds the memory.
 */

interface Option<T> {
  readonly weight: number;
  readonly value: T;
}

const w = <T>(weight: number, ...values: readonly T[]): Option<T>[] => values.map((value) => ({ weight, value }));

const ASKS: readonly Option<Ask>[] = [...w<Ask>(0, 'read'), ...w<Ask>(1, 'nothing', 'write'), ...w<Ask>(2, 'by-page')];
const WAYS: readonly Option<Way>[] = [
  ...w<Way>(0, 'unified', 'setup'),
  ...w<Way>(1, 'fault-only', 'setup-fault', 'cpu-read', 'cpu-write'),
  ...w<Way>(2, 'fault-then-migrate'),
];
const VMAS: readonly Option<VmaLayout>[] = [
  ...w<VmaLayout>(0, 'anon'),
  ...w<VmaLayout>(1, 'read-only', 'no-access', 'mixedmap', 'two', 'registers-first', 'ends-early', 'none', 'hugetlb'),
  ...w<VmaLayout>(1, 'shmem', 'file'),
];
const AROUND: readonly Option<Around>[] = [
  ...w<Around>(0, {}),
  ...w<Around>(1, { failAlloc: [0] }, { thp: 'never' }, { without: ['DEVICE_MIGRATION'] }),
  ...DRIVER_WAYS.map((way) => ({ weight: 1, value: { driver: [way] } })),
];

type Rivals = readonly RivalSketch[];
const KINDS = ACTOR_KINDS.filter((does) => does !== 'migrate' && does !== 'fault_and_migrate');
const RIVALS: readonly Option<Rivals>[] = [
  ...w<Rivals>(0, []),
  ...w<Rivals>(1, [{ does: 'madvise_dontneed', on: 'all' }], [{ does: 'cpu_write', on: 'first' }]),
  ...w<Rivals>(1, [{ does: 'migrate', on: 'all', device: 1 }]),
  ...w<Rivals>(2, [{ does: 'fault_and_migrate', on: 'all', device: 1 }]),
  ...KINDS.flatMap((does) => w<Rivals>(2, [{ does, on: 'first' }])),
  ...KINDS.flatMap((does) => w<Rivals>(3, [{ does, on: 'last' }])),
];

/** Words of a memory at most. */
const MOST_WORDS = 4;
/** 2 MiB areas of a memory at most. */
const MOST_HUGE = 2;

/** All memories of a weight; a 2 MiB area beside something else weighs 1 more, and a small word between two has no place. */
function* memories(weight: number): Generator<readonly Word[]> {
  yield* sequences(weight, SMALL, []);
  if (weight === 1) yield* HUGE.map((word) => [word]);
  for (const words of sequences(weight - 1, [...SMALL, ...HUGE], []))
    if (words.length > 1 && words.some((x) => x.huge)) yield words;
}

function* sequences(length: number, from: readonly Word[], before: readonly Word[]): Generator<readonly Word[]> {
  if (length <= 0) {
    if (length === 0) yield before;
    return;
  }
  if (before.length === MOST_WORDS) return;
  const huge = before.filter((x) => x.huge).length;
  const smallAfterHuge = huge > 0 && before.at(-1)?.huge === false;
  for (const word of from)
    if (!word.huge || (huge < MOST_HUGE && !smallAfterHuge)) yield* sequences(length - 1, from, [...before, word]);
}

function ranges(words: readonly Word[]): readonly Option<RangeKind>[] {
  const huge = words.filter((x) => x.huge);
  if (huge.length === 0) return w<RangeKind>(0, 'whole');
  const last = words.at(-1);
  const kinds: Option<RangeKind>[] = [];
  // An empty area is cheap to walk; elsewhere 512 pages take their time.
  kinds.push(...w<RangeKind>(huge.every((x) => x.name === 'TN' || x.name === 'TO') ? 0 : words.length + 1, 'whole'));
  if (words.length === 1 || last?.huge === true) kinds.push(...w<RangeKind>(0, 'head'));
  if (words.findIndex((x) => x.huge) < words.length - 1) kinds.push(...w<RangeKind>(0, 'seam'));
  if (huge.length === words.length) kinds.push(...w<RangeKind>(1, 'inner'));
  return kinds;
}

type Select = ScenarioRequest['select'];

function selects(words: readonly Word[]): readonly Option<Select>[] {
  const out: Option<Select>[] = [...w<Select>(0, ['SYSTEM'])];
  const huge = words.some((x) => x.huge);
  if (huge) out.push(...w<Select>(0, ['SYSTEM', 'COMPOUND']));
  if (words.some((x) => x.device)) {
    out.push(...w<Select>(0, ['DEVICE_PRIVATE']));
    if (huge) out.push(...w<Select>(1, ['DEVICE_PRIVATE', 'COMPOUND']));
  }
  if (words.some((x) => x.coherent)) {
    out.push(...w<Select>(0, ['DEVICE_COHERENT']));
    if (huge) out.push(...w<Select>(0, ['DEVICE_COHERENT', 'COMPOUND']));
  }
  return out;
}

/** A draft, and how many preemptions its schedules may have (0 when it has no rival). */
export interface Weighed {
  readonly draft: Draft;
  readonly preemptions: number;
}

/** Drafts of one weight are had in two stages: those with nobody else about, and the others. */
export const STAGES = ['alone', 'contested'] as const;
export type Stage = (typeof STAGES)[number];

/** Up to this weight a first hit with somebody else about is often found before all that nobody contests is through. */
const LIGHT = 2;

/**
 * The order of the stages. What nobody contests is over soon and comes first, so that what it shows is mended in the rest;
 * who looks for one hit only begins, as long as it is light, with the others.
 */
export const stagesOf = (weight: number, first: boolean): readonly Stage[] =>
  first && weight <= LIGHT ? STAGES.toReversed() : STAGES;

const RIVALS_OF: Readonly<Record<Stage, readonly Option<Rivals>[]>> = {
  alone: RIVALS.filter((r) => r.value.length === 0),
  contested: RIVALS.filter((r) => r.value.length > 0),
};

/**
 * Every draft of exactly this weight and stage. Those with the same memory and conditions come one after the other, so
 * that one machine serves them all. Each preemption above the first weighs 1.
 */
export function* draftsOf(weight: number, stage: Stage): Generator<Weighed> {
  for (const rivals of RIVALS_OF[stage])
    for (let memoryWeight = 0; memoryWeight <= Math.min(weight, MOST_WORDS + 1); memoryWeight++)
      for (const words of memories(memoryWeight))
        for (const around of AROUND)
          for (const vma of VMAS) {
            const left = weight - memoryWeight - rivals.weight - around.weight - vma.weight;
            if (left >= 0) yield* requests(words, left, { rivals: rivals.value, around: around.value, vma: vma.value });
          }
}

function* requests(
  words: readonly Word[],
  weight: number,
  rest: Pick<Draft, 'rivals' | 'around' | 'vma'>,
): Generator<Weighed> {
  const rangeOptions = ranges(words);
  const selectOptions = selects(words);
  for (const range of rangeOptions)
    for (const select of selectOptions)
      for (const ask of ASKS)
        for (const way of WAYS) {
          // What is collected whole is cheap again.
          const compound =
            range.value === 'whole' && words.length === 1 && select.value.includes('COMPOUND') ? range.weight : 0;
          const left = weight - range.weight - select.weight - ask.weight - way.weight + compound;
          if (left < 0 || (left > 0 && rest.rivals.length === 0)) continue;
          if (!fits(way.value, ask.value, select.value, range.value) || !suits(rest.around, way.value)) continue;
          const draft = { words, range: range.value, select: select.value, ask: ask.value, way: way.value, ...rest };
          yield { draft, preemptions: rest.rivals.length === 0 ? 0 : left + 1 };
        }
}

/** A way that does not look at a flag is tried with one value of it only. */
function fits(way: Way, ask: Ask, select: Select, range: RangeKind): boolean {
  const system = select.length === 1 && select[0] === 'SYSTEM';
  if (way.startsWith('cpu')) return ask === 'read' && system && range !== 'head';
  if (way === 'fault-only') return system;
  return way !== 'setup' || ask === 'read';
}

/** The ways of being served in which a driver's departure makes a difference, or makes sense. */
const DEPARTURES: Readonly<Record<DriverWay, readonly Way[]>> = {
  'no-owner': ['unified', 'setup', 'setup-fault'],
  'no-migrate-struct': ['unified'],
  'no-notifier': ['fault-only'],
  'returns-on-error': ['unified'],
  'obeys-own-events': ['unified'],
  'old-dst': ['unified', 'setup'],
  'old-migrate-struct': ['unified'],
  'dma-mapped': ['unified', 'fault-only'],
  unaligned: ['setup', 'setup-fault'],
  'drops-mmap-lock': ['unified', 'fault-only'],
  'faults-by-page': ['cpu-read', 'cpu-write'],
};

const suits = (around: Around, way: Way): boolean => around.driver?.every((d) => DEPARTURES[d].includes(way)) ?? true;
