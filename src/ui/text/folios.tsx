import { type ReactNode, useMemo, useState } from 'react';
import { BANK, F, F_STRIDE, G } from '../../machine/layout.ts';
import { formatValue } from '../../recording/format.ts';
import { namesOf } from '../../recording/names.ts';
import type { Recording } from '../../recording/recording.ts';
import { lastWriter } from '../../recording/writers.ts';
import { folioView, whereOf } from '../../scene/folio-view.ts';
import { operandOf } from '../../recording/operands.ts';
import { store } from '../../session/store.ts';
import { useApp, useLoaded, useStepInTurn } from '../base/use-app.ts';
import { Grid, GridRow } from './grid.tsx';
import { Who } from './who.tsx';

/** Every live folio with its counts, flags, lock and place. */
export function Folios(): ReactNode {
  const loaded = useLoaded();
  const step = useStepInTurn('text');
  const selection = useApp((s) => s.selection);
  const [freed, setFreed] = useState(false);
  const rec = loaded?.recording;
  const ids = useMemo(() => {
    if (rec === undefined || step < -1) return [];
    const m = rec.machine;
    const n = m.scalar.get(G.FOLIOS);
    const out: number[] = [];
    for (let f = 1; f < n; f++) if (freed || m.f(f, F.LIVE) !== 0) out.push(f);
    return out;
  }, [rec, step, freed]);
  if (rec === undefined) return <p className="empty">The folios appear with the recording.</p>;
  const about = step < 0 ? -1 : operandOf(rec, step, 'folio');
  const picked = selection?.kind === 'folio' ? selection.folio : -1;
  return (
    <div className="log">
      <div className="bar">
        <span className="hint grow" title="A number under “who” is the step that changed the reference count last.">
          {ids.length} folios
        </span>
        <label className="check">
          <input type="checkbox" checked={freed} onChange={(e) => setFreed(e.target.checked)} /> freed ones too
        </label>
      </div>
      <Grid
        label="Folios"
        kind="folio-row"
        columns={['folio', 'where', 'order', 'refs', 'maps', 'lock', 'LRU', 'flags', 'who']}
        count={ids.length}
        current={about < 0 ? -1 : ids.indexOf(about)}
        renderRow={(i) => {
          const id = ids[i] as number;
          return (
            <FolioRow key={id} rec={rec} step={step} index={i} id={id} about={id === about} picked={id === picked} />
          );
        }}
      />
    </div>
  );
}

function FolioRow({
  rec,
  step,
  index,
  id,
  about,
  picked,
}: {
  rec: Recording;
  step: number;
  index: number;
  id: number;
  about: boolean;
  picked: boolean;
}): ReactNode {
  const f = folioView(rec, id);
  const writer = lastWriter(rec, BANK.FOLIO, id * F_STRIDE + F.REF, step);
  return (
    <GridRow
      kind="folio-row"
      mark={[about ? 'changed' : '', picked ? 'picked' : ''].join(' ')}
      index={index}
      cells={[
        <button
          key="folio"
          type="button"
          className="link mono"
          aria-pressed={picked}
          onClick={() => store.setState({ selection: { kind: 'folio', folio: id } })}
        >
          {namesOf(rec).folio(id)}
        </button>,
        f.live ? whereOf(f) : 'freed',
        f.order,
        f.pins > 0 ? `${f.ref} (${f.pins} pins)` : f.ref,
        f.map,
        f.locker < 0 ? '–' : formatValue(rec, 'actor', f.locker, step),
        f.lru,
        f.flags.join(' '),
        writer < 0 ? null : <Who key="who" step={writer} what="Who changed its reference count?" />,
      ]}
    />
  );
}
