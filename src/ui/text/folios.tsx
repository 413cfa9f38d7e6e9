import { type ReactNode, useMemo, useState } from 'react';
import { BANK, F, F_STRIDE, G } from '../../machine/layout.ts';
import { formatValue } from '../../recording/format.ts';
import { namesOf } from '../../recording/names.ts';
import { lastWriter } from '../../recording/writers.ts';
import { folioView, whereOf } from '../../scene/folio-view.ts';
import { operandOf } from '../../scene/operands.ts';
import { goTo } from '../../session/player.ts';
import { store } from '../../session/store.ts';
import { useApp, useLoaded, useStep } from '../base/use-app.ts';
import { Windowed } from './windowed.tsx';

const ROW = 24;

/** Every live folio with its counts, flags, lock and place. */
export function Folios(): ReactNode {
  const loaded = useLoaded();
  const step = useStep();
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
  const names = namesOf(rec);
  return (
    <div className="log">
      <div className="bar">
        <span className="hint grow">
          {ids.length} folios; a number under “who” is the step that changed the reference count last
        </span>
        <label className="check">
          <input type="checkbox" checked={freed} onChange={(e) => setFreed(e.target.checked)} /> freed ones too
        </label>
      </div>
      <div className="grid-head folio-row" aria-hidden="true">
        <span>folio</span>
        <span>where</span>
        <span>order</span>
        <span>refs</span>
        <span>maps</span>
        <span>lock</span>
        <span>LRU</span>
        <span>flags</span>
        <span>who</span>
      </div>
      <Windowed
        count={ids.length}
        rowHeight={ROW}
        current={about < 0 ? -1 : ids.indexOf(about)}
        label="Folios"
        role="rowgroup"
        renderRow={(i) => {
          const id = ids[i] as number;
          const f = folioView(rec, id);
          const writer = lastWriter(rec, BANK.FOLIO, id * F_STRIDE + F.REF, step);
          const cells = `folio-row grid-row mem-${f.memory}${id === about ? ' changed' : ''}${id === picked ? ' picked' : ''}`;
          return (
            <div key={id} className={cells} role="row">
              <button
                type="button"
                className="link cell mono"
                aria-pressed={id === picked}
                onClick={() => store.setState({ selection: { kind: 'folio', folio: id } })}
              >
                {names.folio(id)}
              </button>
              <span className="clip">{f.live ? whereOf(f) : 'freed'}</span>
              <span>{f.order}</span>
              <span>
                {f.ref}
                {f.pins > 0 ? ` (${f.pins} pins)` : ''}
              </span>
              <span>{f.map}</span>
              <span className="clip">{f.locker < 0 ? '–' : formatValue(rec, 'actor', f.locker, step)}</span>
              <span>{f.lru}</span>
              <span className="clip" title={f.flags.join(' ')}>
                {f.flags.join(' ')}
              </span>
              <span>
                {writer < 0 ? null : (
                  <button
                    type="button"
                    className="link"
                    aria-label={`Who changed its reference count? Step ${writer + 1}`}
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
