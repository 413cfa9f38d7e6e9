import { type ReactNode, useState } from 'react';
import { MOST_LANES } from '../../scenario/link.ts';
import { makeLanes } from '../../session/compare/lanes.ts';
import { presetsOf } from '../../session/compare/presets.ts';
import { compareStore } from '../../session/compare/state.ts';
import { store } from '../../session/store.ts';
import { Do } from '../base/do.tsx';
import { useApp } from '../base/use-app.ts';
import { AddLane } from './add-lane.tsx';
import { useLanes } from './use-lanes.ts';

/** Which lanes: ready-made comparisons, one more lane, and the way out. */
export function LaneBar(): ReactNode {
  const spec = useApp((s) => s.spec);
  const lanes = useLanes();
  const [adding, setAdding] = useState(false);
  const presets = spec === null ? [] : presetsOf(spec);
  const full = (lanes?.lanes.length ?? 0) >= MOST_LANES;
  return (
    <div className="lane-bar">
      <h2>Compare</h2>
      <label className="select-label">
        <span className="visually-hidden">Ready-made comparison</span>
        <select
          className="field small"
          value=""
          onChange={(e) => {
            const preset = presets.find((p) => p.id === e.target.value);
            if (preset !== undefined) void makeLanes(preset.specs);
          }}
        >
          <option value="">Ready-made …</option>
          {presets.map((p) => (
            <option key={p.id} value={p.id}>
              {p.title}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        className="button small"
        aria-expanded={adding}
        disabled={full || lanes === null}
        title={full ? `At most ${MOST_LANES} lanes` : 'Lay one more run beside these'}
        onClick={() => setAdding(!adding)}
      >
        Add lane
      </button>
      {adding && lanes !== null && !full ? (
        <AddLane
          onAdd={(added) => {
            setAdding(false);
            void makeLanes([...lanes.lanes.map((l) => l.spec), added], {
              lead: compareStore.getState().lead,
              step: store.getState().step,
            });
          }}
        />
      ) : null}
      <span className="grow" />
      <Do id="lanes-leave" className="button small">
        Back to the panes
      </Do>
    </div>
  );
}
