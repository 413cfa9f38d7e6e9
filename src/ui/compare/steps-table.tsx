import { type ReactNode, useMemo } from 'react';
import { type Alignment, doesElsewhere, standingAt } from '../../recording/compare/align.ts';
import { NO_PAGE } from '../../recording/compare/keys.ts';
import { PHASES } from '../../recording/compare/phase.ts';
import { stepLine, stepSentence } from '../../recording/narrate.ts';
import { moveTo } from '../../session/compare/lanes.ts';
import { compareStore } from '../../session/compare/state.ts';
import { useApp } from '../base/use-app.ts';
import { Grid, GridRow } from '../text/grid.tsx';
import { laneLetter, useCompare, useLanes } from './use-lanes.ts';

/** The alignment as text: column by column what each lane does. */
export function StepsTable(): ReactNode {
  const lanes = useLanes();
  const only = useCompare((s) => s.onlyDifferences);
  const column = useCompare((s) => s.column);
  const voice = useApp((s) => s.voice);
  const rows = useMemo(() => (lanes === null ? null : columnsShown(lanes.alignment, only)), [lanes, only]);
  if (lanes === null || rows === null) return null;
  const al = lanes.alignment;
  const current = atOrBefore(rows, column);
  const cell = (lane: number, c: number): ReactNode => {
    const step = (al.steps[lane] as Int32Array)[c] as number;
    if (step < 0)
      return <span className="hint">{doesElsewhere(al, lane, c) ? '◌ at another place' : '◇ does not'}</span>;
    const rec = (lanes.lanes[lane] as (typeof lanes.lanes)[number]).recording;
    const text = voice === 'reviewer' ? stepLine(rec, step) : stepSentence(rec, step, voice);
    return (
      <span title={text}>
        <b>{step + 1}</b> {text}
      </span>
    );
  };
  return (
    <div className="log">
      <div className="bar">
        <label>
          <input
            type="checkbox"
            checked={only}
            onChange={(e) => compareStore.setState({ onlyDifferences: e.target.checked })}
          />{' '}
          only where the lanes differ
        </label>
        <span className="hint">
          {rows.length} of {al.length} columns
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="empty">The lanes do the same from the first to the last step.</p>
      ) : (
        <Grid
          label="Steps side by side"
          kind={`steps-row lanes-${lanes.lanes.length}`}
          columns={['column', 'what for', 'page', 'differs', ...lanes.lanes.map((_, i) => laneLetter(i))]}
          count={rows.length}
          current={current}
          renderRow={(i) => {
            const c = rows[i] as number;
            const page = al.page[c] as number;
            return (
              <GridRow
                key={c}
                kind={`steps-row lanes-${lanes.lanes.length}`}
                mark={`${c === column ? 'changed' : ''} ${al.flags[c] === 0 ? '' : 'differs'}`}
                index={i}
                cells={[
                  <button key="go" type="button" className="link" tabIndex={-1} onClick={() => moveTo(c)}>
                    {c + 1}
                  </button>,
                  PHASES[al.phase[c] as number],
                  page === NO_PAGE ? '' : page,
                  differsText(al, c),
                  ...lanes.lanes.map((_, lane) => cell(lane, c)),
                ]}
              />
            );
          }}
        />
      )}
    </div>
  );
}

/** How the lanes stand to each other in a column: a sign and a word. */
function differsText(al: Alignment, c: number): string {
  const s = standingAt(al, c);
  if (s.kind === 'same') return '= same';
  if (s.kind === 'values') return '≠ value';
  return s.order ? '◐ order' : `◆ only ${s.does.map(laneLetter).join(', ')}`;
}

function columnsShown(al: Alignment, only: boolean): Int32Array {
  if (!only) return Int32Array.from({ length: al.length }, (_, c) => c);
  const out: number[] = [];
  for (let c = 0; c < al.length; c++) if (al.flags[c] !== 0) out.push(c);
  return Int32Array.from(out);
}

function atOrBefore(rows: Int32Array, column: number): number {
  let lo = 0;
  let hi = rows.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if ((rows[mid] as number) <= column) lo = mid + 1;
    else hi = mid;
  }
  return lo - 1;
}
