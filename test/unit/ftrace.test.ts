import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OP } from '../../src/machine/ops.ts';
import { functionOfSite } from '../../src/machine/sites.ts';
import { alignTrace } from '../../src/recording/ftrace/align.ts';
import { type Trace, parseTrace } from '../../src/recording/ftrace/parse.ts';
import type { Recording } from '../../src/recording/recording.ts';
import { runScenario } from '../../src/recording/run.ts';
import { scenarioById } from '../../src/scenario/library/index.ts';
import type { Scenario } from '../../src/scenario/types.ts';
import { CALLS, SAME_CALLS, SEVERAL_TASKS } from '../support/graph-traces.ts';

const read = (text: string): Trace => {
  const parsed = parseTrace(text);
  if (parsed.error !== undefined) throw new Error(parsed.error);
  return parsed.ok;
};

/** Layouts as Documentation/trace/ftrace.rst shows them: plain, with absolute time, with task and PID, with latency flags. */
const LAYOUTS = `# tracer: function_graph
#
# CPU  DURATION                  FUNCTION CALLS
# |     |   |                     |   |   |   |

 0)               |  sys_open() {
 0)               |    do_sys_open() {
 0)   1.382 us    |      __might_sleep();
 0) + 10.50 us    |    }
 0) ! 123.4 us    |  } /* sys_open */
 0)    sh-4802     |               |                  d_free() {
 0)    sh-4802     |   0.616 us    |                    rcu_process_gp_end();
 0)    sh-4802     |   3.343 us    |                  }
  360.774522 |   1)   0.541 us    |          _raw_spin_lock [ext4]();
 1)   0.541 us    |  migrate_vma_insert_page.isra.0(addr=0x1000, flags=3) { /* <-caller */
 1)   0.541 us    |  } = 0
 1)   0.541 us    |  /* a remark | with a bar() */
 1)   ==========> |
CPU:1 [LOST 12 EVENTS]
`;

test('the layouts of the tracer: calls, depth, CPU, time; the rest is counted', () => {
  const { calls, others, remarks } = read(LAYOUTS);
  expect(calls.map((c) => [c.cpu, c.depth, c.fn, c.us])).toEqual([
    [0, 0, 'sys_open', 123.4],
    [0, 1, 'do_sys_open', 10.5],
    [0, 2, '__might_sleep', 1.382],
    [0, 0, 'd_free', 3.343],
    [0, 1, 'rcu_process_gp_end', 0.616],
    [1, 0, '_raw_spin_lock', 0.541],
    [1, 0, 'migrate_vma_insert_page', 0.541],
  ]);
  expect(calls[0]?.line).toBe(6);
  expect(others).toBe(2);
  expect(remarks.at(-1)).toBe('19: CPU:1 [LOST 12 EVENTS]');
});

test.each(Object.entries(SAME_CALLS))('%s', (name, { text, us }) => {
  const { calls, others, remarks } = read(text);
  expect(calls.map((c) => [c.fn, c.depth, c.us])).toEqual(
    CALLS.map(([fn, depth, t]) => [fn, depth, us ? t : undefined]),
  );
  expect(calls.some((c) => c.irq)).toBe(false);
  if (!/no column|alone/.test(name)) expect(new Set(calls.map((c) => c.cpu))).toEqual(new Set([3]));
  const task = /(sh|hmm-tes|hmm-tests)-2291/.exec(text)?.[0];
  expect(new Set(calls.map((c) => c.task))).toEqual(new Set([task]));
  // Every line that is left over is a remark: none looks like a call.
  expect(others).toBe(remarks.length);
  expect(remarks.filter((r) => /\w\(\)(;| \{)$/.test(r))).toEqual([]);
});

test('a trace quoted in a mail', () => {
  for (const { text } of Object.values(SAME_CALLS))
    expect(read(text.replaceAll(/^/gm, '> > ')).calls).toEqual(read(text).calls);
});

test('tasks that take turns on a CPU, an interrupt, calls from before the text', () => {
  const trace = read(SEVERAL_TASKS);
  expect(trace.calls.map((c) => [c.task, c.depth, c.fn, c.us, c.irq])).toEqual([
    ['hmm-tes-2291', 0, 'migrate_vma_setup', 120433.1, false],
    ['hmm-tes-2291', 1, 'migrate_vma_unmap', 1204331, false],
    ['kworker-97', 0, 'process_one_work', undefined, false],
    ['kworker-97', 1, 'lru_add_drain', 0.9, false],
    ['kworker-97', 2, 'folio_add_lru', 0.1, false],
    [undefined, 0, 'handle_mm_fault', 5, false],
    ['hmm-tes-2291', 2, 'try_to_migrate', 0.21, false],
    ['hmm-tes-2291', 2, 'sysvec_apic_timer_interrupt', 7.301, true],
    ['hmm-tes-2291', 3, 'lru_add_drain', 0.05, true],
    ['hmm-tes-2291', 2, 'try_to_migrate', 0.22, false],
  ]);
  // The model's walker is one task: what others and interrupts call is no difference.
  const beside = alignTrace(trace, run());
  expect(beside.task).toBe('hmm-tes-2291');
  expect(beside.elsewhere).toBe(6);
  expect(beside.rows.filter((r) => r.call >= 0).map((r) => r.fn)).not.toContain('lru_add_drain');
});

test('a trace of returns only says what is missing', () => {
  const text = ' 0) ! 123.4 us    |  } /* hmm_range_fault */\n 0) + 23.4 us     |  } /* walk_page_range */\n';
  expect(parseTrace(text).error).toMatch(/tracing_thresh/);
});

function run(): Recording {
  return runScenario({ scenario: scenarioById('mixed') as Scenario, strategy: 'unified', revision: 'v2' });
}

/** The model's own calls as the tracer would print them. */
function asTrace(rec: Recording, extra: (fn: string, n: number) => readonly string[]): string {
  const { op, site, depth } = rec.machine.log;
  const lines = ['# tracer: function_graph'];
  let n = 0;
  for (let i = 0; i < rec.length; i++) {
    const indent = ' '.repeat(2 * (depth[i] as number));
    const { name } = functionOfSite(site[i] as number);
    if (op[i] === OP.ENTER) lines.push(...extra(name, n++).map((fn) => ` 0)               |${indent}  ${fn}`));
    if (op[i] === OP.EXIT) lines.push(` 0)   0.500 us    |${indent}  }`);
  }
  return lines.join('\n');
}

test('a trace of the model’s own calls agrees call by call, with what is not modelled left out', () => {
  const rec = run();
  const text = asTrace(rec, (fn) => ['find_vma();', `${fn}() {`]);
  const beside = alignTrace(read(text), rec);
  expect(beside).toMatchObject({ onlyKernel: 0, onlyModel: 0, untraced: [] });
  expect(beside.both).toBe(beside.rows.length);
  expect(beside.both).toBeGreaterThan(50);
  expect(beside.unknown.map(([fn]) => fn)).toEqual(['find_vma']);
  expect(beside.rows.map((r) => r.step)).toEqual(beside.rows.map((r) => r.step).toSorted((a, b) => a - b));
});

test('a call more, a call less and an inlined function are told apart', () => {
  const rec = run();
  let faults = 0;
  const text = asTrace(rec, (fn) => {
    if (fn === 'hmm_vma_handle_pte') return ['__inlined();'];
    if (fn !== 'handle_mm_fault') return [`${fn}() {`];
    faults++;
    return faults === 1 ? ['other();'] : faults === 2 ? ['handle_mm_fault() {', 'handle_mm_fault();'] : [`${fn}() {`];
  });
  const beside = alignTrace(read(text), rec);
  expect(beside.untraced).toEqual(['hmm_vma_handle_pte']);
  expect(beside.onlyModel + beside.onlyKernel).toBeGreaterThanOrEqual(2);
  const odd = new Set(beside.rows.filter((r) => r.call < 0 || r.step < 0).map((r) => r.fn));
  expect([...odd]).toEqual(['handle_mm_fault']);
});

test('what is no trace says what was expected; no text breaks the reader', () => {
  expect(parseTrace('').error).toMatch(/function_graph/);
  expect(parseTrace('{"json": true}').error).toMatch(/function_graph/);
  const lines = [LAYOUTS, SEVERAL_TASKS, ...Object.values(SAME_CALLS).map((x) => x.text)].join('\n').split('\n');
  const line = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.constantFrom(...lines),
    fc.tuple(fc.constantFrom(...lines), fc.nat(60)).map(([l, n]) => l.slice(n)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const parsed = parseTrace(lines.join('\n'));
      if (parsed.error !== undefined) return;
      for (const c of parsed.ok.calls) expect(c.depth).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 300 },
  );
});
