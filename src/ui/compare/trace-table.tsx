import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { columnOf } from '../../recording/compare/align.ts';
import type { TraceBeside, TraceRow } from '../../recording/ftrace/align.ts';
import type { Trace } from '../../recording/ftrace/parse.ts';
import { leadWith } from '../../session/compare/lanes.ts';
import { layBeside, readTrace, traceStore } from '../../session/compare/trace.ts';
import { Grid, GridRow } from '../text/grid.tsx';
import { laneLetter, useCompare, useLanes } from './use-lanes.ts';

/** A real kernel's function-graph trace beside the calls of a lane. */
export function TraceTable(): ReactNode {
  const lanes = useLanes();
  const { text, trace, lane, beside, error } = useStore(traceStore);
  const [draft, setDraft] = useState(text);
  // Other lanes are in place: the trace is laid beside the one that stands there now.
  useEffect(() => layBeside(Math.min(lane, (lanes?.lanes.length ?? 1) - 1)), [lane, lanes]);
  if (lanes === null) return null;
  return (
    <div className="log">
      <form
        className="bar trace-ask"
        aria-label="A kernel’s trace"
        onSubmit={(e) => {
          e.preventDefault();
          readTrace(draft, lane);
        }}
      >
        <textarea
          className="field mono"
          rows={2}
          aria-label="Text of the function_graph tracer"
          placeholder=" 0)               |  hmm_range_fault() {"
          spellCheck={false}
          value={draft}
          onChange={(e) => setDraft(e.target.value)}
        />
        <label>
          beside{' '}
          <select className="field small" value={lane} onChange={(e) => layBeside(Number(e.target.value))}>
            {lanes.lanes.map((l, i) => (
              // oxlint-disable-next-line react/no-array-index-key -- lanes are what stands at a place
              <option key={i} value={i}>
                {laneLetter(i)}, {l.name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button small primary">
          Lay beside
        </button>
      </form>
      {error === '' ? null : (
        <p className="compare-error" role="alert">
          {error}
        </p>
      )}
      {trace === null || beside === null ? (
        <p className="empty">
          The text of /sys/kernel/tracing/trace with current_tracer function_graph; it stays in the page. Functions that
          only one side has are named, not compared: the compiler inlines some, the model leaves out many.
        </p>
      ) : (
        <Beside trace={trace} beside={beside} lane={lane} />
      )}
    </div>
  );
}

function Beside({ trace, beside, lane }: { trace: Trace; beside: TraceBeside; lane: number }): ReactNode {
  const lanes = useLanes();
  const column = useCompare((s) => s.column);
  if (lanes === null) return null;
  const al = lanes.alignment;
  const columnOfRow = (r: TraceRow): number => (r.step < 0 ? -1 : columnOf(al, lane, r.step));
  const current = beside.rows.findLastIndex((r) => r.step >= 0 && columnOfRow(r) <= column);
  const unknown = beside.unknown.slice(0, 8).map(([fn, n]) => `${fn} ${n}`);
  return (
    <>
      <p className="bar trace-sum">
        <output>
          {beside.both} {beside.both === 1 ? 'call' : 'calls'} in both, {beside.onlyKernel} only in the trace,{' '}
          {beside.onlyModel} only in the model.
        </output>
        <span className="hint">
          {unknown.length > 0 ? `Not modelled: ${unknown.join(', ')}. ` : ''}
          {beside.untraced.length > 0 ? `Not in the trace: ${beside.untraced.slice(0, 8).join(', ')}. ` : ''}
          {beside.task === undefined ? '' : `Calls of ${beside.task}. `}
          {beside.elsewhere > 0 ? `Of other tasks or interrupts: ${beside.elsewhere}. ` : ''}
          {trace.others > 0 ? `${trace.others} lines are no calls.` : ''}
        </span>
      </p>
      <Grid
        label="A kernel’s calls beside the model’s"
        kind="trace-row"
        columns={['differs', 'kernel', 'model', 'function', 'µs']}
        count={beside.rows.length}
        current={current}
        renderRow={(i) => {
          const row = beside.rows[i] as TraceRow;
          const call = trace.calls[row.call];
          return (
            <GridRow
              key={i}
              kind="trace-row"
              mark={`${i === current ? 'changed' : ''} ${row.call < 0 || row.step < 0 ? 'differs' : ''}`}
              index={i}
              cells={[
                row.call < 0 ? '◆ only model' : row.step < 0 ? '◆ only kernel' : '= both',
                call === undefined ? '' : `line ${call.line}`,
                row.step < 0 ? (
                  ''
                ) : (
                  <button key="go" type="button" className="link" onClick={() => leadWith(lane, columnOfRow(row))}>
                    step {row.step + 1}
                  </button>
                ),
                `${row.fn}()`,
                call?.us ?? '',
              ]}
            />
          );
        }}
      />
    </>
  );
}
