import { OP } from '../../machine/ops.ts';
import { allFunctions, functionOfSite } from '../../machine/sites.ts';
import { matchSequences } from '../compare/sequence.ts';
import type { Recording } from '../recording.ts';
import type { Trace } from './parse.ts';

/** A row of a trace beside the model: both where they do the same. */
export interface TraceRow {
  readonly fn: string;
  /** row of Trace.calls, -1 = the kernel did not */
  readonly call: number;
  /** the model's step that enters the function, -1 = the model did not */
  readonly step: number;
}

/** A real kernel's calls beside those of a recording. */
export interface TraceBeside {
  readonly rows: readonly TraceRow[];
  readonly both: number;
  readonly onlyKernel: number;
  readonly onlyModel: number;
  /** calls of functions that the model does not have, by name and how often, most frequent first: they are not compared */
  readonly unknown: readonly (readonly [fn: string, times: number])[];
  /** functions that the model enters and that occur nowhere in the trace (inlined, or not traced): not compared */
  readonly untraced: readonly string[];
  /** task whose calls are compared, where the trace has several */
  readonly task: string | undefined;
  /** calls of other tasks and of interrupt handlers: not compared */
  readonly elsewhere: number;
}

/**
 * Lays a kernel's trace beside the calls of one actor of the recording, in order. Only functions that both know are compared: the
 * compiler inlines some of the model's functions, and the model leaves out many of the kernel's. Of a trace of several
 * tasks the one is taken that calls most of the model's functions.
 */
export function alignTrace(trace: Trace, rec: Recording, actor = 0): TraceBeside {
  const modelled = new Set(allFunctions().map((f) => f.name));
  const tasks = new Map<string | undefined, number>();
  for (const c of trace.calls) if (!c.irq) tasks.set(c.task, (tasks.get(c.task) ?? 0) + (modelled.has(c.fn) ? 1 : 0));
  const [task] = [...tasks].toSorted((x, y) => y[1] - x[1])[0] ?? [undefined];
  const own = trace.calls.map((c) => !c.irq && c.task === task);
  const traced = new Set(trace.calls.filter((_, n) => own[n]).map((c) => c.fn));
  const { op, site, actor: who } = rec.machine.log;
  const untraced = new Set<string>();
  const steps: number[] = [];
  for (let i = 0; i < rec.length; i++) {
    if (op[i] !== OP.ENTER || who[i] !== actor) continue;
    const { name } = functionOfSite(site[i] as number);
    if (traced.has(name)) steps.push(i);
    else untraced.add(name);
  }
  const unknown = new Map<string, number>();
  const calls: number[] = [];
  trace.calls.forEach(({ fn }, n) => {
    if (own[n] !== true) return;
    if (modelled.has(fn)) calls.push(n);
    else unknown.set(fn, (unknown.get(fn) ?? 0) + 1);
  });
  const nameOfCall = (n: number): string => trace.calls[n]?.fn ?? '';
  const nameOfStep = (i: number): string => functionOfSite(site[i] as number).name;
  const numbers = new Map([...modelled].map((name, n) => [name, n]));
  const partner = matchSequences(
    Int32Array.from(calls, (n) => numbers.get(nameOfCall(n)) ?? 0),
    Int32Array.from(steps, (i) => numbers.get(nameOfStep(i)) ?? 0),
    new Uint8Array(modelled.size),
  );
  const rows: TraceRow[] = [];
  let j = 0;
  const model = (end: number): void => {
    for (; j < end; j++) rows.push({ fn: nameOfStep(steps[j] as number), call: -1, step: steps[j] as number });
  };
  calls.forEach((n, i) => {
    const p = partner[i] as number;
    if (p >= 0) model(p);
    rows.push({ fn: nameOfCall(n), call: n, step: p >= 0 ? (steps[j++] as number) : -1 });
  });
  model(steps.length);
  const both = rows.filter((r) => r.call >= 0 && r.step >= 0).length;
  return {
    rows,
    both,
    onlyKernel: calls.length - both,
    onlyModel: steps.length - both,
    unknown: [...unknown].toSorted((x, y) => y[1] - x[1]),
    untraced: [...untraced].toSorted(),
    task: tasks.size > 1 ? task : undefined,
    elsewhere: own.filter((x) => !x).length,
  };
}
