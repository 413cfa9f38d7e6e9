import { COUNTERS, type CounterId, type Counters } from './counters.ts';

/*
 * What a run might cost. The counters are exact for the model; the cycles are not measured. The postings give one
 * figure, in the cover letter of series v5: a walk takes over 1000 cycles. Every other weight is an illustration of the
 * usual order of magnitude on a server CPU, there to be changed.
 */

/**
 * Where a weight comes from: `posting` is a figure of the series, `illustration` is our own guess, `counted-elsewhere`
 * weighs nothing because another counter has the work already.
 */
export type WeightSource = 'posting' | 'illustration' | 'counted-elsewhere' | 'changed';

/** Cycles for one count of a counter, and why. */
export interface CostWeight {
  readonly cycles: number;
  readonly source: WeightSource;
  /** what is counted and where the figure comes from, in a few words */
  readonly says: string;
}

const posting = (cycles: number, says: string): CostWeight => ({ cycles, source: 'posting', says });
const guess = (cycles: number, says: string): CostWeight => ({ cycles, source: 'illustration', says });
const elsewhere = (says: string): CostWeight => ({ cycles: 0, source: 'counted-elsewhere', says });

/** A weight for every counter. */
export const DEFAULT_WEIGHTS: Readonly<Record<CounterId, CostWeight>> = {
  walks: posting(1000, 'cover letter of v5: over 1000 cycles a walk; a lower bound'),
  rewalks: elsewhere('each is one of the walks'),
  descents: guess(50, 'a callback and the look at one PMD entry'),
  faults: guess(1500, 'the fault handler without zeroing or copying a page'),
  splits: guess(50000, 'a folio of 512 pages taken apart: freeze, 512 struct pages, remap'),
  pmdSplits: guess(5000, 'a table of 512 PTEs filled'),
  pmdLocks: guess(40, 'an atomic operation on a lock nobody else wants, and its release'),
  pteLocks: guess(40, 'an atomic operation on a lock nobody else wants, and its release'),
  pteMaps: guess(10, 'an RCU section'),
  folioLocks: guess(40, 'an atomic operation on the page flags, and its release'),
  folioTrylocksFailed: guess(20, 'an atomic operation'),
  waits: guess(5000, 'two context switches; the time asleep is not counted'),
  flushPage: guess(1000, 'an interrupt to the other CPUs that run the process'),
  flushRange: guess(2000, 'an interrupt to the other CPUs, which drop several pages'),
  flushPmd: guess(2000, 'an interrupt to the other CPUs, which drop 2 MiB'),
  notifiers: guess(100, 'the list of notifiers is gone through twice'),
  callbacks: guess(1000, 'the driver takes its lock and drops its entries; a real device takes longer'),
  retries: elsewhere('the walk that a retry brings is counted'),
  migrationEntries: elsewhere('each is one of the entry writes'),
  entryWrites: guess(10, 'a store, or an atomic exchange, in a cached line'),
  copies: guess(1000, '4 KiB at 4 bytes a cycle; over a bus far more. A large folio is one copy'),
  findings: elsewhere('what goes wrong has no price'),
};

/** Cycles per count for the counters that a person has changed. */
export type Weights = Readonly<Partial<Record<CounterId, number>>>;

/** One line of an estimate. */
export interface CostLine {
  readonly id: CounterId;
  readonly title: string;
  readonly count: number;
  readonly each: number;
  readonly cycles: number;
  readonly source: WeightSource;
  readonly says: string;
}

/** What a run might cost: the lines of all counters that are not 0, dearest first, and their sum. */
export interface CostEstimate {
  readonly lines: readonly CostLine[];
  readonly cycles: number;
  /** cycles that rest on a figure of the postings */
  readonly posted: number;
}

/**
 * Estimates the cycles of a run: the sum over all counters of count × weight. The counters are those of countersAt(),
 * for the whole recording or up to a step. What is not counted costs nothing: user code, the device's own work, cache
 * misses, time spent waiting.
 * @param weights cycles per count instead of DEFAULT_WEIGHTS; finite and not negative
 * @throws {RangeError} naming the counter whose weight is not such a number
 */
export function estimateCycles(counters: Counters, weights: Weights = {}): CostEstimate {
  const lines = costLines(counters, weights)
    .filter((line) => line.count !== 0)
    .toSorted((x, y) => y.cycles - x.cycles);
  const sum = (some: readonly CostLine[]): number => some.reduce((cycles, line) => cycles + line.cycles, 0);
  return { lines, cycles: sum(lines), posted: sum(lines.filter((l) => l.source === 'posting')) };
}

/**
 * One line for every counter, in the order of COUNTERS, also for those that are 0. Arguments and errors as for
 * estimateCycles().
 */
export function costLines(counters: Counters, weights: Weights = {}): readonly CostLine[] {
  return COUNTERS.map(({ id, title }): CostLine => {
    const { cycles, source, says } = DEFAULT_WEIGHTS[id];
    const each = weights[id] ?? cycles;
    if (!Number.isFinite(each) || each < 0)
      throw new RangeError(`weight of ${id}: expected cycles, 0 or more, but got ${each}`);
    const changed = each !== cycles;
    return {
      id,
      title,
      count: counters[id],
      each,
      cycles: counters[id] * each,
      source: changed ? 'changed' : source,
      says: changed ? `instead of ${cycles}` : says,
    };
  });
}

/** A weight as a person types it; undefined when it is none: at most nine digits, and six behind the point. */
export function parseCycles(text: string): number | undefined {
  return /^\s*\d{1,9}(?:\.\d{1,6})?\s*$/.test(text) ? Number(text) : undefined;
}

/** Weights as parseWeights() reads them; '' when none is changed. */
export function weightsText(weights: Weights): string {
  return COUNTERS.flatMap(({ id }) => (weights[id] === undefined ? [] : [`${id}=${weights[id]}`])).join(',');
}

/**
 * Reads weights as a person writes them: `walks=1500,faults=900`, names as in COUNTERS.
 * @throws {RangeError} naming the part that is wrong and what was expected
 */
export function parseWeights(text: string): Weights {
  const weights: Partial<Record<CounterId, number>> = {};
  for (const part of text.split(',').filter((p) => p.trim() !== '')) {
    const [, name = '', text = ''] = /^\s*(\w+)\s*=([^=]*)$/.exec(part) ?? [];
    const counter = COUNTERS.find((c) => c.id === name);
    const cycles = parseCycles(text);
    if (counter === undefined || cycles === undefined)
      throw new RangeError(
        `weight "${part.trim()}": expected counter=cycles, with a counter of ${COUNTERS.map((c) => c.id).join(' ')}`,
      );
    weights[counter.id] = cycles;
  }
  return weights;
}

/** A source in words. */
export const WEIGHT_SOURCES: Readonly<Record<WeightSource, string>> = {
  posting: 'posting',
  illustration: 'illustration',
  'counted-elsewhere': 'counted elsewhere',
  changed: 'changed',
};

/** The estimate as lines of text, a table under a heading of its own. */
export function costTable(estimate: CostEstimate): readonly string[] {
  const priced = estimate.lines.filter((line) => line.cycles > 0);
  const wide = Math.max(5, ...priced.map((line) => line.title.length));
  const row = (title: string, count: string, each: string, cycles: string, source: string): string =>
    `${title.padEnd(wide)} ${count.padStart(8)} ${each.padStart(8)} ${cycles.padStart(12)}  ${source}`.trimEnd();
  return [
    'Estimated cost in CPU cycles (counts are exact, weights are not measured)',
    row('', 'count', 'each', 'cycles', 'weight from'),
    ...priced.map((l) =>
      row(l.title, String(l.count), String(l.each), String(l.cycles), `${WEIGHT_SOURCES[l.source]}: ${l.says}`),
    ),
    row('Total', '', '', String(estimate.cycles), `of which ${estimate.posted} by a figure of the postings`),
  ];
}
