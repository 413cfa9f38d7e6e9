import { type Difference, differInList, short } from './difference.ts';
import { expandEvents, expandRuns } from './expand.ts';
import type { Golden, GoldenEvent } from './golden-format.ts';
import type { Identify } from './identify.ts';
import { differInWords } from './compare-calls.ts';
import type { ProjectedEvent, Projection } from './project.ts';
import type { Aftermath } from './readback.ts';
import type { SecondThread } from './thread-timing.ts';
import type { ScenarioRival } from '../../scenario/types.ts';

/** Final page table and folios (`dump`), and the driver's own page table. */
export function compareFinalState(
  golden: Golden,
  dump: readonly GoldenEvent[],
  projection: Projection,
  ids: Identify,
  step: number,
  others: SecondThread | undefined,
): Difference | undefined {
  const pt = golden.after?.pt;
  if (!pt) return undefined;
  const measured = expandEvents(golden.deviceTable, 'deviceTable');
  const model = projection.deviceTable.filter((e) => (e.i as number) < golden.range.pages);
  return (
    differInList('after.pt', expandEvents(pt, 'after.pt'), dump, ids, step) ??
    differInList('deviceTable', measured, others?.stillThere(model, measured) ?? model, ids, step)
  );
}

/** What the calls returned, as far as the log has their exits. */
export function compareResults(golden: Golden, main: readonly ProjectedEvent[]): Difference | undefined {
  const exits = main.filter(({ event }) => event.e === '<' && (event.f === 'gt_ioctl' || event.f === 'ioctl'));
  const results = golden.results.filter((r) => r.call !== 'cpu' && r.ret !== undefined);
  for (let i = 0; i < results.length; i++) {
    const exit = exits[i]?.event;
    // A failing ioctl does not write its counts back to the caller.
    const got = exit?.f === 'ioctl' && exit.ret !== 0 ? { ...exit, cpages: 0, faults: 0 } : exit;
    for (const key of ['ret', 'cpages_setup', 'cpages_final', 'npages', 'tries', 'cpages', 'faults']) {
      const expected = results[i]?.[key];
      if (expected === undefined || expected === got?.[key]) continue;
      return {
        where: `results[${i}].${key}`,
        expected: short(expected),
        got: got ? short(got[key]) : 'the call never returned',
      };
    }
  }
  return undefined;
}

/** Walk counts, and the arrays that the file repeats from the main thread's log. */
export function compareSummary(
  golden: Golden,
  projection: Projection,
  ids: Identify,
  step: number,
): Difference | undefined {
  for (const key of ['walks', 'walksOuter'] as const) {
    if (golden[key] !== projection[key])
      return { where: key, expected: String(golden[key]), got: String(projection[key]) };
  }
  const last = lastArrays(projection.events[0] ?? []);
  for (const [name, where] of Object.entries(REPEATED)) {
    const runs = where.of === 'hmm' ? golden.hmm_pfns : golden[where.of][where.key];
    if (!runs) continue;
    const difference = differInWords(`${where.of}.${where.key}`, expandRuns(runs), last.get(name) ?? [], ids, step);
    if (difference) return difference;
  }
  return undefined;
}

const REPEATED: Readonly<Record<string, { readonly of: 'hmm' | 'src' | 'dst'; readonly key: string }>> = {
  hmm_pfns_out: { of: 'hmm', key: 'hmm_pfns' },
  'src-hmm-setup': { of: 'src', key: 'hmmSetup' },
  'src-unmap': { of: 'src', key: 'unmap' },
  'src-setup': { of: 'src', key: 'setup' },
  'src-pages-in': { of: 'src', key: 'pagesIn' },
  'src-pages': { of: 'src', key: 'pages' },
  'dst-pages-in': { of: 'dst', key: 'pagesIn' },
  'dst-pages': { of: 'dst', key: 'pages' },
};

/** The last array of each name outside of device faults. */
function lastArrays(main: readonly ProjectedEvent[]): Map<string, readonly string[]> {
  const out = new Map<string, readonly string[]>();
  let faults = 0;
  for (const { event } of main) {
    if (event.f === 'dmirror_devmem_fault') faults += event.e === '>' ? 1 : -1;
    else if (event.e === 'arr' && faults === 0) out.set(String(event.name), event.values as readonly string[]);
  }
  return out;
}

/** Snapshot bytes and the words that the CPU read. */
export function compareAftermath(
  golden: Golden,
  got: Aftermath,
  rivals: readonly ScenarioRival[],
): Difference | undefined {
  const { mirror, readback } = golden;
  const bytes = mirror.ret === 0 ? differInPlainWords('mirror.bytes', expandRuns(mirror.bytes), got.mirror) : undefined;
  if (bytes) return bytes;
  if (readback.state !== null && readback.state !== got.state)
    return { where: 'readback.state', expected: readback.state, got: got.state };
  const expected = expandRuns(readback.values).map((v, page) =>
    v === RIVAL_MARK && writtenByRival(rivals, page) ? (got.values[page] ?? v) : v,
  );
  return readback.state === 'end' ? differInPlainWords('readback.values', expected, got.values) : undefined;
}

/** A second thread of the measuring program leaves this word in the page it writes; the model's writes what was there. */
const RIVAL_MARK = '0xabcd';

const writtenByRival = (rivals: readonly ScenarioRival[], page: number): boolean =>
  rivals.some((r) => r.does === 'cpu_write' && r.start <= page && page < r.end);

function differInPlainWords(
  where: string,
  measured: readonly string[],
  model: readonly string[],
): Difference | undefined {
  const i = measured.findIndex((v, at) => v !== model[at]);
  return i < 0 ? undefined : { where: `${where}[${i}]`, expected: measured[i] as string, got: model[i] ?? '(nothing)' };
}
