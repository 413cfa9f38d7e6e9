import { type ReactNode, useMemo, useState } from 'react';
import { functionOfSite } from '../../machine/sites.ts';
import { stepLine, stepSentence } from '../../recording/narrate.ts';
import { copyText } from '../../session/clipboard.ts';
import { LANDMARK_NAMES } from '../../session/run-to.ts';
import { type Loaded, goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { Hidden } from '../base/hidden.tsx';
import { useKnown, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { LOG_KINDS, type LogKind, filterLog, rowOfStep } from './log-filter.ts';
import { Windowed } from './windowed.tsx';

const ROW = 22;
/** Lines that "copy" takes at most, around the cursor. */
const COPY_LINES = 5000;

const KIND_TITLES: Readonly<Record<LogKind, string>> = {
  all: 'every step',
  calls: 'calls and returns',
  ...LANDMARK_NAMES,
};

/** The recording as text, one line a step. */
export function Log(): ReactNode {
  const loaded = useLoaded();
  if (loaded === null) return <p className="empty">The log appears with the recording.</p>;
  return <LogOf key={store.getState().recording} loaded={loaded} />;
}

function LogOf({ loaded }: { loaded: Loaded }): ReactNode {
  const [kind, setKind] = useState<LogKind>('all');
  const [text, setText] = useState('');
  const list = useMemo(() => filterLog(loaded, kind, text), [loaded, kind, text]);
  const length = useKnown()?.length ?? 0;
  const count = rowOfStep(list, length - 1) + 1;
  return (
    <div className="log">
      <div className="bar">
        <label className="select-label">
          <span className="visually-hidden">Show</span>
          <select className="field small" value={kind} onChange={(e) => setKind(e.target.value as LogKind)}>
            {LOG_KINDS.map((k) => (
              <option key={k} value={k}>
                {KIND_TITLES[k]}
              </option>
            ))}
          </select>
        </label>
        <input
          className="field small grow"
          type="search"
          aria-label="Filter the step log"
          placeholder="Filter: function, file, statement"
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <span className="hint">{count} lines</span>
        <button
          type="button"
          className="button small"
          title={`Copy up to ${COPY_LINES} lines around the cursor`}
          onClick={() => copy(loaded, list, count)}
        >
          Copy
        </button>
      </div>
      <Rows loaded={loaded} list={list} count={count} />
      <Hidden what="Later steps" />
    </div>
  );
}

function Rows({ loaded, list, count }: { loaded: Loaded; list: Int32Array | null; count: number }): ReactNode {
  const step = useStepInTurn('text');
  const rec = loaded.recording;
  const { depth, actor, site } = rec.machine.log;
  const current = rowOfStep(list, step);
  const stepOf = (row: number): number => (list === null ? row : (list[row] as number));
  if (count === 0) return <p className="empty">No step passes this filter.</p>;
  return (
    <Windowed
      count={count}
      rowHeight={ROW}
      current={current}
      label="Step log"
      role="listbox"
      activeId={`log-${current}`}
      onMove={(row) => goTo(stepOf(row))}
      renderRow={(row) => {
        const i = stepOf(row);
        return (
          <div
            key={i}
            id={`log-${row}`}
            role="option"
            aria-selected={i === step}
            aria-setsize={count}
            aria-posinset={row + 1}
            className={`log-row a-${(actor[i] as number) % 4}`}
            onClick={() => goTo(i)}
          >
            <span className="log-number">{i + 1}</span>
            <span className="log-text" style={{ paddingLeft: `${Math.min(12, (depth[i] as number) - 1)}ch` }}>
              {stepSentence(rec, i, 'reviewer')}
            </span>
            <span className="log-fn">{functionOfSite(site[i] as number).name}</span>
          </div>
        );
      }}
    />
  );
}

function copy(loaded: Loaded, list: Int32Array | null, count: number): void {
  const at = rowOfStep(list, store.getState().step);
  const from = count <= COPY_LINES ? 0 : Math.max(0, Math.min(count - COPY_LINES, at - COPY_LINES / 2));
  const lines: string[] = [];
  for (let row = from; row < Math.min(count, from + COPY_LINES); row++) {
    const i = list === null ? row : (list[row] as number);
    lines.push(
      `${String(i + 1).padStart(7)} ${'  '.repeat(Math.max(0, (loaded.recording.machine.log.depth[i] as number) - 1))}${stepLine(loaded.recording, i)}`,
    );
  }
  void copyText(`${lines.join('\n')}\n`, `${lines.length} lines`);
}
