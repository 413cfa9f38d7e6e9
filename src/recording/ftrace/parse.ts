/*
 * The text of the kernel's function_graph tracer (Documentation/trace/ftrace.rst), as cat /sys/kernel/tracing/trace prints it:
 *
 *  0)               |  hmm_range_fault() {
 *  0)               |    walk_page_range() {
 *  0)   0.321 us    |      find_vma();
 *  0)   7.012 us    |    } \/* walk_page_range *\/
 *  0) + 12.10 us    |  }
 *
 * Options may add columns before the CPU (time, task and PID, latency flags) or none of them; what counts is the part from the
 * bar on. Lines that are no calls (comments of the header, trace_printk, interrupts, lost events) are counted and left out.
 */

/** One call of a trace. */
export interface TracedCall {
  /** function as the kernel names it, without what the compiler adds (.isra.0, .constprop.0, .part.0, .cold) */
  readonly fn: string;
  /** calls around it on the same CPU, from 0 */
  readonly depth: number;
  readonly cpu: number;
  /** line of the text, from 1 */
  readonly line: number;
  /** microseconds from entry to return; undefined when the trace does not say */
  readonly us: number | undefined;
}

/** What a trace holds. */
export interface Trace {
  readonly calls: readonly TracedCall[];
  /** lines that are neither calls nor their ends: `line: text`, at most MOST_REMARKS of them */
  readonly remarks: readonly string[];
  /** such lines in all */
  readonly others: number;
}

/** Characters and calls of a text that are read at most. */
export const MOST_TRACE = 32 * 1024 * 1024;
const MOST_CALLS = 1_000_000;
const MOST_REMARKS = 20;

/** The bar behind which the function stands: options put columns with bars of their own before it. */
function barOf(line: string): number {
  for (let bar = line.indexOf('|'); bar >= 0; bar = line.indexOf('|', bar + 1)) {
    const body = line.slice(bar + 1);
    if (CALL.test(body) || END.test(body)) return bar;
  }
  return line.length;
}

const CALL = /^( *)([A-Za-z_][\w.]*)(?: \[[\w-]+\])?\(([^()]*)\)(;| \{)/;
const END = /^( *)\}/;
const DURATION = /(\d+(?:\.\d+)?) us\s*$/;

/**
 * Reads a function-graph trace. Never throws; a text without calls says what was expected.
 */
export function parseTrace(
  text: string,
): { readonly ok: Trace; readonly error?: undefined } | { readonly error: string } {
  if (text.length > MOST_TRACE)
    return { error: `the trace has ${text.length} characters: at most ${MOST_TRACE} are read.` };
  const calls: { fn: string; depth: number; cpu: number; line: number; us: number | undefined }[] = [];
  const remarks: string[] = [];
  let others = 0;
  /** per CPU: calls that have not returned, outermost first */
  const open = new Map<number, { indent: number; call: (typeof calls)[number] }[]>();
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const bar = barOf(line);
    const body = line.slice(bar + 1);
    const head = line.slice(0, bar + 1).replace(/\|$/, '');
    const cpu = Number(/(\d+)\)/.exec(head)?.[1] ?? 0);
    const us = DURATION.exec(head)?.[1];
    const stack = open.get(cpu) ?? [];
    open.set(cpu, stack);
    const call = CALL.exec(body);
    const end = END.exec(body);
    if (call !== null && calls.length < MOST_CALLS) {
      const indent = (call[1] as string).length;
      // A call that never returned in the text ends where its caller goes on.
      while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
      const found = {
        fn: (call[2] as string).replace(/\.(?:isra|constprop|part|cold|llvm)\b.*$/, ''),
        depth: stack.length,
        cpu,
        line: i + 1,
        us: us === undefined ? undefined : Number(us),
      };
      calls.push(found);
      if (call[4] === ' {') stack.push({ indent, call: found });
    } else if (end !== null) {
      const indent = (end[1] as string).length;
      while ((stack.at(-1)?.indent ?? -1) > indent) stack.pop();
      const done = stack.pop();
      if (done !== undefined && us !== undefined) done.call.us = Number(us);
    } else {
      others++;
      if (remarks.length < MOST_REMARKS) remarks.push(`${i + 1}: ${line.trim().slice(0, 80)}`);
    }
  }
  if (calls.length === 0)
    return {
      error: 'no call found: expected lines of the function_graph tracer, such as " 0)   |  hmm_range_fault() {".',
    };
  return { ok: { calls, remarks, others } };
}
