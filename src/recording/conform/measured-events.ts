import { expandEvents, expandRuns } from './expand.ts';
import type { GoldenEvent, GoldenRun } from './golden-format.ts';
import { splitName } from './page-ids.ts';

/**
 * Remarks of the measuring program about itself. They are read to find out what was asked for, and have
 * no counterpart in kernel code.
 */
const HARNESS = new Set(['step', 'user']);
const HARNESS_FUNCTIONS = new Set(['pause', 'race-pause']);

/** Keys that hold nothing but flags. */
const FLAG_KEYS = ['dflags', 'mask'] as const;

/** The measured events of each thread, unrolled, in the form in which the model's are made. */
export function measuredEvents(calls: readonly GoldenEvent[]): GoldenEvent[][] {
  const frame0 = nameOfFrame0(calls);
  const threads: GoldenEvent[][] = [[]];
  for (const event of calls) {
    if (HARNESS.has(event.e) || HARNESS_FUNCTIONS.has(String(event.f))) continue;
    const thread = typeof event.t === 'number' ? event.t : 0;
    while (threads.length <= thread) threads.push([]);
    (threads[thread] as GoldenEvent[]).push(plain(event, frame0));
  }
  return threads;
}

/**
 * A request has flags and no page, and was printed as page frame 0: `VALID:S8`. The first flags that
 * were printed so say what frame 0 is called in this file; nothing is ever mapped there.
 */
function nameOfFrame0(calls: readonly GoldenEvent[]): string {
  for (const event of calls) {
    for (const key of FLAG_KEYS) {
      const value = event[key];
      if (typeof value === 'string' && splitName(value).id !== '') return splitName(value).id;
    }
  }
  return '';
}

function plain(event: GoldenEvent, frame0: string): GoldenEvent {
  if (event.e === 'arr') {
    const values = expandRuns(event.runs as readonly GoldenRun[]);
    return { e: 'arr', name: event.name, values: values.map((v) => withoutFrame0(v, frame0)) };
  }
  if (event.e === 'pt')
    return { e: 'pt', label: event.label, entries: expandEvents(event.entries as readonly GoldenEvent[], 'pt') };
  if (frame0 === '') return event;
  let copy: Record<string, unknown> | undefined;
  for (const key of [...FLAG_KEYS, 'hmm_pfn'] as const) {
    const value = event[key];
    if (typeof value !== 'string' || splitName(value).id !== frame0) continue;
    copy ??= { ...event };
    copy[key] = withoutFrame0(value, frame0);
  }
  return (copy ?? event) as GoldenEvent;
}

function withoutFrame0(value: string, frame0: string): string {
  if (frame0 === '') return value;
  const { before, id } = splitName(value);
  return id === frame0 ? before.replace(/:$/, '') : value;
}
