import { type ReactNode, useMemo, useState } from 'react';
import { BANK, G } from '../../machine/layout.ts';
import { addressText, levelName, namesOf, pageText } from '../../recording/names.ts';
import { writersOfWord } from '../base/word-writer.ts';
import { pageOfStep } from '../../session/moves.ts';
import { goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { runIndex } from '../../scene/run-index.ts';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { entryRows } from './entry-rows.ts';
import { Windowed } from './windowed.tsx';

const ROW = 24;

const hex = (lo: number, hi: number): string =>
  `0x${((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)).toString(16).padStart(16, '0')}`;

/** The page-table entries of the requested range, as text. */
export function Tables(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
  const selection = useApp((s) => s.selection);
  const [mm, setMm] = useState(1);
  const rec = loaded?.recording;
  // The machine changes in place: rows are looked up anew at every cursor.
  const rows = useMemo(() => {
    if (rec === undefined || step < -1) return null;
    const { start, end } = runIndex(rec).asked;
    return entryRows(rec.machine, mm, start, end);
  }, [rec, step, mm]);
  if (rec === undefined || rows === null) return <p className="empty">The tables appear with the recording.</p>;
  const about = step < 0 ? null : pageOfStep(rec, step);
  const picked = selection?.kind === 'page' || selection?.kind === 'entry' ? selection.page : null;
  const mms = rec.machine.scalar.get(G.MMS) - 1;
  const { frame } = namesOf(rec);
  return (
    <div className="log">
      <div className="bar">
        {mms > 1 ? (
          <label className="select-label">
            <span className="visually-hidden">Process</span>
            <select className="field small" value={mm} onChange={(e) => setMm(Number(e.target.value))}>
              {Array.from({ length: mms }, (_, i) => (
                <option key={i} value={i + 1}>
                  {i === 0 ? 'the process' : `child ${i}`}
                </option>
              ))}
            </select>
          </label>
        ) : null}
        <span className="hint grow">
          {rows.count} entries; select a row to follow its page, “who” goes to the step that wrote it
        </span>
      </div>
      <div className="grid-head entry-row" aria-hidden="true">
        <span>page</span>
        <span>address</span>
        <span>level</span>
        <span>entry</span>
        <span>frame</span>
        <span>word</span>
        <span>who</span>
      </div>
      <Windowed
        count={rows.count}
        rowHeight={ROW}
        current={about === null ? -1 : rows.rowOf(about)}
        label="Page-table entries"
        role="rowgroup"
        renderRow={(i) => {
          const e = rows.row(i);
          const writer = e.entry === 0 ? -1 : writersOfWord(rec, BANK.PT, e.entry * 2, step);
          const chips = e.chips.map((c) => c.word).join(', ');
          return (
            <div
              key={i}
              className={`entry-row grid-row kind-${e.kind}${writer === step && step >= 0 ? ' changed' : ''}${e.page === picked ? ' picked' : ''}`}
              role="row"
            >
              <button
                type="button"
                className="link cell"
                aria-pressed={e.page === picked}
                onClick={() =>
                  store.setState({
                    selection:
                      e.entry === 0 ? { kind: 'page', page: e.page } : { kind: 'entry', entry: e.entry, page: e.page },
                  })
                }
              >
                {pageText(rec, e.page)}
              </button>
              <span className="mono">{addressText(rec, e.page)}</span>
              <span>{levelName(e.level)}</span>
              <span className="clip" title={chips}>
                <b>{e.title}</b> {chips}
              </span>
              <span className="mono">{e.pfn < 0 ? '' : frame(e.pfn)}</span>
              <span className="mono">{e.entry === 0 ? '' : hex(e.lo, e.hi)}</span>
              <span>
                {writer < 0 ? null : (
                  <button
                    type="button"
                    className="link"
                    aria-label={`Who wrote this entry? Step ${writer + 1}`}
                    onClick={() => goTo(writer)}
                  >
                    {writer + 1}
                  </button>
                )}
              </span>
            </div>
          );
        }}
      />
    </div>
  );
}
