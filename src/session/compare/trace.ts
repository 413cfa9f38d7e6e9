import { createStore } from 'zustand/vanilla';
import { type TraceBeside, alignTrace } from '../../recording/ftrace/align.ts';
import { type Trace, parseTrace } from '../../recording/ftrace/parse.ts';
import { lanesInPlace } from './state.ts';

/** A kernel's trace that the person has given, and how it lies beside a lane. */
export interface TraceState {
  readonly text: string;
  readonly trace: Trace | null;
  /** lane that it is laid beside, and the number of the lanes it was made for */
  readonly lane: number;
  readonly beside: TraceBeside | null;
  readonly error: string;
}

export const traceStore = createStore<TraceState>(() => ({ text: '', trace: null, lane: 0, beside: null, error: '' }));

/** Reads a trace and lays it beside a lane's walker. What was there stays when the text is no trace. */
export function readTrace(text: string, lane: number): void {
  const parsed = parseTrace(text);
  if (parsed.error !== undefined) {
    traceStore.setState({ text, error: parsed.error });
    return;
  }
  traceStore.setState({ text, trace: parsed.ok, error: '' });
  layBeside(lane);
}

/** Lays the trace beside a lane. */
export function layBeside(lane: number): void {
  const { trace } = traceStore.getState();
  const rec = lanesInPlace()?.lanes[lane]?.recording;
  if (trace === null || rec === undefined) return;
  traceStore.setState({ lane, beside: alignTrace(trace, rec) });
}
