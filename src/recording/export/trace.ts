import { errnoName } from '../../kernel/errno.ts';
import { functionOfSite, siteInfo } from '../../machine/sites.ts';
import type { RunSpec } from '../../scenario/types.ts';
import { COUNTERS, countersAt } from '../counters.ts';
import { fingerprint } from '../hash.ts';
import { LANDMARKS, findLandmarks } from '../landmarks.ts';
import { lockIntervals, LOCK_KINDS, lockText } from '../locks.ts';
import { siteText, stepSentence } from '../narrate.ts';
import type { Recording } from '../recording.ts';
import { callSpans } from '../spans.ts';
import { actorName } from '../waits.ts';
import { TOOL } from './tool.ts';

/*
 * A recording in the Trace Event Format ("JSON Object Format"), which Perfetto and the Firefox Profiler open. Time is steps:
 * step n (an index: the first is 0) lasts from n ms to n + 1 ms, so that a viewer's milliseconds read as indices. Process 1 has a thread for each
 * actor with its calls (X); process 2 the locks, each holding an async slice (b, e) on a track of its own; landmarks are
 * instants (i), counters C.
 */

const STEP_US = 1000;
const RUN = 1;
const LOCKS = 2;
/** Points at which counters are sampled at most. */
const SAMPLES = 500;

/** One event of the format; `args` is always there, because the Firefox Profiler reads it. */
export interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: 'X' | 'b' | 'e' | 'i' | 'C' | 'M';
  readonly pid: number;
  readonly tid: number;
  /** microseconds */
  readonly ts: number;
  readonly dur?: number;
  readonly id?: string;
  /** scope of an instant: its thread */
  readonly s?: 't';
  readonly args: Readonly<Record<string, string | number>>;
}

/** The trace as JSON text, piece by piece. */
export function* traceJson(rec: Recording, spec: RunSpec): Generator<string> {
  const other = {
    tool: `${TOOL.name} ${TOOL.version}`,
    scenario: spec.scenario.id,
    strategy: spec.strategy,
    revision: spec.revision,
    kernel: spec.kernel ?? 'v2',
    fixes: (spec.fixes ?? []).join(','),
    schedule: spec.schedule ?? '',
    recording: fingerprint(rec),
    time: 'steps of the model, one per millisecond, the first from 0 ms; not time of a computer',
  };
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(other)},"traceEvents":[\n`;
  let first = true;
  for (const event of traceEvents(rec, spec)) {
    yield `${first ? '' : ',\n'}${JSON.stringify(event)}`;
    first = false;
  }
  yield '\n]}\n';
}

/** Every event of a recording. */
export function* traceEvents(rec: Recording, spec: RunSpec): Generator<TraceEvent> {
  yield meta('process_name', RUN, 0, { name: spec.scenario.title });
  yield meta('process_name', LOCKS, 0, { name: 'Locks' });
  for (let i = 0; i < rec.actors.length; i++) {
    yield meta('thread_name', RUN, i + 1, { name: `CPU${i} ${actorName(rec, i)}` });
    yield meta('thread_sort_index', RUN, i + 1, { sort_index: i });
  }
  yield* calls(rec);
  yield* locks(rec);
  yield* instants(rec);
  yield* counters(rec);
}

function meta(name: string, pid: number, tid: number, args: TraceEvent['args']): TraceEvent {
  return { name, cat: '__metadata', ph: 'M', pid, tid, ts: 0, args };
}

function* calls(rec: Recording): Generator<TraceEvent> {
  const x = callSpans(rec);
  for (let row = 0; row < x.length; row++) {
    const from = x.from[row] as number;
    const fn = functionOfSite(x.site[row] as number);
    yield {
      name: fn.name,
      cat: 'call',
      ph: 'X',
      pid: RUN,
      tid: (x.actor[row] as number) + 1,
      ts: from * STEP_US,
      dur: ((x.to[row] as number) - from + 1) * STEP_US,
      args: {
        file: fn.file,
        step: from,
        says: siteText(rec, from),
        returns: x.returned[row] === 1 ? errnoName(x.ret[row] as number) : 'never',
      },
    };
  }
}

function* locks(rec: Recording): Generator<TraceEvent> {
  const x = lockIntervals(rec);
  for (let row = 0; row < x.length; row++) {
    const kind = LOCK_KINDS[x.kind[row] as number] ?? 'mmap';
    const actor = x.actor[row] as number;
    const what = {
      name: lockText(rec, { kind, id: x.id[row] as number, write: x.write[row] === 1 }),
      cat: `lock,${kind}`,
      pid: LOCKS,
      tid: actor + 1,
      id: `0x${(row + 1).toString(16)}`,
    };
    const from = Math.max(0, x.from[row] as number);
    const args = { holder: actorName(rec, actor), since: x.from[row] as number };
    yield { ...what, ph: 'b', ts: from * STEP_US, args };
    yield { ...what, ph: 'e', ts: Math.max(from, x.to[row] as number) * STEP_US, args: {} };
  }
}

function* instants(rec: Recording): Generator<TraceEvent> {
  const marks = findLandmarks(rec);
  const { actor, site } = rec.machine.log;
  for (const kind of LANDMARKS) {
    // Locks have slices of their own.
    if (kind === 'lock') continue;
    for (const step of marks[kind]) {
      const { fn, label } = siteInfo(site[step] as number);
      yield {
        name: kind,
        cat: 'landmark',
        ph: 'i',
        s: 't',
        pid: RUN,
        tid: (actor[step] as number) + 1,
        ts: step * STEP_US,
        args: { step, site: `${fn}:${label}`, says: stepSentence(rec, step, 'reviewer') },
      };
    }
  }
}

function* counters(rec: Recording): Generator<TraceEvent> {
  const stride = Math.max(1, Math.ceil(rec.length / SAMPLES));
  let before = countersAt(rec, -1);
  const at = (step: number, id: keyof typeof before, title: string, value: number): TraceEvent => ({
    name: title,
    cat: 'counter',
    ph: 'C',
    pid: RUN,
    tid: 0,
    ts: (step + 1) * STEP_US,
    args: { [id]: value },
  });
  const total = countersAt(rec, rec.length - 1);
  const used = COUNTERS.filter((c) => total[c.id] > 0);
  for (const c of used) yield at(-1, c.id, c.title, 0);
  for (let step = stride - 1; ; step += stride) {
    const here = Math.min(step, rec.length - 1);
    const now = countersAt(rec, here);
    for (const c of used) if (now[c.id] !== before[c.id]) yield at(here, c.id, c.title, now[c.id]);
    before = now;
    if (here === rec.length - 1) return;
  }
}
