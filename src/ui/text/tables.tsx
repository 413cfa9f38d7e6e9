import { type ReactNode, useMemo, useState } from 'react';
import { BANK, G } from '../../machine/layout.ts';
import { addressText, levelName, namesOf, pageText } from '../../recording/names.ts';
import { writersOfWord } from '../base/word-writer.ts';
import { pageOfStep } from '../../recording/moves.ts';
import { store } from '../../session/store.ts';
import type { EntryView } from '../../scene/entry-view.ts';
import type { Recording } from '../../recording/recording.ts';
import { runIndex } from '../../scene/run-index.ts';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { entryRows } from './entry-rows.ts';
import { Grid, GridRow } from './grid.tsx';
import { Who } from './who.tsx';

const hex = (lo: number, hi: number): string =>
  `0x${((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)).toString(16).padStart(16, '0')}`;

/** The page-table entries of the requested range, as text. */
export function Tables(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
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
        <span
          className="hint grow"
          title="Select a page to run to the steps about it; “who” goes to the step that wrote the entry."
        >
          {rows.count} entries
        </span>
      </div>
      <Grid
        label="Page-table entries"
        kind="entry-row"
        columns={['page', 'address', 'level', 'entry', 'frame', 'word', 'who']}
        count={rows.count}
        current={about === null ? -1 : rows.rowOf(about)}
        renderRow={(i) => <EntryRow key={i} rec={rec} step={step} index={i} view={rows.row(i)} picked={picked} />}
      />
    </div>
  );
}

function EntryRow({
  rec,
  step,
  index,
  view: e,
  picked,
}: {
  rec: Recording;
  step: number;
  index: number;
  view: EntryView;
  picked: number | null;
}): ReactNode {
  const writer = e.entry === 0 ? -1 : writersOfWord(rec, BANK.PT, e.entry * 2, step);
  const select = (): void =>
    store.setState({
      selection: e.entry === 0 ? { kind: 'page', page: e.page } : { kind: 'entry', entry: e.entry, page: e.page },
    });
  const marks = [`k-${e.kind}`, writer === step && step >= 0 ? 'changed' : '', e.page === picked ? 'picked' : ''].join(
    ' ',
  );
  return (
    <GridRow
      kind="entry-row"
      mark={marks}
      index={index}
      cells={[
        <button key="page" type="button" className="link" aria-pressed={e.page === picked} onClick={select}>
          {pageText(rec, e.page)}
        </button>,
        <code key="address">{addressText(rec, e.page)}</code>,
        levelName(e.level),
        <span key="entry">
          <b>{e.title}</b> {e.chips.map((c) => c.word).join(', ')}
        </span>,
        <code key="frame">{e.pfn < 0 ? '' : namesOf(rec).frame(e.pfn)}</code>,
        <code key="word">{e.entry === 0 ? '' : hex(e.lo, e.hi)}</code>,
        writer < 0 ? null : <Who key="who" step={writer} what="Who wrote this entry?" />,
      ]}
    />
  );
}
