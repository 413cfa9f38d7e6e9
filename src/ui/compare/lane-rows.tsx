import { type ReactNode, useMemo, useRef } from 'react';
import { PHASES } from '../../recording/compare/phase.ts';
import { phaseBands } from '../../scene/lane-track.ts';
import { moveTo, zoomTracks } from '../../session/compare/lanes.ts';
import { useSize } from '../stage/use-size.ts';
import { LaneRow } from './lane-row.tsx';
import { useCompare, useLanes } from './use-lanes.ts';
import './lanes.css';

/** The lanes, one below the other, on one axis of columns. */
export function LaneRows(): ReactNode {
  const lanes = useLanes();
  const axis = useRef<HTMLDivElement>(null);
  const width = Math.floor(useSize(axis)?.w ?? 0);
  if (lanes === null) return null;
  return (
    <div className="lane-rows">
      <div className="lane-axis">
        <div className="lane-zoom" role="group" aria-label="Zoom of the tracks">
          <button type="button" className="button mini" aria-label="Zoom in" onClick={() => zoomTracks(0.5)}>
            +
          </button>
          <button type="button" className="button mini" aria-label="Zoom out" onClick={() => zoomTracks(2)}>
            −
          </button>
          <button type="button" className="button mini" onClick={() => zoomTracks(Number.POSITIVE_INFINITY)}>
            all
          </button>
          <Place />
        </div>
        <div className="lane-phases" ref={axis} aria-hidden="true">
          <Phases width={width} />
        </div>
      </div>
      {lanes.lanes.map((lane, i) => (
        // oxlint-disable-next-line react/no-array-index-key -- lanes are what stands at a place
        <LaneRow key={i} lane={lane} index={i} width={width} />
      ))}
      <Scrub />
    </div>
  );
}

function Place(): ReactNode {
  const column = useCompare((s) => s.column);
  const lanes = useLanes();
  return (
    <span className="hint">
      column {column + 1} of {lanes?.alignment.length ?? 0}
    </span>
  );
}

/** Pixels below which a phase has no band of its own. */
const LEAST = 3;
/** Pixels that the longest name takes. */
const LEGIBLE = 46;

function Phases({ width }: { width: number }): ReactNode {
  const lanes = useLanes();
  const window = useCompare((s) => s.window);
  const scale = width / (window[1] - window[0]);
  const bands = useMemo(
    () => (lanes === null || width === 0 ? [] : phaseBands(lanes.alignment, window, LEAST / scale)),
    [lanes, window, width, scale],
  );
  return bands.map((b) => (
    <span
      key={b.from}
      className={`phase-band phase-${b.phase % 2 === 0 ? 'even' : 'odd'}`}
      style={{ left: (b.from - window[0]) * scale, width: (b.to - b.from) * scale }}
      title={PHASES[b.phase]}
    >
      {(b.to - b.from) * scale > LEGIBLE ? PHASES[b.phase] : ''}
    </span>
  ));
}

/** One cursor for all lanes. */
function Scrub(): ReactNode {
  const lanes = useLanes();
  const column = useCompare((s) => s.column);
  return (
    <div className="lane-axis">
      <span className="hint">all lanes</span>
      <input
        type="range"
        className="scrubber"
        aria-label="Column at which all lanes stand"
        min={-1}
        max={(lanes?.alignment.length ?? 1) - 1}
        value={column}
        onChange={(e) => moveTo(Number(e.target.value))}
      />
    </div>
  );
}
