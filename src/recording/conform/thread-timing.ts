import type { ScenarioRival } from '../../scenario/types.ts';
import type { GoldenEvent } from './golden-format.ts';

/**
 * Tolerance "thread-timing". The measuring module prints page tables and the driver's own table without
 * locks, so while a second thread is on its way they show some pages as that thread has already left
 * them; how many is chance and differs between two boots. So an entry of a page that a rival's CPU
 * touches may be printed as it is at the end of the run, and an entry of the driver's table may be
 * missing that is gone at the end of the run.
 */
export interface SecondThread {
  /** a page-table entry at the end of the run, if a rival touches it */
  readonly entryAtEnd: (entry: GoldenEvent) => GoldenEvent | undefined;
  /** the driver's table as printed, without what the rival had taken out of it meanwhile */
  readonly stillThere: (model: readonly GoldenEvent[], measured: readonly GoldenEvent[]) => readonly GoldenEvent[];
}

/** Makes the tolerance of a run; undefined when nobody else ran. */
export function secondThread(
  rivals: readonly ScenarioRival[],
  pageTableAtEnd: readonly GoldenEvent[],
  deviceTableAtEnd: readonly GoldenEvent[],
): SecondThread | undefined {
  if (rivals.length === 0) return undefined;
  const atEnd = new Map(pageTableAtEnd.map((e) => [`${e.e} ${String(e.p)}`, e]));
  const left = new Set(deviceTableAtEnd.map((e) => e.i));
  return {
    entryAtEnd: (entry) => (touched(rivals, entry) ? atEnd.get(`${entry.e} ${String(entry.p)}`) : undefined),
    stillThere: (model, measured) => {
      const printed = new Set(measured.map((e) => e.i));
      return model.filter((e) => printed.has(e.i) || left.has(e.i));
    },
  };
}

function touched(rivals: readonly ScenarioRival[], entry: GoldenEvent): boolean {
  const start = entry.p as number;
  const end = start + (typeof entry.n === 'number' ? entry.n : 1);
  return rivals.some((r) => (r.does === 'cpu_read' || r.does === 'cpu_write') && r.start < end && start < r.end);
}
