/*
 * One line of the function_graph tracer, as kernel/trace/trace_functions_graph.c prints it (v2.6.29 to v7.1). Every
 * column but the function can be switched off or on:
 *
 *   time |  rel us |   0)   task-pid    |  flags |  + 12.10 us  |  function
 *   abstime |          |      proc        latency-  overhead and
 *       latency tracers   cpu            format       duration
 *
 * `trace-cmd report` has columns of its own before the duration: `task-pid [000] time: funcgraph_entry: `.
 */

/** What a line says. */
export type GraphLine =
  | { readonly kind: 'call'; readonly at: Place; readonly fn: string; readonly nested: boolean }
  | { readonly kind: 'return'; readonly at: Place }
  /** an interrupt begins or ends on that CPU */
  | { readonly kind: 'irq'; readonly at: Place; readonly enters: boolean }
  /** a CPU goes on with another task */
  | { readonly kind: 'switch'; readonly cpu: number; readonly from: string; readonly to: string }
  /** a heading, or a line that only frames others */
  | { readonly kind: 'frame' }
  | { readonly kind: 'other' };

/** Where a line belongs. */
interface Place {
  readonly cpu: number;
  /** `bash-1234`, if the line says so */
  readonly task: string | undefined;
  /** columns in front of the function */
  readonly indent: number;
  /** microseconds; undefined when the line has none */
  readonly us: number | undefined;
}

const FRAME = /^(?:#|\s*$|\s*-{20,}\s*$)/;
const SWITCH = /^[ |]*(\d+)\)\s+(\S.*?-\d+)\s+=>\s+(\S.*?-\d+)\s*$/;
const TIME = /^\s*\d+\.\d{6} \| /;
const RELATIVE = /^\s*\d+ us \| /;
const CPU = /^\s*(\d+)\) /;
const TASK = /^ *([^ |][^|]{0,6}-\d+) *\| /;
const REPORT = /^\s*(\S.*?-\d+)\s+\[(\d+)\].*?funcgraph_(?:entry|exit):/;
const DURATION = /(\d+(?:\.\d+)?) ?us\s*$/;
// Functions of modules are followed by their module; the option func-args puts arguments between the parentheses.
const CALL = /^( *)([\w.$]+)(?: \[[\w-]+\])?\([^()]*\)(;| \{)/;
const RETURN = /^( *)\}/;
const IRQ = /(={10}>)|<={10}/;

/** Reads one line. A comment behind a call (its caller, its return value) is passed over; a line of its own is 'other'. */
export function readLine(text: string): GraphLine {
  // Quoted in a mail.
  const line = text.replace(/^(?:> ?)+/, '');
  if (FRAME.test(line)) return { kind: 'frame' };
  // The searches that go through a whole line are made where they can succeed.
  const switched = line.includes('=>') ? SWITCH.exec(line) : null;
  if (switched !== null)
    return { kind: 'switch', cpu: Number(switched[1]), from: switched[2] as string, to: switched[3] as string };
  let rest = line.split('/*', 1)[0] as string;
  const take = (column: RegExp): RegExpExecArray | null => {
    const found = column.exec(rest);
    if (found !== null) rest = rest.slice(found[0].length);
    return found;
  };
  const report = line.includes('funcgraph_') ? take(REPORT) : null;
  take(TIME);
  take(RELATIVE);
  const cpu = Number(report?.[2] ?? take(CPU)?.[1] ?? 0);
  const task = report?.[1] ?? take(TASK)?.[1];
  const irq = rest.includes('===') ? IRQ.exec(rest) : null;
  if (irq !== null) return { kind: 'irq', at: { cpu, task, indent: 0, us: undefined }, enters: irq[1] !== undefined };
  const { us, body } = columnsOf(rest);
  const call = CALL.exec(body);
  if (call !== null) {
    const at = { cpu, task, indent: (call[1] as string).length, us };
    return { kind: 'call', at, fn: call[2] as string, nested: call[3] === ' {' };
  }
  const end = RETURN.exec(body);
  return end === null
    ? { kind: 'other' }
    : { kind: 'return', at: { cpu, task, indent: (end[1] as string).length, us } };
}

/** The function behind the last column, which is the duration unless it is switched off. */
function columnsOf(text: string): { us: number | undefined; body: string } {
  for (let bar = text.indexOf('|'); bar >= 0; bar = text.indexOf('|', bar + 1)) {
    const body = text.slice(bar + 1);
    if (!CALL.test(body) && !RETURN.test(body)) continue;
    const us = DURATION.exec(text.slice(0, bar))?.[1];
    return { us: us === undefined ? undefined : Number(us), body };
  }
  return { us: undefined, body: text };
}
