import { readLine } from './line.ts';

/*
 * The text of the kernel's function_graph tracer (Documentation/trace/ftrace.rst), as cat /sys/kernel/tracing/trace prints it:
 *
 *  0)               |  hmm_range_fault() {
 *  0)               |    walk_page_range() {
 *  0)   0.321 us    |      find_vma();
 *  0)   7.012 us    |    } \/* walk_page_range *\/
 *  0) + 12.10 us    |  }
 *
 * Also what perf ftrace and trace-cmd report print (line.ts). The calls of tasks that take turns on a CPU are kept
 * apart where the text says which task it is: in a column, or in the frame around a change of task.
 */

/** One call of a trace. */
export interface TracedCall {
  /** function as the kernel names it, without what the compiler adds (.isra.0, .constprop.0, .part.0, .cold) */
  readonly fn: string;
  /** calls around it in the same task, from 0 */
  readonly depth: number;
  readonly cpu: number;
  /** `bash-1234`; undefined when the trace does not say */
  readonly task: string | undefined;
  /** made by an interrupt handler, not by the task */
  readonly irq: boolean;
  /** line of the text, from 1 */
  readonly line: number;
  /** microseconds from entry to return; undefined when the trace does not say */
  readonly us: number | undefined;
}

/** What a trace holds. */
export interface Trace {
  readonly calls: readonly TracedCall[];
  /** lines that say nothing of calls: `line: text`, at most MOST_REMARKS of them */
  readonly remarks: readonly string[];
  /** such lines in all */
  readonly others: number;
}

/** Characters and calls of a text that are read at most. */
export const MOST_TRACE = 32 * 1024 * 1024;
const MOST_CALLS = 1_000_000;
const MOST_REMARKS = 20;

type Call = { -readonly [K in keyof TracedCall]: TracedCall[K] };

/** The calls of one task (or of one CPU) that have not returned, outermost first. */
interface Stack {
  readonly open: { readonly indent: number; readonly call: Call }[];
  /** indentation of the running interrupt's first function; Infinity when there is none, -1 before its first */
  irq: number;
}

/**
 * Reads a function-graph trace. Never throws; a text without calls says what was expected.
 */
export function parseTrace(
  text: string,
): { readonly ok: Trace; readonly error?: undefined } | { readonly error: string } {
  if (text.length > MOST_TRACE)
    return { error: `the trace has ${text.length} characters: at most ${MOST_TRACE} are read.` };
  const reader = new Reader();
  for (const [i, line] of text.split(/\r?\n/).entries()) reader.read(line, i + 1);
  const { calls, remarks, others, returns } = reader;
  if (calls.length > 0) return { ok: { calls, remarks, others } };
  if (returns > 0)
    return { error: 'the trace has returns only, as with tracing_thresh set: calls are needed, in their order.' };
  return {
    error: 'no call found: expected lines of the function_graph tracer, such as " 0)   |  hmm_range_fault() {".',
  };
}

class Reader {
  readonly calls: Call[] = [];
  readonly remarks: string[] = [];
  others = 0;
  returns = 0;
  /** task that runs on each CPU, where a change of task has told */
  private readonly running = new Map<number, string>();
  private readonly stacks = new Map<string, Stack>();

  read(text: string, line: number): void {
    const said = readLine(text);
    switch (said.kind) {
      case 'frame':
        return;
      case 'switch':
        return this.switched(said.cpu, said.from, said.to);
      case 'irq': {
        this.stackOf(said.at).irq = said.enters ? -1 : Number.POSITIVE_INFINITY;
        return;
      }
      case 'call': {
        if (this.calls.length === MOST_CALLS) break;
        return this.called(said, line);
      }
      case 'return':
        return this.returned(said.at);
      default:
    }
    this.others++;
    if (this.remarks.length < MOST_REMARKS) this.remarks.push(`${line}: ${text.trim().slice(0, 80)}`);
  }

  private taskOf(at: { readonly cpu: number; readonly task: string | undefined }): string | undefined {
    return at.task ?? this.running.get(at.cpu);
  }

  private stackOf(at: { readonly cpu: number; readonly task: string | undefined }): Stack {
    const key = keyOf(this.taskOf(at), at.cpu);
    let stack = this.stacks.get(key);
    if (stack === undefined) {
      stack = { open: [], irq: Number.POSITIVE_INFINITY };
      this.stacks.set(key, stack);
    }
    return stack;
  }

  private called(said: Extract<ReturnType<typeof readLine>, { kind: 'call' }>, line: number): void {
    const { at } = said;
    const stack = this.stackOf(at);
    const { open } = stack;
    // A call that never returned in the text ends where its caller goes on.
    while ((open.at(-1)?.indent ?? -1) >= at.indent) open.pop();
    if (stack.irq < 0) stack.irq = at.indent;
    else if (at.indent < stack.irq) stack.irq = Number.POSITIVE_INFINITY;
    const call = {
      fn: said.fn.replace(/\.(?:isra|constprop|part|cold|llvm)\b.*$/, ''),
      depth: open.length,
      cpu: at.cpu,
      task: this.taskOf(at),
      irq: stack.irq <= at.indent,
      line,
      us: at.us,
    };
    this.calls.push(call);
    if (said.nested) open.push({ indent: at.indent, call });
  }

  /** A return whose call came before the text began, or was lost, closes nothing. */
  private returned(at: { cpu: number; task: string | undefined; indent: number; us: number | undefined }): void {
    this.returns++;
    const { open } = this.stackOf(at);
    while ((open.at(-1)?.indent ?? -1) > at.indent) open.pop();
    if (open.at(-1)?.indent !== at.indent) return;
    const done = open.pop();
    if (done !== undefined && at.us !== undefined) done.call.us = at.us;
  }

  /** From here on the CPU's lines are of another task; what came before was of the first. */
  private switched(cpu: number, from: string, to: string): void {
    if (!this.running.has(cpu)) {
      const nameless = keyOf(undefined, cpu);
      const stack = this.stacks.get(nameless);
      if (stack !== undefined) {
        this.stacks.delete(nameless);
        this.stacks.set(keyOf(from, cpu), stack);
      }
      for (const call of this.calls) if (call.cpu === cpu) call.task ??= from;
    }
    this.running.set(cpu, to);
  }
}

/** Every CPU has an idle task of its own, and all are called 0. */
const keyOf = (task: string | undefined, cpu: number): string =>
  task === undefined || task.endsWith('-0') ? `${task ?? ''} ${cpu}` : task;
