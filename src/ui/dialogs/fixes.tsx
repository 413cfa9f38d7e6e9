import { type ReactNode, useState } from 'react';
import { FIX_SWITCHES } from '../../scenario/revision.ts';
import { record } from '../../session/recorder.ts';
import { store } from '../../session/store.ts';
import { Dialog } from '../base/dialog.tsx';
import { Scroll } from '../base/scroll.tsx';

/** Defects of the series, each to be mended or left as posted; the same scenario is then recorded anew. */
export function Fixes(): ReactNode {
  const spec = store.getState().spec;
  const [on, setOn] = useState<ReadonlySet<string>>(new Set(spec?.fixes));
  if (spec === null) return null;
  const toggle = (id: string): void => {
    const next = new Set(on);
    if (!next.delete(id)) next.add(id);
    setOn(next);
  };
  const apply = (): void => {
    store.setState({ dialog: null });
    const { fixes: _, ...rest } = spec;
    const fixes = FIX_SWITCHES.map((f) => f.id).filter((id) => on.has(id));
    void record(fixes.length === 0 ? rest : { ...rest, fixes }, store.getState().step);
  };
  return (
    <Dialog title="Fix switches" wide>
      <p className="dialog-text">
        Series {spec.revision} as posted has every switch off. A switch that is on mends one defect of the review
        ledger; the walk is then recorded anew.
      </p>
      <Scroll className="fixes" label="Fix switches">
        {FIX_SWITCHES.map((f) => (
          <label key={f.id} className="fix">
            <input type="checkbox" checked={on.has(f.id)} onChange={() => toggle(f.id)} />
            <b>{f.id}</b>
            <span>{f.title}</span>
          </label>
        ))}
      </Scroll>
      <p className="dialog-foot">
        <button type="button" className="button primary" onClick={apply}>
          Record with {on.size === 0 ? 'no switch' : on.size === 1 ? 'one switch' : `${on.size} switches`}
        </button>
        <button type="button" className="button" disabled={on.size === 0} onClick={() => setOn(new Set())}>
          All off
        </button>
      </p>
    </Dialog>
  );
}
